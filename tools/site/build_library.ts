import { join } from "node:path";
import { escapeHtml } from "../../lib/html.ts";
import { InputError } from "../../lib/errors.ts";
import { pageShell } from "./page_shell.ts";
import { highlighted } from "./highlight.ts";
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

/** Something with a signature and documentation: an export, or a member of one. */
interface Documented {
  name: string;
  /** Its signatures, one a line. */
  signature: string;
  /** What it does, Markdown. */
  text: string;
  /** The tags of its documentation in order: "param", "throws", "example", … with what follows. */
  tags: { kind: string; subject: string; text: string }[];
  members: Documented[];
}

/**
 * Reads what `deno doc` prints of a module: each export with its signature, documentation and members.
 *
 * @param printed What it printed, without colors.
 * @returns The exports in order; overloads are one.
 *
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 * import { readDocumentation } from "./build_library.ts";
 *
 * const [half] = readDocumentation(`Defined in file:///half.ts:1:1
 *
 * function half(x: number): number
 *   Halves.
 *
 *   @param x
 *       A number.
 * `);
 * assert.equal(half.name, "half");
 * assert.deepEqual(half.tags, [{ kind: "param", subject: "x", text: "A number." }]);
 * ```
 */
export function readDocumentation(printed: string): Documented[] {
  const found: Documented[] = [];
  for (const block of printed.split(/^Defined in .*:\d+:\d+\n/m).slice(1)) {
    const entry = readEntry(block.trim().split("\n"));
    const last = found.at(-1);
    if (last?.name !== entry.name) found.push(entry);
    else last.signature += `\n${entry.signature}`;
  }
  return found;
}

/** One or more lines of signature, and what belongs to it, indented by two. */
function readEntry(lines: readonly string[]): Documented {
  const end = lines.findIndex((line) => line.startsWith("  ") || line === "");
  const signature = lines.slice(0, end < 0 ? lines.length : end).join("\n");
  const [, name = signature] =
    /(?:function\*?|class|interface|type|const|let|enum|namespace) ([\w$]+)/.exec(signature) ??
      /^(?:(?:readonly|static|get|set|abstract|async) )*(\[[^\]]*\]|[\w$]+)/.exec(signature) ?? [];
  const body = lines.slice(signature.split("\n").length).map((line) => line.replace(/^ {2}/, ""));
  const hasMembers = /\b(class|interface|namespace|enum)\b/.test(signature);
  const first = hasMembers ? body.findIndex((_, i) => isMember(body, i)) : -1;
  const own = first < 0 ? body : body.slice(0, first);
  const starts = first < 0
    ? []
    : body.flatMap((_, i) => i >= first && isMember(body, i) ? [i] : []);
  return {
    name,
    signature,
    ...readText(own),
    members: starts.map((start, i) => readEntry(body.slice(start, starts[i + 1]))),
  };
}

/** Whether a line is the signature of a member: its documentation is indented below it. */
function isMember(lines: readonly string[], i: number): boolean {
  return /^(?:(?:readonly|static|get|set|abstract|async) )*(?:\[[^\]]*\]|[\w$]+)[?]?[(:<]/.test(
    lines[i],
  ) &&
    (lines[i + 1]?.startsWith("  ") ?? false);
}

function readText(lines: readonly string[]): Pick<Documented, "text" | "tags"> {
  const tags: Documented["tags"] = [];
  const text: string[] = [];
  for (const line of lines) {
    const [, kind, subject] = /^@(\w+) ?(.*)$/.exec(line) ?? [];
    const tag = tags.at(-1);
    if (kind !== undefined) {
      tags.push({ kind, subject: subject.replace(/^\{(.*)\}$/, "$1"), text: "" });
    } else if (tag !== undefined) tag.text += `${line.replace(/^ {4}/, "")}\n`;
    else text.push(line);
  }
  return {
    text: text.join("\n").trim(),
    tags: tags.map((tag) => ({ ...tag, text: tag.text.replace(/^\n+|\s+$/g, "") })),
  };
}

/**
 * The exports of a module as HTML, one below the other: the browser's own search finds them all.
 *
 * @param exports What it exports.
 * @returns The table of contents, and the documentation.
 */
function documentation(exports: readonly Documented[]): string {
  const names = new Set(exports.map(({ name }) => name));
  const links = exports.map(({ name }) => `<li><a href="#${name}">${name}</a></li>`);
  return `<nav class="toc names" aria-label="Exports"><ul>${links.join("")}</ul></nav>
${exports.map((one) => exported(one, names)).join("\n")}`;
}

function exported(entry: Documented, names: ReadonlySet<string>): string {
  const { name, signature, members } = entry;
  const list = members.map((member) =>
    `<dt>${code(member.signature)}</dt><dd>${described(member, names)}</dd>`
  );
  return `<section class="prose symbol" id="${name}"><h2><a href="#${name}">${name}</a></h2>
<pre tabindex="0"><code class="hljs">${highlighted(wrapped(signature), "typescript")}</code></pre>
${described(entry, names)}${
    list.length === 0 ? "" : `<dl class="members">${list.join("\n")}</dl>`
  }</section>`;
}

const TITLES: Record<string, string> = { return: "Returns", throws: "Throws", default: "Default" };

function described({ text, tags }: Documented, names: ReadonlySet<string>): string {
  const rows = tags.filter(({ kind }) => kind !== "example").map(({ kind, subject, text }) => {
    const title = kind === "param" ? `<code>${escapeHtml(subject)}</code>` : TITLES[kind] ?? kind;
    const type = kind === "throws" ? ` <code>${escapeHtml(subject)}</code>` : "";
    const said = kind === "default" && text === "" ? `\`${subject}\`` : text;
    return `<dt>${title}${type}</dt><dd>${prose(said, names)}</dd>`;
  });
  const examples = tags.filter(({ kind }) => kind === "example").map(({ text }) =>
    prose(text, names)
  );
  return prose(text, names) +
    (rows.length === 0 ? "" : `<dl class="tags">${rows.join("\n")}</dl>`) +
    examples.join("");
}

/** Documentation as HTML; links to what is on the page lead there. */
function prose(text: string, names: ReadonlySet<string>): string {
  const plain = text.replace(
    /\{@link(?:code)? ([\w$.]+)\}/g,
    (_, name) => names.has(name) ? `[\`${name}\`](#${name})` : `\`${name}\``,
  ).replace(/@default \{(.*?)\}/g, "Default: `$1`.")
    // What is documentation is no formula.
    .replace(/\$/g, "\\$");
  return renderMarkdown(plain.replace(/```[\s\S]*?```/g, (block) => block.replaceAll("\\$", "$")))
    .html;
}

const code = (text: string) => `<code>${escapeHtml(text)}</code>`;

/** A long signature with an argument on each line. */
function wrapped(signature: string): string {
  return signature.split("\n").map((line) => {
    if (line.length < 80) return line;
    let depth = 0, result = "";
    for (const character of line) {
      if ("([{<".includes(character)) depth++;
      // The arrow of a function type closes nothing.
      if (")]}".includes(character) || character === ">" && !result.endsWith("=")) depth--;
      result += character;
      if (character === "(" && depth === 1 || character === "," && depth === 1) result += "\n ";
    }
    return result.replace(/\n +(?=\S)/g, "\n  ").replace(/\)(?=: [^()]*$)/, "\n)");
  }).join("\n");
}
