import { InputError } from "../../lib/io/input_error.ts";
import { compareOutputs } from "./compare_outputs.ts";
import { svgDigest } from "../../lib/notebook/picture.ts";
import { type Notebook, type Output, readNotebook } from "../../lib/io/notebook_file.ts";
import { normalize } from "./normalize.ts";
import { assertReplaceable, replaceFile } from "../../lib/io/files.ts";
import { runNotebook, type RunOptions } from "./run_notebook.ts";
import { serialize } from "./serialize.ts";

/** How {@link reproduceNotebook} works. */
export interface ReproduceOptions extends RunOptions {
  /** Compare only, and write nothing. */
  check?: boolean;
}

/** What {@link reproduceNotebook} found and did. */
export interface Reproduction {
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
