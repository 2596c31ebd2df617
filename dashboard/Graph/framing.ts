import type Sigma from "sigma";
import type { Place } from "./layout.js";

/** Where the camera looks, beside what covers the canvas on the right. */
export class Framing {
  private framed = { x: 0.5, y: 0.5, ratio: 1, angle: 0 };

  constructor(private readonly sigma: Sigma, private readonly box: () => { x: [number, number] }, private readonly calm: boolean) {}

  zoom(way: "in" | "out" | "fit", panel: number): void {
    const camera = this.sigma.getCamera();
    const options = { duration: 200 };
    if (way === "fit") this.frame(panel, true);
    else if (this.calm) camera.setState({ ratio: camera.getBoundedRatio(camera.getState().ratio * (way === "in" ? 1 / 1.6 : 1.6)) });
    else void (way === "in" ? camera.animatedZoom({ factor: 1.6, ...options }) : camera.animatedUnzoom({ factor: 1.6, ...options }));
  }

  /** Shows everything beside the panel. */
  frame(panel: number, glide: boolean): void {
    const whole = { x: 0.5, y: 0.5, ratio: 1, angle: 0 };
    const { width, height } = this.sigma.getDimensions();
    const { x } = this.box();
    const [left, right] = x.map(at => this.sigma.graphToViewport({ x: at, y: 0 }, { cameraState: whole }).x) as [number, number];
    const cameraState = { ...whole, ratio: Math.max(1, (right - left) / Math.max(100, width - panel - (panel === 0 ? 0 : panel < 400 ? 150 : 110))) };
    const middle = this.sigma.viewportToFramedGraph({ x: width / 2, y: height / 2 }, { cameraState });
    const free = this.sigma.viewportToFramedGraph({ x: (width - panel - (panel === 0 ? 0 : panel < 400 ? 90 : 60)) / 2, y: height / 2 }, { cameraState });
    this.framed = { ...cameraState, x: 0.5 + middle.x - free.x };
    if (this.calm || !glide) this.sigma.getCamera().setState(this.framed);
    else void this.sigma.getCamera().animate(this.framed, { duration: 200 });
  }

  /** Nobody moved the camera since everything was framed. */
  get isFramed(): boolean {
    const { x, y, ratio } = this.sigma.getCamera().getState();
    const { x: x0, y: y0, ratio: ratio0 } = this.framed;
    return Math.abs(x - x0) + Math.abs(y - y0) + Math.abs(ratio - ratio0) < 1e-6;
  }

  /** Moves the camera if one of these places is out of sight, or under the panel. */
  reveal(places: readonly Place[], panel: number): void {
    const { width, height } = this.sigma.getDimensions();
    const at = places.map(place => this.sigma.graphToViewport(place));
    if (at.length === 0 || at.every(({ x, y }) => x > 40 && y > 40 && x < width - panel - 40 && y < height - 40)) return;
    this.centre({ x: at.reduce((sum, { x }) => sum + x, 0) / at.length, y: at.reduce((sum, { y }) => sum + y, 0) / at.length }, panel);
  }

  /** Moves the camera so that this pixel comes to the middle of what no panel covers. */
  centre(goal: Place, panel: number): void {
    const { width, height } = this.sigma.getDimensions();
    const [wanted, free] = [goal, { x: (width - panel) / 2, y: height / 2 }].map(place => this.sigma.viewportToFramedGraph(place)) as [Place, Place];
    const { x, y } = this.sigma.getCamera().getState();
    const state = { x: x + wanted.x - free.x, y: y + wanted.y - free.y };
    if (this.calm) this.sigma.getCamera().setState(state);
    else void this.sigma.getCamera().animate(state);
  }
}
