import type { Place } from "./layout.js";
import { drawnName } from "./model.js";
import type { Scene } from "./scene.js";

// The shape of silo/Contracts: GraphPin.
export interface Pin {
  readonly device: string;
  readonly x: number;
  readonly y: number;
}

interface Keeper {
  selected(): string | null;
  /** Resolves to null, or to why it is not kept. */
  pin(id: string, place: Place): Promise<string | null>;
  unpin(id: string | null): Promise<string | null>;
  say(words: string): void;
}

/** A hand that trembles drags nothing. Pixels. */
const least = 6;

/** In a crowd only the selected device is dragged: who drags the picture hits one by chance. */
const crowded = 300;

/** Why nothing is pinned here. */
const unmoved = "Pins belong to the ring of a site. Here a place says something, so that nobody is moved.";

/** Pixels of a step by key, and how long after the last one it is kept. */
const step = 12, rest = 600;

/**
 * Devices that the operator puts somewhere, by mouse or by keys: kept for the person, and marked. A device stays within its site: the picture would lie if it
 * could be laid at another one. Its place is told from the middle of the site, so that it stays there when sites come.
 */
export class Pinning {
  private readonly places = new Map<string, Place>();
  private held: { readonly id: string; readonly x: number; readonly y: number; readonly aside: Place; moves: boolean } | null = null;
  private nudged: { readonly id: string; readonly timer: number } | null = null;
  private problem: string | null = null;

  constructor(private readonly root: HTMLElement, private readonly scene: Scene, private readonly keeper: Keeper, signal: AbortSignal) {
    scene.sight.pins = this.places;
    scene.sigma.on("downNode", ({ node, event }) => {
      if (event.original instanceof MouseEvent && event.original.button === 0) this.take(node, event);
    });
    scene.sigma.on("moveBody", ({ event, preventSigmaDefault }) => {
      if (this.held === null) return;
      preventSigmaDefault();
      this.drag(event);
    });
    // Also outside the picture, and the window.
    document.addEventListener("mouseup", () => this.letGo(), { signal });
    this.part("unpin").addEventListener("click", () => this.toggle(), { signal });
    this.part("unpin-all").addEventListener("click", () => this.releaseAll(), { signal });
    signal.addEventListener("abort", () => this.keepNudged());
  }

  /** What the silo keeps; what was moved since the page opened is newer. @param problem Why it could not be read. */
  put(pins: readonly Pin[], problem: string | null): void {
    const news = pins.filter(pin => !this.places.has(pin.device));
    for (const { device, x, y } of news) this.places.set(device, within({ x, y }));
    for (const { device } of news) this.scene.moved(device, true);
    this.failed(problem);
  }

  /** By key, from where it is. */
  nudge(key: string): void {
    const id = this.movable(this.keeper.selected());
    if (id === null) { this.keeper.say(this.scene.sight.takesPins ? "Select a device first; shift and arrow keys then move it within its site." : unmoved); return; }
    const way = ({ ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, -1], ArrowDown: [0, 1] } as Record<string, [number, number]>)[key]!;
    const at = this.scene.positionOf(id)!;
    this.move(id, this.scene.sigma.viewportToGraph({ x: at.x + way[0] * step, y: at.y + way[1] * step }), false);
    if (this.nudged?.id !== id) this.keepNudged();
    clearTimeout(this.nudged?.timer);
    this.nudged = { id, timer: window.setTimeout(() => this.keepNudged(), rest) };
  }

  /** Pins the selected device where it is, or lets it go. */
  toggle(): void {
    const id = this.movable(this.keeper.selected());
    if (id === null) { this.keeper.say(this.scene.sight.takesPins ? "Select a device first; P then pins it or lets it go." : unmoved); return; }
    if (!this.places.has(id)) {
      this.move(id, this.scene.graph.getNodeAttributes(id), true);
      this.keep(id);
      return;
    }
    if (this.nudged?.id === id) this.keepNudged();
    this.places.delete(id);
    this.scene.moved(id, true);
    this.keeper.say(`${this.name(id)} is back at its place`);
    this.tell(this.keeper.unpin(id));
  }

  /** How many are pinned, and what can be done about it. */
  write(): void {
    const [all, selected] = [this.places.size, this.keeper.selected()];
    const one = selected !== null && this.places.has(selected) && this.movable(selected) !== null;
    this.part("pins").hidden = this.scene.sight.level === "focus" || (all === 0 && this.problem === null);
    this.part("pins-text").textContent = [...(all === 0 ? [] : [`${all} ${all === 1 ? "device" : "devices"} pinned${this.scene.sight.takesPins ? "" : ", in the ring"}`]), ...(this.problem === null ? [] : [`Not kept: ${this.problem}`])].join(". ");
    this.part("unpin").hidden = !one;
    this.part("unpin").textContent = one ? `Unpin ${this.name(selected)}` : "";
    this.part("unpin-all").hidden = all === 0;
  }

  private releaseAll(): void {
    clearTimeout(this.nudged?.timer);
    this.nudged = null;
    const ids = [...this.places.keys()];
    this.places.clear();
    for (const id of ids) this.scene.moved(id, true);
    this.keeper.say(`${ids.length} ${ids.length === 1 ? "device is" : "devices are"} back at their places`);
    this.tell(this.keeper.unpin(null));
  }

  private take(id: string, { x, y }: Place): void {
    if (this.movable(id) === null || (this.scene.sight.crowd > crowded && id !== this.keeper.selected())) return;
    const [at, hand] = [this.scene.graph.getNodeAttributes(id), this.scene.sigma.viewportToGraph({ x, y })];
    this.held = { id, x, y, aside: { x: at.x - hand.x, y: at.y - hand.y }, moves: false };
  }

  private drag({ x, y }: Place): void {
    const held = this.held!;
    if (!held.moves && Math.hypot(x - held.x, y - held.y) < least) return;
    held.moves = true;
    const hand = this.scene.sigma.viewportToGraph({ x, y });
    this.move(held.id, { x: hand.x + held.aside.x, y: hand.y + held.aside.y }, false);
  }

  private letGo(): void {
    const held = this.held;
    this.held = null;
    if (held === null || !held.moves || !this.places.has(held.id)) return;
    this.scene.moved(held.id, true);
    this.keep(held.id);
  }

  private move(id: string, to: Place, rests: boolean): void {
    const node = this.scene.nodes.get(id);
    if (node === undefined) return;
    const middle = this.scene.sites.middle(node.site);
    this.places.set(id, within({ x: to.x - middle.x, y: to.y - middle.y }));
    this.scene.moved(id, rests);
    this.write();
  }

  private keepNudged(): void {
    if (this.nudged === null) return;
    clearTimeout(this.nudged.timer);
    const { id } = this.nudged;
    this.nudged = null;
    this.scene.moved(id, true);
    this.keep(id);
  }

  private keep(id: string): void {
    const place = this.places.get(id);
    if (place === undefined) return;
    this.keeper.say(`${this.name(id)} is pinned here. P lets it go.`);
    this.tell(this.keeper.pin(id, place));
  }

  private tell(kept: Promise<string | null>): void {
    this.write();
    void kept.then(problem => this.failed(problem), () => this.failed("the page has lost its connection."));
  }

  private failed(problem: string | null): void {
    this.problem = problem;
    this.write();
    if (problem !== null) this.keeper.say(`Not kept: ${problem}`);
  }

  /** A device that is drawn at its site, where its place is its own. */
  private movable(id: string | null): string | null {
    return id !== null && this.scene.sight.takesPins && this.scene.nodes.get(id)?.kind === "device" && this.scene.positionOf(id) !== null ? id : null;
  }

  private name(id: string): string {
    return drawnName(this.scene.nodes.get(id)?.name ?? "A device");
  }

  private part(name: string): HTMLElement {
    return this.root.querySelector<HTMLElement>(`[data-graph-${name}]`)!;
  }
}

/** At most at the rim of the site. */
function within({ x, y }: Place): Place {
  const far = Math.max(1, Math.hypot(x, y));
  return { x: x / far, y: y / far };
}
