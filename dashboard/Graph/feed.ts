import type { Delta, Snapshot } from "./model.js";
import { Known, readDelta } from "./news.js";
import { lengthOf, NoSnapshot, readSnapshot } from "./snapshot.js";

export type FeedState =
  | { readonly kind: "connecting" }
  | { readonly kind: "live" }
  | { readonly kind: "reconnecting"; readonly at: number; readonly since: number | null; readonly because: string | null }
  | { readonly kind: "ended" };

export interface FeedListener {
  /** @param read Milliseconds it took to read its bytes. */
  snapshot(snapshot: Snapshot, bytes: number, read: number): void;
  delta(delta: Delta): void;
  state(state: FeedState): void;
}

/** Between two snapshots, when the feed ends in a gap each time: a silo that skips is not run over. */
const leastBetween = 2_000;

/** One event that never ends is no event (A42): a delta of a whole large mesh has about 30 MB. */
const longestEvent = 64 * 1024 * 1024;

/** The feed writes at least a comment every ten seconds; after this silence it is taken for dead. */
const silence = 25_000;

class SessionEnded extends Error {}

/** Snapshot, then numbered deltas; a gap fetches the snapshot again, a cut tries again for ever with growing pauses. */
export async function follow(listener: FeedListener, signal: AbortSignal): Promise<void> {
  let failures = 0;
  let heard: number | null = null;
  while (!signal.aborted) {
    try {
      const began = Date.now();
      const bytes = await load(signal);
      const start = performance.now();
      const snapshot = readSnapshot(bytes);
      listener.snapshot(snapshot, bytes.length, performance.now() - start);
      listener.state({ kind: "live" });
      failures = 0;
      await listen(snapshot.sequence, new Known(snapshot), delta => listener.delta(delta), () => { heard = Date.now(); }, signal);
      await pause(began + leastBetween - Date.now(), signal);
    } catch (problem) {
      if (signal.aborted) return;
      if (problem instanceof SessionEnded) {
        listener.state({ kind: "ended" });
        return;
      }
      const wait = Math.min(15_000, 1000 * 2 ** failures++);
      listener.state({ kind: "reconnecting", at: Date.now() + wait, since: heard, because: problem instanceof NoSnapshot ? problem.message : null });
      await pause(wait, signal);
    }
  }
}

/** The bytes of a snapshot, all of them, and no more than it says itself that it has: one that never ends is none (A42). */
async function load(signal: AbortSignal): Promise<Uint8Array> {
  const response = await fetch("feed/snapshot", { signal: AbortSignal.any([signal, AbortSignal.timeout(20_000)]), cache: "no-store" });
  if (response.status === 401) throw new SessionEnded();
  if (!response.ok || response.body === null) throw new Error(`snapshot ${response.status}`);
  const reader = response.body.getReader();
  const parts: Uint8Array[] = [];
  let came = 0, length = 0;
  for (let part = await reader.read(); !part.done; part = await reader.read()) {
    parts.push(part.value);
    came += part.value.length;
    if (length === 0 && came >= 12) length = lengthOf(new DataView(joined(parts, came).buffer));
    if (length !== 0 && came > length) { void reader.cancel(); throw new NoSnapshot("a snapshot longer than it says"); }
  }
  if (length === 0 || came < length) throw new NoSnapshot(`the snapshot broke off after ${came.toLocaleString()} bytes`);
  return joined(parts, came);
}

function joined(parts: readonly Uint8Array[], length: number): Uint8Array<ArrayBuffer> {
  const all = new Uint8Array(length);
  let at = 0;
  for (const part of parts) { all.set(part, at); at += part.length; }
  return all;
}

/** Returns on a gap; throws when the stream is cut. */
async function listen(after: number, known: Known, apply: (delta: Delta) => void, heard: () => void, signal: AbortSignal): Promise<void> {
  const dead = new AbortController();
  let timer = setTimeout(() => dead.abort(), silence);
  try {
    const response = await fetch(`feed/deltas?after=${after}`, { signal: AbortSignal.any([signal, dead.signal]), cache: "no-store" });
    if (response.status === 401) throw new SessionEnded();
    if (!response.ok || response.body === null) throw new Error(`feed ${response.status}`);
    heard();
    const reader = response.body.pipeThrough(new TextDecoderStream()).getReader();
    let text = "";
    for (;;) {
      const { value, done } = await reader.read();
      if (done) throw new Error("the feed ended");
      clearTimeout(timer);
      timer = setTimeout(() => dead.abort(), silence);
      heard();
      text += value.replaceAll("\r\n", "\n");
      if (text.length > longestEvent) throw new Error("an event without end");
      for (let end = text.indexOf("\n\n"); end >= 0; end = text.indexOf("\n\n")) {
        const event = parse(text.slice(0, end));
        text = text.slice(end + 2);
        if (event.name === "resync") return;
        if (event.name !== "delta") continue;
        const delta = readDelta(event.data, known);
        if (delta.sequence <= after) continue;
        if (delta.previous !== after) return;
        after = delta.sequence;
        apply(delta);
      }
    }
  } finally {
    clearTimeout(timer);
    dead.abort();
  }
}

function parse(block: string): { name: string; data: string } {
  let name = "message";
  const data: string[] = [];
  for (const line of block.split("\n")) {
    if (line.startsWith("event:")) name = line.slice(6).trim();
    else if (line.startsWith("data:")) data.push(line.slice(line.charAt(5) === " " ? 6 : 5));
  }
  return { name, data: data.join("\n") };
}

/** Waits, or less if the tab becomes visible: somebody is looking. */
function pause(milliseconds: number, signal: AbortSignal): Promise<void> {
  if (milliseconds <= 0) return Promise.resolve();
  return new Promise(resolve => {
    const over = new AbortController();
    const done = (): void => { clearTimeout(timer); over.abort(); resolve(); };
    const timer = setTimeout(done, milliseconds);
    document.addEventListener("visibilitychange", () => { if (!document.hidden) done(); }, { signal: over.signal });
    signal.addEventListener("abort", done, { signal: over.signal });
  });
}
