import { type DeviceNode, endsOf, keyOf, type TrustEdge } from "./model.js";

/** Up to so many stand in a list, which is copied to grow: one that is pushed to keeps room for sixteen more, and most have four. More of them, as a silo has, stand in a map. */
const few = 64;

type Edges = TrustEdge[] | Map<string, TrustEdge>;

/** Every known edge, drawn or not, by the nodes at its ends: in a large mesh keys of two ids each would be most of what there is to hold. */
export class EdgeBook {
  /** By issuer; in a map by subject. */
  private readonly issued = new Map<string, Edges>();
  /** Of each node the ids of who examined it. */
  private readonly received = new Map<string, string[]>();
  private count = 0;

  get size(): number {
    return this.count;
  }

  get(key: string): TrustEdge | undefined {
    return this.between(endsOf(key));
  }

  between({ from, to }: { readonly from: string; readonly to: string }): TrustEdge | undefined {
    const edges = this.issued.get(from);
    return edges === undefined ? undefined : edges instanceof Map ? edges.get(to) : edges[placeOf(edges, to)];
  }

  *values(): Iterable<TrustEdge> {
    for (const edges of this.issued.values()) yield* edges.values();
  }

  put(edge: TrustEdge): void {
    const edges = this.issued.get(edge.from);
    if (edges instanceof Map) {
      const before = edges.size;
      if (edges.set(edge.to, edge).size === before) return;
    } else if (edges === undefined) this.issued.set(edge.from, [edge]);
    else {
      const at = placeOf(edges, edge.to);
      if (at >= 0) { edges[at] = edge; return; }
      this.issued.set(edge.from, edges.length < few ? edges.concat(edge) : new Map([...edges, edge].map(one => [one.to, one])));
    }
    this.count++;
    const by = this.received.get(edge.to);
    if (by === undefined || by.length < few) this.received.set(edge.to, by === undefined ? [edge.from] : by.concat(edge.from));
    else by.push(edge.from);
  }

  remove(key: string): void {
    const { from, to } = endsOf(key);
    const edges = this.issued.get(from);
    if (edges === undefined || this.between({ from, to }) === undefined) return;
    if (edges instanceof Map) edges.delete(to);
    const left = edges instanceof Map ? edges : edges.filter(edge => edge.to !== to);
    if ((left instanceof Map ? left.size : left.length) === 0) this.issued.delete(from);
    else this.issued.set(from, left);
    const by = this.received.get(to)!.filter(id => id !== from);
    if (by.length === 0) this.received.delete(to);
    else this.received.set(to, by);
    this.count--;
  }

  /** Edges from and to a node. */
  *of(id: string): Iterable<TrustEdge> {
    yield* this.issued.get(id)?.values() ?? [];
    for (const from of this.received.get(id) ?? []) yield this.between({ from, to: id })!;
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

function placeOf(edges: readonly TrustEdge[], to: string): number {
  for (let at = 0; at < edges.length; at++) if (edges[at]!.to === to) return at;
  return -1;
}
