import { stripVTControlCharacters } from "node:util";
import { escapeHtml } from "../../lib/html.ts";
import {
  type Cell,
  codeCells,
  joinLines,
  type MultilineText,
  type Notebook,
  type Output,
} from "../../lib/io/notebook_file.ts";
import { highlighted } from "./highlight.ts";
import { type Heading, renderMarkdown } from "./render_markdown.ts";
import { fingerprint } from "./run/fingerprint.ts";
import { missingInPage } from "./run/page_module_names.ts";

/** A notebook as a part of a page. */
export interface NotebookPage {
  /** The title: its first heading, plain text. */
  title: string;
  /** The prose, the figures, and the code folded away, as HTML. */
  body: string;
  /** The headings below the title. */
  headings: Heading[];
  /** The files of its figures, by their addresses. */
  pictures: Map<string, Uint8Array>;
  /** What the notebook needs that a page does not have: where this is nothing, it runs there. */
  missing: string[];
}

/**
 * Turns a notebook with its outputs into HTML: prose and figures to read, code one click away. Each cell
 * carries its number and the digests of its outputs, for who runs it in the page.
 *
 * @param notebook The notebook, normalized.
 * @param folder The folder of its figures, relative to the page.
 * @returns Its title, its content and its headings.
 */
export async function notebookPage(notebook: Notebook, folder: string): Promise<NotebookPage> {
  const ids = new Set<string>();
  const headings: Heading[] = [];
  const numbers = new Map(codeCells(notebook).map(({ cell, number }) => [cell, number]));
  const parts: string[] = [];
  const pictures = new Map<string, Uint8Array>();
  for (const cell of notebook.cells) {
    const number = numbers.get(cell);
    if (number !== undefined) {
      const addressOf = (png: Uint8Array) => {
        const address = `${folder}/${pictures.size + 1}.png`;
        pictures.set(address, png);
        return address;
      };
      parts.push(await codeCell(cell, number, addressOf));
    }
    if (cell.cell_type !== "markdown") continue;
    const rendered = renderMarkdown(localLinks(joinLines(cell.source)), ids);
    headings.push(...rendered.headings);
    parts.push(`<section class="prose">\n${rendered.html}</section>\n`);
  }
  const [first] = headings;
  return {
    title: first === undefined ? "Notebook" : first.html.replace(/<[^>]*>/g, ""),
    body: parts.join(""),
    headings: headings.slice(1).filter(({ level }) => level <= 2),
    pictures,
    missing: missingInPage(codeCells(notebook).map(({ code }) => code).join("\n")),
  };
}

/** Links between notebooks, and to the table of libraries, lead to their pages here. */
function localLinks(text: string): string {
  return text.replace(/\]\((?:\.\/)?(\d\d_\w+)\.ipynb(#[^)]*)?\)/g, "]($1.html$2)")
    .replaceAll("](../docs/libraries.md)", "](../libraries/index.html)");
}

/** Keeps a figure, and says where it will be. */
type AddressOf = (png: Uint8Array) => string;

async function codeCell(cell: Cell, number: number, addressOf: AddressOf): Promise<string> {
  const code = joinLines(cell.source);
  const lines = code.split("\n").length;
  const outputs = cell.outputs ?? [];
  const committed = (await fingerprint(outputs)).join(" ");
  return `<section class="cell" data-cell="${number}" data-committed="${committed}">
<details class="code"><summary>Code <span>${lines} ${
    lines === 1 ? "line" : "lines"
  }</span></summary>
<pre><code class="hljs">${highlighted(code, "typescript")}</code></pre></details>
<div class="committed">${outputs.map((one) => output(one, addressOf)).join("")}</div>
</section>
`;
}

function output({ data = {}, text, output_type }: Output, addressOf: AddressOf): string {
  if (output_type === "stream") {
    return `<pre class="stream" tabindex="0">${escapeHtml(joinLines(text))}</pre>\n`;
  }
  const alternative = joinLines(data["text/plain"] as MultilineText);
  if ("image/png" in data) {
    const png = Uint8Array.from(
      atob(joinLines(data["image/png"] as MultilineText).trim()),
      (c) => c.charCodeAt(0),
    );
    return `<figure><img alt="${escapeHtml(alternative)}" ${sizeOfPng(png)} loading="lazy" ` +
      `src="${addressOf(png)}"></figure>\n`;
  }
  if ("text/html" in data) {
    // The page brings the script of the slider itself: its policy allows none within.
    const html = joinLines(data["text/html"] as MultilineText)
      .replace(/<script>[\s\S]*?<\/script>/g, "");
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
function sizeOfPng({ buffer }: Uint8Array): string {
  const view = new DataView(buffer);
  const [width, height] = [16, 20].map((at) => Math.round(view.getUint32(at) / 2));
  return `width="${width}" height="${height}"`;
}
