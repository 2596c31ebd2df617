import { type Delta, drawnName, keyOf, type Snapshot } from "./model.js";
import { Past, siloEdge } from "./past.js";
import type { Scene } from "./scene.js";
import { Waiting } from "./waiting.js";

/** Milliseconds of the past that are looked at, by the words of the address. */
const spans: Readonly<Record<string, number>> = { "15m": 900_000, "1h": 3_600_000, "6h": 21_600_000, "24h": 86_400_000, "7d": 604_800_000 };

/** Pictures a second while it plays: enough to see, and a large mesh is not drawn for nothing. */
const frame = 100;

const steps = 1000, bins = 120;

export interface Audience {
  /** Another instant, or back to the present (null). */
  turned(at: number | null): void;
  drawn(): void;
  say(words: string): void;
}

/**
 * The time control of the graph. While the past is looked at, what is live waits behind it, as in a pause; edges between devices and ends of proofs are not
 * in the log, so that nothing is drawn of them.
 */
export class Replay {
  private past: Past | null = null;
  private latest: Snapshot | null = null;
  private behind = new Waiting(new Date());
  private timer = 0;
  private shown = new Set<string>();
  private load = new AbortController();
  private selected: string | null = null;
  span: string;

  /** @param span How much of the past is looked at; an hour if it is none of the spans. */
  constructor(private readonly root: HTMLElement, private readonly scene: Scene, private readonly audience: Audience, span: string, signal: AbortSignal) {
    this.span = Object.hasOwn(spans, span) ? span : "1h";
    const on = (name: string, act: () => void): void => this.part(name).addEventListener("click", act, { signal });
    root.querySelector("[data-graph-past]")!.addEventListener("click", () => this.toggle(), { signal });
    on("play", () => this.play());
    on("back", () => this.step(-1));
    on("next", () => this.step(1));
    on("live", () => this.end());
    this.slider.addEventListener("input", () => { if (this.past !== null) this.move(this.past.from + (this.past.to - this.past.from) * Number(this.slider.value) / steps); }, { signal });
    this.part<HTMLSelectElement>("span").addEventListener("change", event => { this.span = (event.target as HTMLSelectElement).value; void this.begin(this.at ?? this.scene.now, "around"); }, { signal });
    signal.addEventListener("abort", () => { this.stop(); this.load.abort(); });
  }

  /** The instant that is looked at; null in the present. */
  get at(): number | null {
    return this.past?.at ?? null;
  }

  get isOpen(): boolean {
    return !this.bar.hidden;
  }

  toggle(): void {
    if (this.isOpen) this.end();
    else void this.begin(this.scene.now - (spans[this.span] ?? 3_600_000), "after");
  }

  /** Something new of the present. True if it waits behind the past. */
  waits(news: Snapshot | Delta): boolean {
    if (this.latest === null) return false;
    if ("mesh" in news) [this.latest, this.behind] = [news, new Waiting(new Date())];
    else this.behind.add(news);
    return true;
  }

  /** @param at The instant first looked at. @param where The stretch lies around it, or after it up to now. */
  async begin(at: number, where: "around" | "after"): Promise<void> {
    const length = spans[this.span] ?? 3_600_000;
    const to = Math.min(this.scene.now, where === "around" ? at + length / 2 : at + length);
    this.load.abort();
    this.load = new AbortController();
    const { signal } = this.load;
    this.stop();
    this.bar.hidden = false;
    this.part<HTMLSelectElement>("span").value = this.span;
    this.root.querySelector("[data-graph-past]")!.setAttribute("aria-pressed", "true");
    this.note("Reading the log…");
    let past: Past;
    try {
      past = await Past.load(to - length, to, signal);
    } catch (problem) {
      if (signal.aborted) return;
      this.note(`The past cannot be shown. ${problem instanceof Error ? problem.message : String(problem)}`);
      return;
    }
    if (signal.aborted) return;
    this.latest ??= { sequence: -1, at: this.scene.now, mesh: "", nodes: [...this.scene.nodes.values()], edges: [...this.scene.edges.values()] };
    this.past = past;
    past.move(Math.min(past.to, Math.max(past.from, at)));
    this.marks();
    const clock = (time: number): string => new Date(time).toLocaleString(undefined, { dateStyle: "medium", timeStyle: "medium" });
    this.note(past.begins === null ? "The log is empty." : past.begins > past.from ? `The log begins at ${clock(past.begins)}.`
      : past.to < to - 1000 ? `Only until ${clock(past.to)}: more happened than is shown at once. Choose a shorter stretch.` : "");
    const silos = this.latest.nodes.filter(node => node.kind === "silo");
    const nodes = past.nodes();
    this.shown = new Set(nodes.map(node => node.id));
    this.scene.load({ ...this.latest, at: this.scene.now, nodes: [...silos, ...nodes], edges: silos.flatMap(silo => nodes.map(node => siloEdge(silo.id, node)).filter(edge => edge !== null)) });
    this.wrote();
    this.audience.say(`Replay. ${this.words}`);
  }

  /** Back to the present. */
  end(): void {
    this.load.abort();
    this.stop();
    this.bar.hidden = true;
    this.root.querySelector("[data-graph-past]")!.setAttribute("aria-pressed", "false");
    const [latest, batch] = [this.latest, this.behind.take()];
    [this.past, this.latest, this.behind, this.selected] = [null, null, new Waiting(new Date()), null];
    if (latest !== null) this.scene.load(latest);
    if (batch !== null) this.scene.apply(batch);
    this.audience.turned(null);
    this.audience.drawn();
    this.audience.say("The present again");
  }

  play(): void {
    if (this.timer !== 0) { this.stop(); this.audience.say(`Stopped. ${this.words}`); return; }
    if (this.past === null) return;
    if (this.past.at >= this.past.to) this.move(this.past.from);
    let last = performance.now();
    this.timer = window.setInterval(() => {
      const now = performance.now();
      const to = this.past!.at + (now - last) * Number(this.part<HTMLSelectElement>("speed").value);
      last = now;
      this.move(to);
      if (to >= this.past!.to) { this.stop(); this.audience.say("The end of the stretch"); }
    }, frame);
    this.part("play").textContent = "Stop";
    this.part("play").setAttribute("aria-pressed", "true");
  }

  /** To the change before or after. */
  step(way: -1 | 1): void {
    this.stop();
    const at = this.past?.step(way) ?? null;
    if (at === null) { this.audience.say(way === 1 ? "No change after this" : "No change before this"); return; }
    this.move(at);
    this.audience.say(this.words);
  }

  /** Whoever is selected is told as it was. */
  select(id: string | null): void {
    this.selected = id;
    this.write();
  }

  private move(at: number): void {
    const past = this.past;
    if (past === null) return;
    const touched = past.move(Math.min(past.to, Math.max(past.from, at)));
    const silos = this.latest!.nodes.filter(node => node.kind === "silo");
    const nodes = [], edges = [], removed = [], removedEdges = [];
    for (const id of touched) {
      const node = past.node(id);
      if (node === null) {
        if (this.shown.delete(id)) removed.push(id);
        continue;
      }
      this.shown.add(id);
      nodes.push(node);
      for (const silo of silos) {
        const edge = siloEdge(silo.id, node);
        if (edge !== null) edges.push(edge);
        else removedEdges.push(keyOf({ from: silo.id, to: id }));
      }
    }
    if (touched.size > 0) this.scene.apply({ previous: -1, sequence: this.latest!.sequence, nodes, edges, removed, removedEdges });
    this.wrote();
  }

  private wrote(): void {
    this.audience.turned(this.past!.at);
    this.audience.drawn();
    this.write();
  }

  private write(): void {
    const past = this.past;
    if (past === null) return;
    this.slider.value = String(Math.round((past.at - past.from) / Math.max(1, past.to - past.from) * steps));
    this.slider.setAttribute("aria-valuetext", this.clock);
    this.part("time").textContent = this.clock;
    const moment = this.selected === null ? null : past.moment(this.selected);
    const node = this.selected === null ? null : past.node(this.selected);
    this.part("what").textContent = node === null || moment === null ? ""
      : `${drawnName(node.name)}: ${node.look}${moment.since === null ? "" : ` since ${new Date(moment.since).toLocaleString(undefined, { dateStyle: "medium", timeStyle: "medium" })}`}${moment.change === null ? "" : ` (${moment.change.text === "" ? moment.change.kind : moment.change.text}, ${moment.change.actor})`}`;
    const tags = this.part("tags");
    tags.hidden = node === null;
    tags.textContent = node === null ? "" : `Its tags then: ${past.tags(node.id).join(", ") || "none"}.`;
    const changes = this.part<HTMLAnchorElement>("changes");
    changes.href = `/changes?from=${encodeURIComponent(new Date(past.at).toISOString())}`;
  }

  private get clock(): string {
    return this.past === null ? "" : new Date(this.past.at).toLocaleString(undefined, { dateStyle: "medium", timeStyle: "medium" });
  }

  private get words(): string {
    return `${this.clock}, ${this.shown.size} devices`;
  }

  /** Where something happened: small bars, and darker ones with a cap where it was for the worse. */
  private marks(): void {
    const all = this.past!.histogram(bins);
    const most = Math.max(1, ...all.map(bin => bin.all));
    const bars: SVGElement[] = [];
    all.forEach((bin, index) => {
      for (const [count, name] of [[bin.all, "mark"], [bin.bad, "mark-bad"]] as const) {
        if (count === 0) continue;
        const bar = document.createElementNS("http://www.w3.org/2000/svg", "rect");
        const height = 4 + 16 * Math.sqrt(count / most);
        for (const [key, value] of Object.entries({ x: index, width: name === "mark" ? 0.8 : 0.5, y: 22 - height, height, class: name })) bar.setAttribute(key, String(value));
        bars.push(bar);
      }
    });
    this.part("marks").replaceChildren(...bars);
  }

  private note(words: string): void {
    const note = this.part("note");
    note.textContent = words;
    note.hidden = words === "";
  }

  private stop(): void {
    clearInterval(this.timer);
    this.timer = 0;
    this.part("play").textContent = "Play";
    this.part("play").setAttribute("aria-pressed", "false");
  }

  private get bar(): HTMLElement {
    return this.root.querySelector<HTMLElement>("[data-graph-replay]")!;
  }

  private get slider(): HTMLInputElement {
    return this.part<HTMLInputElement>("at");
  }

  private part<T extends HTMLElement = HTMLElement>(name: string): T {
    return this.root.querySelector<T>(`[data-replay-${name}]`)!;
  }
}
