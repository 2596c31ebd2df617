import { groupName } from "./groups.js";
import { LayoutChoice } from "./layoutChoice.js";
import { drawnName, type DeviceNode } from "./model.js";
import type { Scene } from "./scene.js";
import { troubleOf } from "./siteBook.js";
import { type Grouping, type Level, type View, whole } from "./view.js";

interface Around {
  /** The view is another one; push: a step that Back undoes. */
  changed(push: boolean): void;
  say(words: string): void;
  panel(): number;
  /** Null without a selected device. */
  selected(): string | null;
  /** Asks only for devices that have that in common. */
  narrow(by: Grouping, name: string): void;
}

/** Fleet, site, neighbourhood: going down and up, and what says where one is. */
export class Levels {
  private drawn = "";
  /** The last site that was looked at: whoever goes to another one finds it laid out alike. */
  private last = whole;
  private readonly layout: LayoutChoice;

  constructor(private readonly root: HTMLElement, private readonly scene: Scene, private readonly to: Around, signal: AbortSignal) {
    root.addEventListener("click", event => this.click(event), { signal });
    const by = this.part<HTMLInputElement>("by");
    by.addEventListener("change", () => this.askBy(by.value.trim()), { signal });
    this.group.addEventListener("change", () => this.go({ ...whole, level: "fleet", group: this.group.value as Grouping }), { signal });
    this.layout = new LayoutChoice(root, scene, { selected: () => to.selected(), go: view => this.go(view), say: words => to.say(words) }, signal);
  }

  get level(): Level {
    return this.scene.sight.level;
  }

  get view(): View {
    return this.scene.sight.view;
  }

  /** Where one is, as the trail says it. */
  get words(): string {
    const { sight, groups } = this.scene;
    const how = this.level === "fleet" && groups.by !== "site" ? `by ${groups.by}` : sight.arranged?.words ?? "";
    return [...this.part("trail").children].map(step => step.textContent).join(" › ") + (how === "" ? "" : `, ${how}`);
  }

  /** By its key: the next layout of a site. */
  nextLayout(): void {
    this.layout.next();
  }

  /** @param first Said before where one is. */
  go(view: View, push = true, first = ""): void {
    if (this.view.site !== null) this.last = this.view;
    this.scene.turnTo(view, this.to.panel());
    this.to.changed(push);
    this.draw();
    if (push) this.to.say(first + this.describe());
  }

  /** One level up; false at the top. */
  up(): boolean {
    if (this.view.focus !== null) {
      const node = this.scene.nodes.get(this.view.focus);
      this.go(node !== undefined && (this.scene.book.sites.size > 1 || node.site === this.last.site) ? this.ofSite(node.site) : whole);
    } else if (this.view.site !== null) {
      const site = this.view.site;
      this.go(whole);
      if (this.level === "fleet") this.scene.selectSite(site);
    } else if (this.view.level !== null || this.view.group !== "site") this.go(whole);
    else return false;
    return true;
  }

  /** What is selected, one level down: a site, or a device's neighbourhood. */
  down(selected: string | null): boolean {
    const { charts } = this.scene;
    if (this.level === "fleet" && charts.selected !== null) this.enter(charts.selected);
    else if (this.scene.nodes.get(selected ?? "")?.kind === "device") this.go({ ...whole, focus: selected });
    else return false;
    return true;
  }

  /** What a chart stands for: a site, or whoever is of a model or a tier, wherever they are. */
  private enter(name: string): void {
    const { by } = this.scene.groups;
    if (by === "site") { this.go(this.ofSite(name)); return; }
    if (name === "") { this.to.say(`No query finds devices without a ${by}.`); return; }
    const words = `Only ${by} ${groupName(by, name)}. `;
    this.to.narrow(by, name);
    this.go(whole, true, words);
  }

  private ofSite(name: string): View {
    const { site, layout, root } = this.view.site !== null ? this.view : this.last;
    return { ...whole, site: name, layout, root: site === name ? root : null };
  }

  /** Arrow keys among sites: the worst first, then the nearest that way. */
  walkSites(way: readonly [number, number]): void {
    const { charts } = this.scene;
    const sites = charts.ranked();
    const at = charts.selected === null ? null : charts.pixel(charts.selected);
    let best = at === null ? sites[0]?.name ?? null : null;
    let least = Infinity;
    if (at !== null)
      for (const { name } of sites) {
        const place = charts.pixel(name);
        const along = (place.x - at.x) * way[0] + (place.y - at.y) * way[1];
        const aside = Math.abs((place.x - at.x) * way[1] + (place.y - at.y) * way[0]);
        if (name !== charts.selected && along > 1 && along + aside * 2 < least && aside < along * 2) [best, least] = [name, along + aside * 2];
      }
    if (best !== null) this.selectSite(best);
  }

  selectSite(site: string): void {
    this.scene.selectSite(site);
    this.to.say(this.describeGroup(site));
  }

  /** The trail, the worst sites and the tools of a neighbourhood; only what changed. */
  draw(): void {
    const { sight, book, nodes, charts } = this.scene;
    const focused = sight.view.focus === null ? undefined : nodes.get(sight.view.focus);
    const ranked = this.level === "fleet" ? charts.ranked().filter(site => troubleOf(site) !== null).slice(0, 5) : [];
    const notes = this.notes(focused);
    const now = JSON.stringify([sight.view, this.level, sight.arranged?.root, focused?.name, book.sites.size > 1, ranked.map(site => [site.name, troubleOf(site)]), notes]);
    if (now === this.drawn) return;
    this.drawn = now;
    const several = book.sites.size > 1;
    const site = sight.view.site ?? (several ? focused?.site : null) ?? null;
    const trail: [string, View | null][] = [[this.level === "all" ? "All devices" : "Whole mesh", this.level === "all" || this.level === "fleet" ? null : whole]];
    if (site !== null) trail.push([groupName("site", site), focused === undefined ? null : this.ofSite(site)]);
    if (sight.view.focus !== null) trail.push([focused === undefined ? "a device that is gone" : drawnName(focused.name), null]);
    this.part("trail").replaceChildren(...trail.map(([words, view]) => {
      const item = document.createElement("li");
      const step = document.createElement(view === null ? "span" : "button");
      step.textContent = words;
      if (view === null) step.setAttribute("aria-current", "location");
      else step.addEventListener("click", () => this.go(view));
      item.append(step);
      return item;
    }));
    for (const button of this.root.querySelectorAll<HTMLElement>("[data-graph-level]"))
      button.setAttribute("aria-pressed", String(button.dataset["graphLevel"] === this.level));
    this.part("levels").hidden = (!several && this.level !== "fleet") || this.level === "site" || this.level === "focus";
    this.part("groups").hidden = this.level !== "fleet";
    this.group.value = sight.view.group;
    this.layout.draw();
    this.part("around").hidden = this.level !== "focus";
    for (const button of this.root.querySelectorAll<HTMLElement>("[data-graph-hops]"))
      button.setAttribute("aria-pressed", String(Number(button.dataset["graphHops"]) === sight.view.hops));
    this.part("blast").setAttribute("aria-pressed", String(sight.view.blast));
    const by = this.part<HTMLInputElement>("by");
    if (document.activeElement !== by) by.value = sight.view.by === null ? "" : nodes.get(sight.view.by)?.name ?? "";
    this.part("answer").textContent = notes.join(" ");
    this.part("answer").hidden = notes.length === 0;
    this.part("worst").hidden = ranked.length === 0;
    this.part("worst-list").replaceChildren(...ranked.map(one => {
      const { look, count } = troubleOf(one)!;
      const item = document.createElement("li");
      const button = document.createElement("button");
      const sign = this.root.querySelector(`[data-graph-look="${look}"] svg`)?.cloneNode(true);
      const name = document.createElement("bdi");
      name.textContent = groupName(this.scene.groups.by, one.name);
      const words = document.createElement("span");
      words.textContent = count.toLocaleString();
      button.title = this.describeGroup(one.name);
      const spoken = document.createElement("span");
      spoken.className = "visually-hidden";
      spoken.textContent = ` of ${one.devices.toLocaleString()} ${look}`;
      button.type = "button";
      button.className = `look-${look}`;
      if (sign !== undefined) button.append(sign);
      button.append(name, words, spoken);
      button.addEventListener("click", () => this.enter(one.name));
      item.append(button);
      return item;
    }));
  }

  /** Answers to what was asked about the focused device, in words. */
  private notes(focused: DeviceNode | undefined): string[] {
    const { sight, nodes } = this.scene;
    if (focused === undefined) return sight.view.focus === null ? [] : ["This device is not part of the mesh, or not any more."];
    const name = (id: string): string => drawnName(nodes.get(id)?.name ?? "?");
    const notes: string[] = [];
    if (sight.path !== null && sight.view.by !== null)
      notes.push(sight.path.length === 0
        ? `${name(sight.view.by)} does not come to trust ${drawnName(focused.name)}: no chain of examinations that were passed and still count leads there.`
        : `${sight.path.map(name).join(" → ")}: each examined the next and found it good.`);
    if (sight.view.blast)
      notes.push(sight.alone.length === 0 ? `Nobody would lose their only examiner with ${drawnName(focused.name)}.`
        : `${sight.alone.length} ${sight.alone.length === 1 ? "device" : "devices"} would lose their only examiner: ${sight.alone.slice(0, 8).map(name).join(", ")}${sight.alone.length > 8 ? ", …" : ""}.`);
    return notes;
  }

  private describe(): string {
    const { sight, nodes, book } = this.scene;
    if (sight.view.focus !== null) return [`Around ${drawnName(nodes.get(sight.view.focus)?.name ?? "a device")}, ${sight.crowd} devices.`, ...this.notes(nodes.get(sight.view.focus))].join(" ");
    if (sight.view.site !== null) return [this.describeGroup(sight.view.site), ...(sight.arranged === null ? [] : [sight.arranged.words])].join(", ");
    const { by, book: groups } = this.scene.groups;
    return this.level !== "fleet" ? "All devices" : by === "site" ? `Whole mesh, ${book.sites.size} sites` : `Whole mesh by ${by}, ${groups.sites.size} ${by}s`;
  }

  /** A site, or on the fleet level what else is grouped by. */
  private describeGroup(name: string): string {
    const { by, book } = this.level === "fleet" ? this.scene.groups : { by: "site" as Grouping, book: this.scene.book };
    const site = book.sites.get(name);
    const what = `${{ site: "Site", model: "Model", tier: "Tier" }[by]} ${by === "site" ? drawnName(name) : groupName(by, name)}`;
    if (site === undefined) return `${what}, no devices`;
    const trouble = troubleOf(site);
    const all = site.counts.get("trusted") === site.devices ? ", all trusted" : "";
    return `${what}, ${site.devices} ${site.devices === 1 ? "device" : "devices"}${trouble === null ? all : `, ${trouble.count} ${trouble.look}`}`;
  }

  private askBy(text: string): void {
    if (this.view.focus === null) return;
    const wanted = text.toLowerCase();
    const found = text === "" ? undefined
      : [...this.scene.nodes.values()].find(node => node.kind === "device" && node.name.toLowerCase() === wanted) ?? this.scene.nodes.get(wanted)
        ?? [...this.scene.nodes.values()].find(node => node.kind === "device" && node.name.toLowerCase().includes(wanted));
    if (text !== "" && found === undefined) { this.to.say(`No device is called ${drawnName(text)}`); return; }
    this.go({ ...this.view, by: found?.id ?? null });
  }

  private click(event: MouseEvent): void {
    if (!(event.target instanceof Element)) return;
    const target = event.target.closest<HTMLElement>("[data-graph-level],[data-graph-hops],[data-graph-blast],[data-graph-focus-on]");
    if (target === null) return;
    const { graphLevel, graphHops, graphFocusOn } = target.dataset;
    if (graphFocusOn !== undefined) {
      event.preventDefault();
      this.go({ ...whole, focus: graphFocusOn });
    } else if (graphLevel !== undefined) this.go({ ...whole, level: graphLevel as "all" | "fleet", group: this.view.group });
    else if (graphHops !== undefined) this.go({ ...this.view, hops: Number(graphHops) as 1 | 2 | 3 });
    else this.go({ ...this.view, blast: !this.view.blast });
  }

  private get group(): HTMLSelectElement {
    return this.part<HTMLSelectElement>("group");
  }

  private part<T extends HTMLElement = HTMLElement>(name: string): T {
    return this.root.querySelector<T>(`[data-graph-${name}]`)!;
  }
}
