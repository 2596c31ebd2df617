import { SiteMap } from "./layout.js";
import { type DeviceNode, drawnName, type TrustEdge } from "./model.js";
import { SiteBook } from "./siteBook.js";
import type { Grouping } from "./view.js";

/** What the fleet level draws one chart of each: sites, or models, or tiers. */
export class Groups {
  private readonly maps: ReadonlyMap<Grouping, SiteMap>;
  /** What is known of them. */
  book: SiteBook;
  /** Where their charts are. */
  map: SiteMap;

  constructor(private readonly sites: SiteMap, private readonly siteBook: SiteBook) {
    this.maps = new Map([["site", sites], ["model", new SiteMap()], ["tier", new SiteMap()]]);
    [this.book, this.map] = [siteBook, sites];
  }

  get by(): Grouping {
    return this.book.by;
  }

  /** Charts of something else. Each stays where it was the last time. */
  turn(by: Grouping, nodes: Iterable<DeviceNode>): void {
    if (by === this.by) return;
    [this.book, this.map] = [by === "site" ? this.siteBook : new SiteBook(by), this.maps.get(by)!];
    if (by === "site") return;
    for (const node of nodes) this.book.node(undefined, node);
    this.map.settle(this.book.sites.keys(), "");
  }

  /** A node came, changed, or went. */
  node(before: DeviceNode | undefined, after: DeviceNode | undefined): void {
    this.siteBook.node(before, after);
    if (this.book === this.siteBook) return;
    this.book.node(before, after);
    if (before !== undefined && after?.kind === "device") this.map.settle([after[this.by]], "");
  }

  /** An edge came, changed, or went. */
  edge(before: TrustEdge | undefined, after: TrustEdge | undefined): void {
    this.siteBook.edge(before, after);
    if (this.book !== this.siteBook) this.book.edge(before, after);
  }

  /** Gives a place to what new devices bring. @param home The site of the silo. */
  settle(devices: readonly DeviceNode[], home: string): void {
    this.sites.settle(devices.map(device => device.site), home);
    if (this.by !== "site") this.map.settle(devices.map(device => device[this.by]), "");
  }
}

const tiers: Record<string, string> = { "tpm-quote": "TPM quote", "hardware-key": "Hardware key", "guardian": "Guardian", "software": "Software" };

/** A group as it is called. */
export function groupName(by: Grouping, name: string): string {
  return name === "" ? `no ${by}` : by === "tier" ? tiers[name] ?? drawnName(name) : drawnName(name);
}
