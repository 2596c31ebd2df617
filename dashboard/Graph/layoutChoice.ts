import { drawnName } from "./model.js";
import type { Scene } from "./scene.js";
import { type Layout, layouts, type View } from "./view.js";

interface Around {
  /** Null without a selected device. */
  selected(): string | null;
  go(view: View): void;
  say(words: string): void;
}

/** How a site is laid out. Only the operator changes that: by a button, the key, or the device a tree begins with. */
export class LayoutChoice {
  constructor(private readonly root: HTMLElement, private readonly scene: Scene, private readonly to: Around, signal: AbortSignal) {
    for (const button of this.buttons) button.addEventListener("click", () => this.choose(button.dataset["graphLayout"] as Layout), { signal });
    this.top.addEventListener("change", () => this.askTop(this.top.value.trim()), { signal });
  }

  /** By its key: the next one. */
  next(): void {
    const { view, level } = this.scene.sight;
    if (level !== "site") { this.to.say("Layouts are of the devices of one site; go to a site first."); return; }
    this.choose(layouts[(layouts.indexOf(view.layout) + 1) % layouts.length]!);
  }

  draw(): void {
    const { level, view, arranged } = this.scene.sight;
    this.part("layouts").hidden = level !== "site";
    for (const button of this.buttons) button.setAttribute("aria-pressed", String(button.dataset["graphLayout"] === view.layout));
    this.part("tree").hidden = level !== "site" || view.layout !== "tree";
    const root = arranged?.root ?? null;
    if (document.activeElement !== this.top) this.top.value = root === null ? "" : this.scene.nodes.get(root)?.name ?? "";
  }

  /** The layout that is there already is worked out anew, of who is there now. A tree begins with the selected device, if there is one. */
  private choose(layout: Layout): void {
    const { sight } = this.scene;
    const selected = this.to.selected();
    if (layout === sight.view.layout) sight.layOut();
    this.to.go({ ...sight.view, layout, root: layout !== "tree" ? null : selected ?? (sight.view.layout === "tree" ? sight.view.root : null) });
  }

  private askTop(text: string): void {
    const { sight, nodes } = this.scene;
    const wanted = text.toLowerCase();
    const here = [...nodes.values()].filter(node => sight.has(node));
    const found = text === "" ? null : here.find(node => node.name.toLowerCase() === wanted || node.id === wanted) ?? here.find(node => node.name.toLowerCase().includes(wanted));
    if (found === undefined) { this.to.say(`No device of this site is called ${drawnName(text)}`); return; }
    this.to.go({ ...sight.view, layout: "tree", root: found?.id ?? null });
  }

  private get buttons(): NodeListOf<HTMLElement> {
    return this.root.querySelectorAll<HTMLElement>("[data-graph-layout]");
  }

  private get top(): HTMLInputElement {
    return this.part<HTMLInputElement>("top");
  }

  private part<T extends HTMLElement = HTMLElement>(name: string): T {
    return this.root.querySelector<T>(`[data-graph-${name}]`)!;
  }
}
