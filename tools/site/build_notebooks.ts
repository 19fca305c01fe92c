import { basename, join } from "node:path";
import { stripVTControlCharacters } from "node:util";
import { escapeHtml } from "../../lib/html.ts";
import { InputError } from "../../lib/errors.ts";
import {
  type Cell,
  codeCells,
  normalize,
  type Notebook,
  readNotebook,
  serialize,
} from "../notebooks/notebook_file.ts";
import { contentPolicy, pageShell } from "./page_shell.ts";
import { highlighted } from "./highlight.ts";
import { type Settings, writeSettings, wrongSetting } from "./live/settings.ts";
import { type Heading, renderMarkdown } from "./render_markdown.ts";
import { fingerprint } from "./run/fingerprint.ts";
import { LOCAL_COMMAND, missingInPage } from "./run/page_module_names.ts";
import { joinLines, type MultilineText, type Output } from "../notebooks/outputs.ts";

/** A notebook, and what the list says of it. */
interface Entry extends NotebookPage {
  name: string;
  summary: string;
  /** The notebook without its outputs, the text of an .ipynb file. */
  download: string;
}

/**
 * Writes a page for each notebook, and one that lists them.
 *
 * @param from The folder of the notebooks.
 * @param to The folder of the site.
 * @param repository Where the project is on GitHub, for Binder, which runs it from there; no link leads
 * to Binder unless given.
 */
export async function buildNotebooks(
  from: string,
  to: string,
  repository?: string,
): Promise<void> {
  const folder = join(to, "notebooks");
  Deno.mkdirSync(folder, { recursive: true });
  const names = [...Deno.readDirSync(from)].map(({ name }) => name);
  const entries = await Promise.all(
    names.filter((name) => name.endsWith(".ipynb")).sort().map((name) => entryOf(join(from, name))),
  );
  entries.forEach((entry, i) => {
    Deno.writeTextFileSync(
      join(folder, `${entry.name}.html`),
      pageShell({
        title: `${entry.title} – cosine-lab`,
        description: entry.title,
        body: withNavigation(entry, { before: entries[i - 1], after: entries[i + 1], repository }),
        root: "../",
        here: "notebooks",
        scripts: ["assets/notebook_page_script.js"],
        state: entry.missing.length === 0 ? "idle" : undefined,
        head: contentPolicy("'self'"),
      }),
    );
    if (entry.pictures.size > 0) Deno.mkdirSync(join(folder, entry.name), { recursive: true });
    for (const [address, png] of entry.pictures) Deno.writeFileSync(join(folder, address), png);
    Deno.writeTextFileSync(join(folder, `${entry.name}.ipynb`), entry.download);
  });
  Deno.writeTextFileSync(join(folder, "index.html"), listOf(entries));
}

/**
 * Writes the page of the table to which notebook 10 links: which D is behind the calls of libraries.
 *
 * @param from The Markdown file.
 * @param to The folder of the site.
 */
export function buildTableOfLibraries(from: string, to: string): void {
  const text = Deno.readTextFileSync(from).replace(/(\.\.\/notebooks\/\w+)\.ipynb/g, "$1.html");
  const { html, headings: [title] } = renderMarkdown(text);
  Deno.mkdirSync(join(to, "libraries"), { recursive: true });
  Deno.writeTextFileSync(
    join(to, "libraries", "index.html"),
    pageShell({
      title: `${title.html} – cosine-lab`,
      description:
        "What the item vectors of twenty library calls are, and how to choose them yourself.",
      body: `<section class="prose">\n${html}</section>`,
      root: "../",
      here: "notebooks",
    }),
  );
}

async function entryOf(path: string): Promise<Entry> {
  const { notebook } = readNotebook(path);
  const first = joinLines(notebook.cells[0]?.source ?? "");
  // The first paragraph that is neither a heading, nor a note on what is reproduced, nor a quotation, nor
  // a formula.
  const paragraph = first.split(/\n\s*\n/)
    .find((text) => /^(?!#|>|_|\*(?!\*)|\$\$)\S/.test(text)) ?? "";
  const name = basename(path, ".ipynb");
  const summary = renderMarkdown(paragraph).html.replace(/^<p>|<\/p>\n?$/g, "");
  // Who opens it in Jupyter runs it: its outputs are on the page.
  const cells = notebook.cells.map((cell) =>
    cell.cell_type === "code" ? { ...cell, outputs: [] } : cell
  );
  return {
    ...await notebookPage(normalize(notebook), name),
    name,
    summary,
    download: serialize({ ...notebook, cells }),
  };
}

/**
 * What a notebook says to take away: the first two sentences of each point of a list, as HTML.
 *
 * @param path The notebook.
 * @param heading The heading of the list.
 * @throws {InputError} If there is no such list.
 */
export function takeawaysOf(path: string, heading: string): string[] {
  const texts = readNotebook(path).notebook.cells.map(({ source }) => joinLines(source));
  const [, section = ""] = texts.join("\n\n").split(`## ${heading}\n`);
  const points = [...section.split(/^## /m)[0].matchAll(/^\d+\. (\*\*.+?\*\*.*)$/gm)];
  if (points.length === 0) throw new InputError(`${path} has no list under "${heading}"`);
  return points.map(([, text]) => {
    const sentences = text.split(/(?<=[.?!]\*{0,2}) (?=[A-Z"])/);
    // The first page does without the weight of fonts for a few letters.
    const { html } = renderMarkdown(sentences.slice(0, 2).join(" "), new Set(), "mathml");
    return html.replace(/^<p>|<\/p>\n?$/g, "");
  });
}

function withNavigation(
  entry: Entry,
  { before, after, repository }: { before?: Entry; after?: Entry; repository?: string },
): string {
  const contents = entry.headings.map(({ id, html }) => `<li><a href="#${id}">${html}</a></li>`);
  const path = encodeURIComponent(`notebooks/${entry.name}.ipynb`);
  const binder = repository === undefined
    ? ""
    : `\n<a href="https://mybinder.org/v2/gh/${repository}/HEAD?labpath=${path}" rel="external">` +
      "Run it on Binder</a>";
  const link = (to: Entry | undefined, label: string) =>
    to === undefined
      ? "<span></span>"
      : `<a href="${to.name}.html">${label} ${escapeHtml(to.title)}</a>`;
  const [title, ...rest] = entry.body.split(/(?<=<\/h1>\n)/);
  return `${title}</section>
<p class="actions"><a href="${entry.name}.ipynb" download>Download for Jupyter</a>${binder}</p>
${entry.missing.length === 0 ? RUN : runElsewhere(entry.missing)}
<nav class="toc" aria-label="Contents"><ol>${contents.join("")}</ol></nav>
<section class="prose">
${rest.join("")}
<nav class="pager" aria-label="Other notebooks">${link(before, "←")} ${link(after, "→")}</nav>`;
}

/** What runs the notebook, shown by the script that does it. */
const RUN = `<div class="runbar" data-worker="../assets/cell_worker.js" hidden>
<button type="button" data-action="run-all">Run all cells</button>
<button type="button" data-action="stop" disabled>Stop</button>
<progress value="0" hidden aria-label="Cells that have run"></progress>
<p role="status">They run in this page: nothing is installed, and nothing leaves it. Open the code of
a cell to change it.</p>
</div>
<details class="prose"><summary>What “the same to the last digit” means here</summary>
<p>The outputs on this page are those that are committed; the Deno kernel computed them. A cell that
runs here is compared with them: what it prints and its tables byte by byte; a figure by the SVG
document that is drawn here and was drawn there, whose SHA-256 the committed PNG names (heatmaps are
pictures within it, so they count byte by byte); the slider by its data, its title and its caption.
All arithmetic of the library is the same in every engine. Where a cell itself takes a power or a
logarithm, an engine other than that of Chrome and Deno may round the last digit
otherwise, and the page says that the output has changed.</p></details>`;

function runElsewhere(missing: readonly string[]): string {
  const names = missing.map((name) => `<code>${name}</code>`).join(", ");
  return `<p class="prose">This notebook does not run in a page, which has no ${names}: in a clone of the
project, <code>${LOCAL_COMMAND}</code> opens it in Jupyter.</p>`;
}

function listOf(entries: readonly Entry[]): string {
  const items = entries.map(({ name, title, summary, missing }) =>
    `<li><h2><a href="${name}.html">${escapeHtml(title)}</a></h2><p>${summary}</p>${
      missing.length === 0 ? '<p class="runs">▶ Runs in its page</p>' : ""
    }</li>`
  );
  return pageShell({
    title: "Notebooks – cosine-lab",
    description: "Every claim and figure of the paper, reproduced with the code beside it.",
    body: `<section class="prose"><h1>The notebooks</h1>
<p>Every claim and figure of the paper, reproduced with the code beside it. Read them here, run in their
pages those that say so, or open them in Jupyter with the Deno kernel: change a parameter and look again.
</p></section>
<ol class="cards">${items.join("\n")}</ol>`,
    root: "../",
    here: "notebooks",
  });
}

/** A notebook as a part of a page. */
interface NotebookPage {
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
async function notebookPage(notebook: Notebook, folder: string): Promise<NotebookPage> {
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
${presets(cell, number)}</section>
`;
}

/** A point of a figure that the live map draws, as the metadata of a cell has it under `live`. */
type Preset = Partial<Settings> & { label: string };

/** The ways from a figure to the live map, set as the figure is. */
function presets({ metadata = {} }: Cell, number: number): string {
  const { live = [] } = metadata as { live?: Preset[] };
  if (live.length === 0) return "";
  const links = live.map(({ label, ...settings }) => {
    for (const [name, value] of Object.entries(settings)) {
      const wanted = wrongSetting(name, value);
      if (wanted === undefined) continue;
      throw new InputError(
        `Cannot preset the live map in cell [${number}]: ${name} must be ${wanted}, current value is ` +
          JSON.stringify(value),
      );
    }
    const address = `../index.html#${writeSettings(settings)}`.replace(/#$/, "");
    return `<a class="button" href="${escapeHtml(address)}">${escapeHtml(label)}</a>`;
  });
  return `<p class="presets">On the live map: ${links.join("\n")}</p>\n`;
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
    return `<figure tabindex="0"><img alt="${escapeHtml(alternative)}" ${
      sizeOfPng(png)
    } loading="lazy" ` +
      `src="${addressOf(png)}"></figure>\n`;
  }
  if ("text/html" in data) {
    // The page brings the script of the slider itself: its policy allows none within.
    const html = joinLines(data["text/html"] as MultilineText)
      .replace(/<script>[\s\S]*?<\/script>/g, "");
    // What a progress bar leaves behind is of no use to a reader.
    if (/^[^<]*: done$/.test(html.trim())) return "";
    return `<div class="output" tabindex="0" role="group" aria-label="Output">${html}</div>\n`;
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
