// Where things are. A device's place within its site is a pure function of its id, so no device ever moves because another one changed.

export interface Place {
  readonly x: number;
  readonly y: number;
}

/** FNV-1a, finished as in MurmurHash3, so that ids that differ in one character land far apart. */
export function hash(text: string, seed: number): number {
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

/** Cells of a hexagonal grid from the middle outwards, wider than high, as screens are. The order never depends on how many are asked for. */
const cells: Place[] = [];

function cell(n: number): Place {
  for (let size = 8; cells.length <= n; size *= 2) {
    const far = (place: Place): number => Math.hypot(place.x / 2, place.y);
    const found: Place[] = [];
    for (let row = -size; row <= size; row++)
      for (let column = -2 * size; column <= 2 * size; column++) found.push({ x: (column + (row & 1) / 2) * spacing, y: row * spacing * 0.866 });
    // Only as far as every cell that near is among them.
    const near = found.filter(place => far(place) < (size - 1) * spacing * 0.866);
    near.sort((a, b) => far(a) - far(b) || Math.atan2(a.y, a.x) - Math.atan2(b.y, b.x));
    if (near.length > n) cells.splice(0, cells.length, ...near);
  }
  return cells[n]!;
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
