import "./logCheck.js";
import type { Mounted } from "./graph.js";

// What every page needs of the browser: times in its own zone, theme, copying, keys, the scroll position of long tables.

interface DotNet {
  invokeMethodAsync(method: string, ...args: unknown[]): Promise<unknown>;
}

/** <tm-time datetime data-style="ago|until|age|clock|full">: text that keeps itself true. */
class TimeElement extends HTMLElement {
  static readonly observedAttributes = ["datetime"];
  static readonly alive = new Set<TimeElement>();
  connectedCallback(): void { TimeElement.alive.add(this); this.write(); }
  disconnectedCallback(): void { TimeElement.alive.delete(this); }
  attributeChangedCallback(): void { this.write(); }

  write(): void {
    const at = new Date(this.getAttribute("datetime") ?? "");
    if (Number.isNaN(at.getTime())) return;
    const seconds = Math.round((Date.now() - at.getTime()) / 1000);
    const style = this.dataset["style"] ?? "ago";
    const text = style === "clock" ? at.toLocaleTimeString(undefined, { hour12: false })
      : style === "full" ? at.toLocaleString(undefined, { dateStyle: "medium", timeStyle: "short" })
        : style === "age" ? span(Math.max(0, seconds))
          : style === "until" ? (seconds >= 0 ? (seconds < 2 ? "now" : `${span(seconds)} ago`) : `in ${span(-seconds)}`)
            : seconds < 2 ? "just now" : `${span(seconds)} ago`;
    if (this.textContent !== text) this.textContent = text;
    this.title = at.toLocaleString(undefined, { dateStyle: "full", timeStyle: "long" });
  }
}

function span(seconds: number): string {
  if (seconds < 60) return `${seconds} s`;
  if (seconds < 3600) return `${Math.floor(seconds / 60)} min`;
  if (seconds < 86_400) return `${Math.floor(seconds / 3600)} h ${Math.floor((seconds % 3600) / 60)} min`;
  return `${Math.floor(seconds / 86_400)} d`;
}

customElements.define("tm-time", TimeElement);
setInterval(() => { if (!document.hidden) for (const element of TimeElement.alive) element.write(); }, 1000);

/** <tm-local label name at>: an instant somebody can write in their own zone; the form that has it goes to its instants as ISO 8601. */
class LocalElement extends HTMLElement {
  static readonly observedAttributes = ["at"];
  private readonly input = document.createElement("input");
  connectedCallback(): void {
    this.input.type = "datetime-local";
    this.input.step = "1";
    const label = document.createElement("label");
    label.className = "select";
    const words = document.createElement("span");
    words.textContent = this.getAttribute("label");
    label.append(words, this.input);
    this.replaceChildren(label);
    this.write();
  }

  attributeChangedCallback(): void { this.write(); }

  /** ISO 8601; empty if nothing is written. */
  get instant(): string {
    return this.input.value === "" ? "" : new Date(this.input.value).toISOString();
  }

  private write(): void {
    const at = new Date(this.getAttribute("at") ?? "");
    this.input.value = Number.isNaN(at.getTime()) ? "" : new Date(at.getTime() - at.getTimezoneOffset() * 60_000).toISOString().slice(0, 19);
  }
}

customElements.define("tm-local", LocalElement);

// A form whose fields are the address of the page.
document.addEventListener("submit", event => {
  if (!(event.target instanceof HTMLFormElement) || event.target.dataset["addressForm"] === undefined) return;
  event.preventDefault();
  const query = new URLSearchParams();
  for (const [name, value] of new FormData(event.target)) if (typeof value === "string" && value.trim() !== "") query.set(name, value.trim());
  for (const at of event.target.querySelectorAll<LocalElement>("tm-local")) if (at.instant !== "") query.set(at.getAttribute("name") ?? "", at.instant);
  (window as unknown as { Blazor: { navigateTo(url: string): void } }).Blazor.navigateTo(`${event.target.getAttribute("action") ?? ""}?${query}`);
});

const themes = ["system", "light", "dark", "contrast"] as const;

function nameTheme(): void {
  const theme = document.documentElement.dataset["theme"] ?? "system";
  for (const name of document.querySelectorAll("[data-theme-name]")) name.textContent = theme === "contrast" ? "Theme: high contrast" : `Theme: ${theme}`;
}

function nextTheme(): void {
  const now = themes.indexOf((document.documentElement.dataset["theme"] ?? "system") as typeof themes[number]);
  const next = themes[(now + 1) % themes.length] ?? "system";
  document.documentElement.dataset["theme"] = next;
  document.cookie = `trustmesh.theme=${next}; path=/; max-age=31536000; samesite=strict`;
  nameTheme();
}

async function copy(button: HTMLElement): Promise<void> {
  await navigator.clipboard.writeText(button.dataset["copy"] ?? "");
  button.classList.add("copied");
  setTimeout(() => button.classList.remove("copied"), 1500);
}

/** What this page is for, and its keys. Not above something else that waits for an answer. */
function openHelp(): void {
  if (document.querySelector("dialog[open]") === null) document.querySelector<HTMLDialogElement>("[data-help]")?.showModal();
}

document.addEventListener("click", event => {
  if (!(event.target instanceof Element)) return;
  const button = event.target.closest<HTMLElement>("[data-theme-toggle],[data-copy],[data-reconnect],[data-reload],[data-help-open],[data-help-close]");
  if (button === null) return;
  if (button.dataset["copy"] !== undefined) void copy(button);
  else if (button.dataset["themeToggle"] !== undefined) nextTheme();
  else if (button.dataset["helpOpen"] !== undefined) openHelp();
  // A link in it leads on: whoever follows it is not held by the dialog.
  else if (button.dataset["helpClose"] !== undefined) button.closest("dialog")?.close();
  else if (button.dataset["reconnect"] !== undefined) void (window as unknown as { Blazor: { reconnect(): Promise<boolean> } }).Blazor.reconnect();
  else location.reload();
});

document.addEventListener("keydown", event => {
  if (!(event.target instanceof HTMLElement) || event.ctrlKey || event.metaKey || event.altKey) return;
  if (event.key === "/" && !event.target.matches("input,textarea,select")) {
    const search = document.querySelector<HTMLInputElement>("[data-search]");
    if (search === null) return;
    event.preventDefault();
    search.focus();
    search.select();
  }
  if (event.key === "?" && !event.target.matches("input,textarea,select")) {
    event.preventDefault();
    openHelp();
  }
  if (event.target.matches("[role=tab]") && (event.key === "ArrowLeft" || event.key === "ArrowRight")) {
    const tabs = [...event.target.parentElement?.querySelectorAll<HTMLElement>("[role=tab]") ?? []];
    const next = tabs[(tabs.indexOf(event.target) + (event.key === "ArrowRight" ? 1 : tabs.length - 1)) % tabs.length];
    next?.focus();
    next?.click();
  }
});

nameTheme();
// The rail is rendered again when its circuit starts.
new MutationObserver(nameTheme).observe(document.body, { childList: true });

/** Tells a table how far it is scrolled and how much of it shows. */
export function watchScroll(viewport: HTMLElement, table: DotNet): { dispose(): void } {
  let frame = 0;
  const tell = (): void => {
    frame = 0;
    // It may be gone when this arrives; then nobody scrolls any more.
    void table.invokeMethodAsync("Scrolled", viewport.scrollTop, viewport.clientHeight).catch(() => undefined);
  };
  const soon = (): void => { if (frame === 0) frame = requestAnimationFrame(tell); };
  const sizes = new ResizeObserver(soon);
  sizes.observe(viewport);
  viewport.addEventListener("scroll", soon, { passive: true });
  return {
    dispose() {
      sizes.disconnect();
      viewport.removeEventListener("scroll", soon);
      cancelAnimationFrame(frame);
    },
  };
}

/** Unless somebody writes on the page already. */
export function focusHeading(): void {
  const heading = document.querySelector<HTMLElement>("h1");
  if (heading === null || document.activeElement?.matches("input,textarea,select") === true) return;
  heading.tabIndex = -1;
  heading.focus();
}

export function openDialog(dialog: HTMLDialogElement): void {
  if (!dialog.open) dialog.showModal();
}

export function closeDialog(dialog: HTMLDialogElement): void {
  if (dialog.open) dialog.close();
}

/** Scrolls no further than it takes to see the start of something and what follows. */
export function reveal(element: HTMLElement): void {
  const box = element.getBoundingClientRect();
  if (box.top < 0 || box.top > innerHeight - 320) element.scrollIntoView({ block: "center", behavior: "auto" });
}

export { openQuery } from "./queryBox.js";

/** sigma needs WebGL 2 already to be loaded, so the question is asked before. */
export function canDraw(): boolean {
  return typeof WebGL2RenderingContext !== "undefined" && document.createElement("canvas").getContext("webgl2") !== null;
}

export async function openGraph(root: HTMLElement, page: DotNet, view: { edge: string | null }): Promise<Mounted> {
  const { mount } = await import("./graph.js");
  return mount(root, page, view);
}
