import type { DeviceNode, Snapshot, TrustEdge } from "./model.js";

// The binary snapshot, as silo/Contracts/SNAPSHOT.md has it. Every count is held against the bytes that are left before anything is made of it, so that
// bytes from whoever end in a problem that is shown, never in a page that hangs (A42).

const magic = 0x53474d54, end = 0x544d4753, version = 1, headerSize = 40;

const mostIds = 1_000_000, mostEdges = 8_000_000;

/** Most bytes of a snapshot, uncompressed. */
export const mostBytes = 256 * 1024 * 1024;

// Kinds of columns, and the columns the picture is made of; others are passed over.
const text = 1, choice = 2, number = 3;
const column = { mesh: 0, id: 1, name: 16, kind: 17, site: 18, model: 19, tier: 20, look: 24, provenAt: 25, expiresAfter: 26, from: 48, to: 49, status: 50, fresh: 51, edgeProvenAt: 52, edgeExpiresAfter: 53 } as const;

/** Bytes that are no snapshot, or half of one. */
export class NoSnapshot extends Error {}

/** How many bytes the whole has, by its first twelve. */
export function lengthOf(head: DataView): number {
  if (head.getUint32(0, true) !== magic) throw new NoSnapshot("this is no snapshot of a graph");
  if (head.getUint16(4, true) !== version) throw new NoSnapshot(`snapshot version ${head.getUint16(4, true)}; reload the page`);
  const length = head.getUint32(8, true);
  if (length < headerSize + 4 || length > mostBytes) throw new NoSnapshot(`a snapshot of ${length} bytes`);
  return length;
}

export function readSnapshot(bytes: Uint8Array): Snapshot {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  if (bytes.length < headerSize + 4 || lengthOf(view) !== bytes.length) throw new NoSnapshot(`${bytes.length} bytes of a snapshot that has another length`);
  const [nodeCount, edgeCount, idCount] = [view.getUint32(12, true), view.getUint32(16, true), view.getUint32(20, true)];
  if (idCount > mostIds || nodeCount > idCount || edgeCount > mostEdges) throw new NoSnapshot("more nodes or edges than are read");
  if (view.getUint32(bytes.length - 4, true) !== end) throw new NoSnapshot("the end is missing");
  const columns = new Map<number, Column>();
  let at = headerSize;
  for (let left = view.getUint16(6, true); left > 0; left--) {
    if (at + 8 > bytes.length - 4) throw new NoSnapshot("fewer columns than are told");
    const [name, kind, length] = [view.getUint16(at, true), view.getUint16(at + 2, true), view.getUint32(at + 4, true)];
    at += 8;
    if (length > bytes.length - 4 - at || columns.has(name)) throw new NoSnapshot(`column ${name} is too long, or comes twice`);
    columns.set(name, new Column(name, kind, bytes.subarray(at, at + length)));
    at += length;
  }
  if (at !== bytes.length - 4) throw new NoSnapshot("something is left over");
  const find = (name: number): Column => {
    const found = columns.get(name);
    if (found === undefined) throw new NoSnapshot(`column ${name} is missing`);
    return found;
  };
  const mesh = find(column.mesh).strings(1)[0]!;
  const ids = find(column.id).strings(idCount);
  const names = find(column.name).strings(nodeCount);
  const [kinds, sites, models] = [find(column.kind).chosen(nodeCount), find(column.site).chosen(nodeCount), find(column.model).chosen(nodeCount)];
  const [tiers, lookColumn] = [find(column.tier).chosen(nodeCount), find(column.look).chosen(nodeCount)];
  const [proven, expires] = [find(column.provenAt).numbers(nodeCount), find(column.expiresAfter).numbers(nodeCount)];
  const nodes: DeviceNode[] = [];
  for (let i = 0; i < nodeCount; i++)
    nodes.push({
      id: ids[i]!, name: names[i]!, kind: kinds(i) === "silo" ? "silo" : "device", site: sites(i), model: models(i), tier: tiers(i), look: lookColumn(i),
      provenAt: proven(i), expiresAt: after(proven(i), expires(i)),
    });
  const [from, to, statuses, fresh] = [find(column.from).numbers(edgeCount), find(column.to).numbers(edgeCount), find(column.status).chosen(edgeCount), find(column.fresh).numbers(edgeCount)];
  const [edgeProven, edgeExpires] = [find(column.edgeProvenAt).numbers(edgeCount), find(column.edgeExpiresAfter).numbers(edgeCount)];
  const idAt = (place: number | null): string => {
    const id = place === null ? undefined : ids[place];
    if (id === undefined) throw new NoSnapshot("an edge ends nowhere");
    return id;
  };
  const edges: TrustEdge[] = [];
  for (let i = 0; i < edgeCount; i++)
    edges.push({ from: idAt(from(i)), to: idAt(to(i)), status: statuses(i), fresh: fresh(i) === 1, expiresAt: after(edgeProven(i), edgeExpires(i)) });
  return { sequence: wide(view, 24), at: wide(view, 32), mesh, nodes, edges };
}

/** What lasts so long from then on. */
function after(begin: number | null, length: number | null): number | null {
  return length === null ? null : (begin ?? 0) + length;
}

/** A signed number of eight bytes, exact up to 2^53. */
function wide(view: DataView, at: number): number {
  return view.getInt32(at + 4, true) * 0x1_0000_0000 + view.getUint32(at, true);
}

/** The body of one column. */
class Column {
  private readonly view: DataView;
  private readonly decoder = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true });
  private at = 0;

  constructor(private readonly name: number, private readonly kind: number, private readonly bytes: Uint8Array) {
    this.view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  }

  /** A string for each row. */
  strings(rows: number): string[] {
    this.is(text);
    const strings = this.words(rows);
    this.done();
    return strings;
  }

  /** One of few strings for each row; none is empty. */
  chosen(rows: number): (row: number) => string {
    this.is(choice);
    const table = ["", ...this.table()];
    const index = this.unsigned(widthOf(table.length - 1), rows);
    return row => {
      const word = table[index(row)];
      return word ?? this.wrong("a word that is not in the table");
    };
  }

  /** A whole number, or none, for each row. */
  numbers(rows: number): (row: number) => number | null {
    this.is(number);
    if (this.left < 9) this.wrong("too short");
    const least = wide(this.view, this.at);
    const width = this.view.getUint8(this.at + 8);
    this.at += 9;
    if (width !== 1 && width !== 2 && width !== 4 && width !== 8) this.wrong(`numbers of ${width} bytes`);
    const none = width === 8 ? 2 ** 64 : 2 ** (8 * width) - 1;
    const distance = this.unsigned(width, rows);
    return row => {
      const one = distance(row);
      return one === none ? null : least + one;
    };
  }

  private get left(): number {
    return this.bytes.length - this.at;
  }

  private table(): string[] {
    if (this.left < 4) this.wrong("too short");
    const count = this.view.getUint32(this.at, true);
    this.at += 4;
    return this.words(count);
  }

  private words(rows: number): string[] {
    if (rows > this.left / 4) this.wrong("more texts than bytes");
    let start = this.at + rows * 4;
    const words: string[] = [];
    for (let i = 0; i < rows; i++) {
      const length = this.view.getUint32(this.at + i * 4, true);
      if (length > this.bytes.length - start) this.wrong("a text that is longer than what is left");
      // One by one and not as a slice of all of them: a slice would keep the whole for as long as one of them is known.
      words.push(this.decoder.decode(this.bytes.subarray(start, start += length)));
    }
    this.at = start;
    return words;
  }

  /** Numbers of so many bytes, which are all that is left. */
  private unsigned(width: number, rows: number): (row: number) => number {
    if (this.left !== rows * width) this.wrong("another number of rows");
    const [view, at] = [this.view, this.at];
    switch (width) {
      case 1: return row => view.getUint8(at + row);
      case 2: return row => view.getUint16(at + row * 2, true);
      case 4: return row => view.getUint32(at + row * 4, true);
      default: return row => view.getUint32(at + row * 8 + 4, true) * 0x1_0000_0000 + view.getUint32(at + row * 8, true);
    }
  }

  private is(kind: number): void {
    if (this.kind !== kind) this.wrong("another kind");
  }

  private done(): void {
    if (this.left !== 0) this.wrong("something is left over");
  }

  private wrong(problem: string): never {
    throw new NoSnapshot(`column ${this.name}: ${problem}`);
  }
}

function widthOf(words: number): number {
  return words <= 0xff ? 1 : words <= 0xffff ? 2 : 4;
}
