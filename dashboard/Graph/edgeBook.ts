import { type DeviceNode, endsOf, keyOf, type TrustEdge } from "./model.js";

/** Every known edge, drawn or not, by the nodes at its ends: in a large mesh keys of two ids each would be most of what there is to hold. */
export class EdgeBook {
  private readonly issued = new Map<string, Map<string, TrustEdge>>();
  private readonly received = new Map<string, Map<string, TrustEdge>>();
  private count = 0;

  get size(): number {
    return this.count;
  }

  get(key: string): TrustEdge | undefined {
    return this.between(endsOf(key));
  }

  between({ from, to }: { readonly from: string; readonly to: string }): TrustEdge | undefined {
    return this.issued.get(from)?.get(to);
  }

  *values(): Iterable<TrustEdge> {
    for (const edges of this.issued.values()) yield* edges.values();
  }

  put(edge: TrustEdge): void {
    const before = this.issued.get(edge.from)?.size ?? 0;
    file(this.issued, edge.from, edge.to, edge);
    file(this.received, edge.to, edge.from, edge);
    this.count += this.issued.get(edge.from)!.size - before;
  }

  remove(key: string): void {
    const { from, to } = endsOf(key);
    if (!unfile(this.issued, from, to)) return;
    unfile(this.received, to, from);
    this.count--;
  }

  /** Edges from and to a node. */
  *of(id: string): Iterable<TrustEdge> {
    yield* this.issued.get(id)?.values() ?? [];
    yield* this.received.get(id)?.values() ?? [];
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

function file(shelf: Map<string, Map<string, TrustEdge>>, one: string, other: string, edge: TrustEdge): void {
  const edges = shelf.get(one);
  if (edges === undefined) shelf.set(one, new Map([[other, edge]]));
  else edges.set(other, edge);
}

function unfile(shelf: Map<string, Map<string, TrustEdge>>, one: string, other: string): boolean {
  const edges = shelf.get(one);
  if (edges === undefined || !edges.delete(other)) return false;
  if (edges.size === 0) shelf.delete(one);
  return true;
}
