import { readFileSync } from "node:fs";
import { EdgeBook } from "../../dashboard/Graph/edgeBook.js";
import { groupName, Groups } from "../../dashboard/Graph/groups.js";
import { type Place, SiteMap } from "../../dashboard/Graph/layout.js";
import type { DeviceNode, TrustEdge } from "../../dashboard/Graph/model.js";
import { Sight } from "../../dashboard/Graph/sight.js";
import { SiteBook } from "../../dashboard/Graph/siteBook.js";
import { readView, writeView } from "../../dashboard/Graph/view.js";

// What the graph draws where, run by node: LayoutInNodeTests.cs says what is asked and looks at the answers.

interface Mesh { readonly devices: readonly DeviceNode[]; readonly edges: readonly { from: string; to: string }[] }

const [what, file, ...more] = process.argv.slice(2);

/** As Scene holds it, without a canvas. */
class Board {
  readonly nodes = new Map<string, DeviceNode>();
  readonly edges = new EdgeBook();
  readonly sites = new SiteMap();
  readonly book = new SiteBook();
  readonly groups = new Groups(this.sites, this.book);
  readonly sight = new Sight(this.nodes, this.edges, this.sites, this.book, this.groups);

  constructor(search: string) {
    this.look(search);
  }

  look(search: string): void {
    this.sight.look(readView(new URLSearchParams(search)), 0);
    this.groups.turn(this.sight.view.group, this.nodes.values());
  }

  add(devices: readonly DeviceNode[], edges: readonly { from: string; to: string }[] = []): void {
    for (const node of devices) {
      this.groups.node(this.nodes.get(node.id), node);
      this.nodes.set(node.id, node);
    }
    for (const { from, to } of edges) {
      const edge: TrustEdge = { from, to, status: "affirming", fresh: true, expiresAt: null };
      this.groups.edge(this.edges.between(edge), edge);
      this.edges.put(edge);
    }
    this.groups.settle(devices, "");
  }

  drop(id: string): void {
    this.groups.node(this.nodes.get(id), undefined);
    this.nodes.delete(id);
  }

  places(): Record<string, Place> {
    return Object.fromEntries([...this.nodes.values()].filter(node => this.sight.has(node)).map(node => [node.id, this.sight.place(node)]));
  }
}

const answers: Record<string, (mesh: Mesh) => unknown> = {
  /** The same mesh, told in order, backwards, and with everybody looking otherwise. */
  same: mesh => {
    const [one, other, changed] = [new Board(more[0]!), new Board(more[0]!), new Board(more[0]!)];
    one.add(mesh.devices, mesh.edges);
    other.add([...mesh.devices].reverse(), [...mesh.edges].reverse());
    changed.add(mesh.devices.map(node => ({ ...node, look: "contraindicated", expiresAt: 7 })), mesh.edges);
    return [one.places(), other.places(), changed.places()];
  },
  /** Places before, and after others changed, went, came and came back; then the place of those who came, and how they all lie when they are laid out again. */
  rest: mesh => {
    const board = new Board(more[0]!);
    const [late, early] = [mesh.devices.filter(node => node.name.startsWith("late")), mesh.devices.filter(node => !node.name.startsWith("late"))];
    const ids = new Set(early.map(node => node.id));
    board.add(early, mesh.edges.filter(edge => ids.has(edge.from) && ids.has(edge.to)));
    const before = board.places();
    const gone = early[3]!;
    board.add(early.slice(5, 15).map(node => ({ ...node, look: "revoked" })));
    board.drop(gone.id);
    board.add(late, mesh.edges);
    board.add([gone]);
    board.look("site=elsewhere");
    board.look(more[0]!);
    const after = board.places();
    const box = board.sight.box();
    board.sight.layOut();
    return { before, after, again: board.places(), box };
  },
  tree: mesh => {
    const board = new Board(more[0]!);
    board.add(mesh.devices, mesh.edges);
    const places = board.places();
    return { places, root: board.sight.arranged!.root, words: board.sight.arranged!.words, steps: board.sight.arranged!.steps.map(step => step.words), said: Object.fromEntries([...board.nodes.keys()].map(id => [id, board.sight.arranged!.meaningOf(id)])) };
  },
  /** Whether a pin is where the device is, by layout. */
  pins: mesh => ["site=oslo", "site=oslo&layout=grid", "level=all"].map(search => {
    const board = new Board(search);
    board.add(mesh.devices, mesh.edges);
    const { id } = mesh.devices[0]!;
    board.sight.pins = new Map([[id, { x: 0.5, y: 0.5 }]]);
    const [middle, place] = [board.sites.middle(mesh.devices[0]!.site), board.sight.place(mesh.devices[0]!)];
    return { pinned: board.sight.isPinned(id), takes: board.sight.takesPins, there: place.x === middle.x + 0.5 && place.y === middle.y + 0.5 };
  }),
  addresses: () => more.map(search => {
    const query = new URLSearchParams();
    writeView(readView(new URLSearchParams(search)), query);
    return query.toString();
  }),
  groups: mesh => {
    const board = new Board("");
    board.add(mesh.devices, mesh.edges);
    board.look(more[0]!);
    const { groups } = board;
    const tell = (): unknown => ({
      ranked: groups.book.ranked().map(one => ({ name: groupName(groups.by, one.name), devices: one.devices, failed: one.counts.get("contraindicated") ?? 0 })),
      links: groups.book.links(board.edges.values(), board.nodes), at: Object.fromEntries(groups.map.sites), level: board.sight.level,
    });
    const before = tell();
    const [first] = mesh.devices;
    board.add([{ ...first!, model: "a new model", tier: "guardian", look: "contraindicated" }]);
    const after = tell();
    board.look("");
    board.look(more[0]!);
    return { before, after, again: tell() };
  },
};

console.log(JSON.stringify(answers[what!]!(JSON.parse(readFileSync(file!, "utf8")) as Mesh)));
