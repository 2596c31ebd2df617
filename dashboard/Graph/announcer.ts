import { type Delta, type DeviceNode, drawnName } from "./model.js";

/** Nobody who listens hears more than one summary in so many milliseconds. */
const pause = 5000;

/** Tells people who hear the graph what happened since they were last told; nothing is lost in between, and nothing is told one by one. */
export class Announcer {
  private readonly worse = new Map<string, string>();
  private readonly better = new Map<string, string>();
  private last = -Infinity;

  constructor(private readonly element: HTMLElement) {}

  /** At once: the answer to something the person did. */
  say(words: string): void {
    this.last = Date.now();
    this.element.textContent = words;
  }

  /** Before the delta is applied. */
  note(delta: Delta, known: ReadonlyMap<string, DeviceNode>): void {
    for (const { id, look, name } of delta.nodes) {
      const before = known.get(id)?.look;
      if (before === undefined || before === look) continue;
      if (look === "contraindicated") { this.better.delete(id); this.worse.set(id, drawnName(name)); }
      else if (before === "contraindicated") { this.worse.delete(id); this.better.set(id, drawnName(name)); }
    }
    this.tell();
  }

  /** Also once a second, so that what waits is told. */
  tell(): void {
    if (Date.now() - this.last < pause || this.worse.size + this.better.size === 0) return;
    const part = (who: Map<string, string>, one: string, many: string): string[] =>
      who.size === 0 ? [] : [who.size === 1 ? `${[...who.values()][0]!} ${one}` : `${who.size} devices ${many}`];
    this.say([...part(this.worse, "is contraindicated", "are contraindicated"), ...part(this.better, "is contraindicated no longer", "are contraindicated no longer")].join("; "));
    this.worse.clear();
    this.better.clear();
  }
}
