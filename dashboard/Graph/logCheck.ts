// Verifies the mesh's logs in the operator's own browser (PROTOCOL.md 18): fetches and hashes every entry anew, and holds the roots against the
// authority's signature and against what this browser kept from the last time.

const width = 256;
const shelf = "trustmesh.log";

type Bytes = Uint8Array<ArrayBuffer>;

interface Checkpoint { origin: string; size: number; root: string; }

/** What this browser believes: whose signature, since when, and the longest logs it has seen whole. */
interface Kept { authority: string; since: string; logs: Record<string, { size: number; root: string; at: string }>; }

interface Outcome { whole: boolean; text: string; }

/** A log that is not what it should be; everything else is a mishap. */
class Broken extends Error { }

const utf8 = new TextEncoder();
const hex = (bytes: Bytes): string => Array.from(bytes, byte => byte.toString(16).padStart(2, "0")).join("");
const unbase64 = (text: string): Bytes => Uint8Array.from(atob(text), character => character.charCodeAt(0));
const sha256 = async (bytes: Bytes): Promise<Bytes> => new Uint8Array(await crypto.subtle.digest("SHA-256", bytes));
const count = (entries: number): string => `${entries.toLocaleString("en")} ${entries === 1 ? "entry" : "entries"}`;

async function joined(kind: number, ...parts: Bytes[]): Promise<Bytes> {
  const bytes = new Uint8Array(1 + parts.reduce((sum, part) => sum + part.length, 0));
  bytes[0] = kind;
  let at = 1;
  for (const part of parts) {
    bytes.set(part, at);
    at += part.length;
  }
  return sha256(bytes);
}

const leaf = (entry: Bytes): Promise<Bytes> => joined(0, entry);
const node = (left: Bytes, right: Bytes): Promise<Bytes> => joined(1, left, right);

/** A Merkle tree that only grows (RFC 6962 2.1): the roots of its full subtrees, the largest first. */
class Tree {
  size = 0;
  private readonly subtrees: { level: number; hash: Bytes }[] = [];

  async add(hash: Bytes, level = 0): Promise<void> {
    this.size += 2 ** level;
    for (let last = this.subtrees.at(-1); last?.level === level; last = this.subtrees.at(-1)) {
      this.subtrees.pop();
      hash = await node(last.hash, hash);
      level++;
    }
    this.subtrees.push({ level, hash });
  }

  /** Many at once: a level of a full tile is hashed together. */
  async addTile(leaves: Bytes[]): Promise<void> {
    let level = leaves;
    while (level.length > 1) level = await Promise.all(Array.from({ length: level.length / 2 }, (_, at) => node(level[2 * at]!, level[2 * at + 1]!)));
    await this.add(level[0]!, 8);
  }

  async root(): Promise<string> {
    let root: Bytes | null = null;
    for (const { hash } of [...this.subtrees].reverse()) root = root === null ? hash : await node(hash, root);
    return btoa(String.fromCharCode(...(root ?? await sha256(new Uint8Array()))));
  }
}

async function fetched(path: string): Promise<Bytes> {
  const answer = await fetch(path, { cache: "no-store" });
  if (answer.ok) return new Uint8Array(await answer.arrayBuffer());
  if (answer.status === 404) throw new Broken("the silo does not have all of it any more");
  throw new Error(answer.status === 401 ? "Your session has ended. Sign in again." : `The silo does not give its log (${answer.status}). Try again; if it stays so, look at its own messages.`);
}

/** C2SP tlog-tiles: groups of three digits, and how many there are while it is not full. */
function path(log: number, index: number, entries: number): string {
  const digits = index.toString().padStart(Math.ceil(index.toString().length / 3) * 3, "0").match(/.{3}/g)!;
  return `/feed/log/${log}/tile/entries/${[...digits.slice(0, -1).map(group => `x${group}`), digits.at(-1)].join("/")}${entries < width ? `.p/${entries}` : ""}`;
}

function split(bundle: Bytes, expected: number): Bytes[] {
  const entries: Bytes[] = [];
  let at = 0;
  while (at + 2 <= bundle.length && entries.length < expected) {
    const length = bundle[at]! * 256 + bundle[at + 1]!;
    if (at + 2 + length > bundle.length) break;
    entries.push(bundle.slice(at + 2, at + 2 + length));
    at += 2 + length;
  }
  if (entries.length !== expected || at !== bundle.length) throw new Broken(`${expected} entries were expected in a row, and something else is there`);
  return entries;
}

/** ECDSA as the log has it, two numbers in DER, as WebCrypto wants it, 32 bytes each. */
function flat(der: Bytes): Bytes {
  const flat = new Uint8Array(64);
  let at = 2;
  for (const end of [32, 64]) {
    const length = der[at + 1] ?? 0;
    const number = der.slice(at + 2, at + 2 + length);
    const digits = number.slice(number.findIndex(byte => byte !== 0));
    if (der[0] !== 0x30 || der[at] !== 2 || digits.length > 32) throw new Broken("its checkpoint has a signature that is none");
    flat.set(digits, end - digits.length);
    at += 2 + length;
  }
  return flat;
}

/** What the authority signed. Throws if it did not. */
async function signed(log: number, authority: Bytes): Promise<Checkpoint> {
  const note = new TextDecoder("utf-8", { fatal: true }).decode(await fetched(`/feed/log/${log}/checkpoint`));
  const end = note.indexOf("\n\n");
  const text = note.slice(0, end + 1);
  const [origin, size, root, rest] = text.split("\n");
  if (end < 0 || rest !== "" || !/^(0|[1-9]\d{0,14})$/.test(size ?? "") || !origin!.endsWith(`/log/${log}`)) throw new Broken("its checkpoint is none of this log");
  const key = await crypto.subtle.importKey("spki", authority, { name: "ECDSA", namedCurve: "P-256" }, false, ["verify"]);
  const id = hex((await sha256(authority)).slice(0, 4));
  let ours = 0;
  for (const line of note.slice(end + 2).split("\n")) {
    if (!line.startsWith(`\u2014 ${origin} `)) continue;
    const value = unbase64(line.slice(line.lastIndexOf(" ") + 1));
    if (hex(value.slice(0, 4)) !== id) continue;
    if (!await crypto.subtle.verify({ name: "ECDSA", hash: "SHA-256" }, key, flat(value.slice(4)), utf8.encode(text))) throw new Broken("its checkpoint has a signature the mesh's authority did not make");
    ours++;
  }
  if (ours === 0) throw new Broken("its checkpoint is not signed by the mesh's authority");
  return { origin: origin!, size: Number(size), root: root! };
}

/** Hashes the whole log. Throws if it is not what was signed, or does not begin with what was kept. */
async function walk(log: number, checkpoint: Checkpoint, kept: { size: number; root: string } | undefined, step: (entries: number) => void): Promise<void> {
  if (kept !== undefined && kept.size > checkpoint.size) throw new Broken(`it has ${count(checkpoint.size)}, and this browser saw ${kept.size.toLocaleString("en")}`);
  const tree = new Tree();
  const compare = async (): Promise<void> => {
    if (kept !== undefined && tree.size === kept.size && await tree.root() !== kept.root) throw new Broken(`its first ${count(kept.size)} are not those this browser saw`);
  };
  for (let index = 0; index * width < checkpoint.size; index++) {
    const there = Math.min(width, checkpoint.size - index * width);
    const leaves = await Promise.all(split(await fetched(path(log, index, there)), there).map(leaf));
    const within = kept !== undefined && kept.size > tree.size && kept.size < tree.size + width;
    if (there === width && !within) await tree.addTile(leaves);
    else for (const hash of leaves) {
      await tree.add(hash);
      await compare();
    }
    if (there === width && !within) await compare();
    step(there);
  }
  if (await tree.root() !== checkpoint.root) throw new Broken("its entries are not those that were signed");
}

function remembered(): Kept | null {
  try {
    return JSON.parse(localStorage.getItem(shelf) ?? "null") as Kept | null;
  } catch {
    return null;
  }
}

/** Verifies all logs; tells how far it is, 0 to 1. */
async function verify(logs: number[], progress: (share: number) => void): Promise<Outcome[]> {
  const spki = await fetched("/feed/authority");
  const authority = hex(await sha256(spki));
  const kept = remembered();
  if (kept !== null && kept.authority !== authority) return [{ whole: false, text: `The log is signed by the authority ${authority.slice(0, 16)}…, and this browser knows ${kept.authority.slice(0, 16)}… since ${when(kept.since)}. If that is as it should be, let it forget.` }];
  const now = new Date().toISOString();
  const next: Kept = { authority, since: kept?.since ?? now, logs: {} };
  const found: { log: number; checkpoint: Checkpoint | null; outcome: Outcome | null }[] = [];
  for (const log of logs) found.push(await said(log, async () => ({ log, checkpoint: await signed(log, spki), outcome: null })));
  const total = Math.max(1, found.reduce((sum, one) => sum + (one.checkpoint?.size ?? 0), 0));
  let done = 0;
  for (const one of found) {
    const { log, checkpoint } = one;
    if (checkpoint === null) continue;
    const before = kept?.logs[checkpoint.origin];
    one.outcome = (await said(log, async () => {
      await walk(log, checkpoint, before, entries => progress((done += entries) / total));
      next.logs[checkpoint.origin] = { size: checkpoint.size, root: checkpoint.root, at: now };
      return { log, checkpoint, outcome: { whole: true, text: `${checkpoint.origin}: ${count(checkpoint.size)}, each hashed here, are what the authority signed${before === undefined ? "" : `; the first ${before.size.toLocaleString("en")} are those of ${when(before.at)}`}.` } };
    })).outcome;
  }
  const outcomes = found.map(one => one.outcome!);
  for (const gone of Object.keys(kept?.logs ?? {}).filter(origin => !found.some(one => one.checkpoint?.origin === origin)))
    if (outcomes.every(one => one.whole)) outcomes.push({ whole: false, text: `${gone}: this browser saw it, and the silo does not have it.` });
  if (outcomes.every(one => one.whole)) localStorage.setItem(shelf, JSON.stringify(next));
  outcomes.push({ whole: outcomes.every(one => one.whole), text: `Authority ${authority}, ${kept === null ? "which this browser sees for the first time: compare it with what you have on paper" : `known to this browser since ${when(kept.since)}`}.` });
  return outcomes;
}

async function said<T extends { outcome: Outcome | null }>(log: number, act: () => Promise<T>): Promise<T | { log: number; checkpoint: null; outcome: Outcome }> {
  try {
    return await act();
  } catch (problem) {
    if (!(problem instanceof Broken)) throw problem;
    return { log, checkpoint: null, outcome: { whole: false, text: `Log ${log}: ${problem.message}. An auditor finds the place: trustmesh log verify` } };
  }
}

const when = (instant: string): string => new Date(instant).toLocaleString(undefined, { dateStyle: "medium", timeStyle: "short" });

/** <tm-log-check logs="0,1,2">: a button, how far it is, and what was found. */
class LogCheckElement extends HTMLElement {
  private readonly button = document.createElement("button");
  private readonly forget = document.createElement("button");
  private readonly progress = document.createElement("progress");
  private readonly verdict = document.createElement("p");
  private readonly list = document.createElement("ul");

  connectedCallback(): void {
    this.button.type = this.forget.type = "button";
    this.button.textContent = "Verify in this browser";
    this.forget.textContent = "Forget what this browser kept";
    this.forget.className = "ghost";
    this.forget.hidden = this.progress.hidden = true;
    this.progress.setAttribute("aria-label", "Entries that were hashed");
    this.verdict.setAttribute("role", "status");
    this.verdict.className = "log-verdict";
    this.list.className = "log-outcomes";
    this.button.addEventListener("click", () => void this.run());
    this.forget.addEventListener("click", () => {
      localStorage.removeItem(shelf);
      this.forget.hidden = true;
      this.say(null, "Forgotten. What is verified next is believed.", []);
    });
    this.replaceChildren(this.button, this.forget, this.progress, this.verdict, this.list);
  }

  private async run(): Promise<void> {
    if (typeof crypto.subtle === "undefined") return this.say(null, "Browsers compute hashes only under https or at localhost. In a shell: trustmesh log verify", []);
    this.button.disabled = true;
    this.progress.hidden = false;
    this.progress.value = 0;
    this.say(null, "Reading every entry …", []);
    try {
      const outcomes = await verify((this.getAttribute("logs") ?? "").split(",").filter(log => log !== "").map(Number), share => { this.progress.value = share; });
      const whole = outcomes.every(one => one.whole);
      this.say(whole, whole ? "Verified: the log is whole." : "The log is NOT whole.", outcomes);
      this.forget.hidden = whole;
    } catch (problem) {
      this.say(null, problem instanceof Error && problem.message !== "" ? problem.message : "The log could not be read.", []);
    } finally {
      this.button.disabled = false;
      this.progress.hidden = true;
    }
  }

  private say(whole: boolean | null, verdict: string, outcomes: Outcome[]): void {
    this.verdict.dataset["whole"] = whole === null ? "" : String(whole);
    this.verdict.textContent = verdict;
    this.list.replaceChildren(...outcomes.map(outcome => {
      const item = document.createElement("li");
      item.textContent = outcome.text;
      return item;
    }));
  }
}

customElements.define("tm-log-check", LogCheckElement);
