import { Arrangement } from "./arrangement.js";
import type { EdgeBook } from "./edgeBook.js";
import type { Groups } from "./groups.js";
import { orbitOf, type Place, type SiteMap } from "./layout.js";
import type { DeviceNode, TrustEdge } from "./model.js";
import { around, chain, onlyExaminedBy, ringPlace } from "./neighbourhood.js";
import type { SiteBook } from "./siteBook.js";
import { crowd, type Level, levelOf, type View, whole } from "./view.js";

/** Which nodes are drawn, and where. */
export class Sight {
  private focused = new Map<string, number>();
  private arrangement: Arrangement | null = null;
  view: View = whole;
  /** Where the operator put devices, by id, from the middle of their site. */
  pins: ReadonlyMap<string, Place> = new Map();
  level: Level = "all";
  /** From who trusts to the focused device; null if nobody is asked about, empty if there is no way. */
  path: readonly string[] | null = null;
  /** Devices that would lose their only examiner. */
  alone: readonly string[] = [];
  /** That chain as keys of its edges. */
  links: ReadonlySet<string> = new Set();

  constructor(
    private readonly nodes: ReadonlyMap<string, DeviceNode>, private readonly edges: EdgeBook, private readonly sites: SiteMap, private readonly book: SiteBook, private readonly groups: Groups,
  ) {}

  /** Looks again who is in sight. True if others are than before. */
  look(view: View, now: number): boolean {
    const devices = this.nodes.size;
    const level = levelOf(view, devices);
    const before = this.focused;
    const same = level === this.level && view.site === this.view.site && view.focus === this.view.focus && view.group === this.view.group && view.layout === this.view.layout && view.root === this.view.root;
    [this.view, this.level] = [view, level];
    if (level !== "focus" || view.focus === null) {
      [this.focused, this.path, this.alone, this.links] = [new Map(), null, [], new Set()];
      return !same;
    }
    this.focused = this.nodes.has(view.focus) ? around(view.focus, view.hops, this.edges, this.nodes) : new Map();
    this.path = view.by === null || view.by === view.focus ? null : chain(view.by, view.focus, this.edges, this.nodes, now) ?? [];
    this.links = new Set((this.path ?? []).slice(1).map((id, at) => `${this.path![at]}>${id}`));
    // A chain leads further than the hops: its links are drawn one ring out for each step.
    for (const [step, id] of [...(this.path ?? [])].reverse().entries()) if (!this.focused.has(id)) this.focused.set(id, step);
    if (view.by !== null && this.nodes.has(view.by) && !this.focused.has(view.by)) this.focused.set(view.by, view.hops + 1);
    this.alone = view.blast ? onlyExaminedBy(view.focus, this.edges, this.nodes, now) : [];
    return !same || before.size !== this.focused.size || [...this.focused].some(([id, hop]) => before.get(id) !== hop);
  }

  has(node: DeviceNode): boolean {
    switch (this.level) {
      case "all": return true;
      case "fleet": return false;
      case "site": return node.kind === "device" && node.site === this.view.site;
      case "focus": return this.focused.has(node.id);
    }
  }

  /** Only where all devices are drawn at once are edges too many. */
  get drawsAll(): boolean {
    return this.level !== "all" || this.nodes.size <= crowd;
  }

  /** How many nodes share the picture. */
  get crowd(): number {
    return this.level === "site" ? this.book.sites.get(this.view.site ?? "")?.devices ?? 0 : this.level === "focus" ? this.focused.size : this.nodes.size;
  }

  /** The furthest ring. */
  get rings(): number {
    return Math.max(1, ...this.focused.values());
  }

  place(node: DeviceNode): Place {
    if (this.level === "focus") return ringPlace(node.id, node.site, this.focused.get(node.id) ?? 1);
    if (node.kind === "silo") return { x: 0, y: 0 };
    const [middle, orbit] = [this.sites.middle(node.site), this.arranged?.of(node.id, this.edges) ?? this.pins.get(node.id) ?? orbitOf(node.id)];
    return { x: middle.x + orbit.x, y: middle.y + orbit.y };
  }

  /**
   * How the site is laid out that is looked at; null where each device's place is its own. Worked out once, when it is first looked at, and kept until the operator asks
   * for another: what devices do, and whether they come or go, changes nothing in it (Arrangement).
   */
  get arranged(): Arrangement | null {
    const { site, layout, root } = this.view;
    if (this.level !== "site" || site === null || layout === "ring") return null;
    const one = this.arrangement;
    if (one !== null && one.site === site && one.layout === layout && one.wanted === root) return one;
    // Of nobody nothing is laid out: who is there becomes known with the first snapshot.
    if (!this.book.sites.has(site)) return null;
    return this.arrangement = new Arrangement(site, layout, root, [...this.nodes.values()].filter(node => this.has(node)), this.edges);
  }

  /** The operator asks for the same layout again, of who is there now. */
  layOut(): void {
    this.arrangement = null;
  }

  /** Around a device, and in a layout that says something by its places, everybody has the place that it says, and no other. */
  get takesPins(): boolean {
    return this.level !== "focus" && this.arranged === null;
  }

  isPinned(id: string): boolean {
    return this.pins.has(id) && this.takesPins;
  }

  /** Where that is which is drawn: sites, or what the fleet level groups by. */
  get map(): SiteMap {
    return this.level === "fleet" ? this.groups.map : this.sites;
  }

  /** The box around what is in sight, which the camera calls 1. */
  box(): { x: [number, number]; y: [number, number] } {
    if (this.level === "focus") return { x: [-this.rings - 0.4, this.rings + 0.4], y: [-this.rings - 0.4, this.rings + 0.4] };
    if (this.level !== "site") return this.map.box();
    const [{ x, y }, reach] = [this.sites.middle(this.view.site ?? ""), this.arranged?.reach ?? { x: 1, y: 1 }];
    return { x: [x - reach.x - 0.05, x + reach.x + 0.05], y: [y - reach.y - 0.05, y + reach.y + 0.05] };
  }

  /** Whether a change of edges may change who is in sight. */
  concerns(edges: readonly TrustEdge[], removed: readonly string[]): boolean {
    return this.level === "focus" && (removed.length > 0 || edges.some(edge => this.focused.has(edge.from) || this.focused.has(edge.to)));
  }
}
