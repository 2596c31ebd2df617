import { type Drawing, round } from "./drawing.js";
import { edgeStyle, lane } from "./edgeProgram.js";
import { looks } from "./model.js";
import type { Theme } from "./theme.js";

interface Point { readonly x: number; readonly y: number }

/** One examination from rim to rim, in a picture and in its legend alike. @param barbed A half arrowhead at the end that was examined. */
export function drawLine(drawing: Drawing, from: Point, to: Point, { style, color, wide, barbed }: { style: number; color: string; wide: number; barbed: boolean }): void {
  const length = Math.max(1, Math.hypot(to.x - from.x, to.y - from.y));
  const [ux, uy] = [(to.x - from.x) / length, (to.y - from.y) / length];
  drawing.add("line", {
    x1: round(from.x), y1: round(from.y), x2: round(to.x), y2: round(to.y), stroke: color, "stroke-width": String(wide), ...(style === edgeStyle.dashed ? { "stroke-dasharray": "6 4" } : {}),
  });
  if (barbed) drawing.add("path", { d: `M${round(to.x)} ${round(to.y)}L${round(to.x - ux * 9)} ${round(to.y - uy * 9)}L${round(to.x - ux * 9 - uy * 4.5)} ${round(to.y - uy * 9 + ux * 4.5)}z`, fill: color });
  if (style !== edgeStyle.crossed) return;
  const [mx, my] = [(from.x + to.x) / 2, (from.y + to.y) / 2];
  drawing.add("path", { d: `M${round(mx - 4)} ${round(my - 4)}l8 8m0-8l-8 8`, stroke: color, "stroke-width": "1.6", fill: "none" });
}

/** The time left of a proof around a glyph of that size; its dashes are how the proof is rooted. @param left 0 to 1. @param tier Index into tiers. */
export function drawArc(drawing: Drawing, { x, y }: Point, size: number, left: number, tier: number, color: string): void {
  drawing.strokeStyle = color;
  drawing.lineWidth = Math.max(1, size * 0.17);
  drawing.beginPath();
  drawing.arc(x, y, size * 1.27, -Math.PI / 2, -Math.PI / 2 + left * 2 * Math.PI);
  drawing.stroke();
  const dashes = [[], [0.6, 0.3], [1.3, 0.6], [0.25, 0.25]][tier] ?? [];
  if (dashes.length > 0) drawing.into.lastElementChild?.setAttribute("stroke-dasharray", dashes.map(part => round(part * size)).join(" "));
}

/** Signs with words below a picture, side by side on as many lines as it takes. */
export class Legend {
  private x = 16;
  private y: number;

  constructor(private readonly drawing: Drawing, private readonly page: HTMLElement, private readonly theme: Theme, private readonly width: number, top: number) {
    this.y = top + 20;
  }

  /** Where it ends, in pixels from the top of the drawing. */
  get bottom(): number {
    return this.y + 20;
  }

  /** @param sign Gets the left end and the middle of the room it has. */
  entry(wide: number, words: string, sign: (x: number, y: number) => void): void {
    const needs = wide + 5 + this.drawing.measureText(words).width;
    if (this.x > 16 && this.x + needs > this.width - 16) this.next();
    sign(this.x, this.y);
    this.drawing.globalAlpha = 1;
    this.drawing.fillStyle = this.theme.text;
    this.drawing.fillText(words, this.x + wide + 5, this.y + 4);
    this.x += needs + 18;
  }

  /** A line of its own for what comes now. */
  next(): void {
    [this.x, this.y] = [16, this.y + 22];
  }

  /** Lines between devices, in the words of the page. */
  lines(): void {
    this.next();
    // The two directions pass each other like traffic.
    this.entry(34, this.words("line", "proven"), (x, y) => {
      const [there, back] = [y + lane, y - lane];
      drawLine(this.drawing, { x, y: there }, { x: x + 34, y: there }, { style: edgeStyle.solid, color: this.color("trusted"), wide: 1.6, barbed: true });
      drawLine(this.drawing, { x: x + 34, y: back }, { x, y: back }, { style: edgeStyle.solid, color: this.color("trusted"), wide: 1.6, barbed: true });
    });
    this.line(this.words("line", "warned"), "warning", edgeStyle.solid);
    this.line(this.words("line", "plain"), null, edgeStyle.dashed);
    this.line(this.words("line", "failed"), "contraindicated", edgeStyle.crossed);
    this.line(this.words("line", "silo"), null, edgeStyle.solid, 0.9, false);
  }

  /** Links between sites. */
  links(): void {
    this.next();
    this.line("examinations between two sites", null, edgeStyle.solid, 2, false);
    this.line("some of them failed", "contraindicated", edgeStyle.crossed, 2, false);
    this.entry(0, "A ring is a site: how many of its devices look how.", () => undefined);
  }

  /** How a proof is rooted, by the names of tiers. */
  arcs(tiers: readonly string[]): void {
    this.next();
    tiers.forEach((tier, index) => this.entry(16, this.words("arc", tier), (x, y) => drawArc(this.drawing, { x: x + 8, y }, 6, 0.8, index, this.color("trusted"))));
  }

  private line(words: string, look: (typeof looks)[number] | null, style: number, wide = 1.6, barbed = true): void {
    this.entry(34, words, (x, y) => {
      this.drawing.globalAlpha = look === null && style === edgeStyle.solid ? 0.6 : 1;
      drawLine(this.drawing, { x, y }, { x: x + 34, y }, { style, color: look === null ? this.theme.muted : this.color(look), wide, barbed });
    });
  }

  private color(look: (typeof looks)[number]): string {
    return this.theme.glyphs[looks.indexOf(look)]!;
  }

  private words(kind: "line" | "arc", name: string): string {
    return this.page.querySelector(`[data-graph-${kind}="${name}"]`)?.textContent?.trim() ?? name;
  }
}
