import { looks, siloGlyph } from "./model.js";

/** The page's CSS variables, as the canvas needs them. */
export interface Theme {
  /** By glyph number. */
  readonly glyphs: readonly string[];
  readonly background: string;
  readonly text: string;
  readonly muted: string;
  readonly line: string;
  readonly surface: string;
  readonly font: string;
}

export function readTheme(element: Element): Theme {
  const style = getComputedStyle(element);
  // The page itself says what a system colour is: a canvas by itself knows nothing of the colours a person forces upon pages.
  const probe = element.appendChild(document.createElement("span"));
  probe.style.setProperty("forced-color-adjust", "none");
  const value = (name: string): string => {
    probe.style.color = style.getPropertyValue(name).trim();
    return hex(getComputedStyle(probe).color);
  };
  const glyphs = looks.map(look => value(`--look-${look}`));
  glyphs[siloGlyph] = value("--look-silo");
  const theme = {
    glyphs, background: value("--canvas"), text: value("--text"), muted: value("--text-muted"), line: value("--line"), surface: value("--surface"),
    font: style.fontFamily,
  };
  probe.remove();
  return theme;
}

/** Any CSS colour as #rrggbb. */
function hex(color: string): string {
  const context = document.createElement("canvas").getContext("2d", { willReadFrequently: true });
  if (context === null) return "#808080";
  context.fillStyle = color;
  context.fillRect(0, 0, 1, 1);
  const [r, g, b] = context.getImageData(0, 0, 1, 1).data;
  return "#" + [r, g, b].map(part => (part ?? 128).toString(16).padStart(2, "0")).join("");
}

/** #rrggbb as a shader takes it. */
export function rgb(color: string): [number, number, number] {
  const part = (at: number): number => parseInt(color.slice(at, at + 2), 16) / 255;
  return [part(1), part(3), part(5)];
}

/** Calls back when the theme may have changed: toggled, or by the system. */
export function watchTheme(changed: () => void, signal: AbortSignal): void {
  const observer = new MutationObserver(changed);
  observer.observe(document.documentElement, { attributes: true, attributeFilter: ["data-theme"] });
  signal.addEventListener("abort", () => observer.disconnect());
  for (const query of ["(prefers-color-scheme: dark)", "(forced-colors: active)", "(prefers-contrast: more)"])
    matchMedia(query).addEventListener("change", changed, { signal });
}
