import { DirectedGraph } from "graphology";
import Sigma from "sigma";
import { edgeStyle, TrustEdgeProgram, type StyledEdge } from "./edgeProgram.js";
import { glyphClock, GlyphProgram, type GlyphData } from "./glyphProgram.js";
import { Guides } from "./guides.js";
import { Labels } from "./labels.js";
import { orbitOf, SiteMap } from "./layout.js";
import { type Delta, type DeviceNode, drawnName, glyphOf, type Snapshot, type TrustEdge } from "./model.js";
import { readTheme, type Theme } from "./theme.js";

type NodeAttributes = GlyphData & { x: number; y: number; size: number; color: string; label: string; forceLabel: boolean; zIndex: number };
type EdgeAttributes = StyledEdge & { size: number; color: string; hidden: boolean };

/** Above this many devices only the edges of devices with a problem are drawn: all of them would hide what matters. */
const edgesOfAll = 1500;

/** Times are counted from here, so that they fit a shader's floats. */
const epoch = Date.now();

/** The drawn graph: what is known of the mesh, and the sigma that shows it. */
export class Scene {
  readonly nodes = new Map<string, DeviceNode>();
  readonly sites = new SiteMap();
  private readonly edges = new Map<string, TrustEdge>();
  private readonly graph = new DirectedGraph<NodeAttributes, EdgeAttributes>();
  private readonly sigma: Sigma<NodeAttributes, EdgeAttributes>;
  private readonly guides: Guides;
  private readonly resized: ResizeObserver;
  private readonly labels = new Labels();
  private theme: Theme;
  private shown: (node: DeviceNode) => boolean = () => true;
  private filtered = false;
  private selected: string | null = null;
  private clockAhead = 0;
  private framed = { x: 0.5, y: 0.5, ratio: 1, angle: 0 };
  private drawn: (() => void)[] = [];
  private clean = true;
  /** Something came or went since the last frame: sigma has no place in its arrays for it yet, so nothing is repainted in place. */
  private reindex = true;
  private readonly visible = new Set<string>();
  frames = 0;

  constructor(private readonly container: HTMLElement, private readonly calm: boolean) {
    this.theme = readTheme(container);
    this.sigma = new Sigma(this.graph, container, {
      nodeProgramClasses: { glyph: GlyphProgram as never },
      edgeProgramClasses: { trust: TrustEdgeProgram as never },
      defaultNodeType: "glyph",
      defaultEdgeType: "trust",
      allowInvalidContainer: true,
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
      defaultDrawNodeLabel: (context, data, settings) => this.labels.draw(context, data as never, settings.labelSize, this.theme),
      defaultDrawNodeHover: (context, data, settings) => this.labels.drawHover(context, data as never, settings.labelSize, this.theme),
    });
    this.guides = new Guides(container);
    this.resized = new ResizeObserver(() => this.sigma.resize().scheduleRender());
    this.resized.observe(container);
    this.sigma.on("beforeRender", () => {
      this.labels.begin(this.glyphsInTheWay());
      glyphClock.now = (Date.now() + this.clockAhead - epoch) / 1000;
      this.guides.draw(this.sigma as unknown as Sigma, this.sites, this.theme);
    });
    this.sigma.on("afterRender", () => {
      this.frames++;
      this.clean = true;
      this.reindex = false;
      for (const done of this.drawn.splice(0)) done();
    });
    this.retheme();
  }

  get canvas(): HTMLCanvasElement | undefined {
    return this.sigma.getCanvases()["nodes"];
  }

  get edgesDrawn(): number {
    return this.visible.size;
  }

  get edgesKnown(): number {
    return this.edges.size;
  }

  on = {
    clickNode: (handler: (id: string) => void) => void this.sigma.on("clickNode", event => handler(event.node)),
    doubleClickNode: (handler: (id: string) => void) => void this.sigma.on("doubleClickNode", event => { event.preventSigmaDefault(); handler(event.node); }),
    clickStage: (handler: () => void) => void this.sigma.on("clickStage", handler),
  };

  load(snapshot: Snapshot): void {
    this.clockAhead = Date.parse(snapshot.at) - Date.now();
    const keep = new Set(snapshot.nodes.map(node => node.id));
    const removed = [...this.nodes.keys()].filter(id => !keep.has(id));
    const edges = new Set(snapshot.edges.map(keyOf));
    for (const key of [...this.edges.keys()]) if (!edges.has(key)) this.dropEdge(key);
    this.apply({ previous: -1, sequence: snapshot.sequence, nodes: snapshot.nodes, edges: snapshot.edges, removed });
  }

  /** Writes changes into the attributes and draws them with one partial refresh; only what comes or goes is indexed again. */
  apply(delta: Delta): void {
    const touchedNodes: string[] = [];
    const touchedEdges = new Set<string>();
    const added: DeviceNode[] = [];
    const regime = this.drawsAll;
    for (const node of delta.nodes) {
      const before = this.nodes.get(node.id);
      this.nodes.set(node.id, node);
      if (before === undefined) added.push(node);
      else if (before.site !== node.site) { this.graph.dropNode(node.id); this.reindex = true; added.push(node); }
      else {
        Object.assign(this.graph.getNodeAttributes(node.id), this.look(node));
        touchedNodes.push(node.id);
      }
    }
    for (const id of delta.removed) this.drop(id);
    if (added.length > 0) this.add(added);
    for (const edge of delta.edges) this.edges.set(keyOf(edge), edge);
    const affected = regime === this.drawsAll
      ? new Set([...delta.edges, ...this.edgesOf(delta.nodes)])
      : this.edges.values();
    for (const edge of affected) if (this.placeEdge(edge)) touchedEdges.add(keyOf(edge));
    this.repaint(touchedNodes, [...touchedEdges]);
  }

  filter(shown: (node: DeviceNode) => boolean, filtered: boolean): void {
    this.shown = shown;
    this.filtered = filtered;
    this.redraw();
  }

  select(id: string | null): void {
    const before = this.selected;
    this.selected = id;
    const touched = [before, id].filter((one): one is string => one !== null && this.graph.hasNode(one));
    for (const one of touched) Object.assign(this.graph.getNodeAttributes(one), this.look(this.nodes.get(one)!));
    this.repaint(touched, []);
  }

  retheme(): void {
    this.theme = readTheme(this.container);
    glyphClock.background = rgb(this.theme.background);
    this.sigma.setSettings({ labelColor: { color: this.theme.text }, labelFont: this.theme.font });
    this.redraw();
  }

  /** Draws again with the present time; sends nothing to the GPU. */
  tick(): void {
    this.sigma.scheduleRender();
  }

  settled(): Promise<void> {
    return this.clean ? Promise.resolve() : this.nextFrame();
  }

  nextFrame(): Promise<void> {
    return new Promise(resolve => { this.drawn.push(resolve); this.sigma.scheduleRender(); });
  }

  /** Finishes drawing for real: reads a pixel back. */
  flush(): void {
    const gl = this.canvas?.getContext("webgl2");
    gl?.readPixels(0, 0, 1, 1, gl.RGBA, gl.UNSIGNED_BYTE, new Uint8Array(4));
  }

  zoom(way: "in" | "out" | "fit", panel: number): void {
    const camera = this.sigma.getCamera();
    const options = { duration: this.calm ? 0 : 200 };
    if (way === "fit") this.frame(panel);
    else void (way === "in" ? camera.animatedZoom({ factor: 1.6, ...options }) : camera.animatedUnzoom({ factor: 1.6, ...options }));
  }

  /** Shows everything beside the panel. */
  frame(panel: number): void {
    const whole = { x: 0.5, y: 0.5, ratio: 1, angle: 0 };
    const { width, height } = this.sigma.getDimensions();
    const { x } = this.sites.box();
    const [left, right] = x.map(at => this.sigma.graphToViewport({ x: at, y: 0 }, { cameraState: whole }).x) as [number, number];
    const cameraState = { ...whole, ratio: Math.max(1, (right - left) / Math.max(100, width - panel - (panel === 0 ? 0 : 150))) };
    const middle = this.sigma.viewportToFramedGraph({ x: width / 2, y: height / 2 }, { cameraState });
    const free = this.sigma.viewportToFramedGraph({ x: (width - panel - (panel === 0 ? 0 : 90)) / 2, y: height / 2 }, { cameraState });
    this.framed = { ...cameraState, x: 0.5 + middle.x - free.x };
    if (this.calm || this.frames < 2) this.sigma.getCamera().setState(this.framed);
    else void this.sigma.getCamera().animate(this.framed, { duration: 200 });
  }

  /** Nobody moved the camera since everything was framed. */
  get isFramed(): boolean {
    const { x, y, ratio } = this.sigma.getCamera().getState();
    const { x: x0, y: y0, ratio: ratio0 } = this.framed;
    return Math.abs(x - x0) + Math.abs(y - y0) + Math.abs(ratio - ratio0) < 1e-6;
  }

  /** Moves the camera if a device is out of sight, or under the panel. */
  reveal(id: string, panel: number): void {
    const at = this.positionOf(id);
    const { width, height } = this.sigma.getDimensions();
    if (at === null || (at.x > 40 && at.y > 40 && at.x < width - panel - 40 && at.y < height - 40)) return;
    const data = this.sigma.getNodeDisplayData(id);
    if (data === undefined) return;
    const camera = this.sigma.getCamera();
    const middle = this.sigma.viewportToFramedGraph({ x: width / 2, y: height / 2 });
    const free = this.sigma.viewportToFramedGraph({ x: (width - panel) / 2, y: height / 2 });
    const goal = { x: data.x + middle.x - free.x, y: data.y + middle.y - free.y };
    if (this.calm) camera.setState(goal);
    else void camera.animate(goal);
  }

  /** Pixels within the canvas. */
  positionOf(id: string): { x: number; y: number } | null {
    if (!this.graph.hasNode(id)) return null;
    return this.sigma.graphToViewport(this.graph.getNodeAttributes(id));
  }

  nearest(x: number, y: number, within: number, allowed: (node: DeviceNode) => boolean = () => true): string | null {
    let best: string | null = null;
    let distance = within;
    for (const node of this.nodes.values()) {
      const at = this.positionOf(node.id);
      if (at === null || !allowed(node)) continue;
      const d = Math.hypot(at.x - x, at.y - y);
      if (d <= distance) [best, distance] = [node.id, d];
    }
    return best;
  }

  kill(): void {
    this.resized.disconnect();
    this.sigma.kill();
    this.guides.remove();
  }

  /** Only where there are few: in a crowd names are rare, and looking costs more than it helps. */
  private glyphsInTheWay(): { x: number; y: number; radius: number }[] {
    if (this.nodes.size > 300) return [];
    return this.graph.mapNodes((_, attributes) => ({ ...this.sigma.graphToViewport(attributes), radius: this.sigma.scaleSize(attributes.size) }));
  }

  private get drawsAll(): boolean {
    return this.nodes.size <= edgesOfAll;
  }

  private look(node: DeviceNode): Partial<NodeAttributes> & GlyphData {
    const silo = node.kind === "silo";
    const dim = this.filtered && !silo && !this.shown(node);
    const urgent = node.look === "contraindicated" || node.look === "stale" || node.look === "warning";
    return {
      glyph: glyphOf(node),
      color: this.theme.glyphs[glyphOf(node)] ?? "#808080",
      size: silo ? Math.max(14, this.size * 1.3) : urgent ? this.size * 1.2 : this.size,
      proven: seconds(node.provenAt),
      expires: seconds(node.expiresAt),
      dim,
      selected: node.id === this.selected,
      label: dim ? "" : drawnName(node.name),
      forceLabel: silo || node.id === this.selected,
      zIndex: silo ? 3 : urgent ? 2 : 1,
    };
  }

  /** Smaller glyphs for larger fleets; changes only by whole steps, and positions never. */
  private get size(): number {
    const count = this.nodes.size;
    return count <= 24 ? 12 : count <= 80 ? 9 : count <= 300 ? 7 : count <= edgesOfAll ? 5 : count <= 5000 ? 3 : 2.2;
  }

  private repaint(nodes: string[], edges: string[]): void {
    this.clean = false;
    this.sigma.refresh({ partialGraph: { nodes, edges }, skipIndexation: !this.reindex, schedule: true });
  }

  private add(nodes: readonly DeviceNode[]): void {
    this.reindex = true;
    const silo = nodes.find(node => node.kind === "silo") ?? [...this.nodes.values()].find(node => node.kind === "silo");
    const devices = nodes.filter(node => node.kind === "device");
    const names = devices.map(node => node.site).sort();
    this.sites.settle(names, silo !== undefined && names.includes(silo.site) ? silo.site : names[0] ?? "");
    for (const node of nodes) {
      const middle = node.kind === "silo" ? { x: 0, y: 0 } : this.sites.middle(node.site);
      const orbit = node.kind === "silo" ? { x: 0, y: 0 } : orbitOf(node.id);
      this.graph.addNode(node.id, { x: middle.x + orbit.x, y: middle.y + orbit.y, ...this.look(node) } as NodeAttributes);
    }
    // A fixed frame: the picture is not scaled again because somebody joined at the rim.
    this.sigma.setCustomBBox(this.sites.box());
    const sized = this.size;
    this.graph.updateEachNodeAttributes((id, attributes) => {
      const node = this.nodes.get(id)!;
      return node.kind === "silo" || attributes.size === sized ? attributes : Object.assign(attributes, this.look(node));
    }, { attributes: ["size"] });
  }

  private drop(id: string): void {
    this.nodes.delete(id);
    for (const [key, edge] of this.edges) if (edge.from === id || edge.to === id) this.dropEdge(key);
    if (this.graph.hasNode(id)) this.graph.dropNode(id);
    this.reindex = true;
  }

  private dropEdge(key: string): void {
    this.edges.delete(key);
    this.visible.delete(key);
    if (!this.graph.hasEdge(key)) return;
    this.graph.dropEdge(key);
    this.reindex = true;
  }

  private *edgesOf(nodes: readonly DeviceNode[]): Iterable<TrustEdge> {
    const silos = [...this.nodes.values()].filter(node => node.kind === "silo");
    for (const node of nodes)
      for (const silo of silos) {
        const edge = this.edges.get(`${silo.id}>${node.id}`);
        if (edge !== undefined) yield edge;
      }
  }

  /** Adds, restyles or hides one edge; dropping it would index the whole graph again. True if it was there and has to be painted again. */
  private placeEdge(edge: TrustEdge): boolean {
    const key = keyOf(edge);
    const target = this.nodes.get(edge.to);
    const wanted = target !== undefined && this.graph.hasNode(edge.from) && this.graph.hasNode(edge.to)
      && (this.drawsAll || target.look === "contraindicated" || target.look === "revoked");
    if (!wanted) {
      if (!this.visible.delete(key) || !this.graph.hasEdge(key)) return false;
      this.graph.getEdgeAttributes(key).hidden = true;
      return true;
    }
    this.visible.add(key);
    const style = this.edgeLook(edge, target);
    if (!this.graph.hasEdge(key)) {
      this.graph.addEdgeWithKey(key, edge.from, edge.to, style);
      this.reindex = true;
      return false;
    }
    Object.assign(this.graph.getEdgeAttributes(key), style);
    return true;
  }

  private edgeLook(edge: TrustEdge, target: DeviceNode): EdgeAttributes {
    const failed = edge.status === "contraindicated";
    const dim = this.filtered && !this.shown(target);
    const color = failed || target.look === "warning" ? this.theme.glyphs[glyphOf(target)]! : this.theme.muted;
    return {
      style: failed ? edgeStyle.crossed : edge.fresh && edge.status !== "none" ? edgeStyle.solid : edgeStyle.dashed,
      color: color + (dim ? "18" : failed ? "d0" : "70"),
      size: 1,
      hidden: false,
      dim,
    };
  }

  private redraw(): void {
    for (const node of this.nodes.values()) if (this.graph.hasNode(node.id)) Object.assign(this.graph.getNodeAttributes(node.id), this.look(node));
    for (const edge of this.edges.values()) this.placeEdge(edge);
    this.clean = false;
    this.reindex = true;
    this.sigma.refresh({ schedule: true });
  }
}

function keyOf(edge: TrustEdge): string {
  return `${edge.from}>${edge.to}`;
}

function seconds(moment: string | null): number {
  return moment === null ? 0 : (Date.parse(moment) - epoch) / 1000;
}

function rgb(color: string): [number, number, number] {
  const part = (at: number): number => parseInt(color.slice(at, at + 2), 16) / 255;
  return [part(1), part(3), part(5)];
}
