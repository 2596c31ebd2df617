import type { Theme } from "./theme.js";

interface Labelled {
  readonly x: number;
  readonly y: number;
  readonly size: number;
  readonly label: string | null;
  readonly forceLabel: boolean;
}

/** Names beside glyphs. Of two that would cover each other in a frame, the first one is written. */
export class Labels {
  private readonly written: { left: number; right: number; y: number }[] = [];

  /** A new frame. */
  begin(): void {
    this.written.length = 0;
  }

  /** Outside the arc, and with a rim of background that keeps it readable on lines. */
  draw(context: CanvasRenderingContext2D, node: Labelled, size: number, theme: Theme): void {
    if (node.label === null || node.label === "") return;
    context.font = `500 ${size}px ${theme.font}`;
    const left = node.x + node.size * 1.6 + 3;
    const box = { left, right: left + context.measureText(node.label).width, y: node.y };
    if (!node.forceLabel && this.written.some(other => other.left < box.right && box.left < other.right && Math.abs(other.y - box.y) < size * 1.2)) return;
    this.written.push(box);
    context.lineJoin = "round";
    context.lineWidth = 3;
    context.strokeStyle = theme.background;
    context.fillStyle = theme.text;
    context.strokeText(node.label, left, node.y + size / 3);
    context.fillText(node.label, left, node.y + size / 3);
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
