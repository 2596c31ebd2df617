// Where things are. A device's place within its site is a pure function of its id, so no device ever moves because another one changed.

export interface Place {
  readonly x: number;
  readonly y: number;
}

/** FNV-1a, finished as in MurmurHash3, so that ids that differ in one character land far apart. */
function hash(text: string, seed: number): number {
  let h = 0x811c9dc5 ^ seed;
  for (let i = 0; i < text.length; i++) h = Math.imul(h ^ text.charCodeAt(i), 0x01000193);
  h = Math.imul(h ^ (h >>> 16), 0x85ebca6b);
  h = Math.imul(h ^ (h >>> 13), 0xc2b2ae35);
  return ((h ^ (h >>> 16)) >>> 0) / 0x1_0000_0000;
}

/** Radii of the orbits a site's devices sit on; a site has radius 1. */
export const orbits = [0.42, 0.58, 0.74, 0.9] as const;

/** Places on each orbit, about equally far apart, so that few of a site's first dozens of devices touch. */
const places = [18, 25, 32, 39] as const;
const allPlaces = places.reduce((sum, count) => sum + count, 0);

/** The place of a device relative to the middle of its site. Two devices that share one are told apart by a little shift of their own. */
export function orbitOf(id: string): Place {
  let place = Math.floor(hash(id, 1) * allPlaces);
  let orbit = 0;
  while (place >= places[orbit]!) place -= places[orbit++]!;
  const radius = orbits[orbit]! + (hash(id, 2) - 0.5) * 0.05;
  const angle = ((place + orbit / 4 + (hash(id, 3) - 0.5) * 0.35) / places[orbit]!) * 2 * Math.PI;
  return { x: radius * Math.cos(angle), y: radius * Math.sin(angle) };
}

/** Middles of sites stand this far apart. */
const spacing = 2.5;

/** The n-th cell of a hexagonal spiral around the origin. */
function cell(n: number): Place {
  if (n === 0) return { x: 0, y: 0 };
  let ring = 1;
  while (3 * ring * (ring + 1) < n) ring++;
  const offset = n - 3 * ring * (ring - 1) - 1;
  const side = Math.floor(offset / ring);
  const along = offset % ring;
  const corner = (k: number): Place => ({ x: ring * Math.cos((k * Math.PI) / 3), y: ring * Math.sin((k * Math.PI) / 3) });
  const from = corner(side), to = corner(side + 1);
  const t = along / ring;
  return { x: (from.x + (to.x - from.x) * t) * spacing, y: (from.y + (to.y - from.y) * t) * spacing };
}

/**
 * Gives each site a cell: the silo's own site (or the first by name) the middle, the others in order of name. A site that turns up later takes
 * the next free cell, so that none moves while the page is open; a cell is never given away again.
 */
export class SiteMap {
  private readonly cells = new Map<string, Place>();

  get sites(): ReadonlyMap<string, Place> {
    return this.cells;
  }

  settle(sites: Iterable<string>, home: string): void {
    const fresh = [...new Set(sites)].filter(site => !this.cells.has(site)).sort((a, b) => (a === home ? -1 : b === home ? 1 : a < b ? -1 : 1));
    for (const site of fresh) this.cells.set(site, cell(this.cells.size));
  }

  middle(site: string): Place {
    return this.cells.get(site) ?? { x: 0, y: 0 };
  }

  /** The box around all sites, which the camera calls 1. */
  box(): { x: [number, number]; y: [number, number] } {
    let [left, right, bottom, top] = [0, 0, 0, 0];
    for (const { x, y } of this.cells.values()) {
      left = Math.min(left, x);
      right = Math.max(right, x);
      bottom = Math.min(bottom, y);
      top = Math.max(top, y);
    }
    return { x: [left - 1.05, right + 1.05], y: [bottom - 1.05, top + 1.05] };
  }
}
