import type { Delta, Snapshot } from "./model.js";
import type { Scene } from "./scene.js";
import { drawnEdge, nearest } from "./words.js";

interface Update {
  readonly changes: number;
  /** Milliseconds of script until the change was handed to the renderer. */
  readonly applied: number;
  /** Milliseconds until its pixels could be read back. */
  readonly drawn: number;
}

/** What the graph measured about itself, for tests and for people who wonder. */
export const stats = {
  live: "connecting" as string,
  sequence: -1,
  firstPaint: null as number | null,
  /** Milliseconds of script for the last snapshot, once it was here. */
  loaded: null as number | null,
  /** Bytes of the last snapshot before compression, and milliseconds to read them. */
  bytes: 0,
  read: null as number | null,
  /** Changes the feed told so far. */
  told: 0,
  last: null as Update | null,
  largest: null as Update | null,
  began: 0,

  begin(): void {
    this.began = performance.now();
    this.firstPaint = this.last = this.largest = null;
  },

  load(scene: Scene, snapshot: Snapshot): void {
    const start = performance.now();
    scene.load(snapshot);
    this.loaded = performance.now() - start;
    this.sequence = snapshot.sequence;
    void scene.nextFrame().then(() => {
      scene.flush();
      this.firstPaint ??= performance.now() - this.began;
    });
  },

  measure(scene: Scene, delta: Delta): void {
    const start = performance.now();
    scene.apply(delta);
    const applied = performance.now() - start;
    this.sequence = delta.sequence;
    const changes = Math.max(delta.nodes.length, delta.edges.length);
    this.told += changes;
    void scene.nextFrame().then(() => {
      if (delta.nodes.length + delta.edges.length > 100) scene.flush();
      this.last = { changes, applied, drawn: performance.now() - start };
      if (this.largest === null || this.last.changes >= this.largest.changes) this.largest = this.last;
    });
  },
};

/** How a device is drawn for the query. */
function drawing({ graph }: Scene, id: string): "drawn" | "dimmed" | "hidden" | "absent" {
  return !graph.hasNode(id) ? "absent" : graph.getNodeAttribute(id, "hidden") ? "hidden" : graph.getNodeAttribute(id, "dim") ? "dimmed" : "drawn";
}

/** The test seam: window.__trustgraph. Reads and selects, nothing a person could not do. */
export function publish(scene: Scene, select: (id: string | null) => void, selectEdge: (from: string, to: string) => void): void {
  (window as unknown as Record<string, unknown>)["__trustgraph"] = {
    stats: () => ({
      live: stats.live, sequence: stats.sequence, firstPaint: stats.firstPaint, loaded: stats.loaded, bytes: stats.bytes, read: stats.read, told: stats.told, last: stats.last, largest: stats.largest,
      nodes: scene.nodes.size, edges: scene.edgesDrawn, edgesKnown: scene.edgesKnown, frames: scene.frames, level: scene.sight.level, drawn: scene.nodesDrawn, sites: scene.book.sites.size, groups: scene.groups.book.sites.size,
    }),
    select,
    selectEdge,
    nodeAt: (x: number, y: number) => scene.nodes.get(nearest(scene, x, y, 20) ?? "") ?? null,
    first: (look: string) => [...scene.nodes.values()].find(node => node.kind === "device" && node.look === look) ?? null,
    node: (id: string) => scene.nodes.get(id) ?? null,
    /** drawn, dimmed, hidden or absent. */
    drawing: (id: string) => drawing(scene, id),
    positionOf: (id: string) => scene.positionOf(id),
    /** The middle of a site's chart, in pixels within the canvas. */
    siteAt: (site: string) => scene.charts.pixel(site),
    links: () => scene.charts.picture()?.links ?? [],
    /** How an edge is drawn and where its line runs, in pixels within the canvas; null if it is not drawn. */
    edge: (from: string, to: string) => drawnEdge(scene, `${from}>${to}`),
    isMoving: () => scene.isMoving,
    whenSettled: () => scene.settled(),
  };
}
