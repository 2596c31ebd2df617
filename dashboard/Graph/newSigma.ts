import type { DirectedGraph } from "graphology";
import Sigma from "sigma";
import type { EdgeAttributes } from "./edgeLook.js";
import { TrustEdgeProgram } from "./edgeProgram.js";
import { GlyphProgram } from "./glyphProgram.js";
import type { Labels } from "./labels.js";
import type { NodeAttributes } from "./nodeLook.js";
import type { Theme } from "./theme.js";

/** sigma with our programs for glyphs, edges and names. */
export function newSigma(
  graph: DirectedGraph<NodeAttributes, EdgeAttributes>, container: HTMLElement, calm: boolean, labels: Labels, theme: () => Theme,
): Sigma<NodeAttributes, EdgeAttributes> {
  return new Sigma(graph, container, {
    nodeProgramClasses: { glyph: GlyphProgram as never },
    edgeProgramClasses: { trust: TrustEdgeProgram as never },
    defaultNodeType: "glyph",
    defaultEdgeType: "trust",
    allowInvalidContainer: true,
    enableEdgeEvents: true,
    hideEdgesOnMove: false,
    labelRenderedSizeThreshold: 5,
    labelDensity: 3,
    labelGridCellSize: 90,
    labelSize: 12,
    stagePadding: 24,
    minCameraRatio: 0.005,
    maxCameraRatio: 3,
    zIndex: true,
    inertiaDuration: calm ? 0 : 200,
    zoomDuration: calm ? 0 : 200,
    defaultDrawNodeLabel: (context, data, settings) => labels.draw(context, data as never, settings.labelSize, theme()),
    defaultDrawNodeHover: (context, data, settings) => labels.drawHover(context, data as never, settings.labelSize, theme()),
  });
}
