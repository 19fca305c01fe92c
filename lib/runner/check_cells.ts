import { dirname } from "node:path";
import { checkNotebooks } from "./check_notebooks.ts";
import { unformattedCells } from "./format_cells.ts";
import { parseNotebook } from "../files/notebook.ts";
import { checkedPaths, projectNotebooks } from "./notebook_paths.ts";
import { replaceFile } from "../files/replace_file.ts";
import { serialize } from "./serialize.ts";

const USAGE = `Usage: deno run -A lib/runner/check_cells.ts [--fix] [notebooks...]

Checks the types and the format of the code cells of notebooks (by default all in notebooks/).

  --fix   format the cells
  --help  show this`;

/** Runs the command and returns the exit code. */
async function checkCells(args: string[]): Promise<number> {
  if (args.includes("--help")) {
    console.log(USAGE);
    return 0;
  }
  const fix = args.includes("--fix");
  const typed = args.filter((arg) => arg !== "--fix");
  let paths: string[];
  try {
    const unknown = typed.find((arg) => arg.startsWith("-"));
    if (unknown !== undefined) throw new RangeError(`Unknown option '${unknown}'`);
    paths = checkedPaths(typed.length > 0 ? typed : projectNotebooks());
  } catch (error) {
    console.error(`${(error as Error).message} (--help shows the usage)`);
    return 2;
  }
  if (paths.length === 0) {
    console.log("There are no notebooks in notebooks/");
    return 0;
  }
  const errors: string[] = [];
  for (const path of paths) errors.push(...await checkFormat(path, fix));
  try {
    errors.push(...await checkNotebooks(paths));
  } catch (error) {
    errors.push((error as Error).message);
  }
  for (const error of errors) console.error(error);
  const notebooks = `${paths.length} notebook${paths.length === 1 ? "" : "s"}`;
  const found = errors.length === 0 ? "no" : String(errors.length);
  console.log(`Checked the cells of ${notebooks}: ${found} error${errors.length === 1 ? "" : "s"}`);
  return errors.length === 0 ? 0 : 1;
}

async function checkFormat(path: string, fix: boolean): Promise<string[]> {
  const notebook = parseNotebook(Deno.readTextFileSync(path));
  const unformatted = await unformattedCells(notebook, dirname(path));
  if (!fix) {
    return unformatted.map(({ number }) =>
      `${path}: cell [${number}]: not formatted (check_cells.ts --fix does it)`
    );
  }
  for (const { cell, formatted } of unformatted) cell.source = formatted;
  if (unformatted.length > 0) replaceFile(path, serialize(notebook));
  return [];
}

if (import.meta.main) Deno.exit(await checkCells(Deno.args));
