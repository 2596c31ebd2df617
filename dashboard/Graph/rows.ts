import type { Place } from "./layout.js";

/** Half the width and half the height of the picture of a site that is no ring: wider than high, as screens are. */
export const frame = { x: 1.8, y: 1 } as const;

/** Seats at most this far apart: few devices stay together. Wider than high, as names stand beside glyphs. */
const widest = 0.6, highest = 0.36;

/** Between two bands, in lines. */
const gap = 0.7;

/** Beside the seats of a band, for what is written there. */
const beside = 0.3;

/** Side by side at most so many strips, and only where seats get so much more room by another one: one above the other says it better. */
const mostStrips = 8, worth = 1.5;

export interface Band {
  /** Its upper edge, and where it begins and ends. */
  readonly top: number;
  readonly left: number;
  readonly right: number;
}

interface Shape extends Band {
  /** Devices it was made for. */
  readonly count: number;
  readonly lines: number;
  /** The middle of its first line. */
  readonly first: number;
  readonly middle: number;
}

/**
 * Seats in lines, lines in bands one below the other, with an eighth of them to spare; where there are very many bands, they go on in a next strip beside the first. A seat
 * that is given keeps its place whatever comes later.
 */
export class Rows {
  readonly bands: readonly Band[];
  private readonly shapes: readonly Shape[];
  private readonly given: number[];
  private readonly width: number;
  private readonly height: number;
  private readonly columns: number;
  private readonly beside: number;

  /** @param counts Devices of each band. @param centred Lines that are not full stand in the middle, and bands have words; else they begin on the left. */
  constructor(counts: readonly number[], private readonly centred: boolean) {
    this.beside = centred ? beside : 0;
    const { strips, columns } = best(counts, this.beside);
    this.columns = columns;
    const lines = counts.map(count => linesFor(count, columns));
    const high = folded(lines, strips);
    this.width = Math.min(widest, ((2 * frame.x) / strips - this.beside) / columns);
    this.height = Math.min(highest, (2 * frame.y) / Math.max(...high.map(one => one.lines)));
    const wide = strips === 1 ? 2 * frame.x : (2 * frame.x) / strips;
    this.bands = this.shapes = high.flatMap(({ from, to, lines: tall }, strip) => {
      const middle = (strip - (high.length - 1) / 2) * wide;
      // Strips begin side by side; one alone stands in the middle.
      let top = (Math.max(...high.map(one => one.lines)) * this.height) / 2;
      if (high.length === 1) top = (tall * this.height) / 2;
      return counts.slice(from, to).map((count, at) => {
        const shape = { count, lines: lines[from + at]!, top, first: top - this.height / 2, middle, left: middle - wide / 2 + 0.02, right: middle + wide / 2 - 0.02 };
        top -= (shape.lines + gap) * this.height;
        return shape;
      });
    });
    this.given = counts.map(() => 0);
  }

  /** Somebody sits there. */
  isTaken(band: number): boolean {
    return this.given[band]! > 0;
  }

  /** The next seat of a band; of the last one if it is full, which goes on below. */
  seat(band: number): Place {
    const last = this.shapes.length - 1;
    const shape = this.shapes[band]!;
    if (band < last && this.given[band]! >= shape.lines * this.columns) return this.seat(last);
    const seat = this.given[band]!++;
    const line = Math.floor(seat / this.columns), at = seat % this.columns;
    const y = shape.first - line * this.height;
    if (!this.centred) return { x: (at - (this.columns - 1) / 2) * this.width, y };
    // Who comes later sits down in turn on the right and on the left of those who were there.
    const whole = Math.max(0, Math.min(this.columns, shape.count - line * this.columns));
    const late = at - whole;
    const column = late < 0 ? at : late % 2 === 0 ? whole + late / 2 : -(late + 1) / 2;
    return { x: shape.middle + this.beside / 2 + (column - (whole - 1) / 2) * this.width, y };
  }
}

function linesFor(count: number, columns: number): number {
  return Math.ceil((count + Math.max(1, Math.ceil(count / 8))) / columns);
}

/** Bands from and to in each strip, and how many lines high it is. */
function folded(lines: readonly number[], strips: number): { from: number; to: number; lines: number }[] {
  const all = lines.reduce((sum, one) => sum + one + gap, 0);
  const found: { from: number; to: number; lines: number }[] = [];
  let [from, high] = [0, 0];
  for (const [at, one] of lines.entries()) {
    high += one + (high === 0 ? 0 : gap);
    if (at < lines.length - 1 && (high < all / strips || found.length === strips - 1)) continue;
    found.push({ from, to: at + 1, lines: high });
    [from, high] = [at + 1, 0];
  }
  return found;
}

/** As many strips and columns as give every seat the most room. */
function best(counts: readonly number[], beside: number): { strips: number; columns: number } {
  let found = { strips: 1, columns: 1 }, most = 0;
  for (let strips = 1; strips <= Math.min(mostStrips, Math.ceil(counts.length / 4)); strips++)
    for (let columns = 1; columns <= Math.min(600, 2 + 1.125 * Math.max(...counts)); columns++) {
      const lines = Math.max(...folded(counts.map(count => linesFor(count, columns)), strips).map(one => one.lines));
      const room = Math.min(((2 * frame.x) / strips - beside) / columns / 1.6, (2 * frame.y) / lines);
      if (room > most * (strips > found.strips ? worth : 1) + 1e-9) [found, most] = [{ strips, columns }, room];
    }
  return found;
}
