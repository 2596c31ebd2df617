import type Sigma from "sigma";
import type { EdgeBook } from "./edgeBook.js";
import type { Groups } from "./groups.js";
import type { DeviceNode } from "./model.js";
import type { Sight } from "./sight.js";
import type { SiteTally } from "./siteBook.js";
import { chartRadius, type FleetPicture } from "./siteCharts.js";

/** The sites, or what else is grouped by, as things to look at, point at and select, where they are what is drawn. */
export class SiteLayer {
  /** The selected site. */
  selected: string | null = null;
  private matching: Map<string, number> | null = null;
  private chosen: ReadonlySet<string> = new Set();

  constructor(
    private readonly sigma: Sigma, private readonly groups: Groups, private readonly edges: EdgeBook,
    private readonly nodes: ReadonlyMap<string, DeviceNode>, private readonly sight: Sight,
  ) {}

  get isShown(): boolean {
    return this.sight.level === "fleet";
  }

  /** Counts again who is asked for. */
  match(shown: (node: DeviceNode) => boolean, filtered: boolean, chosen: ReadonlySet<string>): void {
    this.chosen = chosen;
    this.matching = filtered && this.isShown ? new Map() : null;
    if (this.matching === null) return;
    for (const node of this.nodes.values())
      if (node.kind === "device" && shown(node)) this.matching.set(node[this.groups.by], (this.matching.get(node[this.groups.by]) ?? 0) + 1);
  }

  /** Sites that have somebody who is asked for, the worst first. */
  ranked(): SiteTally[] {
    return this.groups.book.ranked().filter(site => this.matching === null || this.matching.has(site.name));
  }

  /** The site whose chart is at that pixel of the canvas. */
  at(x: number, y: number): string | null {
    if (!this.isShown) return null;
    const place = this.sigma.viewportToGraph({ x, y });
    const most = this.most;
    for (const { name, devices } of this.groups.book.sites.values()) {
      const middle = this.groups.map.middle(name);
      if (Math.hypot(middle.x - place.x, middle.y - place.y) <= chartRadius(devices, most) + 0.1) return name;
    }
    return null;
  }

  /** The middle of a site's chart, in pixels of the canvas. */
  pixel(site: string): { x: number; y: number } {
    return this.sigma.graphToViewport(this.groups.map.middle(site));
  }

  picture(): FleetPicture | null {
    return !this.isShown ? null
      : { by: this.groups.by, sites: this.groups.book.sites, links: this.groups.book.links(this.edges.values(), this.nodes), selected: this.selected, matching: this.matching, chosen: this.chosen };
  }

  private get most(): number {
    let most = 1;
    for (const { devices } of this.groups.book.sites.values()) most = Math.max(most, devices);
    return most;
  }
}
