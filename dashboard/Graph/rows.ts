import type { Place } from "./layout.js";

/** Half the width and half the height of the picture of a site that is no ring: wider than high, as screens are. */
export const frame = { x: 1.8, y: 1 } as const;

/** Seats at most this far apart: few devices stay together. Wider than high, as names stand beside glyphs. */
const widest = 0.6, highest = 0.36;

/** Between two bands, in rows. */
const gap = 0.7;

export interface Band {
  /** Its upper and lower edge. */
  readonly top: number;
  readonly bottom: number;
}

interface Shape extends Band {
  /** Devices it was made for. */
  readonly count: number;
  readonly lines: number;
  /** The middle of its first line. */
  readonly first: number;
}

/** Seats in lines, lines in bands one below the other, with a quarter of them to spare. A seat that is given keeps its place whatever comes later. */
export class Rows {
  readonly bands: readonly Band[];
  private readonly shapes: readonly Shape[];
  private readonly given: number[];
  private readonly width: number;
  private readonly height: number;
  private readonly columns: number;

  /** @param counts Devices of each band. @param centred Lines that are not full stand in the middle; else they begin on the left. */
  constructor(counts: readonly number[], private readonly centred: boolean) {
    this.columns = columnsFor(counts);
    const lines = counts.map(count => linesFor(count, this.columns));
    const all = lines.reduce((sum, one) => sum + one, 0) + gap * (counts.length - 1);
    this.width = Math.min(widest, (2 * frame.x) / this.columns);
    this.height = Math.min(highest, (2 * frame.y) / all);
    let top = (all * this.height) / 2;
    this.bands = this.shapes = counts.map((count, at) => {
      const shape = { count, lines: lines[at]!, top, bottom: top - lines[at]! * this.height, first: top - this.height / 2 };
      top = shape.bottom - gap * this.height;
      return shape;
    });
    this.given = counts.map(() => 0);
  }

  /** Somebody sits there. */
  isTaken(band: number): boolean {
    return this.given[band]! > 0;
  }

  /** The next seat of a band. Where none is to spare, the last band goes on below, and any other beyond its ends. */
  seat(band: number): Place {
    const shape = this.shapes[band]!;
    const seat = this.given[band]!++;
    const last = band === this.shapes.length - 1;
    const line = last ? Math.floor(seat / this.columns) : Math.min(Math.floor(seat / this.columns), shape.lines - 1);
    const at = seat - line * this.columns;
    const whole = Math.max(0, Math.min(this.columns, shape.count - line * this.columns));
    const y = shape.first - line * this.height;
    if (!this.centred) return { x: (at - (this.columns - 1) / 2) * this.width, y };
    // Who comes later sits down in turn on the right and on the left of those who were there.
    const late = at - whole;
    const column = late < 0 ? at : late % 2 === 0 ? whole + late / 2 : -(late + 1) / 2;
    return { x: (column - (whole - 1) / 2) * this.width, y };
  }
}

function linesFor(count: number, columns: number): number {
  return Math.ceil((count + Math.max(1, Math.ceil(count / 4))) / columns);
}

/** As many columns as give every seat the most room. */
function columnsFor(counts: readonly number[]): number {
  let [best, most] = [1, 0];
  for (let columns = 1; columns <= Math.min(600, 2 + 1.25 * Math.max(...counts)); columns++) {
    const lines = counts.reduce((sum, count) => sum + linesFor(count, columns), 0) + gap * (counts.length - 1);
    const room = Math.min((2 * frame.x) / columns / 1.6, (2 * frame.y) / lines);
    if (room > most + 1e-9) [best, most] = [columns, room];
  }
  return best;
}
