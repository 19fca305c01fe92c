import { dirname } from "node:path";
import { printable } from "../../lib/io/input_error.ts";
import { commandLine, runProgram } from "../../lib/io/program.ts";
import { checkNotebooks } from "./check_notebooks.ts";
import { unformattedCells } from "./format_cells.ts";
import { readNotebook } from "../../lib/io/notebook_file.ts";
import { checkedPaths, projectNotebooks } from "./notebook_paths.ts";
import { replaceFile } from "../../lib/io/files.ts";
import { serialize } from "./serialize.ts";

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

if (import.meta.main) Deno.exitCode = await runProgram("check", () => checkCells(Deno.args));
