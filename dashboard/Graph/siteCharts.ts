import type Sigma from "sigma";
import { groupName } from "./groups.js";
import type { SiteMap } from "./layout.js";
import { glyphOf, looks } from "./model.js";
import { type SiteLink, type SiteTally, troubleOf } from "./siteBook.js";
import type { Theme } from "./theme.js";
import type { Grouping } from "./view.js";

/** What the fleet level draws. */
export interface FleetPicture {
  readonly by: Grouping;
  readonly sites: ReadonlyMap<string, SiteTally>;
  readonly links: readonly SiteLink[];
  readonly selected: string | null;
  /** How many of a site's devices are among those asked for; null if all are. */
  readonly matching: ReadonlyMap<string, number> | null;
  /** Looks that were chosen in the legend; empty: all. */
  readonly chosen: ReadonlySet<string>;
}

/** Links drawn at most, those with failures first. */
const mostLinks = 400;

/** More links than this are no more than a haze: those that are well step back. */
const haze = 60;

/** Radius of a site's chart, in the units of the map, where a cell has 1. */
export function chartRadius(devices: number, most: number): number {
  return 0.42 + 0.42 * Math.sqrt(devices / Math.max(1, most));
}

/** Words of a look where there is little room. */
const words: Record<string, string> = { contraindicated: "failed" };

/** One ring chart per site, or what else is grouped by: how many of its devices look how. */
export function drawFleet(context: CanvasRenderingContext2D, sigma: Sigma, map: SiteMap, picture: FleetPicture, theme: Theme): void {
  const { width, height } = sigma.getDimensions();
  const most = Math.max(1, ...[...picture.sites.values()].map(site => site.devices));
  const at = (name: string): { x: number; y: number } => sigma.graphToViewport(map.middle(name));
  const unit = Math.abs(sigma.graphToViewport({ x: 1, y: 0 }).x - sigma.graphToViewport({ x: 0, y: 0 }).x);
  const radius = (name: string): number => unit * chartRadius(picture.sites.get(name)?.devices ?? 1, most);
  const outside = ({ x, y }: { x: number; y: number }, r: number): boolean => x + r < 0 || y + r < 0 || x - r > width || y - r > height;
  for (const link of picture.links.slice(0, mostLinks).reverse()) {
    if (!picture.sites.has(link.from) || !picture.sites.has(link.to)) continue;
    const [a, b] = [at(link.from), at(link.to)];
    const length = Math.hypot(b.x - a.x, b.y - a.y);
    const [ra, rb] = [radius(link.from) + 3, radius(link.to) + 3];
    if (length < ra + rb + 2 || (outside(a, ra) && outside(b, rb))) continue;
    const [dx, dy] = [(b.x - a.x) / length, (b.y - a.y) / length];
    const lit = picture.selected === link.from || picture.selected === link.to;
    const well = lit ? 0.85 : picture.links.length > haze ? 0.16 : 0.42;
    context.globalAlpha = (link.failed > 0 ? 0.75 : well) * (picture.selected !== null && !lit ? 0.35 : 1);
    context.strokeStyle = link.failed > 0 ? theme.glyphs[looks.indexOf("contraindicated")]! : theme.muted;
    context.lineWidth = Math.min(5, 0.7 + Math.log2(1 + link.count) * 0.45);
    context.beginPath();
    context.moveTo(a.x + dx * ra, a.y + dy * ra);
    context.lineTo(b.x - dx * rb, b.y - dy * rb);
    context.stroke();
    if (link.failed === 0) continue;
    // Crossed, as a failed examination is.
    const [mx, my] = [(a.x + dx * ra + b.x - dx * rb) / 2, (a.y + dy * ra + b.y - dy * rb) / 2];
    context.lineWidth = 1.8;
    context.beginPath();
    for (const [sx, sy] of [[1, 1], [1, -1]] as const) {
      context.moveTo(mx - 3.5 * sx, my - 3.5 * sy);
      context.lineTo(mx + 3.5 * sx, my + 3.5 * sy);
    }
    context.stroke();
  }
  for (const site of picture.sites.values()) {
    const middle = at(site.name);
    const r = radius(site.name);
    if (outside(middle, r + 16)) continue;
    drawChart(context, site, middle, r, unit, picture, theme);
  }
  context.globalAlpha = 1;
}

function drawChart(context: CanvasRenderingContext2D, site: SiteTally, { x, y }: { x: number; y: number }, r: number, unit: number, picture: FleetPicture, theme: Theme): void {
  const matching = picture.matching === null ? site.devices : picture.matching.get(site.name) ?? 0;
  context.globalAlpha = matching > 0 ? 1 : 0.2;
  context.fillStyle = theme.surface;
  context.beginPath();
  context.arc(x, y, r, 0, 2 * Math.PI);
  context.fill();
  const thick = Math.max(3, Math.min(22, r * 0.24));
  context.lineWidth = thick;
  let from = -Math.PI / 2;
  for (const { look, share } of slices(site)) {
    const to = from + share * 2 * Math.PI;
    context.globalAlpha = matching === 0 ? 0.2 : picture.chosen.size > 0 && !picture.chosen.has(look) ? 0.18 : look === "trusted" ? 0.75 : 1;
    context.strokeStyle = theme.glyphs[glyphOf({ kind: "device", look } as never)]!;
    context.beginPath();
    context.arc(x, y, r - thick / 2, from, to);
    context.stroke();
    from = to;
  }
  context.globalAlpha = matching > 0 ? 1 : 0.3;
  if (picture.selected === site.name) {
    context.lineWidth = 2.5;
    context.strokeStyle = theme.text;
    context.beginPath();
    context.arc(x, y, r + 4, 0, 2 * Math.PI);
    context.stroke();
  }
  context.textAlign = "center";
  // Of what is asked for, if something is.
  const found = troubleOf(site);
  const trouble = found !== null && picture.chosen.size > 0 && !picture.chosen.has(found.look) ? null : found;
  const { look, count } = trouble ?? { look: "trusted", count: 0 };
  const bad = trouble !== null;
  const size = Math.round(Math.min(28, r * 0.52));
  if (size >= 8) {
    const two = bad && r > 30;
    context.fillStyle = bad && !two ? theme.glyphs[glyphOf({ kind: "device", look } as never)]! : theme.text;
    context.font = `650 ${size}px ${theme.font}`;
    // Where there is room for one number only, it is that of what is wrong, in its colour and with its sign.
    const sign = { contraindicated: "✕", stale: "○", unproven: "□" }[look as "stale"] ?? "";
    context.fillText(bad && !two ? `${sign}${count.toLocaleString()}` : (picture.matching === null ? site.devices : matching).toLocaleString(), x, y + (two ? 0 : size * 0.36));
    if (two) {
      context.fillStyle = theme.glyphs[glyphOf({ kind: "device", look } as never)]!;
      context.font = `600 ${Math.max(9, Math.round(size * 0.62))}px ${theme.font}`;
      context.fillText(`${count.toLocaleString()} ${words[look] ?? look}`, x, y + size * 0.85);
    }
  }
  context.font = `${picture.selected === site.name || look === "contraindicated" ? 650 : 500} ${r > 34 ? 12.5 : 11}px ${theme.font}`;
  const label = fitted(context, groupName(picture.by, site.name), unit * 2.3);
  if (label === "") return;
  context.lineJoin = "round";
  context.lineWidth = 3;
  context.strokeStyle = theme.background;
  context.strokeText(label, x, y + r + 12);
  context.fillStyle = bad || picture.selected === site.name ? theme.text : theme.muted;
  context.fillText(label, x, y + r + 12);
}

/** Shares of a ring, the trusted first and the worst last, beside it. What is there is seen: no look gets less than a few degrees. */
export function slices(site: SiteTally): { look: string; share: number }[] {
  const least = 0.035;
  const there = (["trusted", "pending", "suspended", "warning", "unproven", "stale", "revoked", "contraindicated"] as const)
    .map(look => ({ look: look as string, share: (site.counts.get(look) ?? 0) / Math.max(1, site.devices) })).filter(one => one.share > 0);
  const raised = there.map(one => ({ ...one, share: Math.max(one.share, least) }));
  const sum = raised.reduce((all, one) => all + one.share, 0);
  return raised.map(one => ({ ...one, share: one.share / sum }));
}

/** A name in so many pixels, with … where it does not fit; nothing where there is no room for three letters. */
function fitted(context: CanvasRenderingContext2D, name: string, room: number): string {
  if (context.measureText(name).width <= room) return name;
  for (let length = name.length - 1; length >= 3; length--) {
    const short = name.slice(0, length) + "…";
    if (context.measureText(short).width <= room) return short;
  }
  return "";
}
