import { join } from "node:path";
import { InputError } from "../../lib/io/input_error.ts";
import { documentation, readDocumentation } from "./library_page.ts";
import { pageShell } from "./page_shell.ts";
import { renderMarkdown } from "./render_markdown.ts";

/** An entry point of the library, as `deno.json` exports it. */
interface EntryPoint {
  /** What to import it by, such as "cosine-lab/remedies". */
  name: string;
  path: string;
  /** What it holds, from its documentation. */
  description: string;
}

/**
 * Writes a page that lists the entry points of the library, the documentation of each, and `llms.txt`.
 *
 * @param to The folder of the site.
 */
export function buildLibrary(to: string): void {
  const entryPoints = readEntryPoints();
  Deno.mkdirSync(join(to, "library"), { recursive: true });
  for (const entryPoint of entryPoints) {
    const folder = join(to, "library", folderOf(entryPoint.name));
    Deno.mkdirSync(folder);
    Deno.writeTextFileSync(join(folder, "index.html"), pageOf(entryPoint));
  }
  Deno.writeTextFileSync(join(to, "library", "index.html"), listOf(entryPoints));
  Deno.writeTextFileSync(join(to, "llms.txt"), forLanguageModels(entryPoints));
}

function readEntryPoints(): EntryPoint[] {
  const { exports } = JSON.parse(Deno.readTextFileSync("deno.json"));
  const entryPoints = Object.entries(exports as Record<string, string>).filter(([, path]) =>
    path.endsWith("/mod.ts")
  );
  return entryPoints.map(([subPath, path]) => {
    const [, comment = ""] = /^\/\*\*\n([\s\S]*?)\n \*\//.exec(Deno.readTextFileSync(path)) ?? [];
    const text = comment.replace(/^ \* ?/gm, "").replace(/@module[\s\S]*/, "").trim();
    return { name: join("cosine-lab", subPath), path, description: text };
  });
}

const folderOf = (name: string) => name === "cosine-lab" ? "core" : name.split("/")[1];

/** The page that documents an entry point. */
function pageOf({ name, path, description }: EntryPoint): string {
  const { success, stdout, stderr } = new Deno.Command(Deno.execPath(), {
    args: ["doc", path],
    env: { NO_COLOR: "1" },
  }).outputSync();
  const [printed, said] = [stdout, stderr].map((bytes) => new TextDecoder().decode(bytes));
  if (!success) throw new InputError(`Cannot document ${path}: ${said.trim()}`);
  return pageShell({
    title: `${name} – cosine-lab`,
    description: description.split("\n\n")[0],
    body: `<section class="prose"><h1>${name}</h1>
${renderMarkdown(description).html}</section>
${documentation(readDocumentation(printed))}`,
    root: "../../",
    here: "library",
  });
}

function listOf(entryPoints: readonly EntryPoint[]): string {
  const items = entryPoints.map(({ name, description }) =>
    `<li><h2><a href="${folderOf(name)}/index.html">${name}</a></h2>` +
    `${renderMarkdown(description).html}</li>`
  );
  return pageShell({
    title: "Library – cosine-lab",
    description: "What can be imported, and what it does: shapes, defaults, errors, examples.",
    body: `<section class="prose"><h1>The library</h1>
<p>Each entry point holds one idea. <code>cosine-lab</code> itself is what the paper needs; it loads two
small packages, and runs in Deno, in Node 24 and later, and in a browser's worker.</p></section>
<ol class="cards">${items.join("\n")}</ol>`,
    root: "../",
    here: "library",
  });
}

/** A plain summary of the site, after llmstxt.org. */
function forLanguageModels(entryPoints: readonly EntryPoint[]): string {
  const lines = entryPoints.map(({ name, description }) =>
    `- [${name}](library/${folderOf(name)}/index.html): ${
      description.split("\n\n")[0].replace(/\n/g, " ")
    }`
  );
  return `# cosine-lab

> The reference reproduction of "Is Cosine-Similarity of Embeddings Really About Similarity?" (Steck, Ekanadham and Kallus, 2024) in Deno and TypeScript: notebooks, a tested library, and an audit of embeddings.

- [Notebooks](notebooks/index.html): every claim and figure of the paper, with the code beside it
- [Libraries](libraries/index.html): which D is behind the item vectors of twenty library calls
- [Audit](audit/index.html): how far the cosines of a file can be trusted, computed in the page

## Library

${lines.join("\n")}
`;
}
