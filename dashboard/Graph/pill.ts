import type { FeedState } from "./feed.js";

/** Says whether the picture is true now. Old data never looks live. */
export class Pill {
  private feed: FeedState = { kind: "connecting" };
  private pausedAt: Date | null = null;
  private waiting = 0;
  private past: number | null = null;

  /**
   * @param banner Says the same across the picture while it is not live.
   * @param picture Dims while it may be old.
   */
  constructor(
    private readonly element: HTMLElement, private readonly text: HTMLElement, private readonly banner: HTMLElement, private readonly picture: HTMLElement,
    private readonly speak: (words: string) => void,
  ) {}

  show(state: FeedState): void {
    if (state.kind !== this.feed.kind && state.kind === "reconnecting") this.speak("Connection to the silo lost; what is shown may be old.");
    if (state.kind === "live" && this.feed.kind === "reconnecting") this.speak("Live again.");
    this.feed = state;
    this.write();
  }

  pause(at: Date | null, waiting: number): void {
    this.pausedAt = at;
    this.waiting = waiting;
    this.write();
  }

  /** @param at The instant that is looked at; null in the present. */
  turn(at: number | null): void {
    this.past = at;
    this.picture.classList.toggle("is-past", at !== null);
    this.write();
  }

  /** In words. */
  get state(): string {
    return this.words().words.toLowerCase();
  }

  /** Once a second: the countdown. */
  write(): void {
    const { kind, words } = this.words();
    const name = `pill pill-${kind}`;
    if (this.element.className !== name) this.element.className = name;
    if (this.text.textContent !== words) this.text.textContent = words;
    const loud = kind === "paused" || kind === "cut";
    this.picture.classList.toggle("is-stale", kind === "cut");
    if (this.banner.hidden === loud) this.banner.hidden = !loud;
    const says = kind === "cut" ? `Not live. ${words}` : words;
    if (loud && this.banner.textContent !== says) this.banner.textContent = says;
  }

  private words(): { kind: string; words: string } {
    const clock = (time: number | Date): string => new Date(time).toLocaleTimeString(undefined, { hour12: false });
    if (this.past !== null) return { kind: "past", words: `Replay · ${new Date(this.past).toLocaleString(undefined, { dateStyle: "medium", timeStyle: "medium" })}` };
    if (this.feed.kind === "reconnecting") {
      const left = Math.max(0, Math.ceil((this.feed.at - Date.now()) / 1000));
      const since = this.feed.since === null ? "" : ` · stale since ${clock(this.feed.since)}`;
      const because = this.feed.because === null ? "" : ` · ${this.feed.because}`;
      return { kind: "cut", words: (left > 0 ? `Reconnecting in ${left} s` : "Reconnecting…") + since + because };
    }
    if (this.feed.kind === "ended") return { kind: "cut", words: "Session ended" };
    if (this.feed.kind === "connecting") return { kind: "connecting", words: "Connecting…" };
    if (this.pausedAt !== null) return { kind: "paused", words: `Paused at ${clock(this.pausedAt)} · ${this.waiting} ${this.waiting === 1 ? "change" : "changes"} waiting` };
    return { kind: "live", words: "Live" };
  }
}
