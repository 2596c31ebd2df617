import type { GlyphData } from "./glyphProgram.js";
import { type DeviceNode, drawnName, glyphOf } from "./model.js";
import type { Theme } from "./theme.js";
import { crowd } from "./view.js";

export type NodeAttributes = GlyphData & { x: number; y: number; size: number; color: string; label: string; forceLabel: boolean; zIndex: number; hidden: boolean };

/** By the number the glyph program knows them by. */
export const tiers: readonly string[] = ["tpm-quote", "hardware-key", "guardian", "software"];

/** Times are counted from here, so that they fit a shader's floats. */
export const epoch = Date.now();

/** Smaller glyphs for larger crowds; changes only by whole steps, and positions never. */
export function glyphSize(count: number): number {
  return count <= 24 ? 12 : count <= 80 ? 9 : count <= 300 ? 7 : count <= crowd ? 5 : count <= 5000 ? 3 : 2.2;
}

/**
 * How a device or the silo is drawn.
 * @param size Of a glyph in a fleet of this many.
 */
export function nodeLook(node: DeviceNode, size: number, theme: Theme, mark: { dim: boolean; hidden: boolean; selected: boolean; pinned: boolean }): Omit<NodeAttributes, "x" | "y"> {
  const silo = node.kind === "silo";
  const urgent = node.look === "contraindicated" || node.look === "stale" || node.look === "warning";
  return {
    glyph: glyphOf(node),
    color: theme.glyphs[glyphOf(node)] ?? "#808080",
    // Large enough for its mark to be seen.
    size: silo ? Math.max(14, size * 1.3) : Math.max(mark.pinned ? 5 : 0, urgent ? size * 1.2 : size),
    proven: seconds(node.provenAt),
    expires: seconds(node.expiresAt),
    dim: mark.dim,
    hidden: mark.hidden,
    selected: mark.selected,
    pinned: mark.pinned,
    tier: Math.max(0, tiers.indexOf(node.tier)),
    label: mark.dim ? "" : drawnName(node.name),
    forceLabel: silo || mark.selected,
    zIndex: silo ? 3 : urgent ? 2 : 1,
  };
}

/** Whole ones: fine enough for an arc, and no object of its own for each number of each device, here and in sigma. */
function seconds(moment: number | null): number {
  return moment === null ? 0 : Math.round((moment - epoch) / 1000);
}
