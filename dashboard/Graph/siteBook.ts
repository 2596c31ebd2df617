import { type DeviceNode, looks, type TrustEdge } from "./model.js";
import type { Grouping } from "./view.js";

export interface SiteTally {
  readonly name: string;
  /** By look. */
  readonly counts: Map<string, number>;
  devices: number;
}

export interface SiteLink {
  readonly from: string;
  readonly to: string;
  /** Examinations either way. */
  count: number;
  failed: number;
}

/** How much one device of a look weighs: a failed proof is worse than silence, and what people decided is no trouble. */
const weights = { contraindicated: 3, stale: 1, unproven: 1, warning: 0.1 } as const;

/** What is known of the mesh, by site or by what else devices have in common. Kept up to date change by change: a large mesh changes all the time. */
export class SiteBook {
  readonly sites = new Map<string, SiteTally>();
  private readonly linked = new Map<string, SiteLink>();
  private stale = true;

  constructor(readonly by: Grouping = "site") {}

  /** A node came, changed, or went. */
  node(before: DeviceNode | undefined, after: DeviceNode | undefined): void {
    if (before?.kind === "device") this.count(before, -1);
    if (after?.kind === "device") this.count(after, 1);
    if (before?.[this.by] !== after?.[this.by]) this.stale = true;
  }

  /** An edge came, changed, or went. Only what changes the drawing makes all links be counted again. */
  edge(before: TrustEdge | undefined, after: TrustEdge | undefined): void {
    if (before === undefined || after === undefined || (before.status === "contraindicated") !== (after.status === "contraindicated")) this.stale = true;
  }

  /** Links between them, those with failures first. */
  links(edges: Iterable<TrustEdge>, nodes: ReadonlyMap<string, DeviceNode>): readonly SiteLink[] {
    if (!this.stale) return this.sorted;
    this.stale = false;
    this.linked.clear();
    for (const { from, to, status } of edges) {
      const [issuer, subject] = [nodes.get(from), nodes.get(to)];
      if (issuer?.kind !== "device" || subject?.kind !== "device" || issuer[this.by] === subject[this.by]) continue;
      const [one, other] = issuer[this.by] < subject[this.by] ? [issuer[this.by], subject[this.by]] : [subject[this.by], issuer[this.by]];
      const key = `${one}\u0000${other}`;
      let link = this.linked.get(key);
      if (link === undefined) this.linked.set(key, link = { from: one, to: other, count: 0, failed: 0 });
      link.count++;
      if (status === "contraindicated") link.failed++;
    }
    return this.sorted = [...this.linked.values()].sort((a, b) => b.failed - a.failed || b.count - a.count);
  }

  private sorted: readonly SiteLink[] = [];

  /** The worst first, then by name. */
  ranked(): SiteTally[] {
    return [...this.sites.values()].map(site => ({ site, weight: weightOf(site) })).sort((a, b) => b.weight - a.weight || (a.site.name < b.site.name ? -1 : 1)).map(one => one.site);
  }

  private count(node: DeviceNode, by: 1 | -1): void {
    const name = node[this.by];
    let tally = this.sites.get(name);
    if (tally === undefined) this.sites.set(name, tally = { name, counts: new Map(), devices: 0 });
    tally.devices += by;
    const look = (looks as readonly string[]).includes(node.look) ? node.look : "unproven";
    tally.counts.set(look, (tally.counts.get(look) ?? 0) + by);
    if (tally.devices === 0) this.sites.delete(name);
  }
}

function weightOf(tally: SiteTally): number {
  return Object.entries(weights).reduce((sum, [look, weight]) => sum + weight * (tally.counts.get(look) ?? 0), 0);
}

/** What is most wrong at a site, and with how many of its devices; null if nothing is that somebody has to look at. */
export function troubleOf(tally: SiteTally): { look: string; count: number } | null {
  let worst: { look: string; count: number } | null = null;
  for (const look of ["contraindicated", "stale", "unproven"] as const) {
    const count = tally.counts.get(look) ?? 0;
    if (count > 0 && (worst === null || weights[look] * count > weights[worst.look as "stale"] * worst.count)) worst = { look, count };
  }
  return worst;
}
