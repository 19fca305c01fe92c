import { basename, dirname, resolve } from "node:path";
import { pathToFileURL } from "node:url";
import { stripVTControlCharacters } from "node:util";
import { replaceFile, temporaryFile } from "../../lib/io/files.ts";
import { InputError, printable } from "../../lib/errors.ts";
import {
  codeCells,
  normalize,
  type Notebook,
  type NumberedCell,
  parseNotebook,
  readNotebook,
  serialize,
} from "./notebook_file.ts";
import { commandLine, runProgram } from "../../lib/io/program.ts";
import { checkedPaths, projectNotebooks } from "./reproduce.ts";
import { findImports, type ImportStatement } from "./run_notebook.ts";
import { joinLines } from "./outputs.ts";

const USAGE = `Usage: deno task check [--fix] [notebooks...]

Checks the types and the format of the code cells of notebooks (by default all in notebooks/).

  --fix   format the cells
  --help  show this`;

/** Runs the command and returns the exit code. */
export async function checkCells(args: string[]): Promise<number> {
  const { values: { help, fix = false }, positionals } = commandLine(
    args,
    { fix: { type: "boolean" } },
    Infinity,
  );
  if (help) {
    console.log(USAGE);
    return 0;
  }
  const paths = checkedPaths(positionals.length > 0 ? positionals : projectNotebooks());
  if (paths.length === 0) {
    console.log("There are no notebooks in notebooks/");
    return 0;
  }
  const errors: string[] = [];
  for (const path of paths) errors.push(...await checkFormat(path, fix));
  errors.push(...await checkNotebooks(paths));
  for (const error of errors) console.error(error.split("\n").map(printable).join("\n"));
  const notebooks = `${paths.length} notebook${paths.length === 1 ? "" : "s"}`;
  const found = errors.length === 0 ? "no" : String(errors.length);
  console.log(`Checked the cells of ${notebooks}: ${found} error${errors.length === 1 ? "" : "s"}`);
  return errors.length === 0 ? 0 : 1;
}

async function checkFormat(path: string, fix: boolean): Promise<string[]> {
  const { notebook } = readNotebook(path);
  const unformatted = await unformattedCells(notebook, dirname(path));
  if (!fix) {
    return unformatted.map(({ number }) =>
      `${path}: cell [${number}]: not formatted (deno task check --fix does it)`
    );
  }
  for (const { cell, formatted } of unformatted) cell.source = formatted;
  if (unformatted.length > 0) replaceFile(path, serialize(notebook));
  return [];
}

/**
 * Type-checks the code cells of notebooks, which the kernel runs without doing so, and returns the
 * errors, each as "notebook: cell [3], line 2: message". Locals that nothing uses are allowed.
 *
 * The modules that are checked stand beside the notebooks for as long as it takes, because relative
 * imports and `deno.json` are found from there.
 *
 * @throws {InputError} If a file is not a notebook, or the check itself fails.
 */
export async function checkNotebooks(paths: readonly string[]): Promise<string[]> {
  const modules = new Map<string, { notebook: string; module: CellsModule }>();
  const files: string[] = [];
  using temporaries = new DisposableStack();
  const onSignal = () => {
    temporaries.dispose();
    Deno.exit(1);
  };
  Deno.addSignalListener("SIGINT", onSignal);
  if (Deno.build.os !== "windows") Deno.addSignalListener("SIGTERM", onSignal);
  try {
    for (const path of paths) {
      const module = cellsModule(readNotebook(path).notebook);
      const place = { folder: dirname(resolve(path)), prefix: ".cells-", suffix: ".ts" };
      const file = temporaries.use(temporaryFile(place)).path;
      files.push(file);
      Deno.writeTextFileSync(file, module.code);
      modules.set(pathToFileURL(file).href, { notebook: path, module });
    }
    const diagnostics: Diagnostic[] = [];
    for (const [folder, inFolder] of Map.groupBy(files, (file) => dirname(file))) {
      diagnostics.push(...await typeCheck(folder, inFolder.map((file) => basename(file))));
    }
    return diagnostics.map(({ file, line, message }) => {
      const checked = modules.get(file);
      if (checked === undefined) return { order: Infinity, error: `${file}:${line}: ${message}` };
      const { cell = 0, line: cellLine = 0 } = checked.module.origins[line - 1] ?? {};
      return {
        order: paths.indexOf(checked.notebook) * 1e9 + cell * 1e5 + cellLine,
        error: `${checked.notebook}: cell [${cell}], line ${cellLine}: ${message}`,
      };
    }).sort((a, b) => a.order - b.order).map(({ error }) => error);
  } finally {
    Deno.removeSignalListener("SIGINT", onSignal);
    if (Deno.build.os !== "windows") Deno.removeSignalListener("SIGTERM", onSignal);
  }
}

/** A notebook's code as one module, and where each line of it comes from. */
interface CellsModule {
  code: string;
  /** By line of the module, from 0: the cell and the line in it, from 1; none for added lines. */
  origins: ({ cell: number; line: number } | undefined)[];
}

/**
 * Writes the code cells of a notebook as one module that means to the type checker what the cells
 * mean to the kernel: each cell is a block within the block of the cell before it, so that it sees
 * what was declared before and may declare it anew, which the kernel allows. Imports, which cannot
 * stand in a block, move to the top; what two cells import alike is imported once.
 */
function cellsModule(notebook: Notebook): CellsModule {
  const lines: string[] = [];
  const origins: CellsModule["origins"] = [];
  const add = (text: string, cell: number, firstLine: number) => {
    for (const [i, line] of text.split("\n").entries()) {
      lines.push(line);
      origins.push({ cell, line: firstLine + i });
    }
  };

  const cells = codeCells(notebook).map((cell) => ({ ...cell, imports: findImports(cell.code) }));
  const seen = new Set<string>();
  for (const { code, number, imports } of cells) {
    for (const statement of imports) {
      const text = importOnce(code, statement, seen);
      if (text !== "") add(text, number, code.slice(0, statement.start).split("\n").length);
    }
  }
  for (const [index, { code, number, imports }] of cells.entries()) {
    const body = blankOut(code, imports);
    // The semicolon ends a cell that ends in an expression; the block stays open for what follows.
    if (index > 0) {
      lines.push(";{");
      origins.push(undefined);
    }
    add(body, number, 1);
  }
  lines.push(";" + "}".repeat(Math.max(0, cells.length - 1)), "export {};", "");
  return { code: lines.join("\n"), origins };
}

/** The import statement without what was imported before; empty where nothing is left. */
function importOnce(code: string, statement: ImportStatement, seen: Set<string>): string {
  const key = (binding: ImportStatement["bindings"][number]) =>
    [statement.specifier, binding.imported, binding.local, binding.isType].join("\n");
  const fresh = statement.bindings.filter((binding) => !seen.has(key(binding)));
  for (const binding of fresh) seen.add(key(binding));
  if (fresh.length === statement.bindings.length) {
    return code.slice(statement.start, statement.end);
  }
  return fresh.map(({ imported, local, isType }) => {
    const keyword = isType ? "import type" : "import";
    const clause = imported === "*" ? `* as ${local}` : `{ ${imported} as ${local} }`;
    return `${keyword} ${clause} from ${JSON.stringify(statement.specifier)};`;
  }).join(" ");
}

/** The code with spaces in place of its imports, so that every line and column stays. */
function blankOut(code: string, imports: readonly ImportStatement[]): string {
  let result = code;
  for (const { start, end } of imports) {
    const blank = code.slice(start, end).replace(/[^\n]/g, " ");
    result = result.slice(0, start) + blank + result.slice(end);
  }
  return result;
}

/** A code cell that is not formatted, and the code as it should be. */
interface UnformattedCell extends NumberedCell {
  formatted: string;
}

/**
 * Finds the code cells that `deno fmt`, with the settings that hold in a folder, would write
 * differently. Code that cannot be parsed is left to the type checker.
 *
 * `deno fmt --check` itself calls every notebook unformatted in which a cell does not end with a
 * line break, and none does in Jupyter. Here the cells are given one for as long as it takes.
 */
export async function unformattedCells(
  notebook: Notebook,
  folder: string,
): Promise<UnformattedCell[]> {
  const cells = codeCells(notebook);
  if (cells.length === 0) return [];
  const ended = cells.map(({ cell, code }) => ({ ...cell, outputs: [], source: `${code}\n` }));
  const formatter = new Deno.Command(Deno.execPath(), {
    args: ["fmt", "--ext", "ipynb", "-"],
    cwd: folder,
    stdin: "piped",
    stdout: "piped",
    stderr: "null",
  }).spawn();
  const output = formatter.output();
  const writer = formatter.stdin.getWriter();
  const text = JSON.stringify(normalize({ ...notebook, cells: ended }));
  await writer.write(new TextEncoder().encode(text));
  await writer.close();
  const { success, stdout } = await output;
  if (!success) return [];
  const formatted = parseNotebook(new TextDecoder().decode(stdout));
  return cells.map((cell, i) => ({
    ...cell,
    formatted: joinLines(formatted.cells[i].source).trimEnd(),
  })).filter(({ code, formatted }) => code.trimEnd() !== formatted);
}

/** One complaint of the type checker. */
interface Diagnostic {
  /** The file it is about; a URL. */
  file: string;
  /** Counted from 1. */
  line: number;
  message: string;
}

// "Declared but never used", in its variants: a cell may well show what a later reader picks up.
const UNUSED = /^TS(?:6133|6138|6192|6196|6198|6199) /;

/**
 * Type-checks the modules of one folder with `deno check` and the `deno.json` that holds there.
 *
 * @param files Their names in the folder.
 * @throws {InputError} If the check fails for a reason that is not about a place in a module.
 */
async function typeCheck(folder: string, files: readonly string[]): Promise<Diagnostic[]> {
  const { success, stderr } = await new Deno.Command(Deno.execPath(), {
    args: ["check", "--quiet", ...files.map((file) => `./${file}`)],
    cwd: folder,
    env: { NO_COLOR: "1" },
    stdin: "null",
    stdout: "null",
    stderr: "piped",
  }).output();
  if (success) return [];
  const said = stripVTControlCharacters(new TextDecoder().decode(stderr)).trim();
  const diagnostics = parseDiagnostics(said);
  if (diagnostics.length === 0) throw new InputError(`Cannot check ${folder}: ${said}`);
  return diagnostics.filter(({ message }) => !UNUSED.test(message));
}

/** The complaints in what `deno check` prints: each ends in a line with the place. */
export function parseDiagnostics(said: string): Diagnostic[] {
  const diagnostics: Diagnostic[] = [];
  let message: string[] = [];
  for (const line of said.split("\n")) {
    const place = /^\s+at (file:.*):(\d+):\d+$/.exec(line);
    if (place === null) {
      if (line.trim() !== "") message.push(line);
      continue;
    }
    const start = Math.max(0, message.findIndex((text) => /^(?:TS\d+ \[|error: )/.test(text)));
    // The line of code and the marks under it say nothing that the place does not.
    const marks = message.findLastIndex((text) => /^[\s|]*[~^]+\s*$/.test(text));
    const text = message.slice(start, marks > start ? marks - 1 : undefined)
      .filter((line) => line.trim() !== "|").join("\n");
    if (text !== "") diagnostics.push({ file: place[1], line: Number(place[2]), message: text });
    message = [];
  }
  return diagnostics;
}

if (import.meta.main) Deno.exitCode = await runProgram("check", () => checkCells(Deno.args));
