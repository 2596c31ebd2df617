import { edgeStyle, lane } from "./edgeProgram.js";
import { type DeviceNode, drawnName, endsOf, isFresh, verdictLook } from "./model.js";
import type { Scene } from "./scene.js";

/** An edge in words, for a tooltip and for people who hear the graph. */
export function sayEdge(scene: Scene, key: string): string {
  const edge = scene.edges.get(key);
  const { from, to } = endsOf(key);
  const [issuer, subject] = [from, to].map(id => drawnName(scene.nodes.get(id)?.name ?? "?")) as [string, string];
  return edge === undefined ? `${issuer} has not examined ${subject}` : `${issuer} examined ${subject}: ${verdictLook(edge.status, isFresh(edge, scene.now))}`;
}

/** The drawn node nearest to a pixel of the canvas. */
export function nearest(scene: Scene, x: number, y: number, within: number, allowed: (node: DeviceNode) => boolean = () => true): string | null {
  let best: string | null = null;
  let distance = within;
  for (const node of scene.nodes.values()) {
    const at = scene.positionOf(node.id);
    if (at === null || !allowed(node)) continue;
    const d = Math.hypot(at.x - x, at.y - y);
    if (d <= distance) [best, distance] = [node.id, d];
  }
  return best;
}

/** A point of the drawn line, in pixels within the canvas, and how it is drawn; null if it is not. */
export function drawnEdge(scene: Scene, key: string): { x: number; y: number; style: string; chosen: boolean; peer: boolean } | null {
  if (!scene.graph.hasEdge(key) || scene.graph.getEdgeAttributes(key).hidden) return null;
  const { from, to } = endsOf(key);
  const [start, end] = [scene.positionOf(from)!, scene.positionOf(to)!];
  const { style, chosen, peer } = scene.graph.getEdgeAttributes(key);
  const length = Math.max(1, Math.hypot(end.x - start.x, end.y - start.y));
  const aside = peer ? lane / length : 0;
  return {
    x: (start.x + end.x) / 2 - (end.y - start.y) * aside, y: (start.y + end.y) / 2 + (end.x - start.x) * aside,
    style: Object.keys(edgeStyle)[style] ?? "", chosen, peer,
  };
}
