import type { EdgeBook } from "./edgeBook.js";
import type { DeviceNode } from "./model.js";

/** Who examined whom among the devices of a site, from one of them downwards. */
export interface Tree {
  /** The device at the top; null if there are no devices. */
  readonly root: string | null;
  /** Ids, the root alone in the first step; everybody else is in the step below one of their examiners, as near to the root as there is a way. */
  readonly steps: readonly (readonly string[])[];
  /** Ids of whom no way leads to. */
  readonly rest: readonly string[];
}

/**
 * @param devices By name. That order decides wherever nothing else does.
 * @param wanted The device at the top; where it is none of these, the one that most others examined, of those the one that examined most: what is known of it rests on the most witnesses.
 */
export function treeOf(devices: readonly DeviceNode[], edges: EdgeBook, wanted: string | null): Tree {
  const order = new Map(devices.map((device, at) => [device.id, at]));
  const root = wanted !== null && order.has(wanted) ? wanted : mostExamined(devices, edges, order);
  if (root === null) return { root, steps: [], rest: [] };
  const found = new Set([root]);
  const steps: string[][] = [];
  for (let rim = [root]; rim.length > 0;) {
    steps.push(rim);
    const next: string[] = [];
    for (const id of rim) {
      const examined = [...edges.of(id)].filter(edge => edge.from === id && order.has(edge.to) && !found.has(edge.to)).map(edge => edge.to);
      for (const other of examined.sort((a, b) => order.get(a)! - order.get(b)!)) {
        found.add(other);
        next.push(other);
      }
    }
    rim = next;
  }
  return { root, steps, rest: devices.filter(device => !found.has(device.id)).map(device => device.id) };
}

function mostExamined(devices: readonly DeviceNode[], edges: EdgeBook, order: ReadonlyMap<string, number>): string | null {
  let [best, most, widest] = [devices[0]?.id ?? null, -1, -1];
  for (const { id } of devices) {
    let [examiners, examined] = [0, 0];
    for (const edge of edges.of(id)) {
      if (edge.to === id && order.has(edge.from)) examiners++;
      if (edge.from === id && order.has(edge.to)) examined++;
    }
    if (examiners > most || (examiners === most && examined > widest)) [best, most, widest] = [id, examiners, examined];
  }
  return best;
}
