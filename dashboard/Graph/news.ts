import type { Delta, DeviceNode, Snapshot, TrustEdge } from "./model.js";

/** Strings that are known already. A device that changes again and again is told by one copy of its id, its site and so on, not by a new one each time: a page stays open for days. */
export class Known {
  private readonly strings = new Map<string, string>();

  constructor(snapshot: Snapshot) {
    for (const node of snapshot.nodes) for (const text of [node.id, node.site, node.model, node.tier, node.look]) this.of(text);
  }

  of(text: string): string {
    const known = this.strings.get(text);
    if (known !== undefined) return known;
    this.strings.set(text, text);
    return text;
  }
}

/** One event of the feed: GraphDelta as JSON, cut to what the picture needs. Throws where it is none. */
export function readDelta(json: string, known: Known): Delta {
  const delta = JSON.parse(json) as Record<string, unknown>;
  return {
    previous: count(delta["previous"]),
    sequence: count(delta["sequence"]),
    nodes: list(delta["nodes"]).map(one => node(one as Record<string, unknown>, known)),
    edges: list(delta["edges"]).map(one => edge(one as Record<string, unknown>, known)),
    removed: list(delta["removed"]).map(word),
    removedEdges: list(delta["removedEdges"] ?? []).map(word),
  };
}

function node(from: Record<string, unknown>, known: Known): DeviceNode {
  const same = (name: string): string => known.of(word(from[name]));
  return {
    id: same("id"), name: word(from["name"]), kind: from["kind"] === "silo" ? "silo" : "device", site: same("site"), model: same("model"), tier: same("tier"), look: same("look"),
    provenAt: moment(from["provenAt"]), expiresAt: moment(from["expiresAt"]),
  };
}

function edge(from: Record<string, unknown>, known: Known): TrustEdge {
  const same = (name: string): string => known.of(word(from[name]));
  return { from: same("from"), to: same("to"), status: same("status"), fresh: from["fresh"] === true, expiresAt: moment(from["expiresAt"]) };
}

function list(value: unknown): readonly unknown[] {
  if (!Array.isArray(value)) throw new TypeError("no list");
  return value;
}

function word(value: unknown): string {
  if (typeof value !== "string") throw new TypeError("no text");
  return value;
}

function count(value: unknown): number {
  if (!Number.isSafeInteger(value)) throw new TypeError("no number");
  return value as number;
}

function moment(value: unknown): number | null {
  if (value === null || value === undefined) return null;
  const at = Date.parse(word(value));
  if (Number.isNaN(at)) throw new TypeError("no instant");
  return at;
}
