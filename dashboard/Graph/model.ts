// What the picture needs of silo/Contracts: GraphNode, GraphEdge, GraphSnapshot, GraphDelta. Made by snapshot.ts and news.ts.

export interface DeviceNode {
  readonly id: string;
  readonly name: string;
  readonly kind: "silo" | "device";
  readonly site: string;
  readonly model: string;
  readonly tier: string;
  readonly look: string;
  /** Milliseconds since 1970, as all times here. */
  readonly provenAt: number | null;
  readonly expiresAt: number | null;
}

/** There are many, so that it has what is drawn and nothing else; the panel asks for the rest. */
export interface TrustEdge {
  readonly from: string;
  readonly to: string;
  readonly status: string;
  readonly fresh: boolean;
  readonly expiresAt: number | null;
}

export interface Snapshot {
  readonly sequence: number;
  readonly at: number;
  readonly mesh: string;
  readonly nodes: readonly DeviceNode[];
  readonly edges: readonly TrustEdge[];
}

export interface Delta {
  readonly previous: number;
  readonly sequence: number;
  readonly nodes: readonly DeviceNode[];
  readonly edges: readonly TrustEdge[];
  readonly removed: readonly string[];
  /** Keys of edges that are no more, as keyOf makes them. */
  readonly removedEdges?: readonly string[] | null;
}

/** As in GraphDelta.removedEdges. Ids are base32, so that the sign between them cannot be part of one. */
export function keyOf(edge: { readonly from: string; readonly to: string }): string {
  return `${edge.from}>${edge.to}`;
}

export function endsOf(key: string): { from: string; to: string } {
  const at = key.indexOf(">");
  return { from: key.slice(0, at), to: key.slice(at + 1) };
}

/** The nodes of a selection: one, or the two at the ends of an edge. */
export function nodesOf(selection: string | null): string[] {
  return selection === null ? [] : selection.includes(">") ? Object.values(endsOf(selection)) : [selection];
}

/** Looks in the order of Contracts/Looks.cs; the index is the glyph number of the shader. The legend's buttons carry the same names. */
export const looks = ["trusted", "warning", "contraindicated", "stale", "unproven", "pending", "suspended", "revoked"] as const;

export const siloGlyph = looks.length;

export function glyphOf(node: DeviceNode): number {
  if (node.kind === "silo") return siloGlyph;
  const glyph = (looks as readonly string[]).indexOf(node.look);
  return glyph < 0 ? looks.indexOf("unproven") : glyph;
}

/** A name as drawn: canvas text is inert, but control and direction characters would still lie about what is written (A44). */
export function drawnName(name: string): string {
  const plain = name.replace(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/gu, "\uFFFD");
  return plain.length > 40 ? plain.slice(0, 39) + "…" : plain;
}

/** The proof still counts at a moment of the silo's clock: what the silo said, and not expired since. */
export function isFresh(edge: TrustEdge, now: number): boolean {
  return edge.fresh && (edge.expiresAt === null || now < edge.expiresAt);
}

/** The look of a verdict by itself: as Looks.Of for an active device. */
export function verdictLook(status: string, fresh: boolean): string {
  return status === "contraindicated" ? status : status === "none" ? "unproven" : !fresh ? "stale" : status === "affirming" ? "trusted" : status === "warning" ? status : "unproven";
}
