import { hash, type Place } from "./layout.js";
import { frame } from "./rows.js";

/** Within this of the middle everybody stays, so that glyphs at the rim are whole. */
const rim = { x: frame.x - 0.06, y: frame.y - 0.06 };

/** Rounds at least and at most, and moves of one device in all rounds together: however large a site is, the page answers again soon. */
const leastRounds = 40, mostRounds = 400, mostMoves = 600_000;

/** Eight ways to step aside. No sine and no cosine anywhere here: those may differ in their last digit from browser to browser, and forces make much of little. */
const ways = [[1, 0], [0, 1], [-1, 0], [0, -1], [0.7, 0.7], [-0.7, 0.7], [-0.7, -0.7], [0.7, -0.7]] as const;

/**
 * Places by forces: examinations pull, nearness pushes. Each begins at a place of its id and its partners, and a fixed number of rounds follows, so that the same devices and the same
 * edges always give the same picture.
 * @param ids In order.
 * @param links Pairs of places in ids, each pair once and in order.
 */
export function spread(ids: readonly string[], links: readonly (readonly [number, number])[]): Place[] {
  const count = ids.length;
  const degree = new Float64Array(count);
  for (const [a, b] of links) { degree[a]!++; degree[b]!++; }
  const x = begin(ids, links, degree, 11, null), y = begin(ids, links, degree, 12, x);
  for (let i = 0; i < count; i++) { x[i]! *= rim.x; y[i]! *= rim.y; }
  const fx = new Float64Array(count), fy = new Float64Array(count);
  const ideal = apart(count);
  const strength = 1.2 * ideal;
  const rounds = Math.max(leastRounds, Math.min(mostRounds, Math.floor(mostMoves / Math.max(1, count))));
  for (let round = 0; round < rounds; round++) {
    fx.fill(0);
    fy.fill(0);
    push(x, y, fx, fy, ideal, 2 * ideal);
    for (const [a, b] of links) {
      const [dx, dy] = [x[b]! - x[a]!, y[b]! - y[a]!];
      // Far apart no harder than near: else a mesh in which everybody examines some, wherever they are, would end in one heap.
      const pull = strength / (Math.sqrt(dx * dx + dy * dy) + ideal) * (2 / (1 + Math.sqrt(degree[a]! * degree[b]!)));
      fx[a]! += dx * pull; fy[a]! += dy * pull;
      fx[b]! -= dx * pull; fy[b]! -= dy * pull;
    }
    // Calmer from round to round.
    const most = ideal * (0.02 + 0.6 * (1 - round / rounds));
    for (let i = 0; i < count; i++) {
      const [ax, ay] = [fx[i]! - x[i]! * ideal * 0.06, fy[i]! - y[i]! * ideal * 0.12];
      const length = Math.sqrt(ax * ax + ay * ay);
      const scale = length > most ? most / length : 1;
      x[i] = clamp(x[i]! + ax * scale, rim.x);
      y[i] = clamp(y[i]! + ay * scale, rim.y);
    }
  }
  return ids.map((_, i) => ({ x: x[i]!, y: y[i]! }));
}

/**
 * Where everybody begins on one axis, from -1 to 1: where the id says, then again and again nearer to the mean of the partners, so that those who belong together begin
 * together. Forces alone do not find each other through a crowd.
 * @param other Of the other axis, which this one is to say something else than; null for the first.
 */
function begin(ids: readonly string[], links: readonly (readonly [number, number])[], degree: Float64Array, seed: number, other: Float64Array | null): Float64Array {
  const start = Float64Array.from(ids, id => hash(id, seed) * 2 - 1);
  const at = start.slice(), sum = new Float64Array(ids.length);
  for (let round = 0; round < 60; round++) {
    sum.fill(0);
    for (const [a, b] of links) { sum[a]! += at[b]!; sum[b]! += at[a]!; }
    let [mean, along, weight, square] = [0, 0, 1e-9, 1e-9];
    for (let i = 0; i < at.length; i++) {
      if (degree[i]! > 0) at[i] = (at[i]! + sum[i]! / degree[i]!) / 2;
      mean += at[i]! * degree[i]!;
      weight += degree[i]!;
    }
    mean /= weight;
    for (let i = 0; i < at.length; i++) { at[i]! -= mean; if (other !== null) { along += at[i]! * other[i]! * degree[i]!; square += other[i]! * other[i]! * degree[i]!; } }
    let size = 1e-9;
    for (let i = 0; i < at.length; i++) { if (other !== null) at[i]! -= other[i]! * (along / square); size += at[i]! * at[i]!; }
    size = Math.sqrt(size / at.length) * 2;
    for (let i = 0; i < at.length; i++) at[i]! /= size;
  }
  // Not all at one place.
  return at.map((place, i) => clamp(place * 0.85 + start[i]! * 0.15, 1));
}

/** How far apart so many devices would like to be. */
export function apart(count: number): number {
  return 0.8 * Math.sqrt((4 * rim.x * rim.y) / Math.max(1, count));
}

/** Free places beside those who are there, for who comes later. */
export class Free {
  private readonly bins = new Map<number, Place[]>();
  private readonly step: number;

  constructor(places: Iterable<Place>, count: number) {
    this.step = apart(count) * 0.55;
    for (const place of places) this.take(place);
  }

  /** The first free place around a wish; where all near ones are taken, the one that is freest. */
  near({ x, y }: Place): Place {
    let [best, most] = [{ x: clamp(x, rim.x), y: clamp(y, rim.y) }, -1];
    for (let ring = 0; ring <= 24 && most < this.step; ring++)
      for (const [wx, wy] of ring === 0 ? [[0, 0] as const] : ways) {
        const place = { x: clamp(x + wx * ring * this.step, rim.x), y: clamp(y + wy * ring * this.step, rim.y) };
        const room = this.room(place);
        if (room > most) [best, most] = [place, room];
        if (most >= this.step) break;
      }
    this.take(best);
    return best;
  }

  /** To the nearest that is taken, or so far that it does not matter. */
  private room(place: Place): number {
    const [column, row] = [Math.floor(place.x / this.step), Math.floor(place.y / this.step)];
    let least = this.step;
    for (let dx = -1; dx <= 1; dx++)
      for (let dy = -1; dy <= 1; dy++)
        for (const other of this.bins.get(binOf(column + dx, row + dy)) ?? [])
          least = Math.min(least, Math.sqrt((other.x - place.x) ** 2 + (other.y - place.y) ** 2));
    return least;
  }

  private take(place: Place): void {
    const bin = binOf(Math.floor(place.x / this.step), Math.floor(place.y / this.step));
    const others = this.bins.get(bin);
    if (others === undefined) this.bins.set(bin, [place]);
    else others.push(place);
  }
}

/** Everybody is pushed by whoever is near, and by nobody else: with all of them each round would take the square of their number. */
function push(x: Float64Array, y: Float64Array, fx: Float64Array, fy: Float64Array, ideal: number, reach: number): void {
  const count = x.length;
  const columns = Math.floor((2 * rim.x) / reach) + 1, rows = Math.floor((2 * rim.y) / reach) + 1;
  // Sorted by bin: first how many each has, then where each begins.
  const begins = new Int32Array(columns * rows + 1), bins = new Int32Array(count), sorted = new Int32Array(count);
  for (let i = 0; i < count; i++) begins[(bins[i] = Math.floor((y[i]! + rim.y) / reach) * columns + Math.floor((x[i]! + rim.x) / reach)) + 1]!++;
  for (let bin = 0; bin < columns * rows; bin++) begins[bin + 1]! += begins[bin]!;
  const next = begins.slice();
  for (let i = 0; i < count; i++) sorted[next[bins[i]!]!++] = i;
  for (let i = 0; i < count; i++) {
    const [column, row] = [bins[i]! % columns, Math.floor(bins[i]! / columns)];
    for (let down = Math.max(0, row - 1); down <= Math.min(rows - 1, row + 1); down++) {
      const from = begins[down * columns + Math.max(0, column - 1)]!, to = begins[down * columns + Math.min(columns - 1, column + 1) + 1]!;
      for (let at = from; at < to; at++) {
        const j = sorted[at]!;
        if (j <= i) continue;
        let dx = x[i]! - x[j]!, dy = y[i]! - y[j]!;
        const square = dx * dx + dy * dy;
        if (square > reach * reach) continue;
        // Two at one place part by their order.
        if (square < 1e-12) { dx = 1e-6 * (1 + (i % 7)); dy = 1e-6 * (1 + (j % 5)); }
        const force = ((ideal * ideal) / Math.max(square, 1e-6)) * 0.5;
        fx[i]! += dx * force; fy[i]! += dy * force;
        fx[j]! -= dx * force; fy[j]! -= dy * force;
      }
    }
  }
}

function binOf(column: number, row: number): number {
  return column * 100_003 + row;
}

function clamp(value: number, most: number): number {
  return Math.max(-most, Math.min(most, value));
}
