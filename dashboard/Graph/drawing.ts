const svg = "http://www.w3.org/2000/svg";

/** As much of a canvas's context as our drawings use, writing SVG: what is exported is drawn by the same code as what is seen. Text stays text (A44). */
export class Drawing {
  fillStyle = "#000";
  strokeStyle = "#000";
  lineWidth = 1;
  globalAlpha = 1;
  font = "12px sans-serif";
  textAlign: "center" | "left" | "start" = "start";
  lineJoin = "miter";
  private path = "";
  private readonly rule = document.createElement("canvas").getContext("2d")!;

  constructor(readonly into: SVGElement) {}

  setTransform(): void {}
  clearRect(): void {}

  beginPath(): void {
    this.path = "";
  }

  moveTo(x: number, y: number): void {
    this.path += `M${round(x)} ${round(y)}`;
  }

  lineTo(x: number, y: number): void {
    this.path += `L${round(x)} ${round(y)}`;
  }

  arc(x: number, y: number, radius: number, from: number, to: number): void {
    const at = (angle: number): string => `${round(x + radius * Math.cos(angle))} ${round(y + radius * Math.sin(angle))}`;
    const turn = Math.min(to - from, 2 * Math.PI);
    const r = round(radius);
    // Two halves: one arc from a point to itself is nothing.
    this.path += `M${at(from)}A${r} ${r} 0 0 1 ${at(from + turn / 2)}A${r} ${r} 0 0 1 ${at(from + turn)}`;
  }

  stroke(): void {
    this.add("path", { d: this.path, fill: "none", stroke: this.strokeStyle, "stroke-width": round(this.lineWidth) });
  }

  fill(): void {
    this.add("path", { d: this.path, fill: this.fillStyle });
  }

  fillRect(x: number, y: number, width: number, height: number): void {
    this.add("rect", { x: round(x), y: round(y), width: round(width), height: round(height), fill: this.fillStyle });
  }

  measureText(text: string): { width: number } {
    this.rule.font = this.font;
    return this.rule.measureText(text);
  }

  fillText(text: string, x: number, y: number): void {
    this.text(text, x, y, { fill: this.fillStyle });
  }

  strokeText(text: string, x: number, y: number): void {
    this.text(text, x, y, { fill: "none", stroke: this.strokeStyle, "stroke-width": round(this.lineWidth), "stroke-linejoin": this.lineJoin });
  }

  add(name: string, attributes: Record<string, string>): SVGElement {
    const element = document.createElementNS(svg, name);
    for (const [key, value] of Object.entries(attributes)) element.setAttribute(key, value);
    if (this.globalAlpha < 1) element.setAttribute("opacity", round(this.globalAlpha));
    this.into.append(element);
    return element;
  }

  private text(text: string, x: number, y: number, attributes: Record<string, string>): void {
    const [, weight = "400", size = "12", family = "sans-serif"] = /^(?:(\d+) )?([\d.]+)px (.*)$/.exec(this.font) ?? [];
    this.add("text", {
      x: round(x), y: round(y), "font-weight": weight, "font-size": size, "font-family": family, "text-anchor": this.textAlign === "center" ? "middle" : "start", ...attributes,
    }).textContent = text;
  }
}

export function round(value: number): string {
  return String(Math.round(value * 100) / 100);
}
