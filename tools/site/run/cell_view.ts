import { startSlider } from "../../../lib/notebook/scaling_slider_client.ts";
import {
  joinLines,
  type MultilineText,
  orderOutputs,
  type Output,
} from "../../notebooks/outputs.ts";
import { highlighted } from "../highlight.ts";
import { fingerprint } from "./fingerprint.ts";
import type { Failure } from "./cell_worker.ts";

/** A cell on the page: its code to edit, what it shows now, and whether that is what is committed. */
export class CellView {
  /** Its number, from 1. */
  readonly number: number;
  /** What it shows; changed in place by whoever collects messages. */
  readonly outputs: Output[] = [];
  readonly #section: HTMLElement;
  readonly #committed: HTMLElement;
  readonly #fresh = element("div", "fresh");
  readonly #verdict = element("p", "verdict");
  readonly #editor = document.createElement("textarea");
  readonly #highlighted: HTMLElement;
  readonly #source: string;
  readonly #reset = button("Undo the changes");
  #drawing = 0;

  /**
   * @param section The cell as the site has built it: folded code, and outputs.
   * @param onRun Called when the reader wants to run it.
   */
  constructor(section: HTMLElement, onRun: (cell: CellView) => void) {
    this.#section = section;
    this.number = Number(section.dataset.cell);
    this.#committed = section.querySelector<HTMLElement>(".committed")!;
    const code = section.querySelector<HTMLElement>("details.code")!;
    this.#highlighted = code.querySelector("code")!;
    this.#source = this.#highlighted.textContent!;
    this.#makeEditor(code, onRun);
    code.after(this.#verdict);
    this.#committed.before(this.#fresh);
    this.#fresh.hidden = this.#verdict.hidden = true;
  }

  /** The code, as the reader has left it. */
  get code(): string {
    return this.#editor.value;
  }

  #makeEditor(code: HTMLElement, onRun: (cell: CellView) => void): void {
    const editor = this.#editor;
    editor.value = this.#source;
    editor.spellcheck = false;
    editor.autocapitalize = "off";
    editor.setAttribute("autocomplete", "off");
    editor.setAttribute("aria-label", `Code of cell ${this.number}`);
    const pre = code.querySelector("pre")!;
    const frame = element("div", "editor");
    pre.replaceWith(frame);
    frame.append(pre, editor);
    pre.setAttribute("aria-hidden", "true");
    const run = button("Run");
    run.dataset.action = "run";
    run.title =
      "Run this cell, after those above it from the first that has not run or has changed: Shift + Enter";
    this.#reset.hidden = true;
    const buttons = element("p", "actions");
    buttons.append(run, this.#reset);
    frame.after(buttons);
    run.addEventListener("click", () => onRun(this));
    this.#reset.addEventListener("click", () => {
      editor.select();
      insert(editor, this.#source);
    });
    editor.addEventListener("input", () => this.#edited());
    editor.ariaDescription =
      "Shift and Enter run the cell. Tab indents; Escape and then Tab leave the editor.";
    let leaving = false;
    editor.addEventListener("keydown", (event) => {
      const { key, shiftKey, ctrlKey, metaKey, altKey } = event;
      if (key === "Enter" && (shiftKey || ctrlKey || metaKey)) {
        event.preventDefault();
        onRun(this);
      } else if (key === "Tab" && !leaving && !(ctrlKey || metaKey || altKey)) {
        event.preventDefault();
        indent(editor, shiftKey);
      } else if (key === "Enter" && !event.isComposing) {
        event.preventDefault();
        const line = editor.value.slice(0, editor.selectionStart).split("\n").at(-1)!;
        insert(editor, `\n${/^ */.exec(line)![0]}`);
      }
      // With Shift, which comes before Tab, it is still left.
      if (key !== "Shift") leaving = key === "Escape";
    });
    editor.addEventListener("blur", () => {
      leaving = false;
    });
  }

  #edited(): void {
    // A line break at the end makes no line of its own in a <pre>.
    this.#highlighted.innerHTML = `${highlighted(this.code, "typescript")}\n`;
    this.#reset.hidden = this.code === this.#source;
    delete this.#editor.parentElement!.dataset.marked;
  }

  /** Forgets what it showed. */
  clear(): void {
    cancelAnimationFrame(this.#drawing);
    this.outputs.length = 0;
    this.#fresh.replaceChildren();
    this.#fresh.hidden = this.#verdict.hidden = true;
    this.#committed.hidden = false;
    delete this.#section.dataset.same;
    delete this.#section.dataset.state;
    delete this.#editor.parentElement!.dataset.marked;
  }

  /** Says that it is running. */
  start(): void {
    this.clear();
    this.#section.dataset.state = "running";
    this.#say("Running …");
  }

  /** Draws what it shows so far, at the next opportunity. */
  draw(): void {
    cancelAnimationFrame(this.#drawing);
    this.#drawing = requestAnimationFrame(() => this.#show(this.outputs));
  }

  /**
   * Says how it ended, and compares.
   *
   * @param failure Why it failed, if it did.
   * @returns Whether it shows what is committed.
   */
  async end(failure?: Failure): Promise<boolean> {
    cancelAnimationFrame(this.#drawing);
    const outputs = orderOutputs(this.outputs);
    this.#show(outputs, failure);
    const digests = (await fingerprint(outputs)).join(" ");
    const same = failure === undefined && digests === this.#section.dataset.committed;
    this.#section.dataset.same = String(same);
    this.#section.dataset.state = failure === undefined ? "done" : "failed";
    this.#committed.hidden = same;
    if (failure !== undefined) {
      const line = failure.line === undefined ? "" : `, line ${failure.line}`;
      this.#say(`Cell ${this.number} failed${line}.`);
      this.#section.querySelector("details")!.open = true;
      this.#mark(failure.line);
    } else if (!same) {
      const follows = this.#committed.childElementCount === 0
        ? "nothing is committed."
        : "what is committed follows.";
      this.#say(`Changed: this is what the cell shows now; ${follows}`);
    } else {
      this.#say(
        outputs.length === 0 ? "✓ Ran; it shows nothing." : "✓ The same to the last digit.",
      );
    }
    return same;
  }

  /** Marks a line of the code. */
  #mark(line?: number): void {
    if (line === undefined) return;
    const frame = this.#editor.parentElement!;
    frame.dataset.marked = "";
    frame.style.setProperty("--line", String(line));
    const lines = this.code.split("\n");
    const start = lines.slice(0, line - 1).join("\n").length + (line > 1 ? 1 : 0);
    this.#editor.setSelectionRange(start, start + (lines[line - 1]?.length ?? 0));
  }

  #say(text: string): void {
    this.#verdict.textContent = text;
    this.#verdict.hidden = false;
  }

  #show(outputs: readonly Output[], failure?: Failure): void {
    this.#fresh.replaceChildren(...outputs.map(shown));
    if (failure !== undefined) {
      const line = failure.line === undefined ? undefined : this.code.split("\n")[failure.line - 1];
      const where = line === undefined ? "" : `\n\nline ${failure.line}:  ${line.trim()}`;
      this.#fresh.append(text("pre", "stream error", `${failure.message}${where}`));
    }
    this.#fresh.hidden = this.#fresh.childElementCount === 0;
    this.#fresh.querySelectorAll<HTMLElement>(".cosine-lab-slider").forEach(startSlider);
  }

  /** Scrolls to what it shows. */
  scrollTo(): void {
    this.#verdict.scrollIntoView({ block: "center" });
  }
}

/** Puts text in place of what is selected, so that the browser's own undo knows of it. */
function insert(editor: HTMLTextAreaElement, text: string): void {
  editor.focus();
  document.execCommand(text === "" ? "delete" : "insertText", false, text);
}

/** Moves the lines that are selected to the right or to the left; a place in a line, to the right. */
function indent(editor: HTMLTextAreaElement, back: boolean): void {
  const { value, selectionStart, selectionEnd } = editor;
  if (selectionStart === selectionEnd && !back) return insert(editor, "  ");
  const start = value.lastIndexOf("\n", selectionStart - 1) + 1;
  const next = value.indexOf("\n", Math.max(selectionStart, selectionEnd - 1));
  const end = next < 0 ? value.length : next;
  const lines = value.slice(start, end);
  const moved = back ? lines.replace(/^ {1,2}/gm, "") : lines.replace(/^(?=.)/gm, "  ");
  if (moved === lines) return;
  editor.setSelectionRange(start, end);
  insert(editor, moved);
  editor.setSelectionRange(start, start + moved.length);
}

function element(tag: string, className: string): HTMLElement {
  const made = document.createElement(tag);
  made.className = className;
  return made;
}

function text(tag: string, className: string, content: string): HTMLElement {
  const made = element(tag, className);
  made.textContent = content;
  made.tabIndex = 0;
  return made;
}

function button(label: string): HTMLButtonElement {
  const made = document.createElement("button");
  made.type = "button";
  made.textContent = label;
  return made;
}

/** One output, as the site shows those that are committed. */
function shown({ data = {}, text: stream, output_type }: Output): HTMLElement {
  if (output_type === "stream") return text("pre", "stream", joinLines(stream));
  const alternative = joinLines(data["text/plain"] as MultilineText);
  if ("image/svg+xml" in data) {
    const svg = joinLines(data["image/svg+xml"] as MultilineText);
    const image = document.createElement("img");
    const [width, height] = ["width", "height"].map((side) =>
      Number(new RegExp(`<svg[^>]* ${side}="([\\d.]+)"`).exec(svg)?.[1] ?? 0)
    );
    if (width > 0) Object.assign(image, { width, height });
    image.alt = alternative;
    image.src = `data:image/svg+xml,${encodeURIComponent(svg)}`;
    const figure = document.createElement("figure");
    // On a narrow screen it scrolls, from the keyboard as well.
    figure.tabIndex = 0;
    figure.append(image);
    return figure;
  }
  if ("text/html" in data) {
    const output = element("div", "output");
    output.tabIndex = 0;
    output.role = "group";
    output.ariaLabel = "Output";
    output.innerHTML = joinLines(data["text/html"] as MultilineText);
    return output;
  }
  return text("pre", "stream", alternative);
}
