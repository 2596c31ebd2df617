import { Drawing, round } from "./drawing.js";
import { lane } from "./edgeProgram.js";
import { glyphClock } from "./glyphProgram.js";
import { drawnName, glyphOf, looks } from "./model.js";
import { tiers } from "./nodeLook.js";
import type { Scene } from "./scene.js";
import { drawArc, drawLine, Legend } from "./signs.js";

const svg = "http://www.w3.org/2000/svg";
const head = 58;

/** What is printed around the picture, so that it can be understood by itself. */
export interface Caption {
  readonly mesh: string;
  /** Where in the mesh: the trail. */
  readonly where: string;
  /** What is asked for; empty if nothing is. */
  readonly query: string;
  /** When it was so, and whether it is live. */
  readonly at: string;
  readonly counts: ReadonlyMap<string, number>;
  readonly note: string;
}

/** The present picture as one SVG document, with title, time, query and legend. */
export function draw(scene: Scene, page: HTMLElement, caption: Caption): SVGSVGElement {
  const { width, height } = scene.sigma.getDimensions();
  const { theme } = scene;
  const root = document.createElementNS(svg, "svg");
  const paper = new Drawing(root);
  const sheet = paper.add("rect", { x: "0", y: "0", width: String(width), fill: theme.background });
  paper.fillStyle = theme.text;
  paper.font = `650 15px ${theme.font}`;
  paper.fillText(`${drawnName(caption.mesh)}: ${caption.where}`, 16, 24);
  paper.font = `400 12px ${theme.font}`;
  paper.fillStyle = theme.muted;
  paper.fillText([caption.at, caption.query === "" ? "" : `only ${caption.query}`, caption.note].filter(part => part !== "").join("  ·  "), 16, 44);

  const frame = paper.add("svg", { x: "0", y: String(head), width: String(width), height: String(height), viewBox: `0 0 ${width} ${height}` });
  const picture = new Drawing(frame);
  scene.paint(picture);
  let [lines, arcs] = [false, false];
  scene.graph.forEachEdge((_, look, from, to) => {
    const [start, end] = [scene.positionOf(from), scene.positionOf(to)];
    if (look.hidden || start === null || end === null || outside(start, end, width, height)) return;
    const length = Math.max(1, Math.hypot(end.x - start.x, end.y - start.y));
    const [nx, ny] = [-(end.y - start.y) / length, (end.x - start.x) / length];
    const aside = look.peer ? lane : 0;
    // From rim to rim, as on the canvas.
    const rim = (id: string): number => (look.peer ? Math.min(scene.sigma.scaleSize(scene.graph.getNodeAttribute(id, "size")) * 1.5, length * 0.4) : 0);
    const [ux, uy] = [(end.x - start.x) / length, (end.y - start.y) / length];
    const at = (end: { x: number; y: number }, inwards: number): { x: number; y: number } => ({ x: end.x + ux * inwards + nx * aside, y: end.y + uy * inwards + ny * aside });
    picture.globalAlpha = parseInt(look.color.slice(7, 9) || "ff", 16) / 255;
    drawLine(picture, at(start, rim(from)), at(end, -rim(to)), { style: look.style, color: look.color.slice(0, 7), wide: look.lit || look.chosen ? 2 : 1.2, barbed: look.peer });
    lines = true;
  });
  const names = scene.nodesDrawn <= 300;
  scene.graph.forEachNode((id, look) => {
    const node = scene.nodes.get(id);
    const at = scene.positionOf(id);
    if (node === undefined || at === null || outside(at, at, width, height)) return;
    const size = scene.sigma.scaleSize(look.size);
    picture.globalAlpha = look.dim ? 0.14 : 1;
    glyph(picture, page, node.kind === "silo" ? "silo" : looks[glyphOf(node)] ?? "unproven", at.x, at.y, size * 2.5, look.color);
    if (look.expires > 0 && size > 4.5) {
      const left = Math.min(1, Math.max(0, (look.expires - glyphClock.now) / Math.max(1, look.expires - look.proven)));
      drawArc(picture, at, size, left, look.tier, look.color);
      arcs = true;
    }
    if (!names || look.label === "") return;
    picture.font = `500 12px ${theme.font}`;
    picture.textAlign = "start";
    picture.lineJoin = "round";
    picture.lineWidth = 3;
    picture.strokeStyle = theme.background;
    picture.strokeText(look.label, at.x + size * 1.6 + 3, at.y + 4);
    picture.fillStyle = theme.text;
    picture.fillText(look.label, at.x + size * 1.6 + 3, at.y + 4);
  });

  paper.globalAlpha = 1;
  paper.font = `400 12px ${theme.font}`;
  const legend = new Legend(paper, page, theme, width, height + head);
  for (const look of looks)
    legend.entry(14, `${page.querySelector(`[data-graph-look="${look}"] span`)?.textContent ?? look} ${(caption.counts.get(look) ?? 0).toLocaleString()}`,
      (x, y) => glyph(paper, page, look, x + 7, y, 14, theme.glyphs[looks.indexOf(look)]!));
  // What is not in the picture needs no explanation.
  if (scene.charts.isShown) legend.links();
  if (lines) legend.lines();
  if (arcs) legend.arcs(tiers);
  const whole = String(legend.bottom);
  sheet.setAttribute("height", whole);
  for (const [name, value] of Object.entries({ xmlns: svg, width: String(width), height: whole, viewBox: `0 0 ${width} ${whole}` })) root.setAttribute(name, value);
  return root;
}

/** As a file of that kind; null where the browser makes none. */
export async function file(drawing: SVGSVGElement, kind: "png" | "svg"): Promise<Blob | null> {
  const text = new XMLSerializer().serializeToString(drawing);
  if (kind === "svg") return new Blob([text], { type: "image/svg+xml" });
  const image = new Image();
  image.src = `data:image/svg+xml;charset=utf-8,${encodeURIComponent(text)}`;
  await image.decode();
  const canvas = document.createElement("canvas");
  [canvas.width, canvas.height] = [drawing.width.baseVal.value * 2, drawing.height.baseVal.value * 2];
  canvas.getContext("2d")?.drawImage(image, 0, 0, canvas.width, canvas.height);
  return await new Promise(resolve => canvas.toBlob(resolve, "image/png"));
}

/** Hands the browser a file to keep. */
export function keep(blob: Blob, name: string): void {
  const link = document.createElement("a");
  link.href = URL.createObjectURL(blob);
  link.download = name;
  link.click();
  setTimeout(() => URL.revokeObjectURL(link.href), 60_000);
}

/** The shape of a look as the legend has it: there is one set of shapes. */
function glyph(drawing: Drawing, page: HTMLElement, look: string, x: number, y: number, size: number, color: string): void {
  const shape = page.querySelector(look === "silo" ? ".graph-key .look-silo" : `[data-graph-look="${look}"] svg`);
  if (shape === null) return;
  const group = drawing.add("g", { transform: `translate(${round(x - size / 2)} ${round(y - size / 2)}) scale(${round(size / 20)})` });
  for (const child of shape.children) {
    const copy = child.cloneNode(false) as SVGElement;
    for (const [name, value] of Object.entries(copy.classList.contains("line") ? { fill: "none", stroke: color } : { fill: color })) copy.setAttribute(name, value);
    copy.removeAttribute("class");
    group.append(copy);
  }
}

function outside(a: { x: number; y: number }, b: { x: number; y: number }, width: number, height: number): boolean {
  return Math.max(a.x, b.x) < -40 || Math.min(a.x, b.x) > width + 40 || Math.max(a.y, b.y) < -40 || Math.min(a.y, b.y) > height + 40;
}
