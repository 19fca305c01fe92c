import { join, resolve } from "node:path";
import { fileURLToPath } from "node:url";
import { assertReplaceable, replaceFile } from "../../lib/io/files.ts";
import { InputError, printable } from "../../lib/errors.ts";
import {
  codeCells,
  normalize,
  type Notebook,
  parseNotebook,
  readNotebook,
  serialize,
} from "./notebook_file.ts";
import { commandLine, doesNotExist, runProgram } from "../../lib/io/program.ts";
import { compareOutputs } from "./compare_outputs.ts";
import { ProgressReport } from "./reproduce_progress.ts";
import { CELL_TIMEOUT, CellError, runNotebook, type RunOptions } from "./run_notebook.ts";
import { svgDigest } from "../../lib/notebook/svg_digest.ts";
import type { Output } from "./outputs.ts";

const USAGE = `Usage: deno task reproduce [--check] [--timeout SECONDS] [--jobs N] [notebooks...]

Runs each notebook, or all notebooks of a folder (by default those in notebooks/), from top to
bottom in a fresh Deno kernel and writes the outputs back. A file whose outputs would be the same
stays untouched. Without notebooks and --check, it shows Figure 1 first, as "deno task figure1" does.

  --check            compare with the outputs in the file, write nothing; texts and tables must be
                     equal, pictures equal in every pixel
  --timeout SECONDS  how long one cell may take (${CELL_TIMEOUT})
  --jobs N           how many notebooks run at once (2, or 1 where there is one core)
  --help             show this

Exit code: 0 when all is well, 1 when a cell fails or --check finds a difference, 2 when something
given or the system does not allow it, 130 or 143 when interrupted.`;

/** Runs the command and returns the exit code. */
export async function reproduce(args: string[]): Promise<number> {
  const parsed = parseArguments(args);
  if (parsed.help) {
    console.log(USAGE);
    return 0;
  }
  const paths = parsed.paths.length > 0 ? checkedPaths(parsed.paths) : projectNotebooks();
  if (paths.length === 0) console.log("There are no notebooks in notebooks/");

  const signal = onSignal();
  if (parsed.paths.length === 0 && paths.length > 0 && !parsed.check) {
    const code = await showFigure1(signal);
    if (code !== 0) return code;
  }
  const progress = new ProgressReport(paths.map(cellCount));
  let good = true;
  try {
    await severalAtOnce(paths, parsed.jobs, signal, async (path, stop) => {
      try {
        const result = await reproduceNotebook(path, {
          check: parsed.check,
          timeout: parsed.timeout,
          signal: stop,
          onProgress: (done, total) => progress.update(path, done, total),
        });
        progress.clear();
        if (parsed.check) {
          for (const difference of result.differences) {
            console.error(printable(`${path}: ${difference}`));
          }
          if (result.differences.length > 0) good = false;
        }
        progress.finish(path, outcome(result));
      } catch (error) {
        progress.drop(path);
        if (stop.aborted) {
          console.error(`${printable(path)}: interrupted, the file is left as it was`);
        }
        throw error;
      }
    });
  } catch (error) {
    if (signal.aborted) return signal.reason;
    if (!(error instanceof CellError)) throw error;
    reportError(error);
    return 1;
  }
  return good ? 0 : 1;
}

function outcome({ differences, written }: Reproduction): string {
  const count = `${differences.length} difference${differences.length === 1 ? "" : "s"}`;
  return written ? "written" : differences.length > 0 ? count : "unchanged";
}

function reportError({ notebook, cell, source, reason }: CellError): void {
  const code = source.trimEnd().split("\n").map((line) => `    ${printable(line)}`).join("\n");
  const why = reason.split("\n").map(printable).join("\n");
  console.error(`${printable(notebook)}: cell [${cell}] failed\n\n${code}\n\n${why}`);
}

/** How {@link reproduceNotebook} works. */
interface ReproduceOptions extends RunOptions {
  /** Compare only, and write nothing. */
  check?: boolean;
}

/** What {@link reproduceNotebook} found and did. */
interface Reproduction {
  /** What differs from the file as it was, in words; empty where nothing does. */
  differences: string[];
  /** Whether the file was written. */
  written: boolean;
}

/**
 * Runs a notebook and compares the outputs with those in its file; where they differ, or where the
 * file is not in the normal form, it is written, unless `check` is given.
 *
 * A cell whose outputs are the same keeps those it has: a picture is compared by its pixels, not by
 * how its file stores them.
 *
 * @throws {CellError} If a cell fails; the file is then left as it is.
 * @throws {InputError} If the file is not a notebook, may only be read (unless `check` is given; then
 * nothing is run), or is changed by somebody else during the run.
 */
export async function reproduceNotebook(
  path: string,
  options: ReproduceOptions = {},
): Promise<Reproduction> {
  const { notebook, text } = readNotebook(path);
  const committed = normalize(notebook);
  // Said before the run, which may take minutes, and not after it.
  if (!options.check) assertReplaceable(path);
  const executed = await runNotebook(path, options);
  if (await Deno.readTextFile(path) !== text) {
    throw new InputError(
      `${path} was changed while it was running, so it is not written: run it again`,
    );
  }
  const differences = keepEquivalent(committed, executed, options.check);
  const result = serialize(executed);
  if (result === text) return { differences, written: false };
  if (differences.length === 0) {
    differences.push(
      "the outputs are the same, but the file is not in the form in which notebooks are stored " +
        "(cell ids, execution counts, metadata, layout, the drawings that pictures name)",
    );
  }
  if (!options.check) replaceFile(path, result);
  return { differences, written: !options.check };
}

/**
 * Gives each cell its committed outputs where they are equivalent; lists the differences. Pictures that
 * do not name their drawing yet are written anew.
 */
function keepEquivalent(committed: Notebook, executed: Notebook, check = false): string[] {
  return executed.cells.flatMap((cell, index) => {
    if (cell.cell_type !== "code") return [];
    const kept = committed.cells[index].outputs ?? [];
    const differences = compareOutputs(kept, cell.outputs ?? []);
    const named = check || drawings(kept).length === drawings(cell.outputs ?? []).length;
    if (differences.length === 0 && named) cell.outputs = kept;
    return differences.map((difference) => `cell [${cell.execution_count}], ${difference}`);
  });
}

/** The pictures that name the drawing they were made from. */
function drawings(outputs: readonly Output[]): Output[] {
  return outputs.filter(({ data }) => {
    const png = data?.["image/png"];
    return typeof png === "string" && svgDigest(png) !== undefined;
  });
}

/** How many cells of a notebook are run; 0 for a file that is not a notebook, which its run will report. */
function cellCount(path: string): number {
  try {
    return codeCells(parseNotebook(Deno.readTextFileSync(path))).length;
  } catch {
    return 0;
  }
}

/**
 * How many notebooks run at once where nothing else is asked for: two, where there are two cores, since
 * most of the time a cell keeps one of them busy. A kernel takes up to a gigabyte, so that it is not one
 * for each core. `--jobs` sets any other number.
 */
const defaultJobs = (): number => Math.min(2, navigator.hardwareConcurrency);

/** What the command line of `reproduce` asks for. */
interface ReproduceArguments {
  help: boolean;
  check: boolean;
  /** Seconds for one cell. */
  timeout: number;
  /** How many notebooks run at once. */
  jobs: number;
  paths: string[];
}

/**
 * Reads the command line of `reproduce`.
 *
 * @throws {TypeError} If an option is unknown.
 * @throws {InputError} If one has an impossible value.
 */
export function parseArguments(args: string[]): ReproduceArguments {
  const { values, positionals } = commandLine(args, {
    check: { type: "boolean" },
    timeout: { type: "string" },
    jobs: { type: "string" },
  }, Infinity);
  const { help, check = false, timeout = String(CELL_TIMEOUT), jobs = String(defaultJobs()) } =
    values;
  const seconds = Number(timeout);
  if (!(seconds > 0 && seconds <= 1e6)) {
    throw new InputError(
      "--timeout must be a number of seconds above 0 and at most 1000000, " +
        `current value is "${timeout}"`,
    );
  }
  if (!(/^\d{1,3}$/.test(jobs) && Number(jobs) >= 1)) {
    throw new InputError(`--jobs must be an integer from 1 to 999, current value is "${jobs}"`);
  }
  return { help, check, timeout: seconds, jobs: Number(jobs), paths: positionals };
}

/** The notebooks of the project, sorted; none where there is no such folder. */
export function projectNotebooks(folder = "notebooks"): string[] {
  let entries;
  try {
    entries = [...Deno.readDirSync(folder)];
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return [];
    throw error;
  }
  return entries.filter((entry) => entry.isFile && /^[^.].*\.ipynb$/s.test(entry.name))
    .map((entry) => join(folder, entry.name)).sort();
}

/**
 * The paths of notebooks that somebody typed, checked and each once: each is a file with a notebook in
 * it. A folder stands for all notebooks in it.
 *
 * A task runs in the folder of `deno.json`; a path that is not found from there is taken from the
 * folder in which the command was typed.
 *
 * @throws {InputError} If there is no such file or folder, no notebook in the folder, or the file is
 * not a notebook.
 */
export function checkedPaths(paths: readonly string[]): string[] {
  const files = paths.flatMap((path) => {
    if (path === "") throw new InputError("The name of a notebook is empty");
    const typedIn = Deno.env.get("INIT_CWD");
    const candidates = [path, ...typedIn ? [join(typedIn, path)] : []];
    const found = candidates.find((candidate) => statOf(candidate) !== undefined);
    if (found === undefined) throw new InputError(doesNotExist(path));
    const files = statOf(found)?.isDirectory ? projectNotebooks(found) : [found];
    if (files.length === 0) throw new InputError(`There are no notebooks in the folder ${path}`);
    for (const file of files) assertTypeScript(file);
    return files;
  });
  return [...new Map(files.map((file) => [Deno.realPathSync(file), file])).values()];
}

/** Kernels that one meets, where a notebook names its kernel and no language. */
const LANGUAGES: Record<string, string> = { python3: "python", python: "python", ir: "R" };

/** Throws unless a file holds a notebook whose cells Deno's kernel understands. */
function assertTypeScript(path: string): void {
  const { metadata } = readNotebook(path).notebook;
  const { kernelspec, language_info: info } = metadata as Record<string, Record<string, unknown>>;
  const language = info?.name ?? kernelspec?.language ?? LANGUAGES[`${kernelspec?.name}`];
  if (typeof language !== "string" || /^(type|java)script$/i.test(language)) return;
  throw new InputError(
    `Cannot run ${path}: its cells are in ${language}, and the Deno kernel runs TypeScript; run it ` +
      "with a kernel of its own language, for instance by `jupyter nbconvert --to notebook --execute`",
  );
}

function statOf(path: string): Deno.FileInfo | undefined {
  try {
    return Deno.statSync(path);
  } catch (error) {
    const { NotADirectory, NotFound } = Deno.errors;
    if (error instanceof NotFound || error instanceof NotADirectory) return undefined;
    throw error;
  }
}

const CODES = { SIGINT: 130, SIGTERM: 143, SIGHUP: 129 } as const;

/**
 * Aborts when the process is told to end (Ctrl-C, a task that is stopped, a terminal that is
 * closed). The reason is the exit code by which a shell knows that signal.
 */
function onSignal(): AbortSignal {
  const controller = new AbortController();
  const signals = Deno.build.os === "windows"
    ? ["SIGINT" as const]
    : Object.keys(CODES) as (keyof typeof CODES)[];
  for (const signal of signals) {
    Deno.addSignalListener(signal, () => controller.abort(CODES[signal]));
  }
  return controller.signal;
}

/**
 * Does some work for each of the items, in their order, several at once. After a failure nothing more is
 * begun, and what is at work is aborted.
 *
 * @param items What it is done for.
 * @param most How many at once, at least 1.
 * @param signal Aborts all of it.
 * @param work Does it for one, and gives up when its signal is aborted.
 * @throws What failed first, when all the others have ended.
 *
 * @example
 * ```ts
 * import { severalAtOnce } from "./reproduce.ts";
 * import assert from "node:assert/strict";
 *
 * const sizes: number[] = [];
 * await severalAtOnce(["a", "bb"], 2, new AbortController().signal, async (text) => {
 *   sizes.push(await Promise.resolve(text.length));
 * });
 * assert.deepEqual(sizes, [1, 2]);
 * ```
 */
export async function severalAtOnce<T>(
  items: readonly T[],
  most: number,
  signal: AbortSignal,
  work: (item: T, signal: AbortSignal) => Promise<void>,
): Promise<void> {
  const failures: unknown[] = [];
  const failure = new AbortController();
  const either = AbortSignal.any([signal, failure.signal]);
  const waiting = items.values();
  await Promise.all(Array.from({ length: most }, async () => {
    for (const item of waiting) {
      try {
        await work(item, either);
      } catch (error) {
        failures.push(error);
        failure.abort(error);
      }
      if (either.aborted) return;
    }
  }));
  if (failures.length > 0) throw failures[0];
}

const CONFIG = fileURLToPath(import.meta.resolve("../../deno.json"));

/**
 * Shows Figure 1 before a run that takes minutes: prints its AUCs, and draws it into the current
 * folder, by `deno task figure1`, whose memory is free again when the notebooks begin.
 *
 * @param signal Ends it at once.
 * @returns The exit code; the reason of the signal, when it was aborted.
 */
async function showFigure1(signal: AbortSignal): Promise<number> {
  const task = new Deno.Command(Deno.execPath(), {
    args: ["task", "--quiet", "--config", CONFIG, "figure1", resolve("figure1.png")],
    stdin: "null",
    stdout: "inherit",
    stderr: "inherit",
    signal,
  });
  const { code } = await task.spawn().status;
  console.log();
  return signal.aborted ? signal.reason : code;
}

if (import.meta.main) Deno.exit(await runProgram("reproduce", () => reproduce(Deno.args)));
