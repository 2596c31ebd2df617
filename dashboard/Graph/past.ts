import { type DeviceNode, type TrustEdge } from "./model.js";

// The shapes of silo/Contracts: HistoryView, PastDevice, PastChange, PastTags.

interface PastDevice {
  readonly id: string;
  readonly name: string;
  readonly site: string;
  readonly model: string;
  readonly tier: string;
  /** Null: it joined later. */
  readonly look: string | null;
  readonly since: string | null;
  /** At the beginning of the stretch; null or missing: none. */
  readonly tags?: readonly string[] | null;
}

interface PastTags {
  readonly at: string;
  readonly device: string;
  readonly tags: readonly string[];
}

export interface PastChange {
  readonly at: string;
  readonly device: string;
  readonly look: string;
  readonly kind: string;
  readonly text: string;
  readonly actor: string;
}

interface History {
  readonly from: string;
  readonly to: string;
  readonly begins: string | null;
  readonly devices: readonly PastDevice[];
  readonly changes: readonly PastChange[];
  readonly more: boolean;
  readonly tags?: readonly PastTags[] | null;
}

interface Moment {
  readonly look: string;
  readonly since: number | null;
  /** Null: it already was at the beginning. */
  readonly change: PastChange | null;
}

/** Answers of the silo that make one stretch; past them somebody has to choose a shorter one. */
const mostPages = 10;

/** Looks an operator searches the past for. */
const bad = new Set(["contraindicated", "suspended", "revoked"]);

/** A stretch of the past, and the instant in it that is looked at. Times are milliseconds of the silo's clock. */
export class Past {
  private readonly devices = new Map<string, PastDevice>();
  private readonly changes: PastChange[] = [];
  private readonly times: number[] = [];
  /** Of each device whose tags change in the stretch, when and to what. */
  private readonly retagged = new Map<string, { readonly at: number; readonly tags: readonly string[] }[]>();
  private looks = new Map<string, Moment>();
  /** Changes before this one are in what is looked at. */
  private next = 0;
  at: number;

  private constructor(readonly from: number, public to: number, readonly begins: number | null, first: readonly PastDevice[]) {
    for (const device of first) this.devices.set(device.id, device);
    this.at = from;
    this.rewind();
  }

  /** Rejects with a sentence for people. */
  static async load(from: number, to: number, signal: AbortSignal): Promise<Past> {
    let past: Past | null = null;
    for (let page = 0, start = from; page < mostPages; page++) {
      const history = await ask(start, to, signal);
      past ??= new Past(from, Date.parse(history.to), history.begins === null ? null : Date.parse(history.begins), history.devices);
      past.add(history);
      if (!history.more) return past;
      start = Date.parse(history.to);
    }
    return past!;
  }

  /** Moves to an instant of the stretch. @returns The devices that look different, or came or went, there. */
  move(at: number): Set<string> {
    const touched = new Set<string>();
    if (at < this.at) {
      for (const change of this.changes.slice(this.indexAfter(at), this.next)) touched.add(change.device);
      this.rewind();
    }
    for (const before = touched.size > 0; this.next < this.times.length && this.times[this.next]! <= at; this.next++) {
      const change = this.changes[this.next]!;
      this.looks.set(change.device, { look: change.look, since: this.times[this.next]!, change });
      if (!before) touched.add(change.device);
    }
    this.at = at;
    return touched;
  }

  /** The instant of the change before or after the one looked at; null if there is none. */
  step(way: -1 | 1): number | null {
    if (way === 1) return this.times[this.next] ?? null;
    const now = this.next === 0 ? null : this.times[this.next - 1]!;
    if (now === null || now < this.at) return now;
    const before = this.times.findIndex(time => time >= now) - 1;
    return before >= 0 ? this.times[before]! : this.from < this.at ? this.from : null;
  }

  /** A device as the graph draws it; null if it was not there. What is not in the log of it, as when its proof ends, is left out. */
  node(id: string): DeviceNode | null {
    const [device, moment] = [this.devices.get(id), this.looks.get(id)];
    return device === undefined || moment === undefined ? null
      : { id, name: device.name, kind: "device", site: device.site, model: device.model, tier: device.tier, look: moment.look, provenAt: null, expiresAt: null };
  }

  nodes(): DeviceNode[] {
    return [...this.looks.keys()].map(id => this.node(id)!);
  }

  moment(id: string): Moment | null {
    return this.looks.get(id) ?? null;
  }

  /** The tags a device has at the instant looked at. */
  tags(id: string): readonly string[] {
    return this.retagged.get(id)?.filter(change => change.at <= this.at).at(-1)?.tags ?? this.devices.get(id)?.tags ?? [];
  }

  /** Changes per equal part of the stretch: all, and those for the worse. */
  histogram(parts: number): readonly { all: number; bad: number }[] {
    const bins = Array.from({ length: parts }, () => ({ all: 0, bad: 0 }));
    this.changes.forEach((change, index) => {
      const bin = bins[Math.min(parts - 1, Math.floor((this.times[index]! - this.from) / Math.max(1, this.to - this.from) * parts))]!;
      bin.all++;
      if (bad.has(change.look)) bin.bad++;
    });
    return bins;
  }

  private add(history: History): void {
    for (const device of history.devices) if (!this.devices.has(device.id)) this.devices.set(device.id, { ...device, look: null, since: null });
    for (const change of history.changes) { this.changes.push(change); this.times.push(Date.parse(change.at)); }
    for (const change of history.tags ?? []) {
      const known = this.retagged.get(change.device) ?? [];
      known.push({ at: Date.parse(change.at), tags: change.tags });
      this.retagged.set(change.device, known);
    }
    this.to = Date.parse(history.to);
  }

  private rewind(): void {
    this.next = 0;
    this.looks = new Map();
    for (const device of this.devices.values())
      if (device.look !== null) this.looks.set(device.id, { look: device.look, since: device.since === null ? null : Date.parse(device.since), change: null });
  }

  private indexAfter(at: number): number {
    const index = this.times.findIndex(time => time > at);
    return index < 0 ? this.times.length : index;
  }
}

/** What the silo said of a device, as its look tells it; null where a decision stands before the verdict. */
export function siloEdge(silo: string, node: DeviceNode): TrustEdge | null {
  const status = ({ trusted: "affirming", stale: "affirming", warning: "warning", contraindicated: "contraindicated" } as Record<string, string>)[node.look];
  return status === undefined ? null : { from: silo, to: node.id, status, fresh: node.look !== "stale", expiresAt: null };
}


async function ask(from: number, to: number, signal: AbortSignal): Promise<History> {
  const query = new URLSearchParams({ from: new Date(from).toISOString(), to: new Date(to).toISOString() });
  const response = await fetch(`feed/history?${query}`, { signal: AbortSignal.any([signal, AbortSignal.timeout(30_000)]), cache: "no-store" });
  if (response.status === 401) throw new Error("The session has ended; sign in again.");
  if (!response.ok) {
    const problem = await response.json().catch(() => ({})) as { title?: string };
    throw new Error(problem.title ?? `The silo answered ${response.status}.`);
  }
  return await response.json() as History;
}
