import { dirname, resolve } from "node:path";
import { stripVTControlCharacters } from "node:util";
import { InputRangeError } from "../../lib/errors.ts";
import {
  codeCells,
  normalize,
  type Notebook,
  type NumberedCell,
  readNotebook,
} from "./notebook_file.ts";
import { type ExecuteReply, Kernel, limited } from "./kernel.ts";
import { joinLines, type Output, OutputCollector } from "./outputs.ts";
import type { Message } from "./zmtp.ts";

/** How long one cell may take unless another time is given, in seconds. */
export const CELL_TIMEOUT = 600;

/** How {@link runNotebook} runs. */
export interface RunOptions {
  /** How long a single cell may take, in seconds; {@linkcode CELL_TIMEOUT} unless given. */
  timeout?: number;
  /** Ends the run, and the kernel, at once. */
  signal?: AbortSignal;
  /** Called before the first cell and after every cell, with the number of cells that are done. */
  onProgress?: (done: number, total: number) => void;
}

// The longest time that a timer of the runtime can wait.
const MAX_TIMEOUT = 2 ** 31 / 1000 - 1;

/**
 * Runs the cells of a notebook in order in a fresh Deno kernel, in the notebook's folder, and
 * returns the notebook with their outputs, normalized. The file itself stays as it is. The kernel
 * ends with the run, however the run ends.
 *
 * @throws {CellError} If a cell throws, takes too long, imports what cannot be resolved, or leaves
 * an error that nothing catches; or if the kernel dies: its cause is then a {@linkcode KernelDied}.
 * @throws {RangeError} If the timeout is not above 0.
 * @throws {InputError} If the file is not a notebook.
 *
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 * import { runNotebook } from "./run_notebook.ts";
 *
 * const path = await Deno.makeTempFile({ suffix: ".ipynb" });
 * const cells = [{ cell_type: "code", metadata: {}, source: "1 + 1", outputs: [] }];
 * await Deno.writeTextFile(
 *   path,
 *   JSON.stringify({ cells, metadata: {}, nbformat: 4, nbformat_minor: 5 }),
 * );
 * const executed = await runNotebook(path);
 * assert.deepEqual(executed.cells[0].outputs?.[0].data, { "text/plain": ["2"] });
 * await Deno.remove(path);
 * ```
 */
export async function runNotebook(path: string, options: RunOptions = {}): Promise<Notebook> {
  const { timeout = CELL_TIMEOUT, signal, onProgress } = options;
  if (!(timeout > 0 && timeout <= MAX_TIMEOUT)) {
    throw new InputRangeError(
      `Cannot run ${path}: timeout must be above 0 and at most ${MAX_TIMEOUT} seconds, ` +
        `current value is ${timeout}`,
    );
  }
  const notebook = withoutOutputs(readNotebook(path).notebook);
  const cells = codeCells(notebook);
  onProgress?.(0, cells.length);
  if (cells.length === 0) return normalize(notebook);

  const kernel = await Kernel.start(dirname(resolve(path)), signal);
  try {
    await limited(prepareToSettle(kernel), timeout, signal);
    const collector = new OutputCollector();
    for (const cell of cells) {
      await limited(runCell(kernel, collector, cell), timeout, signal).catch((error) => {
        signal?.throwIfAborted();
        throw new CellError(path, cell, (error as Error).message, { cause: error });
      });
      onProgress?.(cell.number, cells.length);
    }
    await kernel.shutdown();
  } finally {
    await kernel.kill();
  }
  return normalize(notebook);
}

async function runCell(
  kernel: Kernel,
  collector: OutputCollector,
  { cell, code }: NumberedCell,
): Promise<void> {
  const outputs: Output[] = cell.outputs = [];
  const listener = (message: Message) => collector.add(message, outputs);
  const reply = await kernel.execute(code, listener);
  const settled = await settle(kernel, findImports(code), listener);
  const failure = await explainFailure(code, reply, settled);
  if (failure !== undefined) throw new Error(failure);
}

function withoutOutputs(notebook: Notebook): Notebook {
  const cells = notebook.cells.map((cell) =>
    cell.cell_type === "code"
      ? { ...cell, source: joinLines(cell.source), outputs: [], execution_count: null }
      : cell
  );
  return { ...notebook, cells };
}

/** A cell that failed: what the error was, and in which cell of which notebook. */
export class CellError extends Error {
  override readonly name = "CellError";
  readonly notebook: string;
  /** The number by which Jupyter shows the cell, counted from 1. */
  readonly cell: number;
  readonly source: string;
  readonly reason: string;

  constructor(notebook: string, cell: NumberedCell, reason: string, options?: ErrorOptions) {
    super(`${notebook}: cell [${cell.number}] failed: ${reason}`, options);
    this.notebook = notebook;
    this.cell = cell.number;
    this.source = cell.code;
    this.reason = reason;
  }
}

/** What the kernel knows after a cell that it does not say by itself. */
interface Settled {
  /** Errors that nothing caught: in a promise nobody awaits, in a timer. */
  uncaught: string[];
  /** Names that a module was asked for but does not export: they are `undefined` in the kernel. */
  missing: { specifier: string; name: string }[];
  /** Modules that cannot be loaded, and why. */
  unresolved: { specifier: string; reason: string }[];
}

const MARKER = "application/vnd.cosine-lab.settled+json";

// Without the listeners the kernel loses such an error without a word, and an error in a timer
// stalls its event loop for seconds.
const LISTEN = `
globalThis[Symbol.for("${MARKER}")] = [];
for (const type of ["error", "unhandledrejection"]) {
  addEventListener(type, (event) => {
    event.preventDefault();
    const error = event.reason ?? event.error;
    globalThis[Symbol.for("${MARKER}")].push(String(error?.stack ?? error));
  });
}`;

const REPORT = `async (imports) => {
  const report = { uncaught: [], missing: [], unresolved: [] };
  for (const { specifier, names } of imports) {
    try {
      const module = await import(specifier);
      for (const name of names) {
        if (!(name in module)) report.missing.push({ specifier, name });
      }
    } catch (error) {
      report.unresolved.push({ specifier, reason: String(error?.message ?? error) });
    }
  }
  await new Promise((done) => setTimeout(done, 0));
  report.uncaught = globalThis[Symbol.for("${MARKER}")].splice(0);
  const data = { "${MARKER}": report };
  await Deno.jupyter.broadcast("display_data", { data, metadata: {}, transient: {} });
}`;

/** Prepares a fresh kernel for {@link settle}. */
async function prepareToSettle(kernel: Kernel): Promise<void> {
  await kernel.execute(LISTEN, () => {}, { hidden: true });
}

/**
 * Waits until everything that a cell shows has arrived, and asks the kernel about what it keeps
 * silent.
 *
 * A kernel that is idle may still owe outputs: the result of the cell, and displays that the cell
 * did not await, are sent only when its event loop turns next. A second, hidden request turns it,
 * and what it broadcasts at its end arrives after all of them. Until then they count as the cell's,
 * whichever of the two requests the kernel ascribes them to.
 *
 * An import that names something which the module does not export leaves `undefined` and no
 * error; and where the specifier stands for an npm package that cannot be had, or the cell is no
 * valid TypeScript, the kernel answers "Execution failed" without a reason and shows nothing.
 */
async function settle(
  kernel: Kernel,
  imports: readonly ImportStatement[],
  listener: (message: Message) => void,
): Promise<Settled> {
  const settled = Promise.withResolvers<Settled>();
  const asked = imports.map(({ specifier, bindings }) => ({
    specifier,
    names: bindings.filter((b) => !b.isType && b.imported !== "*").map((b) => b.imported),
  }));
  const reply = await kernel.execute(`await (${REPORT})(${JSON.stringify(asked)})`, (message) => {
    const report = message.content.data?.[MARKER];
    if (report === undefined) listener(message);
    else settled.resolve(report);
  }, { hidden: true });
  if (reply.status !== "ok") {
    throw new Error(`The kernel does not answer after the cell: ${reply.evalue ?? reply.status}`);
  }
  return await Promise.race([settled.promise, kernel.lost]);
}

/** What to do about errors whose own words do not say it. */
const ADVICE: [RegExp, string][] = [
  [
    /not a dependency/,
    'Outside the clone a name like "cosine-lab" means nothing: put a deno.json beside the notebook whose ' +
    'imports say where it is (docs/jupyter.md has one), or import a package as "npm:name@version".',
  ],
  [
    /reading '(documentElement|createElement(NS)?)'/,
    'Plot needs a document: import { document } from "cosine-lab/notebook", and write ' +
    "Plot.plot({ document, … }).",
  ],
  [
    /^SyntaxError/m,
    "Cells have to be TypeScript or JavaScript: a notebook in Python runs with another kernel, for " +
    "instance by `jupyter nbconvert --to notebook --execute`.",
  ],
];

/**
 * Why a cell failed, in words; `undefined` where it did not.
 *
 * The kernel's own account is not enough: where an import fails it often does not name it, and
 * where an imported name does not exist, or nothing caught an error, it reports success.
 */
async function explainFailure(
  code: string,
  reply: ExecuteReply,
  settled: Settled,
): Promise<string | undefined> {
  const { uncaught, missing, unresolved } = settled;
  if (reply.status !== "ok") {
    const reasons = unresolved.map((i) => `the import of "${i.specifier}" failed: ${i.reason}`);
    const traceback = stripVTControlCharacters((reply.traceback ?? []).join("\n")).trim();
    if (traceback !== "") reasons.push(traceback);
    if (reasons.length === 0) reasons.push(await syntaxError(code) ?? reply.evalue ?? reply.status);
    const said = reasons.join("\n");
    const advice = ADVICE.filter(([symptom]) => symptom.test(said)).map(([, sentence]) => sentence);
    return [said, ...advice].join("\n");
  }
  if (missing.length > 0) {
    return missing.map(({ specifier, name }) =>
      `"${specifier}" has no export named "${name}" (a type is imported with "import type")`
    ).join("\n");
  }
  if (uncaught.length > 0) return `an error that nothing caught: ${uncaught.join("\n")}`;
  return undefined;
}

/** What the parser has against the code. The kernel itself does not say it. */
async function syntaxError(code: string): Promise<string | undefined> {
  const formatter = new Deno.Command(Deno.execPath(), {
    args: ["fmt", "--no-config", "--ext", "ts", "-"],
    env: { NO_COLOR: "1" },
    stdin: "piped",
    stdout: "null",
    stderr: "piped",
  }).spawn();
  const writer = formatter.stdin.getWriter();
  await writer.write(new TextEncoder().encode(code));
  await writer.close();
  const { success, stderr } = await formatter.output();
  if (success) return undefined;
  const said = stripVTControlCharacters(new TextDecoder().decode(stderr)).split(/\n\s*at file:/)[0];
  return said.replace(/^error: /, "").trim();
}

/** One `import … from "…"` statement of a cell. */
export interface ImportStatement {
  specifier: string;
  /** What it brings in, one entry per local name; empty for `import "…"`. */
  bindings: ImportBinding[];
  /** Where it starts and ends in the code. */
  start: number;
  end: number;
}

/** One name that an import statement brings in. */
interface ImportBinding {
  /** The name in the module: "default" for a default import, "*" for the namespace. */
  imported: string;
  local: string;
  /** Whether it is imported as a type, and so does not exist when the code runs. */
  isType: boolean;
}

// Comments, template strings and strings come first: what looks like an import in them is none.
const TOKENS = new RegExp(
  [
    /\/\/[^\n]*/,
    /\/\*[\s\S]*?\*\//,
    /`(?:\\[\s\S]|[^`\\])*`/,
    /(?<![.\w$])import\s*(?!\()(?:(?<clause>[^"'`;()]*?)\bfrom\s*)?(?<quoted>"[^"\n]+"|'[^'\n]+')(?:\s*with\s*\{[^}]*\})?[ \t]*;?/,
    /"(?:\\.|[^"\\\n])*"/,
    /'(?:\\.|[^'\\\n])*'/,
  ].map((token) => token.source).join("|"),
  "g",
);

/**
 * The static imports in the code of a cell, in order.
 *
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 * import { findImports } from "./run_notebook.ts";
 *
 * const [found] = findImports(`import { mean, type Row } from "./stats.ts";`);
 * assert.equal(found.specifier, "./stats.ts");
 * assert.deepEqual(found.bindings[0], { imported: "mean", local: "mean", isType: false });
 * ```
 */
export function findImports(code: string): ImportStatement[] {
  const found: ImportStatement[] = [];
  for (const match of code.matchAll(TOKENS)) {
    const { clause = "", quoted } = match.groups ?? {};
    if (quoted === undefined) continue;
    found.push({
      specifier: quoted.slice(1, -1),
      bindings: parseClause(clause.replace(/\/\/[^\n]*|\/\*[\s\S]*?\*\//g, "").trim()),
      start: match.index,
      end: match.index + match[0].length,
    });
  }
  return found;
}

function parseClause(clause: string): ImportBinding[] {
  // `import type from "…"` imports a default that is called "type".
  const allTypes = /^type\s*(?=[\w$*{])/.exec(clause);
  if (allTypes) {
    return parseClause(clause.slice(allTypes[0].length)).map((b) => ({ ...b, isType: true }));
  }
  const braces = /\{([\s\S]*)\}/.exec(clause);
  const bindings = (braces?.[1] ?? "").split(",").map((part) => part.trim())
    .filter((part) => part !== "").map(parseNamed);
  const outside = clause.replace(/\{[\s\S]*\}/, "").split(",").map((part) => part.trim());
  for (const part of outside.filter((part) => part !== "")) {
    const namespace = /^\*\s*as\s+(\S+)$/.exec(part);
    const imported = namespace ? "*" : "default";
    bindings.push({ imported, local: namespace?.[1] ?? part, isType: false });
  }
  return bindings;
}

function parseNamed(part: string): ImportBinding {
  const isType = /^type\s+(?!as\s)/.test(part);
  const [imported, local = imported] = part.replace(isType ? /^type\s+/ : /^/, "")
    .split(/\s+as\s+/);
  return { imported, local, isType };
}
