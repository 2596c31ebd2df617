import { hash, type Place } from "./layout.js";
import { frame } from "./rows.js";

/** Within this of the middle everybody stays, so that glyphs at the rim are whole. */
const rim = { x: frame.x - 0.06, y: frame.y - 0.06 };

/** Rounds at least and at most, and moves of one device in all rounds together: however large a site is, the page answers again soon. */
const leastRounds = 40, mostRounds = 400, mostMoves = 600_000;

/** Eight ways to step aside. No sine and no cosine anywhere here: those may differ in their last digit from browser to browser, and forces make much of little. */
const ways = [[1, 0], [0, 1], [-1, 0], [0, -1], [0.7, 0.7], [-0.7, 0.7], [-0.7, -0.7], [0.7, -0.7]] as const;

/**
 * Places by forces: examinations pull, nearness pushes. Each begins where its id says and a fixed number of rounds follows, so that the same devices and the same
 * edges always give the same picture.
 * @param ids In order.
 * @param links Pairs of places in ids, each pair once and in order.
 */
export function spread(ids: readonly string[], links: readonly (readonly [number, number])[]): Place[] {
  const count = ids.length;
  const x = Float64Array.from(ids, id => (hash(id, 11) * 2 - 1) * rim.x), y = Float64Array.from(ids, id => (hash(id, 12) * 2 - 1) * rim.y);
  const [fx, fy, degree] = [new Float64Array(count), new Float64Array(count), new Float64Array(count)];
  for (const [a, b] of links) { degree[a]!++; degree[b]!++; }
  const ideal = apart(count);
  const rounds = Math.max(leastRounds, Math.min(mostRounds, Math.floor(mostMoves / Math.max(1, count))));
  for (let round = 0; round < rounds; round++) {
    fx.fill(0);
    fy.fill(0);
    push(x, y, fx, fy, ideal, 2.5 * ideal);
    for (const [a, b] of links) {
      const [dx, dy] = [x[b]! - x[a]!, y[b]! - y[a]!];
      // Somebody with many partners is not torn: all of them together pull about as hard as one.
      const pull = (Math.sqrt(dx * dx + dy * dy) / ideal) * (2 / (1 + Math.sqrt(degree[a]! * degree[b]!)));
      fx[a]! += dx * pull; fy[a]! += dy * pull;
      fx[b]! -= dx * pull; fy[b]! -= dy * pull;
    }
    // Calmer from round to round.
    const most = ideal * (0.02 + 0.6 * (1 - round / rounds));
    for (let i = 0; i < count; i++) {
      const [ax, ay] = [fx[i]! - x[i]! * 0.02, fy[i]! - y[i]! * 0.04];
      const length = Math.sqrt(ax * ax + ay * ay);
      const scale = length > most ? most / length : 1;
      x[i] = clamp(x[i]! + ax * scale, rim.x);
      y[i] = clamp(y[i]! + ay * scale, rim.y);
    }
  }
  return ids.map((_, i) => ({ x: x[i]!, y: y[i]! }));
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
  const bins = new Map<number, number[]>();
  for (let i = 0; i < x.length; i++) {
    const bin = binOf(Math.floor(x[i]! / reach), Math.floor(y[i]! / reach));
    const others = bins.get(bin);
    if (others === undefined) bins.set(bin, [i]);
    else others.push(i);
  }
  for (let i = 0; i < x.length; i++) {
    const [column, row] = [Math.floor(x[i]! / reach), Math.floor(y[i]! / reach)];
    for (let across = -1; across <= 1; across++)
      for (let down = -1; down <= 1; down++)
        for (const j of bins.get(binOf(column + across, row + down)) ?? []) {
          if (j <= i) continue;
          let [dx, dy] = [x[i]! - x[j]!, y[i]! - y[j]!];
          const square = dx * dx + dy * dy;
          if (square > reach * reach) continue;
          // Two at one place part by their order.
          if (square < 1e-12) [dx, dy] = [1e-6 * (1 + (i % 7)), 1e-6 * (1 + (j % 5))];
          const force = (ideal * ideal) / Math.max(square, 1e-6) * 0.35;
          fx[i]! += dx * force; fy[i]! += dy * force;
          fx[j]! -= dx * force; fy[j]! -= dy * force;
        }
  }
}

function binOf(column: number, row: number): number {
  return column * 100_003 + row;
}

function clamp(value: number, most: number): number {
  return Math.max(-most, Math.min(most, value));
}
