import type { EdgeBook } from "./edgeBook.js";
import { Free, spread } from "./force.js";
import { hash, type Place } from "./layout.js";
import { type DeviceNode, drawnName } from "./model.js";
import { type Band, frame, Rows } from "./rows.js";
import { type Tree, treeOf } from "./tree.js";
import type { Layout } from "./view.js";

/** Layouts in which a place depends on who else is there. */
export type Arranged = Exclude<Layout, "ring">;

/** A step of a tree, with what is written beside it. */
export interface Step extends Band {
  readonly words: string;
}

/**
 * Where the devices of a site are, in a grid by name, as a tree of who examined whom, or by forces. It is worked out once, when the operator asks for it, from who is there
 * and which edges there are, and never from how they look. From then on nobody moves: who comes later gets a place that is free, and a place is never given away again.
 */
export class Arrangement {
  private readonly places = new Map<string, Place>();
  private readonly tree: Tree;
  private readonly rows: Rows;
  private readonly free: Free;
  /** Of a tree: how many steps below its root a device is; more than there are steps where no way leads to it. */
  private readonly stepOf = new Map<string, number>();
  /** Half the width and half the height of it all. */
  readonly reach: { x: number; y: number } = { ...frame };
  /** How it is laid out, to be said after the name of the site. */
  readonly words: string;

  constructor(readonly site: string, readonly layout: Arranged, readonly wanted: string | null, devices: readonly DeviceNode[], edges: EdgeBook) {
    const known = [...devices].sort((a, b) => (a.name < b.name ? -1 : a.name > b.name ? 1 : a.id < b.id ? -1 : 1));
    this.tree = layout === "tree" ? treeOf(known, edges, wanted) : { root: null, steps: [], rest: [] };
    this.rows = new Rows(layout === "tree" ? [...this.tree.steps.map(step => step.length), this.tree.rest.length] : [known.length], layout === "tree");
    if (layout === "force") {
      const ids = known.map(device => device.id);
      spread(ids, linksOf(ids, edges)).forEach((place, at) => this.places.set(ids[at]!, place));
    } else if (layout === "grid") for (const device of known) this.put(device.id, this.rows.seat(0));
    else [...this.tree.steps, this.tree.rest].forEach((step, at) => { for (const id of step) this.sit(id, at); });
    this.free = new Free(layout === "force" ? this.places.values() : [], known.length);
    const name = known.find(device => device.id === this.tree.root)?.name;
    this.words = layout === "grid" ? "in a grid by name" : layout === "force" ? "by forces" : `as a tree below ${drawnName(name ?? "nobody")}`;
  }

  /** The device at the top of a tree. */
  get root(): string | null {
    return this.tree.root;
  }

  /** The place of a device from the middle of its site. Whoever is new gets one, for as long as this arrangement lasts. */
  of(id: string, edges: EdgeBook): Place {
    return this.places.get(id) ?? this.admit(id, edges);
  }

  /** The steps of a tree that somebody is in. */
  get steps(): readonly Step[] {
    if (this.layout !== "tree") return [];
    const last = this.rows.bands.length - 1;
    return this.rows.bands.flatMap((band, at) => (this.rows.isTaken(at) && at > 0 ? [{ ...band, words: at === last ? "no way found, or came later" : at === 1 ? "1 step" : `${at} steps` }] : []));
  }

  /** What the place of a device means, to be said after its name; empty where it means nothing. */
  meaningOf(id: string): string {
    const step = this.stepOf.get(id);
    if (step === undefined) return "";
    return step === 0 ? ", top of the tree" : step >= this.tree.steps.length ? ", no way from the top of the tree" : `, ${step} ${step === 1 ? "step" : "steps"} down the tree`;
  }

  private admit(id: string, edges: EdgeBook): Place {
    if (this.layout === "grid") return this.put(id, this.rows.seat(0));
    if (this.layout === "force") {
      const partners = [...edges.of(id)].map(edge => this.places.get(edge.from === id ? edge.to : edge.from)).filter(place => place !== undefined);
      const wish = partners.length === 0 ? { x: (hash(id, 11) * 2 - 1) * frame.x, y: (hash(id, 12) * 2 - 1) * frame.y }
        : { x: partners.reduce((sum, { x }) => sum + x, 0) / partners.length, y: partners.reduce((sum, { y }) => sum + y, 0) / partners.length };
      return this.put(id, this.free.near(wish));
    }
    let step = this.tree.steps.length;
    for (const edge of edges.of(id)) if (edge.to === id) step = Math.min(step, 1 + (this.stepOf.get(edge.from) ?? step));
    return this.sit(id, step);
  }

  private sit(id: string, step: number): Place {
    this.stepOf.set(id, step);
    return this.put(id, this.rows.seat(step));
  }

  private put(id: string, place: Place): Place {
    this.places.set(id, place);
    this.reach.x = Math.max(this.reach.x, Math.abs(place.x));
    this.reach.y = Math.max(this.reach.y, Math.abs(place.y));
    return place;
  }
}

/** Who examined whom, either way, as pairs of places in that list. */
function linksOf(ids: readonly string[], edges: EdgeBook): (readonly [number, number])[] {
  const at = new Map(ids.map((id, index) => [id, index]));
  const pairs = new Map<number, readonly [number, number]>();
  for (const [index, id] of ids.entries())
    for (const { from, to } of edges.of(id)) {
      const other = at.get(from === id ? to : from);
      if (other !== undefined && other > index) pairs.set(index * ids.length + other, [index, other]);
    }
  return [...pairs].sort(([a], [b]) => a - b).map(([, pair]) => pair);
}
