import { cellCount } from "./cell_count.ts";
import { CellError } from "./cell_error.ts";
import { checkedPaths, projectNotebooks } from "./notebook_paths.ts";
import { onSignal } from "./on_signal.ts";
import { parseArguments, type ReproduceArguments } from "./parse_arguments.ts";
import { ProgressReport } from "./report_progress.ts";
import { showFigure1 } from "./show_figure1.ts";
import { reproduceNotebook, type Reproduction } from "./reproduce_notebook.ts";

const USAGE = `Usage: deno task reproduce [--check] [--timeout SECONDS] [notebooks...]

Runs each notebook, or all notebooks of a folder (by default those in notebooks/), from top to
bottom in a fresh Deno kernel and writes the outputs back. A file whose outputs would be the same
stays untouched. Without notebooks and --check, it shows Figure 1 first, as "deno task figure1" does.

  --check            compare with the outputs in the file, write nothing; texts and tables must be
                     equal, pictures equal in every pixel
  --timeout SECONDS  how long one cell may take (600)
  --help             show this

Exit code: 0 when all is well, 1 when a cell fails or --check finds a difference, 2 when something
given or the system does not allow it, 130 or 143 when interrupted.`;

/** Runs the command and returns the exit code. */
async function reproduce(args: string[]): Promise<number> {
  let parsed: ReproduceArguments;
  let paths: string[];
  try {
    parsed = parseArguments(args);
    if (parsed.help) {
      console.log(USAGE);
      return 0;
    }
    paths = parsed.paths.length > 0 ? checkedPaths(parsed.paths) : projectNotebooks();
  } catch (error) {
    console.error(`${(error as Error).message} (--help shows the usage)`);
    return 2;
  }
  if (paths.length === 0) console.log("There are no notebooks in notebooks/");

  const signal = onSignal();
  if (parsed.paths.length === 0 && paths.length > 0 && !parsed.check) {
    const code = await showFigure1(signal);
    if (code !== 0) return code;
  }
  const progress = new ProgressReport(paths.map(cellCount));
  let good = true;
  for (const path of paths) {
    try {
      const result = await reproduceNotebook(path, {
        check: parsed.check,
        timeout: parsed.timeout,
        signal,
        onProgress: (done, total) => progress.update(path, done, total),
      });
      progress.clear();
      if (parsed.check) {
        for (const difference of result.differences) console.error(`${path}: ${difference}`);
        if (result.differences.length > 0) good = false;
      }
      progress.finish(outcome(result));
    } catch (error) {
      progress.clear();
      if (signal.aborted) {
        console.error(`${path}: interrupted, the file is left as it was`);
        return signal.reason;
      }
      reportError(path, error as Error);
      return error instanceof CellError ? 1 : 2;
    }
  }
  return good ? 0 : 1;
}

function outcome({ differences, written }: Reproduction): string {
  const count = `${differences.length} difference${differences.length === 1 ? "" : "s"}`;
  return written ? "written" : differences.length > 0 ? count : "unchanged";
}

function reportError(path: string, error: Error): void {
  if (!(error instanceof CellError)) {
    console.error(`${path}: ${error.message}`);
    return;
  }
  const source = error.source.trimEnd().split("\n").map((line) => `    ${line}`).join("\n");
  console.error(`${error.notebook}: cell [${error.cell}] failed\n\n${source}\n\n${error.reason}`);
}

if (import.meta.main) Deno.exit(await reproduce(Deno.args));
