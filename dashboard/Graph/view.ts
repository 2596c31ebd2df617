// Which part of the mesh is looked at. All of it is in the address, so that a link shows the same and Back undoes a drill-down.

/** How the devices of a site are laid out; ring: each at a place of its own id. */
export const layouts = ["ring", "grid", "tree", "force"] as const;
export type Layout = typeof layouts[number];

/** What the fleet level draws one chart of each. What people do and what the clock does is none: a device would wander from chart to chart. */
export const groupings = ["site", "model", "tier"] as const;
export type Grouping = typeof groupings[number];

export type Level = "all" | "fleet" | "site" | "focus";

export interface View {
  /** Null: what suits the size of the mesh. */
  readonly level: "all" | "fleet" | null;
  readonly group: Grouping;
  readonly site: string | null;
  /** Of the devices of a site. */
  readonly layout: Layout;
  /** A device's id: the top of a tree; null for the one that most others examined. */
  readonly root: string | null;
  /** A device's id. */
  readonly focus: string | null;
  readonly hops: 1 | 2 | 3;
  /** A device's id: how does it come to trust the focused one? */
  readonly by: string | null;
  /** Who would lose their only examiner with the focused one? */
  readonly blast: boolean;
}

/** Above this many devices the picture begins with one ring chart per site. */
export const crowd = 1500;

export const whole: View = { level: null, group: "site", site: null, layout: "ring", root: null, focus: null, hops: 1, by: null, blast: false };

/** Ids are base32; a site is whatever somebody typed, and compared, never interpreted (A44). */
const id = (text: string | null): string | null => (text !== null && /^[a-z2-7]{1,64}$/.test(text) ? text : null);

export function readView(query: URLSearchParams): View {
  const level = query.get("level");
  const hops = Number(query.get("hops"));
  const site = query.get("site");
  const layout = layouts.find(one => one === query.get("layout")) ?? "ring";
  return {
    level: level === "all" || level === "fleet" ? level : null,
    group: groupings.find(one => one === query.get("group")) ?? "site",
    layout,
    root: layout === "tree" ? id(query.get("root")) : null,
    site: site === null || site === "" || site.length > 256 ? null : site,
    focus: id(query.get("focus")),
    hops: hops === 2 || hops === 3 ? hops : 1,
    by: id(query.get("by")),
    blast: query.get("blast") === "1",
  };
}

/** Milliseconds of the instant a link froze; null if it is of the present. */
export function readInstant(query: URLSearchParams): number | null {
  const at = Date.parse(query.get("at") ?? "");
  return Number.isNaN(at) ? null : at;
}

export function writeView(view: View, query: URLSearchParams): void {
  if (view.focus !== null) {
    query.set("focus", view.focus);
    if (view.hops !== 1) query.set("hops", String(view.hops));
    if (view.by !== null) query.set("by", view.by);
    if (view.blast) query.set("blast", "1");
  } else if (view.site !== null) {
    query.set("site", view.site);
    if (view.layout !== "ring") query.set("layout", view.layout);
    if (view.layout === "tree" && view.root !== null) query.set("root", view.root);
  } else {
    if (view.level !== null) query.set("level", view.level);
    if (view.level !== "all" && view.group !== "site") query.set("group", view.group);
  }
}

/** The table that shows the same: the devices of a site, or one row for each chart. */
export function tableOf(view: View, level: Level): [string, string][] {
  return [...(level === "site" ? [["site", view.site ?? ""]] : level === "fleet" ? [["of", "groups"], ["group", view.group]] : []), ["view", "table"]] as [string, string][];
}

/** As the server writes it: what RFC 3986 lets stand in a query is left as it is. */
export function legible(query: URLSearchParams): string {
  return query.toString().replaceAll("%3A", ":").replaceAll("%2C", ",").replaceAll("%7E", "~");
}

export function levelOf(view: View, devices: number): Level {
  return view.focus !== null ? "focus" : view.site !== null ? "site" : view.level ?? (devices > crowd || view.group !== "site" ? "fleet" : "all");
}
