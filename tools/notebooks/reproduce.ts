import { printable } from "../../lib/io/input_error.ts";
import { runProgram } from "../../lib/io/program.ts";
import { cellCount } from "./cell_count.ts";
import { CellError } from "./cell_error.ts";
import { checkedPaths, projectNotebooks } from "./notebook_paths.ts";
import { onSignal } from "./on_signal.ts";
import { parseArguments } from "./parse_arguments.ts";
import { ProgressReport } from "./report_progress.ts";
import { showFigure1 } from "../show_figure1.ts";
import { reproduceNotebook, type Reproduction } from "./reproduce_notebook.ts";
import { severalAtOnce } from "./several_at_once.ts";

const USAGE = `Usage: deno task reproduce [--check] [--timeout SECONDS] [--jobs N] [notebooks...]

Runs each notebook, or all notebooks of a folder (by default those in notebooks/), from top to
bottom in a fresh Deno kernel and writes the outputs back. A file whose outputs would be the same
stays untouched. Without notebooks and --check, it shows Figure 1 first, as "deno task figure1" does.

  --check            compare with the outputs in the file, write nothing; texts and tables must be
                     equal, pictures equal in every pixel
  --timeout SECONDS  how long one cell may take (600)
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

if (import.meta.main) Deno.exit(await runProgram("reproduce", () => reproduce(Deno.args)));
