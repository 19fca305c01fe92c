import { stripVTControlCharacters } from "node:util";
import { escapeHtml } from "../../lib/html.ts";
import {
  type Cell,
  joinLines,
  type MultilineText,
  type Notebook,
  type Output,
} from "../../lib/io/notebook_file.ts";
import { type Heading, highlighted, renderMarkdown } from "./render_markdown.ts";

/** A notebook as a part of a page. */
export interface NotebookPage {
  /** The title: its first heading, plain text. */
  title: string;
  /** The prose, the figures, and the code folded away, as HTML. */
  body: string;
  /** The headings below the title. */
  headings: Heading[];
}

/**
 * Turns a notebook with its outputs into HTML: prose and figures to read, code one click away.
 *
 * @param notebook The notebook.
 * @returns Its title, its content and its headings.
 */
export function notebookPage(notebook: Notebook): NotebookPage {
  const ids = new Set<string>();
  const headings: Heading[] = [];
  const body = notebook.cells.map((cell) => {
    if (cell.cell_type === "code") return codeCell(cell);
    const rendered = renderMarkdown(localLinks(joinLines(cell.source)), ids);
    headings.push(...rendered.headings);
    return `<section class="prose">\n${rendered.html}</section>\n`;
  }).join("");
  const [first] = headings;
  return {
    title: first === undefined ? "Notebook" : first.html.replace(/<[^>]*>/g, ""),
    body,
    headings: headings.slice(1).filter(({ level }) => level <= 2),
  };
}

/** Links between notebooks lead to their pages here. */
function localLinks(text: string): string {
  return text.replace(/\]\((?:\.\/)?(\d\d_\w+)\.ipynb(#[^)]*)?\)/g, "]($1.html$2)");
}

function codeCell(cell: Cell): string {
  const code = joinLines(cell.source);
  if (code.trim() === "") return "";
  const lines = code.split("\n").length;
  const folded = `<details class="code"><summary>Code <span>${lines} ` +
    `${lines === 1 ? "line" : "lines"}</span></summary>` +
    `<pre><code class="hljs">${highlighted(code, "typescript")}</code></pre></details>\n`;
  return `<section class="cell">\n${folded}${
    (cell.outputs ?? []).map(output).join("")
  }</section>\n`;
}

function output({ data = {}, text, output_type }: Output): string {
  if (output_type === "stream") {
    return `<pre class="stream" tabindex="0">${escapeHtml(joinLines(text))}</pre>\n`;
  }
  const alternative = joinLines(data["text/plain"] as MultilineText);
  if ("image/png" in data) {
    const png = joinLines(data["image/png"] as MultilineText).trim();
    return `<figure><img alt="${escapeHtml(alternative)}" ${sizeOfPng(png)} loading="lazy" ` +
      `src="data:image/png;base64,${png}"></figure>\n`;
  }
  if ("text/html" in data) {
    const html = joinLines(data["text/html"] as MultilineText);
    // What a progress bar leaves behind is of no use to a reader.
    if (/^[^<]*: done$/.test(html.trim())) return "";
    return `<div class="output" tabindex="0" role="region" aria-label="Output">${html}</div>\n`;
  }
  if ("text/markdown" in data) {
    return `<div class="output prose">${
      renderMarkdown(joinLines(data["text/markdown"] as MultilineText)).html
    }</div>\n`;
  }
  return alternative === ""
    ? ""
    : `<pre class="stream" tabindex="0">${
      escapeHtml(stripVTControlCharacters(alternative))
    }</pre>\n`;
}

/** Width and height of a figure on the page: its PNG has twice as many pixels each way. */
function sizeOfPng(base64: string): string {
  const bytes = Uint8Array.from(atob(base64.slice(0, 64)), (c) => c.charCodeAt(0));
  const view = new DataView(bytes.buffer);
  const [width, height] = [16, 20].map((at) => Math.round(view.getUint32(at) / 2));
  return `width="${width}" height="${height}"`;
}
