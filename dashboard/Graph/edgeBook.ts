import { type DeviceNode, keyOf, type TrustEdge } from "./model.js";

/** Every known edge, drawn or not, by key and by the nodes at its ends. */
export class EdgeBook {
  private readonly edges = new Map<string, TrustEdge>();
  private readonly ends = new Map<string, Set<string>>();

  get size(): number {
    return this.edges.size;
  }

  get(key: string): TrustEdge | undefined {
    return this.edges.get(key);
  }

  keys(): IterableIterator<string> {
    return this.edges.keys();
  }

  values(): IterableIterator<TrustEdge> {
    return this.edges.values();
  }

  put(edge: TrustEdge): void {
    const key = keyOf(edge);
    this.edges.set(key, edge);
    for (const end of [edge.from, edge.to]) {
      const keys = this.ends.get(end);
      if (keys === undefined) this.ends.set(end, new Set([key]));
      else keys.add(key);
    }
  }

  remove(key: string): void {
    const edge = this.edges.get(key);
    if (edge === undefined) return;
    this.edges.delete(key);
    for (const end of [edge.from, edge.to]) {
      const keys = this.ends.get(end);
      keys?.delete(key);
      if (keys?.size === 0) this.ends.delete(end);
    }
  }

  /** Edges from and to a node. */
  *of(id: string): Iterable<TrustEdge> {
    for (const key of this.ends.get(id) ?? []) yield this.edges.get(key)!;
  }

  /** Partners of a device by name, each with the edge that leads there: the device's own examination if there is one. */
  partners(id: string, nodes: ReadonlyMap<string, DeviceNode>): string[] {
    const partners = new Map<string, string>();
    for (const edge of this.of(id)) {
      const other = edge.from === id ? edge.to : edge.from;
      if (nodes.get(other)?.kind === "device" && (edge.from === id || !partners.has(other))) partners.set(other, keyOf(edge));
    }
    const name = (other: string): string => nodes.get(other)!.name;
    return [...partners].sort(([a], [b]) => (name(a) < name(b) ? -1 : name(a) > name(b) ? 1 : a < b ? -1 : 1)).map(([, key]) => key);
  }
}
