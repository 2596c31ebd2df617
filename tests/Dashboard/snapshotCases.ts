import { readFileSync } from "node:fs";
import { readSnapshot } from "../../dashboard/Graph/snapshot.js";

// The browser's reader of snapshots, run by node: SnapshotInNodeTests.cs says what is asked and looks at the answers.

const [what, file, ...more] = process.argv.slice(2);
const bytes = new Uint8Array(readFileSync(file!));

function tries(some: Uint8Array): boolean {
  try {
    readSnapshot(some);
    return true;
  } catch (problem) {
    if (!(problem instanceof Error)) throw problem;
    return false;
  }
}

function best(rounds: number, work: () => unknown): number {
  let least = Infinity;
  for (let i = 0; i < rounds; i++) {
    const start = performance.now();
    work();
    least = Math.min(least, performance.now() - start);
  }
  return least;
}

const answers: Record<string, () => unknown> = {
  read: () => readSnapshot(bytes),
  /** How many of its beginnings are taken for a snapshot, the whole one not counted. */
  cut: () => { let taken = 0; for (let length = 0; length < bytes.length; length++) if (tries(bytes.subarray(0, length))) taken++; return taken; },
  /** As cut, but each says of itself that it is whole. */
  cutAndSaid: () => {
    let taken = 0;
    for (let length = 44; length < bytes.length; length++) {
      const some = bytes.slice(0, length);
      new DataView(some.buffer).setUint32(8, length, true);
      new DataView(some.buffer).setUint32(length - 4, 0x544d4753, true);
      if (tries(some)) taken++;
    }
    return taken;
  },
  /** Changed at random; the longest any took, in milliseconds. */
  spoil: () => {
    let seed = Number(more[0]), longest = 0, refused = 0;
    const random = (below: number): number => { seed = (Math.imul(seed, 1664525) + 1013904223) >>> 0; return seed % below; };
    for (let round = 0; round < Number(more[1]); round++) {
      const some = bytes.slice();
      const view = new DataView(some.buffer);
      const at = random(some.length - 4);
      if (round % 3 === 0) view.setUint32(at, 0xffffffff, true);
      else if (round % 3 === 1) some[at] = random(256);
      else view.setUint32(12 + 4 * random(3), random(0x1_0000_0000), true);
      const start = performance.now();
      if (!tries(some)) refused++;
      longest = Math.max(longest, performance.now() - start);
    }
    return { longest, refused };
  },
  /** Milliseconds to read it, the best of some, and to read the same as JSON. */
  time: () => ({ binary: best(5, () => readSnapshot(bytes)), json: best(5, () => JSON.parse(new TextDecoder().decode(readFileSync(more[0]!)))) }),
};

console.log(JSON.stringify(answers[what!]!()));
