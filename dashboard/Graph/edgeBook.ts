import { keyOf, type TrustEdge } from "./model.js";

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
}
