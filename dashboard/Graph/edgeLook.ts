import { edgeStyle, type StyledEdge } from "./edgeProgram.js";
import { type DeviceNode, glyphOf, isFresh, looks, type TrustEdge, verdictLook } from "./model.js";
import type { Theme } from "./theme.js";

export type EdgeAttributes = StyledEdge & {
  size: number;
  color: string;
  hidden: boolean;
  /** Milliseconds when the clock changes this style; Infinity if it never does. */
  until: number;
};

/**
 * How one examination is drawn. What devices say of each other is the picture; the silo's own examinations stay behind it, thin and grey, and speak up
 * only when they failed.
 * @param issuer The node that examined.
 * @param subject The node that was examined.
 * @param now Milliseconds of the silo's clock.
 * @param mark Its crowd is the number of nodes: in a large one, what is well steps back behind what is not.
 */
export function edgeLook(
  edge: TrustEdge, issuer: DeviceNode, subject: DeviceNode, theme: Theme, now: number, mark: { dim: boolean; lit: boolean; chosen: boolean; crowd: number },
): EdgeAttributes {
  const peer = issuer.kind === "device";
  const fresh = isFresh(edge, now);
  const look = verdictLook(edge.status, fresh);
  const failed = look === "contraindicated";
  const plain = look === "stale" || look === "unproven";
  const color = !peer && !failed ? (subject.look === "warning" && !plain ? theme.glyphs[glyphOf(subject)]! : theme.muted)
    : plain ? theme.muted : theme.glyphs[(looks as readonly string[]).indexOf(look)]!;
  const good = mark.crowd <= 24 ? "b0" : mark.crowd <= 80 ? "70" : "48";
  const bad = mark.crowd <= 300 ? "d8" : mark.crowd <= 1500 ? "90" : "3c";
  const alpha = mark.dim ? "14" : mark.lit || mark.chosen ? "ff" : peer ? (failed ? bad : look === "trusted" ? good : "b0") : failed ? (mark.crowd <= 300 ? "80" : "30") : "38";
  return {
    style: failed ? edgeStyle.crossed : plain ? edgeStyle.dashed : edgeStyle.solid,
    color: color + alpha,
    size: 1,
    hidden: false,
    peer,
    lit: mark.lit,
    chosen: mark.chosen,
    until: fresh && edge.status !== "none" && !failed && edge.expiresAt !== null ? edge.expiresAt : Infinity,
  };
}
