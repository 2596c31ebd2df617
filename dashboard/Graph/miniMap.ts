import type Sigma from "sigma";
import { type DeviceNode, glyphOf } from "./model.js";
import type { Sight } from "./sight.js";
import type { Theme } from "./theme.js";

/** Closer than this the whole is not in the picture any more. */
const near = 0.75;

/** Milliseconds between two pictures of the devices; the frame follows the camera at once. */
const least = 500;

const width = 168, height = 104;

/** The whole in small, with the part that is in sight framed; there only while zoomed in. A click moves the picture. Nothing in it that the keyboard and the graph do not have. */
export class MiniMap {
  private readonly canvas = document.createElement("canvas");
  private readonly devices = document.createElement("canvas");
  private drawnAt = 0;
  private of = "";
  private scale = { x: 0, y: 0, unit: 1 };

  constructor(container: HTMLElement, go: (place: { x: number; y: number }) => void) {
    this.canvas.className = "graph-map";
    this.canvas.setAttribute("aria-hidden", "true");
    this.canvas.hidden = true;
    for (const canvas of [this.canvas, this.devices]) [canvas.width, canvas.height] = [width * devicePixelRatio, height * devicePixelRatio];
    this.canvas.addEventListener("pointerdown", event => {
      event.preventDefault();
      event.stopPropagation();
      const box = this.canvas.getBoundingClientRect();
      const { x, y, unit } = this.scale;
      go({ x: x + ((event.clientX - box.left) - width / 2) / unit, y: y - ((event.clientY - box.top) - height / 2) / unit });
    });
    container.append(this.canvas);
  }

  draw(sigma: Sigma, sight: Sight, nodes: ReadonlyMap<string, DeviceNode>, theme: Theme): void {
    const hidden = sight.level === "focus" || sigma.getCamera().getState().ratio > near || sigma.getDimensions().width < 600;
    if (this.canvas.hidden !== hidden) this.canvas.hidden = hidden;
    if (hidden) return;
    const box = sight.box();
    const unit = 0.94 * Math.min(width / (box.x[1] - box.x[0]), height / (box.y[1] - box.y[0]));
    this.scale = { x: (box.x[0] + box.x[1]) / 2, y: (box.y[0] + box.y[1]) / 2, unit };
    const at = (place: { x: number; y: number }): [number, number] => [width / 2 + (place.x - this.scale.x) * unit, height / 2 - (place.y - this.scale.y) * unit];
    const of = `${sight.level} ${sight.view.site} ${sight.view.layout} ${sight.view.group} ${theme.background}`;
    if (of !== this.of || performance.now() - this.drawnAt > least) {
      [this.of, this.drawnAt] = [of, performance.now()];
      this.glyphs(at, sight, nodes, theme);
    }
    const context = this.canvas.getContext("2d");
    if (context === null) return;
    context.setTransform(1, 0, 0, 1, 0, 0);
    context.clearRect(0, 0, this.canvas.width, this.canvas.height);
    context.drawImage(this.devices, 0, 0);
    context.setTransform(devicePixelRatio, 0, 0, devicePixelRatio, 0, 0);
    const size = sigma.getDimensions();
    const [left, top] = at(sigma.viewportToGraph({ x: 0, y: 0 })), [right, bottom] = at(sigma.viewportToGraph({ x: size.width, y: size.height }));
    context.strokeStyle = theme.text;
    context.lineWidth = 1.5;
    context.strokeRect(left, top, right - left, bottom - top);
  }

  remove(): void {
    this.canvas.remove();
  }

  /** Sites as rings, devices as dots; those that are well first, so that trouble is on top. */
  private glyphs(at: (place: { x: number; y: number }) => [number, number], sight: Sight, nodes: ReadonlyMap<string, DeviceNode>, theme: Theme): void {
    const context = this.devices.getContext("2d");
    if (context === null) return;
    context.setTransform(devicePixelRatio, 0, 0, devicePixelRatio, 0, 0);
    context.clearRect(0, 0, width, height);
    context.strokeStyle = theme.line;
    for (const [name, middle] of sight.arranged !== null ? [] : sight.map.sites) {
      if (sight.level === "site" && name !== sight.view.site) continue;
      context.beginPath();
      context.arc(...at(middle), this.scale.unit, 0, 2 * Math.PI);
      context.stroke();
    }
    if (sight.level === "fleet") return;
    const dot = nodes.size > 300 ? 1 : 2;
    for (const well of [true, false])
      for (const node of nodes.values()) {
        if (!sight.has(node) || (node.look === "trusted") !== well) continue;
        const [x, y] = at(sight.place(node));
        context.fillStyle = theme.glyphs[glyphOf(node)] ?? theme.muted;
        context.fillRect(x - dot / 2, y - dot / 2, dot, dot);
      }
  }
}
