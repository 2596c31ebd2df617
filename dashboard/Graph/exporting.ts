import { Drawing, round } from "./drawing.js";
import { edgeStyle, lane } from "./edgeProgram.js";
import { glyphClock } from "./glyphProgram.js";
import { drawnName, glyphOf, looks } from "./model.js";
import type { Scene } from "./scene.js";

const svg = "http://www.w3.org/2000/svg";
const head = 58, foot = 40;

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
  for (const [name, value] of Object.entries({ xmlns: svg, width: String(width), height: String(height + head + foot), viewBox: `0 0 ${width} ${height + head + foot}` })) root.setAttribute(name, value);
  const paper = new Drawing(root);
  paper.fillStyle = theme.background;
  paper.fillRect(0, 0, width, height + head + foot);
  paper.fillStyle = theme.text;
  paper.font = `650 15px ${theme.font}`;
  paper.fillText(`${drawnName(caption.mesh)}: ${caption.where}`, 16, 24);
  paper.font = `400 12px ${theme.font}`;
  paper.fillStyle = theme.muted;
  paper.fillText([caption.at, caption.query === "" ? "" : `only ${caption.query}`, caption.note].filter(part => part !== "").join("  ·  "), 16, 44);

  const frame = paper.add("svg", { x: "0", y: String(head), width: String(width), height: String(height), viewBox: `0 0 ${width} ${height}` });
  const picture = new Drawing(frame);
  scene.paint(picture);
  scene.graph.forEachEdge((_, look, from, to) => {
    const [start, end] = [scene.positionOf(from), scene.positionOf(to)];
    if (look.hidden || start === null || end === null || outside(start, end, width, height)) return;
    const length = Math.max(1, Math.hypot(end.x - start.x, end.y - start.y));
    const [nx, ny] = [-(end.y - start.y) / length, (end.x - start.x) / length];
    const aside = look.peer ? lane : 0;
    // From rim to rim, as on the canvas.
    const rim = (id: string): number => (look.peer ? Math.min(scene.sigma.scaleSize(scene.graph.getNodeAttribute(id, "size")) * 1.5, length * 0.4) : 0);
    const [ux, uy] = [(end.x - start.x) / length, (end.y - start.y) / length];
    const [x1, y1] = [start.x + ux * rim(from) + nx * aside, start.y + uy * rim(from) + ny * aside];
    const [x2, y2] = [end.x - ux * rim(to) + nx * aside, end.y - uy * rim(to) + ny * aside];
    picture.globalAlpha = parseInt(look.color.slice(7, 9) || "ff", 16) / 255;
    picture.add("line", {
      x1: round(x1), y1: round(y1), x2: round(x2), y2: round(y2), stroke: look.color.slice(0, 7),
      "stroke-width": look.lit || look.chosen ? "2" : "1.2", ...(look.style === edgeStyle.dashed ? { "stroke-dasharray": "6 4" } : {}),
    });
    if (look.peer) picture.add("path", { d: `M${round(x2)} ${round(y2)}L${round(x2 - ux * 9)} ${round(y2 - uy * 9)}L${round(x2 - ux * 9 + nx * 4.5)} ${round(y2 - uy * 9 + ny * 4.5)}z`, fill: look.color.slice(0, 7) });
    if (look.style !== edgeStyle.crossed) return;
    const [mx, my] = [(start.x + end.x) / 2 + nx * aside, (start.y + end.y) / 2 + ny * aside];
    picture.add("path", { d: `M${round(mx - 4)} ${round(my - 4)}l8 8m0-8l-8 8`, stroke: look.color.slice(0, 7), "stroke-width": "1.6", fill: "none" });
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
      picture.strokeStyle = look.color;
      picture.lineWidth = Math.max(1, size * 0.17);
      picture.beginPath();
      picture.arc(at.x, at.y, size * 1.27, -Math.PI / 2, -Math.PI / 2 + left * 2 * Math.PI);
      const dashes = ["", `${round(size * 0.6)} ${round(size * 0.3)}`, `${round(size * 1.3)} ${round(size * 0.6)}`, `${round(size * 0.25)} ${round(size * 0.25)}`][look.tier] ?? "";
      picture.stroke();
      if (dashes !== "") frame.lastElementChild?.setAttribute("stroke-dasharray", dashes);
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
  let x = 16;
  for (const look of looks) {
    const words = `${page.querySelector(`[data-graph-look="${look}"] span`)?.textContent ?? look} ${(caption.counts.get(look) ?? 0).toLocaleString()}`;
    glyph(paper, page, look, x + 7, height + head + 20, 14, theme.glyphs[looks.indexOf(look)]!);
    paper.fillStyle = theme.text;
    paper.fillText(words, x + 19, height + head + 24);
    x += 19 + paper.measureText(words).width + 18;
  }
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
