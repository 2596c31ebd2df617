import type { Theme } from "./theme.js";

interface Labelled {
  readonly x: number;
  readonly y: number;
  readonly size: number;
  readonly label: string | null;
  readonly forceLabel: boolean;
}

interface Box {
  readonly left: number;
  readonly right: number;
  readonly y: number;
}

interface Glyph {
  readonly x: number;
  readonly y: number;
  readonly radius: number;
}

/** Names beside glyphs: right of one, or left where another glyph or name or the edge of the picture is in the way; where neither is free, only the important are written. */
export class Labels {
  private readonly written: Box[] = [];
  private look: () => readonly Glyph[] = () => [];
  private seen: readonly Glyph[] | null = null;

  /** A new frame, with the glyphs to keep clear of; they are looked for with the first name, when the camera's move has taken effect. */
  begin(look: () => readonly Glyph[]): void {
    this.written.length = 0;
    this.look = look;
    this.seen = null;
  }

  /** Outside the arc, and with a rim of background that keeps it readable on lines. */
  draw(context: CanvasRenderingContext2D, node: Labelled, size: number, theme: Theme): void {
    if (node.label === null || node.label === "") return;
    context.font = `500 ${size}px ${theme.font}`;
    const width = context.measureText(node.label).width;
    const reach = node.size * 1.6 + 3;
    const right = { left: node.x + reach, right: node.x + reach + width, y: node.y };
    const left = { left: node.x - reach - width, right: node.x - reach, y: node.y };
    // In pixels of the page, as everything here.
    const edge = context.canvas.width / context.getTransform().a;
    const fits = (box: Box): boolean => box.left >= 0 && box.right <= edge && this.isFree(box, size);
    const box = fits(right) ? right : fits(left) ? left : node.forceLabel ? right : null;
    if (box === null) return;
    this.written.push(box);
    context.lineJoin = "round";
    context.lineWidth = 3;
    context.strokeStyle = theme.background;
    context.fillStyle = theme.text;
    context.strokeText(node.label, box.left, node.y + size / 3);
    context.fillText(node.label, box.left, node.y + size / 3);
  }

  private get glyphs(): readonly Glyph[] {
    return this.seen ??= this.look();
  }

  private isFree(box: Box, size: number): boolean {
    return !this.written.some(other => other.left < box.right && box.left < other.right && Math.abs(other.y - box.y) < size * 1.2)
      && !this.glyphs.some(({ x, y, radius }) => x + radius > box.left && x - radius < box.right && Math.abs(y - box.y) < radius + size / 2);
  }

  drawHover(context: CanvasRenderingContext2D, node: Labelled, size: number, theme: Theme): void {
    if (node.label === null || node.label === "") return;
    context.font = `500 ${size}px ${theme.font}`;
    const width = context.measureText(node.label).width + 16;
    const [x, y] = [node.x + node.size * 1.6 - 4, node.y - size];
    context.fillStyle = theme.surface;
    context.strokeStyle = theme.line;
    context.lineWidth = 1;
    context.beginPath();
    context.roundRect(x, y, width, size * 2, 6);
    context.fill();
    context.stroke();
    context.fillStyle = theme.text;
    context.fillText(node.label, x + 8, node.y + size / 3);
  }
}
