import { type DeviceNode, looks, type TrustEdge } from "./model.js";

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

/** Looks from the worst to the best: the order in which they are looked for. */
const worst = ["contraindicated", "revoked", "stale", "unproven", "warning", "suspended", "pending", "trusted"] as const;

/** What is known of the mesh, by site. Kept up to date change by change: a large mesh changes all the time. */
export class SiteBook {
  readonly sites = new Map<string, SiteTally>();
  private readonly linked = new Map<string, SiteLink>();
  private stale = true;

  /** A node came, changed, or went. */
  node(before: DeviceNode | undefined, after: DeviceNode | undefined): void {
    if (before?.kind === "device") this.count(before, -1);
    if (after?.kind === "device") this.count(after, 1);
    if (before?.site !== after?.site) this.stale = true;
  }

  /** An edge came, changed, or went. Only what changes the drawing makes all links be counted again. */
  edge(before: TrustEdge | undefined, after: TrustEdge | undefined): void {
    if (before === undefined || after === undefined || (before.status === "contraindicated") !== (after.status === "contraindicated")) this.stale = true;
  }

  /** Links between sites, those with failures first. */
  links(edges: Iterable<TrustEdge>, nodes: ReadonlyMap<string, DeviceNode>): readonly SiteLink[] {
    if (!this.stale) return this.sorted;
    this.stale = false;
    this.linked.clear();
    for (const { from, to, status } of edges) {
      const [issuer, subject] = [nodes.get(from), nodes.get(to)];
      if (issuer?.kind !== "device" || subject?.kind !== "device" || issuer.site === subject.site) continue;
      const [one, other] = issuer.site < subject.site ? [issuer.site, subject.site] : [subject.site, issuer.site];
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
    const order = ["contraindicated", "stale", "unproven", "warning"] as const;
    return [...this.sites.values()].sort((a, b) => {
      for (const look of order) {
        const more = (b.counts.get(look) ?? 0) - (a.counts.get(look) ?? 0);
        if (more !== 0) return more;
      }
      return a.name < b.name ? -1 : 1;
    });
  }

  private count(node: DeviceNode, by: 1 | -1): void {
    let tally = this.sites.get(node.site);
    if (tally === undefined) this.sites.set(node.site, tally = { name: node.site, counts: new Map(), devices: 0 });
    tally.devices += by;
    const look = (looks as readonly string[]).includes(node.look) ? node.look : "unproven";
    tally.counts.set(look, (tally.counts.get(look) ?? 0) + by);
    if (tally.devices === 0) this.sites.delete(node.site);
  }
}

/** The look that says how a site is doing, and how many of its devices have it. */
export function worstOf(tally: SiteTally): { look: string; count: number } {
  for (const look of worst) {
    const count = tally.counts.get(look) ?? 0;
    if (count > 0) return { look, count };
  }
  return { look: "trusted", count: 0 };
}
