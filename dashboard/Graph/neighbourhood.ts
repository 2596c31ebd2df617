import type { EdgeBook } from "./edgeBook.js";
import { hash, type Place } from "./layout.js";
import { type DeviceNode, isFresh, type TrustEdge } from "./model.js";

/** More than this many devices around one tell nothing. */
export const mostAround = 300;

/** Devices within so many examinations of one, either way, with their distance. */
export function around(center: string, hops: number, edges: EdgeBook, nodes: ReadonlyMap<string, DeviceNode>): Map<string, number> {
  const found = new Map([[center, 0]]);
  let rim = [center];
  for (let hop = 1; hop <= hops && rim.length > 0; hop++) {
    const next: string[] = [];
    for (const id of rim)
      for (const { from, to } of edges.of(id)) {
        const other = from === id ? to : from;
        if (found.has(other) || nodes.get(other)?.kind !== "device") continue;
        if (found.size >= mostAround) return found;
        found.set(other, hop);
        next.push(other);
      }
    rim = next;
  }
  return found;
}

/**
 * How one device comes to trust another: the shortest chain of examinations that count and were passed, from who trusts to who is trusted.
 * Null where there is none. The silo is no link of it: it is to hold without.
 */
export function chain(from: string, to: string, edges: EdgeBook, nodes: ReadonlyMap<string, DeviceNode>, now: number): string[] | null {
  const before = new Map<string, string | null>([[from, null]]);
  let rim = [from];
  while (rim.length > 0 && !before.has(to)) {
    const next: string[] = [];
    for (const id of rim)
      for (const edge of edges.of(id)) {
        if (edge.from !== id || before.has(edge.to) || nodes.get(edge.to)?.kind !== "device" || !isPassed(edge, now)) continue;
        before.set(edge.to, id);
        next.push(edge.to);
      }
    rim = next;
  }
  if (!before.has(to)) return null;
  const path: string[] = [];
  for (let at: string | null = to; at !== null; at = before.get(at) ?? null) path.unshift(at);
  return path;
}

/** Devices that nobody but this one examines with a word that still counts. */
export function onlyExaminedBy(examiner: string, edges: EdgeBook, nodes: ReadonlyMap<string, DeviceNode>, now: number): string[] {
  const counts = (edge: TrustEdge): boolean => nodes.get(edge.from)?.kind === "device" && isFresh(edge, now);
  const alone: string[] = [];
  for (const edge of edges.of(examiner)) {
    if (edge.from !== examiner || !counts(edge) || nodes.get(edge.to)?.kind !== "device") continue;
    if (![...edges.of(edge.to)].some(other => other.to === edge.to && other.from !== examiner && counts(other))) alone.push(edge.to);
  }
  return alone;
}

/** The focused device in the middle, others on a ring per hop, each at an angle of its own site and id: none moves because another came. */
export function ringPlace(id: string, site: string, hop: number): Place {
  if (hop === 0) return { x: 0, y: 0 };
  const radius = hop + (hash(id, 5) - 0.5) * 0.5;
  const angle = (hash(site, 6) + (hash(id, 7) - 0.5) * 0.8) * 2 * Math.PI;
  return { x: radius * Math.cos(angle), y: radius * Math.sin(angle) };
}

function isPassed(edge: TrustEdge, now: number): boolean {
  return (edge.status === "affirming" || edge.status === "warning") && isFresh(edge, now);
}
