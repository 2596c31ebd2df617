// The box a query is written in: an ARIA combobox with a list of ways to go on. What a text means is decided by the server, in one place for everybody.

interface Box {
  invokeMethodAsync(method: "Typed", text: string, caret: number): Promise<Choices>;
}

interface Choice {
  readonly insert: string;
  readonly note: string;
  readonly count: number | null;
  readonly ends: boolean;
}

interface Choices {
  readonly from: number;
  readonly to: number;
  readonly items: readonly Choice[];
}

/** Milliseconds a person pauses between letters without being asked whether that was all. */
const pause = 90;

/** Enter without a choice: whoever shows devices goes to the first that was found. */
export const goEvent = "trustmesh-query-go";

/** @param text What the server knows to be written. */
export function openQuery(root: HTMLElement, box: Box, text: string): { write(text: string): void; dispose(): void } {
  const end = new AbortController();
  const { signal } = end;
  const input = root.querySelector<HTMLInputElement>("[data-query-input]")!;
  const list = root.querySelector<HTMLElement>("[data-query-choices]")!;
  let choices: Choices = { from: 0, to: 0, items: [] };
  /** What the server was told, or wrote. */
  let known = text;
  let active = -1;
  let asked = 0;
  let timer = 0;

  const isOpen = (): boolean => !list.hidden;

  function close(): void {
    list.hidden = true;
    active = -1;
    input.setAttribute("aria-expanded", "false");
    input.removeAttribute("aria-activedescendant");
  }

  function mark(at: number): void {
    active = at;
    const options = [...list.children];
    options.forEach((option, index) => option.setAttribute("aria-selected", String(index === at)));
    const option = options[at];
    if (option === undefined) input.removeAttribute("aria-activedescendant");
    else {
      input.setAttribute("aria-activedescendant", option.id);
      option.scrollIntoView({ block: "nearest" });
    }
  }

  /** Text nodes only: what devices are called is never markup (A44). */
  function show(next: Choices): void {
    choices = next;
    if (next.items.length === 0 || document.activeElement !== input) { close(); return; }
    list.replaceChildren(...next.items.map((item, index) => {
      const option = document.createElement("li");
      option.id = `${list.id}-${index}`;
      option.setAttribute("role", "option");
      option.setAttribute("aria-selected", "false");
      const word = document.createElement("bdi");
      word.textContent = item.insert;
      option.append(word);
      if (item.note !== "") option.append(Object.assign(document.createElement("span"), { className: "choice-note", textContent: item.note }));
      if (item.count !== null) option.append(Object.assign(document.createElement("span"), { className: "choice-count", textContent: item.count.toLocaleString() }));
      return option;
    }));
    list.hidden = false;
    input.setAttribute("aria-expanded", "true");
    mark(-1);
  }

  /** Tells what is written. @param open Whether the list comes up with the answer. */
  async function tell(open: boolean): Promise<void> {
    clearTimeout(timer);
    timer = 0;
    const number = ++asked;
    known = input.value;
    try {
      const next = await box.invokeMethodAsync("Typed", input.value, input.selectionStart ?? input.value.length);
      // An answer to an earlier letter comes too late to be of use.
      if (number === asked && open && !signal.aborted) show(next);
    } catch {
      // The circuit is cut: the page says so, and the text is still here when it is back.
      close();
    }
  }

  function accept(at: number): void {
    const choice = choices.items[at];
    if (choice === undefined) return;
    const after = input.value.slice(choices.to);
    const gap = choice.ends && !after.startsWith(" ") && !after.startsWith(",") ? " " : "";
    input.value = input.value.slice(0, choices.from) + choice.insert + gap + after;
    const caret = choices.from + choice.insert.length + (choice.ends ? 1 : 0);
    input.setSelectionRange(caret, caret);
    close();
    void tell(!choice.ends);
  }

  function key(event: KeyboardEvent): void {
    if (event.isComposing) return;
    if (event.key === "ArrowDown" || event.key === "ArrowUp") {
      if (!isOpen()) void tell(true).then(() => { if (isOpen()) mark(event.key === "ArrowDown" ? 0 : choices.items.length - 1); });
      else {
        // Past either end lies the text itself.
        const places = choices.items.length + 1;
        mark((active + 1 + (event.key === "ArrowDown" ? 1 : places - 1)) % places - 1);
      }
    } else if ((event.key === "Enter" || event.key === "Tab") && isOpen() && active >= 0) accept(active);
    else if (event.key === "Enter") {
      close();
      void tell(false).then(() => root.dispatchEvent(new CustomEvent(goEvent, { bubbles: true })));
    } else if (event.key === "Escape" && isOpen()) { asked++; close(); }
    else if (event.key === "Escape" && input.value !== "") { input.value = ""; void tell(false); }
    else return;
    event.preventDefault();
    event.stopPropagation();
  }

  input.addEventListener("keydown", key, { signal });
  input.addEventListener("input", () => { clearTimeout(timer); timer = window.setTimeout(() => void tell(true), pause); }, { signal });
  input.addEventListener("blur", () => { if (timer !== 0) void tell(false); close(); }, { signal });
  // Before the input loses the focus.
  list.addEventListener("mousedown", event => {
    event.preventDefault();
    const option = event.target instanceof Element ? event.target.closest("[role=option]") : null;
    if (option !== null) accept([...list.children].indexOf(option));
  }, { signal });

  // A person is faster than a page that starts.
  if (input.value !== text) void tell(document.activeElement === input);

  return {
    /** A text that came from elsewhere: a chip, a saved query, the way back. Whoever has typed on meanwhile keeps that, and the server hears of it next. */
    write(text: string): void {
      if (input.value !== known) return;
      input.value = known = text;
      asked++;
      close();
    },
    dispose(): void {
      clearTimeout(timer);
      end.abort();
    },
  };
}
