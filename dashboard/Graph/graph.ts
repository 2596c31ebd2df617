import { Announcer } from "./announcer.js";
import { draw, file, keep } from "./exporting.js";
import { follow } from "./feed.js";
import { Levels } from "./levels.js";
import { type Delta, type DeviceNode, drawnName, endsOf, looks, type Snapshot } from "./model.js";
import { Pill } from "./pill.js";
import { type Pin, Pinning } from "./pinning.js";
import { goEvent } from "./queryBox.js";
import { Replay } from "./replay.js";
import { Scene } from "./scene.js";
import { stats, publish } from "./stats.js";
import { watchTheme } from "./theme.js";
import { type Grouping, legible, readInstant, readView, tableOf, writeView } from "./view.js";
import { Waiting } from "./waiting.js";
import { nearest, sayEdge } from "./words.js";

interface Page {
  invokeMethodAsync(method: "Selected", id: string | null): Promise<unknown>;
  invokeMethodAsync(method: "SelectedEdge", from: string, to: string): Promise<unknown>;
  invokeMethodAsync(method: "SelectedGroup", by: Grouping, name: string | null): Promise<unknown>;
  invokeMethodAsync(method: "Ask", text: string): Promise<unknown>;
  invokeMethodAsync(method: "Narrow", by: Grouping, name: string): Promise<unknown>;
  invokeMethodAsync(method: "Open", id: string): Promise<unknown>;
  invokeMethodAsync(method: "Pin", id: string, x: number, y: number): Promise<unknown>;
  invokeMethodAsync(method: "Unpin", id: string | null): Promise<unknown>;
  invokeMethodAsync(method: "ShowTable"): Promise<unknown>;
}

/** What a query finds: these devices, or all but these. The server decides it (Contracts/Queries); here it is only drawn. */
export interface Matches {
  readonly others: boolean;
  readonly ids: readonly string[];
}

export interface Mounted {
  deselect(): void;
  /** @param found Null without a query. @param hides What is not found is not drawn. @param address Of the page with this query. */
  find(found: Matches | null, hides: boolean, address: string): void;
  change(came: readonly string[], went: readonly string[]): void;
  /** Where the operator put devices, as the silo keeps it. */
  pins(pins: readonly Pin[], problem: string | null): void;
  dispose(): void;
}

/** Brings the graph page to life: scene, feed, legend, keys, and what a query finds. */
export function mount(root: HTMLElement, page: Page, view: { edge: string | null }): Mounted {
  const end = new AbortController();
  const { signal } = end;
  const part = <T extends HTMLElement = HTMLElement>(name: string): T => root.querySelector<T>(`[data-graph-${name}]`)!;
  const canvas = part("canvas"), note = part("note");
  const calm = matchMedia("(prefers-reduced-motion: reduce)").matches;
  const scene = new Scene(canvas, calm);
  let found: { others: boolean; ids: Set<string> } | null = null;
  let hides = false;
  /** Of this page, with its query and without level and selection. */
  const placeIn = (search: string): string => `/graph?${new URLSearchParams([...new URLSearchParams(search)].filter(([name]) => name === "q" || name === "mode"))}`;
  let place = placeIn(location.search);
  const legend = new Map([...root.querySelectorAll<HTMLElement>("[data-graph-look]")].map(button => [button.dataset["graphLook"] ?? "", button]));
  let selected: string | null = null;
  /** A selected edge's key, and the device whose edges are being walked through. */
  let edge: string | null = null;
  let walked: string | null = null;
  let wanted = view.edge;
  /** Of a link; followed once. */
  let instant = readInstant(new URLSearchParams(location.search));
  let mesh = "";
  let paused: Waiting | null = null;
  const announcer = new Announcer(part("status"));
  const speak = (words: string): void => announcer.say(words);
  const pill = new Pill(part("pill"), part("pill-text"), part("banner"), root, speak);
  const levels = new Levels(root, scene, {
    changed(push) { select(null); address(push); filter(); count(); },
    say: speak,
    panel,
    selected: () => selected,
    narrow: (by, name) => void page.invokeMethodAsync("Narrow", by, name).catch(() => pill.write()),
  }, signal);
  /** The site whose panel is shown, and the one whose panel somebody closed. */
  let site: string | null = null, closed: string | null = null;
  /** What is drawn is of the past. */
  let begun = false;
  const replay = new Replay(root, scene, {
    turned(at) {
      pill.turn(at);
      part("rests").hidden = at === null || found === null;
      if (at === null || !begun) filter();
      begun = at !== null;
      tellSite();
      address();
    },
    drawn() { count(); levels.draw(); },
    say: speak,
  }, new URLSearchParams(location.search).get("span") ?? "", signal);
  const pinning = new Pinning(root, scene, {
    selected: () => selected,
    pin: (id, { x, y }) => page.invokeMethodAsync("Pin", id, x, y) as Promise<string | null>,
    unpin: id => page.invokeMethodAsync("Unpin", id) as Promise<string | null>,
    say: speak,
  }, signal);
  /** What a query finds is found among what is true now: in the past it rests. */
  const finds = (): typeof found => replay.at === null ? found : null;
  const shown = (node: DeviceNode): boolean => { const finding = finds(); return finding === null || finding.ids.has(node.id) !== finding.others; };

  function count(): void {
    const counts = new Map<string, number>();
    let devices = 0;
    for (const site of scene.book.sites.values()) {
      devices += site.devices;
      for (const [look, many] of site.counts) counts.set(look, (counts.get(look) ?? 0) + many);
    }
    for (const look of looks) {
      const at = legend.get(look)?.querySelector("[data-graph-count]");
      const text = (counts.get(look) ?? 0).toLocaleString();
      if (at && at.textContent !== text) at.textContent = text;
    }
    part("empty").hidden = devices > 0;
    const few = scene.sight.level === "all" && scene.edgesDrawn < scene.edgesKnown;
    note.hidden = !few && scene.sight.level !== "site";
    note.textContent = few ? `Showing ${scene.edgesDrawn.toLocaleString()} of ${scene.edgesKnown.toLocaleString()} edges, problems first`
      : `${scene.nodesDrawn.toLocaleString()} of ${devices.toLocaleString()} devices, ${scene.edgesDrawn.toLocaleString()} edges within the site`;
  }

  function filter(): void {
    const chosen = new Set<string>();
    const finding = finds();
    if (finding !== null) for (const node of scene.nodes.values()) if (node.kind === "device" && shown(node)) chosen.add(node.look);
    scene.filter(shown, finding !== null, hides, chosen);
    const held = edge !== null ? Object.values(endsOf(edge)) : selected !== null ? [selected] : [];
    if (hides && held.some(id => scene.nodes.get(id)?.kind === "device" && !shown(scene.nodes.get(id)!))) select(null);
    levels.draw();
  }

  /** The picture as a file, with what is needed to understand it. */
  async function save(kind: "png" | "svg"): Promise<void> {
    const counts = new Map([...legend].map(([look, button]) => [look, Number(button.querySelector("[data-graph-count]")?.textContent?.replaceAll(/[^0-9]/g, "") ?? 0)]));
    const at = new Date();
    const drawing = draw(scene, root, {
      mesh, counts, note: note.hidden ? "" : note.textContent ?? "", where: levels.words,
      at: `${new Date(replay.at ?? at).toISOString().slice(0, 19).replace("T", " ")} UTC, ${pill.state}`, query: finds() === null ? "" : asked().get("q") ?? "",
    });
    const blob = await file(drawing, kind);
    if (blob === null) { speak("This browser makes no picture of it."); return; }
    keep(blob, `trustmesh-${mesh.replaceAll(/[^A-Za-z0-9-]/g, "_").slice(0, 40)}-${at.toISOString().slice(0, 19).replaceAll(":", "")}.${kind}`);
    speak(`Saved as ${kind.toUpperCase()}`);
  }

  /** The query and how it is drawn, as in the address. */
  function asked(): URLSearchParams {
    return new URLSearchParams(place.split("?")[1] ?? "");
  }

  /** What is shown, as a link. A step down or up is one that Back undoes. */
  function address(push = false): void {
    const query = asked();
    const table = document.querySelector<HTMLAnchorElement>(".view-switch a[href*='view=table']");
    if (table !== null)
      table.href = `/graph?${new URLSearchParams([...query, ...tableOf(scene.sight.view, levels.level)])}`;
    writeView(scene.sight.view, query);
    if (edge !== null) query.set("edge", Object.values(endsOf(edge)).join("~"));
    if (replay.at !== null) { query.set("at", new Date(replay.at).toISOString()); query.set("span", replay.span); }
    const url = query.size === 0 ? "/graph" : `/graph?${legible(query)}`;
    if (push && url !== location.pathname + location.search) history.pushState(history.state, "", url);
    else history.replaceState(history.state, "", url);
  }

  /** Pixels the panel of the selection covers on the right. */
  function panel(): number { return canvas.clientWidth <= 700 || replay.at !== null ? 0 : edge !== null ? Math.min(540, canvas.clientWidth * 0.6) : selected !== null || siteNow() !== null ? 330 : 0; }

  /** The site that is looked at, where nothing in it is: of the selected chart, and of the level where there is room. */
  function siteNow(): string | null {
    if (replay.at !== null || selected !== null || edge !== null) return null;
    const looked = scene.charts.selected ?? (levels.level === "site" && canvas.clientWidth > 700 ? scene.sight.view.site : null);
    return looked === closed ? null : looked;
  }

  function tellSite(): void {
    const now = siteNow();
    if (now !== null) closed = null;
    if (now === site) return;
    site = now;
    void page.invokeMethodAsync("SelectedGroup", levels.level === "fleet" ? scene.groups.by : "site", now).catch(() => pill.write());
  }

  function select(id: string | null, tell = true): void {
    const linked = edge !== null;
    [selected, edge, walked] = [id, null, id];
    scene.select(id);
    const node = id === null ? undefined : scene.nodes.get(id);
    scene.show(panel());
    if (node !== undefined) {
      speak(node.kind === "silo" ? `Silo ${drawnName(node.name)}` : `${drawnName(node.name)}, ${node.look}, site ${drawnName(node.site)}${scene.sight.isPinned(node.id) ? ", pinned" : ""}${scene.sight.arranged?.meaningOf(node.id) ?? ""}`);
    }
    if (linked) address();
    replay.select(id);
    pinning.write();
    // The panel tells of the present.
    if (tell && replay.at === null) void page.invokeMethodAsync("Selected", id).catch(() => pill.write());
    tellSite();
  }

  /** Selects an examination. One of the silo's is told by the panel of the device it examined. */
  function selectEdge(key: string, from: string | null = null): void {
    const ends = endsOf(key);
    if (scene.nodes.get(ends.from)?.kind === "silo" || replay.at !== null) { select(ends.to); return; }
    [selected, edge, walked] = [null, key, from];
    scene.select(key);
    scene.show(panel());
    address();
    speak(`${sayEdge(scene, key)}. ${sayEdge(scene, `${ends.to}>${ends.from}`)}.`);
    void page.invokeMethodAsync("SelectedEdge", ends.from, ends.to).catch(() => pill.write());
    tellSite();
  }

  /** E: the next pair of the device that is, or was, selected. */
  function walkEdges(step: 1 | -1): void {
    const from = walked ?? (edge === null ? null : endsOf(edge).from);
    if (from === null) { speak("Select a device first; E then walks through its edges."); return; }
    const keys = scene.edges.partners(from, scene.nodes).filter(key => Object.values(endsOf(key)).every(id => scene.positionOf(id) !== null));
    if (keys.length === 0) { speak("No edge to another device."); return; }
    const at = edge === null ? (step === 1 ? -1 : 0) : keys.findIndex(key => key === edge || endsOf(key).from === endsOf(edge!).to && endsOf(key).to === endsOf(edge!).from);
    selectEdge(keys[(at + step + keys.length) % keys.length]!, from);
  }

  /** Escape: from an edge back to the device it was reached from, from there to nothing. */
  function letGo(): void {
    select(edge === null ? null : walked);
    canvas.focus();
  }

  function apply(delta: Delta): void {
    if (replay.waits(delta)) return;
    if (paused !== null) {
      paused.add(delta);
      pill.pause(paused.at, paused.count);
      return;
    }
    announcer.note(delta, scene.nodes);
    stats.measure(scene, delta);
    count();
    levels.draw();
    const held = edge !== null ? Object.values(endsOf(edge)) : selected !== null ? [selected] : [];
    if (held.some(id => !scene.nodes.has(id))) select(null);
  }

  function pause(): void {
    if (replay.isOpen) { replay.play(); return; }
    const batch = paused?.take() ?? null;
    const pausing = paused === null;
    paused = pausing ? new Waiting(new Date()) : null;
    pill.pause(paused?.at ?? null, 0);
    part("pause").setAttribute("aria-pressed", String(pausing));
    part("pause-text").textContent = pausing ? "Resume" : "Pause";
    speak(pausing ? "Paused" : "Resumed");
    if (batch !== null) apply(batch);
  }

  function walk(key: string): void {
    const way = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, -1], ArrowDown: [0, 1] }[key] as [number, number];
    if (levels.level === "fleet") { levels.walkSites(way); return; }
    const at = selected ?? walked;
    const from = at === null ? null : scene.positionOf(at);
    if (from === null) {
      const box = canvas.getBoundingClientRect();
      select(nearest(scene, box.width / 2, box.height / 2, Infinity, shown));
      return;
    }
    let best: string | null = null;
    let least = Infinity;
    for (const node of scene.nodes.values()) {
      const place = node.id === at ? null : scene.positionOf(node.id);
      if (place === null || (node.kind === "device" && !shown(node))) continue;
      const along = (place.x - from.x) * way[0] + (place.y - from.y) * way[1];
      const aside = Math.abs((place.x - from.x) * way[1] + (place.y - from.y) * way[0]);
      // Ahead, and rather straight than near.
      if (along > 1 && along + aside * 2 < least && aside < along * 2) [best, least] = [node.id, along + aside * 2];
    }
    if (best !== null) select(best);
  }

  function key(event: KeyboardEvent): void {
    if (event.ctrlKey || event.metaKey || event.altKey || !(event.target instanceof HTMLElement) || event.target.closest("input,textarea,select,dialog") !== null) return;
    const onCanvas = event.target === canvas;
    if (event.key === " " && (onCanvas || event.target === document.body || event.target.matches("h1,main"))) pause();
    else if (event.key === "r" || event.key === "R") { if (paused !== null) pause(); replay.toggle(); }
    else if (replay.isOpen && (event.key === "," || event.key === ".")) replay.step(event.key === "," ? -1 : 1);
    else if (event.key === "t" || event.key === "T") document.querySelector<HTMLElement>(".view-switch a[href*='view=table']")?.click();
    else if (onCanvas && (event.key === "l" || event.key === "L")) levels.nextLayout();
    else if (onCanvas && event.shiftKey && event.key.startsWith("Arrow")) pinning.nudge(event.key);
    else if (onCanvas && event.key.startsWith("Arrow")) walk(event.key);
    else if (onCanvas && (event.key === "p" || event.key === "P")) pinning.toggle();
    else if (onCanvas && (event.key === "e" || event.key === "E")) walkEdges(event.shiftKey ? -1 : 1);
    else if (onCanvas && event.key === "Enter" && edge !== null) root.querySelector<HTMLElement>("[data-panel-start]")?.focus();
    else if (onCanvas && event.key === "Enter" && levels.level === "fleet") levels.down(null);
    else if (onCanvas && event.key === "Enter" && scene.nodes.get(selected ?? "")?.kind === "device") void page.invokeMethodAsync("Open", selected!);
    else if (onCanvas && (event.key === "f" || event.key === "F")) levels.down(selected);
    else if (event.key === "Escape" && (selected !== null || edge !== null)) letGo();
    else if (event.key === "Escape" && scene.charts.selected !== null) scene.selectSite(null);
    else if ((event.key === "Escape" || event.key === "Backspace") && (onCanvas || event.target === document.body)) { if (!levels.up()) return; }
    else if (onCanvas && (event.key === "+" || event.key === "=")) scene.zoom("in", panel());
    else if (onCanvas && event.key === "-") scene.zoom("out", panel());
    else if (onCanvas && event.key === "0") scene.zoom("fit", panel());
    else return;
    event.preventDefault();
  }

  document.addEventListener("keydown", key, { signal });
  root.addEventListener(goEvent, () => {
    if (found === null) return;
    const first = [...scene.nodes.values()].filter(node => node.kind === "device" && shown(node)).sort((a, b) => (a.name < b.name ? -1 : 1))[0];
    if (first !== undefined) { select(first.id); canvas.focus(); }
  }, { signal });
  part("pause").addEventListener("click", pause, { signal });
  for (const button of root.querySelectorAll<HTMLElement>("[data-graph-export]"))
    button.addEventListener("click", () => void save(button.dataset["graphExport"] as "png" | "svg"), { signal });
  for (const button of root.querySelectorAll<HTMLElement>("[data-graph-zoom]"))
    button.addEventListener("click", () => scene.zoom(button.dataset["graphZoom"] as "in" | "out" | "fit", panel()), { signal });
  scene.on.clickNode(id => { canvas.focus({ preventScroll: true }); select(id); });
  scene.on.doubleClickNode(id => { if (scene.nodes.get(id)?.kind === "device") void page.invokeMethodAsync("Open", id); });
  scene.on.clickEdge(key => { canvas.focus({ preventScroll: true }); selectEdge(key); });
  scene.on.clickStage(site => {
    select(null);
    // A second click on the same chart opens it: on a touch screen there is no double click.
    if (site !== null && site === scene.charts.selected) levels.down(null);
    else if (site !== null) { canvas.focus({ preventScroll: true }); levels.selectSite(site); }
    else if (scene.charts.selected !== null) scene.selectSite(null);
  });
  window.addEventListener("popstate", () => {
    if (location.pathname !== "/graph" || location.search.includes("view=table")) return;
    const query = new URLSearchParams(location.search);
    // Out of a group, or into one: its term goes, or comes, with it.
    if (query.get("q") !== asked().get("q")) {
      place = placeIn(location.search);
      void page.invokeMethodAsync("Ask", query.get("q") ?? "").catch(() => pill.write());
    }
    levels.go(readView(query), false);
  }, { signal });
  // The driver took the canvas away: the table shows the same.
  canvas.addEventListener("webglcontextlost", () => void page.invokeMethodAsync("ShowTable"), { signal, capture: true });
  scene.onSite = tellSite;
  watchTheme(() => scene.retheme(), signal);
  const clock = setInterval(() => { pill.write(); announcer.tell(); if (!document.hidden) scene.tick(); }, 1000);
  scene.turnTo(readView(new URLSearchParams(location.search)), 0);

  stats.begin();
  void follow({
    snapshot(snapshot: Snapshot, bytes: number, read: number) {
      [stats.bytes, stats.read, mesh] = [bytes, read, snapshot.mesh];
      if (replay.waits(snapshot)) return;
      if (paused !== null) pause();
      stats.load(scene, snapshot);
      count();
      levels.draw();
      if (found !== null) filter();
      tellSite();
      // The box of a layout is known with who is in it, and the camera sees it with the first frame.
      if (scene.sight.arranged !== null) void scene.nextFrame().then(() => scene.show(panel()));
      const [from, to] = (wanted ?? "").split("~");
      if (from !== undefined && to !== undefined && scene.nodes.has(from) && scene.nodes.has(to)) selectEdge(`${from}>${to}`);
      wanted = null;
      if (instant !== null) void replay.begin(instant, "around");
      instant = null;
    },
    delta: apply,
    state(state) {
      stats.live = state.kind;
      pill.show(state);
      // The circuit leads away, too, and first if it can: two ways at once would abort each other. This one is for a page whose circuit is cut.
      if (state.kind === "ended") setTimeout(() => location.assign(`/sign-in?reason=ended&back=${encodeURIComponent(location.pathname + location.search)}`), 2000);
    },
  }, signal);
  publish(scene, id => select(id), (from, to) => selectEdge(`${from}>${to}`));

  return {
    deselect() {
      if (site !== null) closed = site;
      select(null, false);
    },
    find(matches, hiding, url) {
      found = matches === null ? null : { others: matches.others, ids: new Set(matches.ids) };
      hides = hiding;
      place = url;
      filter();
      address();
    },
    change(came, went) {
      if (found === null) return;
      for (const id of found.others ? went : came) found.ids.add(id);
      for (const id of found.others ? came : went) found.ids.delete(id);
      filter();
    },
    pins(pins, problem) { pinning.put(pins, problem); },
    dispose() {
      end.abort();
      clearInterval(clock);
      scene.kill();
    },
  };
}
