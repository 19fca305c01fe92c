import { basename, join } from "node:path";
import { escapeHtml } from "../../lib/html.ts";
import { joinLines, readNotebook } from "../../lib/io/notebook_file.ts";
import { InputError } from "../../lib/io/input_error.ts";
import { type NotebookPage, notebookPage } from "./notebook_page.ts";
import { normalize, serialize } from "../notebooks/outputs.ts";
import { pageShell } from "./page_shell.ts";
import { contentPolicy } from "./policy.ts";
import { renderMarkdown } from "./render_markdown.ts";
import { LOCAL_COMMAND } from "./run/page_module_names.ts";

/** Where the source of this project is, for the services that run its notebooks. */
const REPOSITORY = "cosine-lab/cosine-lab";

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
 */
export async function buildNotebooks(from: string, to: string): Promise<void> {
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
        body: withNavigation(entry, entries[i - 1], entries[i + 1]),
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
    return renderMarkdown(sentences.slice(0, 2).join(" ")).html.replace(/^<p>|<\/p>\n?$/g, "");
  });
}

function withNavigation(entry: Entry, before?: Entry, after?: Entry): string {
  const contents = entry.headings.map(({ id, html }) => `<li><a href="#${id}">${html}</a></li>`);
  const path = `notebooks/${entry.name}.ipynb`;
  const binder = `https://mybinder.org/v2/gh/${REPOSITORY}/HEAD?labpath=${
    encodeURIComponent(path)
  }`;
  const link = (to: Entry | undefined, label: string) =>
    to === undefined
      ? "<span></span>"
      : `<a href="${to.name}.html">${label} ${escapeHtml(to.title)}</a>`;
  const [title, ...rest] = entry.body.split(/(?<=<\/h1>\n)/);
  return `${title}</section>
<p class="actions"><a href="${entry.name}.ipynb" download>Download for Jupyter</a>
<a href="${binder}" rel="external">Run it on Binder</a></p>
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
  const items = entries.map(({ name, title, summary }) =>
    `<li><h2><a href="${name}.html">${escapeHtml(title)}</a></h2><p>${summary}</p></li>`
  );
  return pageShell({
    title: "Notebooks – cosine-lab",
    description: "Every claim and figure of the paper, reproduced with the code beside it.",
    body: `<section class="prose"><h1>The notebooks</h1>
<p>Every claim and figure of the paper, reproduced with the code beside it. Read them here, or open
them in Jupyter with the Deno kernel, change a parameter and look again.</p></section>
<ol class="cards">${items.join("\n")}</ol>`,
    root: "../",
    here: "notebooks",
  });
}
