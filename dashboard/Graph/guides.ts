import type Sigma from "sigma";
import { orbits } from "./layout.js";
import { drawnName } from "./model.js";
import type { Sight } from "./sight.js";
import { drawFleet, type FleetPicture } from "./siteCharts.js";
import type { Theme } from "./theme.js";

/** Draws each site's orbits and name under the graph. */
export class Guides {
  private readonly canvas = document.createElement("canvas");

  constructor(container: HTMLElement) {
    this.canvas.className = "graph-guides";
    this.canvas.setAttribute("aria-hidden", "true");
    container.prepend(this.canvas);
  }

  /** @param picture Of the fleet level; its charts take the place of orbits. */
  draw(sigma: Sigma, sight: Sight, picture: FleetPicture | null, theme: Theme): void {
    const { width, height } = sigma.getDimensions();
    const ratio = window.devicePixelRatio;
    if (this.canvas.width !== Math.round(width * ratio) || this.canvas.height !== Math.round(height * ratio)) {
      this.canvas.width = Math.round(width * ratio);
      this.canvas.height = Math.round(height * ratio);
    }
    const context = this.canvas.getContext("2d");
    if (context === null) return;
    context.setTransform(ratio, 0, 0, ratio, 0, 0);
    context.clearRect(0, 0, width, height);
    this.paint(context, sigma, sight, picture, theme);
  }

  /** The same on another context. */
  paint(context: CanvasRenderingContext2D, sigma: Sigma, sight: Sight, picture: FleetPicture | null, theme: Theme): void {
    const { width, height } = sigma.getDimensions();
    context.globalAlpha = 1;
    if (picture !== null) {
      drawFleet(context, sigma, sight.map, picture, theme);
      return;
    }
    context.strokeStyle = theme.line;
    context.fillStyle = theme.muted;
    context.textAlign = "center";
    if (sight.level === "focus") {
      this.rings(context, sigma, sight.rings);
      return;
    }
    if (sight.arranged !== null) {
      this.steps(context, sigma, sight, theme);
      return;
    }
    for (const [name, middle] of sight.map.sites) {
      if (sight.level === "site" && name !== sight.view.site) continue;
      const at = sigma.graphToViewport(middle);
      const edge = sigma.graphToViewport({ x: middle.x + 1, y: middle.y });
      const radius = Math.hypot(edge.x - at.x, edge.y - at.y);
      if (at.x + radius < 0 || at.y + radius < 0 || at.x - radius > width || at.y - radius > height) continue;
      context.lineWidth = 1;
      context.globalAlpha = 0.9;
      context.beginPath();
      context.arc(at.x, at.y, radius, 0, 2 * Math.PI);
      context.stroke();
      if (radius > 60) {
        context.globalAlpha = 0.45;
        for (const orbit of orbits) {
          context.beginPath();
          context.arc(at.x, at.y, radius * orbit, 0, 2 * Math.PI);
          context.stroke();
        }
      }
      if (name === "" || radius < 16) continue;
      context.globalAlpha = 1;
      context.font = `600 ${radius > 90 ? 13 : 11}px ${theme.font}`;
      const label = drawnName(name);
      const y = at.y + radius;
      const half = context.measureText(label).width / 2 + 6;
      if (half > radius * 1.15) continue; // It would run into the neighbour's.
      context.fillStyle = theme.background;
      context.fillRect(at.x - half, y - 8, half * 2, 16);
      context.fillStyle = theme.muted;
      context.fillText(label, at.x, y + 4);
    }
  }

  /** Of a tree, with how many steps each is below its top. */
  private steps(context: CanvasRenderingContext2D, sigma: Sigma, sight: Sight, theme: Theme): void {
    const [middle, arranged] = [sight.map.middle(sight.view.site ?? ""), sight.arranged!];
    context.textAlign = "start";
    context.font = `500 11px ${theme.font}`;
    context.lineWidth = 1;
    let before = { x: 0, y: -Infinity };
    for (const { top, left, right, words } of arranged.steps) {
      const from = sigma.graphToViewport({ x: middle.x + left, y: middle.y + top }), to = sigma.graphToViewport({ x: middle.x + right, y: middle.y + top });
      // From far away there is no room for every one.
      if (from.x === before.x && from.y - before.y < 13) continue;
      before = from;
      context.globalAlpha = 0.7;
      context.beginPath();
      context.moveTo(from.x, from.y);
      context.lineTo(to.x, to.y);
      context.stroke();
      context.globalAlpha = 1;
      context.fillText(words, from.x, from.y - 4);
    }
  }

  private rings(context: CanvasRenderingContext2D, sigma: Sigma, count: number): void {
    const middle = sigma.graphToViewport({ x: 0, y: 0 });
    for (let ring = 1; ring <= count; ring++) {
      const edge = sigma.graphToViewport({ x: ring, y: 0 });
      const radius = Math.hypot(edge.x - middle.x, edge.y - middle.y);
      context.globalAlpha = 0.8;
      context.beginPath();
      context.arc(middle.x, middle.y, radius, 0, 2 * Math.PI);
      context.stroke();
    }
  }

  remove(): void {
    this.canvas.remove();
  }
}
