import { type Delta, type DeviceNode, keyOf, type TrustEdge } from "./model.js";

/** What changes while the picture stands still, as one batch: the latest of each device and edge, so that a pause of hours costs no more than the mesh. */
export class Waiting {
  private readonly nodes = new Map<string, DeviceNode>();
  private readonly edges = new Map<string, TrustEdge>();
  private readonly removed = new Set<string>();
  private readonly removedEdges = new Set<string>();
  private sequence = -1;
  /** Changes that were told, not what is left of them. */
  count = 0;

  constructor(readonly at: Date) {}

  add(delta: Delta): void {
    this.sequence = delta.sequence;
    this.count += Math.max(delta.nodes.length, delta.edges.length) + delta.removed.length;
    for (const node of delta.nodes) { this.removed.delete(node.id); this.nodes.set(node.id, node); }
    for (const edge of delta.edges) { this.removedEdges.delete(keyOf(edge)); this.edges.set(keyOf(edge), edge); }
    for (const id of delta.removed) { this.nodes.delete(id); this.removed.add(id); }
    for (const key of delta.removedEdges ?? []) { this.edges.delete(key); this.removedEdges.add(key); }
  }

  /** Null if nothing waits. */
  take(): Delta | null {
    return this.sequence < 0 ? null
      : { previous: -1, sequence: this.sequence, nodes: [...this.nodes.values()], edges: [...this.edges.values()], removed: [...this.removed], removedEdges: [...this.removedEdges] };
  }
}
