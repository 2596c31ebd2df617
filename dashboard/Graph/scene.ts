import { DirectedGraph } from "graphology";
import type Sigma from "sigma";
import type { Drawing } from "./drawing.js";
import { EdgeBook } from "./edgeBook.js";
import { type EdgeAttributes, edgeLook } from "./edgeLook.js";
import { edgeFocus } from "./edgeProgram.js";
import { Framing } from "./framing.js";
import { glyphClock } from "./glyphProgram.js";
import { Groups } from "./groups.js";
import { Guides } from "./guides.js";
import { Labels } from "./labels.js";
import { SiteMap } from "./layout.js";
import { MiniMap } from "./miniMap.js";
import { type Delta, type DeviceNode, keyOf, nodesOf, type Snapshot, type TrustEdge } from "./model.js";
import { newSigma } from "./newSigma.js";
import { epoch, glyphSize, type NodeAttributes, nodeLook } from "./nodeLook.js";
import { Sight } from "./sight.js";
import { SiteBook } from "./siteBook.js";
import { SiteLayer } from "./siteLayer.js";
import { readTheme, rgb, type Theme } from "./theme.js";
import type { View } from "./view.js";
import { sayEdge } from "./words.js";

/** Where not all edges are drawn, of those of problems no more than this many: when everything fails at once, lines tell nothing that glyphs do not. */
const mostProblems = 6000;

/** No device's id. */
const anchor = "";

/** The drawn graph: what is known of the mesh, and the sigma that shows it. */
export class Scene {
  readonly nodes = new Map<string, DeviceNode>();
  readonly sites = new SiteMap();
  readonly edges = new EdgeBook();
  readonly book = new SiteBook();
  readonly groups = new Groups(this.sites, this.book);
  readonly sight = new Sight(this.nodes, this.edges, this.sites, this.book, this.groups);
  readonly graph = new DirectedGraph<NodeAttributes, EdgeAttributes>();
  readonly sigma: Sigma<NodeAttributes, EdgeAttributes>;
  private readonly guides: Guides;
  private readonly resized: ResizeObserver;
  private readonly labels = new Labels();
  private readonly map: MiniMap;
  theme: Theme;
  private shown: (node: DeviceNode) => boolean = () => true;
  private filtered = false;
  private hides = false;
  private chosen: ReadonlySet<string> = new Set();
  readonly charts: SiteLayer;
  private readonly framing: Framing;
  /** A node's id, or an edge's key. */
  private selected: string | null = null;
  private hovered: string | null = null;
  private clockAhead = 0;
  private drawn: (() => void)[] = [];
  private clean = true;
  /** Something came or went since the last frame: sigma has no place in its arrays for it yet, so nothing is repainted in place. */
  private reindex = true;
  private readonly visible = new Set<string>();
  /** Size of the glyphs that are drawn. */
  private sized = 0;
  frames = 0;

  constructor(private readonly container: HTMLElement, calm: boolean) {
    this.theme = readTheme(container);
    this.sigma = newSigma(this.graph, container, calm, this.labels, () => this.theme);
    this.charts = new SiteLayer(this.sigma as unknown as Sigma, this.groups, this.edges, this.nodes, this.sight);
    this.framing = new Framing(this.sigma as unknown as Sigma, () => this.sight.box(), calm);
    this.guides = new Guides(container);
    this.map = new MiniMap(container, place => this.framing.centre(this.sigma.graphToViewport(place), 0));
    this.resized = new ResizeObserver(() => this.sigma.resize().scheduleRender());
    this.resized.observe(container);
    this.sigma.on("beforeRender", () => {
      this.labels.begin(() => this.glyphsInTheWay());
      glyphClock.now = (this.now - epoch) / 1000;
    });
    this.sigma.on("afterRender", () => {
      // Not before: until now sigma answers with the camera of the last frame.
      this.guides.draw(this.sigma as unknown as Sigma, this.sight, this.charts.picture(), this.theme);
      this.map.draw(this.sigma as unknown as Sigma, this.sight, this.nodes, this.theme);
      this.frames++;
      this.clean = true;
      this.reindex = false;
      for (const done of this.drawn.splice(0)) done();
    });
    this.sigma.on("enterEdge", ({ edge }) => this.hover(edge));
    this.sigma.on("leaveEdge", () => this.hover(null));
    this.sigma.on("enterNode", () => { this.container.style.cursor = "pointer"; });
    this.sigma.on("leaveNode", () => { this.container.style.cursor = ""; });
    this.retheme();
  }

  /** Milliseconds of the silo's clock. */
  get now(): number {
    return Date.now() + this.clockAhead;
  }

  get edgesDrawn(): number { return this.visible.size; }

  get nodesDrawn(): number { return this.graph.hasNode(anchor) ? 0 : this.graph.order; }

  get edgesKnown(): number { return this.edges.size; }

  on = {
    clickNode: (handler: (id: string) => void) => void this.sigma.on("clickNode", event => handler(event.node)),
    doubleClickNode: (handler: (id: string) => void) => void this.sigma.on("doubleClickNode", event => { event.preventSigmaDefault(); handler(event.node); }),
    clickEdge: (handler: (key: string) => void) => void this.sigma.on("clickEdge", event => handler(event.edge)),
    clickStage: (handler: (site: string | null) => void) => void this.sigma.on("clickStage", ({ event }) => handler(this.charts.at(event.x, event.y))),
  };

  load(snapshot: Snapshot): void {
    this.clockAhead = snapshot.at - Date.now();
    const keep = new Set(snapshot.nodes.map(node => node.id));
    const removed = [...this.nodes.keys()].filter(id => !keep.has(id));
    const edges = new Set(this.edges.size === 0 ? [] : snapshot.edges.map(keyOf));
    for (const edge of [...this.edges.values()]) if (!edges.has(keyOf(edge))) this.dropEdge(keyOf(edge));
    this.apply({ previous: -1, sequence: snapshot.sequence, nodes: snapshot.nodes, edges: snapshot.edges, removed });
  }

  /** Writes changes into the attributes and draws them with one partial refresh; only what comes or goes is indexed again. */
  apply(delta: Delta): void {
    const touchedNodes: string[] = [];
    const touchedEdges = new Set<string>();
    const added: DeviceNode[] = [];
    const around = new Set<TrustEdge>();
    const regime = this.sight.drawsAll;
    for (const node of delta.nodes) {
      const before = this.nodes.get(node.id);
      this.nodes.set(node.id, node);
      this.groups.node(before, node);
      if (before === undefined) added.push(node);
      else if (before.site !== node.site) {
        if (this.graph.hasNode(node.id)) this.graph.dropNode(node.id);
        this.reindex = true;
        added.push(node);
      }
      else if (this.graph.hasNode(node.id)) {
        // A proof that was only renewed changes an arc and no edge.
        if (before.look !== node.look) for (const edge of this.edges.of(node.id)) around.add(edge);
        Object.assign(this.graph.getNodeAttributes(node.id), this.look(node));
        touchedNodes.push(node.id);
      }
    }
    for (const id of delta.removed) this.drop(id);
    for (const edge of delta.edges) {
      this.groups.edge(this.edges.between(edge), edge);
      this.edges.put(edge);
    }
    for (const key of delta.removedEdges ?? []) this.dropEdge(key);
    // Who is in sight may depend on how many there are, or on the edges.
    if ((added.length > 0 || delta.removed.length > 0 || this.sight.concerns(delta.edges, delta.removedEdges ?? [])) && this.sight.look(this.sight.view, this.now)) {
      this.rebuild();
      return;
    }
    if (added.length > 0) this.add(added);
    for (const node of added) for (const edge of this.edges.of(node.id)) around.add(edge);
    const affected = regime === this.sight.drawsAll ? new Set([...delta.edges, ...around]) : this.edges.values();
    for (const edge of affected) if (this.placeEdge(edge)) touchedEdges.add(keyOf(edge));
    this.repaint(touchedNodes, [...touchedEdges]);
  }

  /** @param hides What is not shown is not drawn, else dimmed. @param chosen The looks among what is asked for. */
  filter(shown: (node: DeviceNode) => boolean, filtered: boolean, hides: boolean, chosen: ReadonlySet<string>): void {
    [this.shown, this.filtered, this.hides, this.chosen] = [shown, filtered, filtered && hides, chosen];
    this.charts.match(this.shown, this.filtered, this.chosen);
    this.redraw();
  }

  /** Another part of the mesh. */
  turnTo(view: View, panel: number): void {
    this.charts.selected = null;
    this.selected = null;
    edgeFocus.fade = 1;
    this.sight.look(view, this.now);
    this.groups.turn(view.group, this.nodes.values());
    this.rebuild();
    this.framing.frame(panel, false);
  }

  /** Told of the site whose chart is selected. */
  onSite: () => void = () => undefined;

  selectSite(site: string | null): void {
    this.charts.selected = site;
    this.onSite();
    if (site !== null) this.framing.reveal([this.groups.map.middle(site)], 0);
    this.clean = false;
    this.sigma.scheduleRender();
  }

  /** @param one A node's id or an edge's key. */
  select(one: string | null): void {
    const before = this.selected;
    if (one === before) return;
    this.selected = one;
    edgeFocus.fade = one === null ? 1 : 0.3;
    const nodes = new Set([...nodesOf(before), ...nodesOf(one)].filter(id => this.graph.hasNode(id)));
    for (const id of nodes) Object.assign(this.graph.getNodeAttributes(id), this.look(this.nodes.get(id)!));
    const edges = new Set<string>();
    for (const id of nodes) for (const edge of this.edges.of(id)) if (this.placeEdge(edge)) edges.add(keyOf(edge));
    this.repaint([...nodes], [...edges]);
  }

  /** A device was put somewhere else, or let go. @param rests Until it does, names wait where they are. */
  moved(id: string, rests: boolean): void {
    const node = this.nodes.get(id);
    if (node === undefined || !this.graph.hasNode(id)) return;
    Object.assign(this.graph.getNodeAttributes(id), this.sight.place(node), this.look(node));
    this.reindex ||= rests;
    this.repaint([id], [...this.edges.of(id)].map(keyOf).filter(key => this.visible.has(key)));
  }

  private hover(key: string | null): void {
    const before = this.hovered;
    this.hovered = key;
    this.container.style.cursor = key === null ? "" : "pointer";
    this.container.title = key === null ? "" : sayEdge(this, key);
    const touched = [before, key].filter((one): one is string => one !== null && this.visible.has(one));
    this.repaint([], touched.filter(one => { const edge = this.edges.get(one); return edge !== undefined && this.placeEdge(edge); }));
  }

  retheme(): void {
    this.theme = readTheme(this.container);
    [glyphClock.background, glyphClock.ink] = [rgb(this.theme.background), rgb(this.theme.text)];
    this.sigma.setSettings({ labelColor: { color: this.theme.text }, labelFont: this.theme.font });
    this.redraw();
  }

  /** Draws again with the present time. Of what was sent to the GPU only the edges change whose proof has just expired. */
  tick(): void {
    // Of problems that are over, lines stay behind, hidden, 1 kB each. Over days they would be all there are.
    if (this.graph.size - this.visible.size > Math.max(1000, this.nodes.size / 10)) { this.rebuild(); return; }
    const expired: string[] = [];
    for (const key of this.visible)
      if (this.graph.hasEdge(key) && this.graph.getEdgeAttributes(key).until <= this.now && this.placeEdge(this.edges.get(key)!)) expired.push(key);
    if (expired.length > 0) this.repaint([], expired);
    else this.sigma.scheduleRender();
  }

  settled(): Promise<void> {
    return this.clean ? Promise.resolve() : this.nextFrame();
  }

  nextFrame(): Promise<void> {
    return new Promise(resolve => { this.drawn.push(resolve); this.sigma.scheduleRender(); });
  }

  /** Finishes drawing for real: reads a pixel back. */
  flush(): void {
    const gl = this.sigma.getCanvases()["nodes"]?.getContext("webgl2");
    gl?.readPixels(0, 0, 1, 1, gl.RGBA, gl.UNSIGNED_BYTE, new Uint8Array(4));
  }

  zoom(way: "in" | "out" | "fit", panel: number): void {
    this.framing.zoom(way, panel);
  }

  /** Brings what is selected into sight: everything if everything was framed before, else no more than it takes. */
  show(panel: number): void {
    if (this.framing.isFramed) this.framing.frame(panel, this.frames >= 2);
    else this.framing.reveal(nodesOf(this.selected).filter(id => this.graph.hasNode(id)).map(id => this.graph.getNodeAttributes(id)), panel);
  }

  /** The camera is on its way. */
  get isMoving(): boolean {
    return this.sigma.getCamera().isAnimated();
  }

  /** Pixels within the canvas. */
  positionOf(id: string): { x: number; y: number } | null {
    return this.graph.hasNode(id) ? this.sigma.graphToViewport(this.graph.getNodeAttributes(id)) : null;
  }

  /** What lies under nodes and edges, on another context. */
  paint(on: Drawing): void {
    this.guides.paint(on as never, this.sigma as unknown as Sigma, this.sight, this.charts.picture(), this.theme);
  }

  kill(): void {
    this.resized.disconnect();
    this.sigma.kill();
    this.guides.remove();
    this.map.remove();
  }

  /** Only where there are few: in a crowd names are rare, and looking costs more than it helps. */
  private glyphsInTheWay(): { x: number; y: number; radius: number }[] {
    if (this.sight.crowd > 300) return [];
    return this.graph.mapNodes((_, attributes) => attributes).filter(attributes => !attributes.hidden).map(attributes => ({ ...this.sigma.graphToViewport(attributes), radius: this.sigma.scaleSize(attributes.size) }));
  }

  private look(node: DeviceNode): Omit<NodeAttributes, "x" | "y"> {
    const { alone, view } = this.sight;
    const unasked = node.kind !== "silo" && this.filtered && !this.shown(node);
    const dim = unasked || (node.kind !== "silo" && view.blast && alone.length > 0 && node.id !== view.focus && !alone.includes(node.id));
    const hidden = unasked && this.hides && node.id !== view.focus;
    return nodeLook(node, glyphSize(this.sight.crowd), this.theme, { dim, hidden, selected: nodesOf(this.selected).includes(node.id) || node.id === view.focus, pinned: this.sight.isPinned(node.id) });
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
    this.groups.settle(devices, silo !== undefined && names.includes(silo.site) ? silo.site : names[0] ?? "");
    for (const node of nodes)
      if (this.sight.has(node)) this.graph.addNode(node.id, { ...this.sight.place(node), ...this.look(node) } as NodeAttributes);
    // A fixed frame: the picture is not scaled again because somebody joined at the rim.
    this.sigma.setCustomBBox(this.sight.box());
    const sized = glyphSize(this.sight.crowd);
    const grown = this.sized !== sized;
    this.sized = sized;
    if (grown) this.redraw();
  }

  /** Everything in sight anew: another part of the mesh is looked at. */
  private rebuild(): void {
    this.graph.clear();
    this.visible.clear();
    this.hovered = null;
    this.charts.match(this.shown, this.filtered, this.chosen);
    // sigma computes no camera for an empty graph, and the charts of sites need it: a point that nobody gets to see.
    if (this.sight.level === "fleet") this.graph.addNode(anchor, { x: 1e6, y: 1e6, size: 1, color: "#808080", glyph: 0, proven: 0, expires: 0, dim: true, selected: false, pinned: false, tier: 0, label: "", forceLabel: false, zIndex: 0, hidden: false });
    this.add([...this.nodes.values()]);
    for (const edge of this.edges.values()) this.placeEdge(edge);
    this.clean = false;
    this.sigma.refresh();
  }

  private drop(id: string): void {
    this.groups.node(this.nodes.get(id), undefined);
    this.nodes.delete(id);
    for (const edge of [...this.edges.of(id)]) this.dropEdge(keyOf(edge));
    if (this.graph.hasNode(id)) this.graph.dropNode(id);
    this.reindex = true;
  }

  private dropEdge(key: string): void {
    this.groups.edge(this.edges.get(key), undefined);
    this.edges.remove(key);
    this.visible.delete(key);
    if (this.hovered === key) this.hover(null);
    if (!this.graph.hasEdge(key)) return;
    this.graph.dropEdge(key);
    this.reindex = true;
  }

  /** Where not all edges are drawn, these are: of the selection, and of problems as long as they can be told apart. */
  private wants(edge: TrustEdge, subject: DeviceNode, key: string): boolean {
    if (this.sight.drawsAll || this.isOfSelection(edge)) return true;
    const problem = subject.look === "contraindicated" || subject.look === "revoked" || edge.status === "contraindicated";
    return problem && (this.visible.size < mostProblems || this.visible.has(key));
  }

  private isOfSelection({ from, to }: TrustEdge): boolean {
    if (this.selected === null) return false;
    if (this.selected === from || this.selected === to) return true;
    return this.selected === `${from}>${to}` || this.selected === `${to}>${from}`;
  }

  /** Adds, restyles or hides one edge; dropping it would index the whole graph again. True if it was there and has to be painted again. */
  private placeEdge(edge: TrustEdge): boolean {
    const key = keyOf(edge);
    const [issuer, subject] = [this.nodes.get(edge.from), this.nodes.get(edge.to)];
    if (issuer === undefined || subject === undefined || !this.graph.hasNode(edge.from) || !this.graph.hasNode(edge.to) || !this.wants(edge, subject, key)) {
      if (!this.visible.delete(key) || !this.graph.hasEdge(key)) return false;
      this.graph.getEdgeAttributes(key).hidden = true;
      return true;
    }
    this.visible.add(key);
    const style = edgeLook(edge, issuer, subject, this.theme, this.now, {
      dim: (this.filtered && !this.shown(subject) && (issuer.kind === "silo" || !this.shown(issuer)))
        || (this.sight.alone.length > 0 && !(edge.from === this.sight.view.focus && this.sight.alone.includes(edge.to))),
      crowd: this.sight.crowd,
      lit: key === this.hovered || this.isOfSelection(edge) || this.sight.links.has(key),
      chosen: key === this.selected,
    });
    if (!this.graph.hasEdge(key)) {
      this.graph.addEdgeWithKey(key, edge.from, edge.to, style);
      this.reindex = true;
      return false;
    }
    Object.assign(this.graph.getEdgeAttributes(key), style);
    return true;
  }

  private redraw(): void {
    for (const node of this.nodes.values()) if (this.graph.hasNode(node.id)) Object.assign(this.graph.getNodeAttributes(node.id), this.look(node));
    if (this.graph.order > 0) for (const edge of this.edges.values()) this.placeEdge(edge);
    this.clean = false;
    this.reindex = true;
    this.sigma.refresh({ schedule: true });
  }
}
