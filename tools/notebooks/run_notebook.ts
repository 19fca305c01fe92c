import { dirname, resolve } from "node:path";
import { CellError } from "./cell_error.ts";
import { OutputCollector } from "./collect_outputs.ts";
import { explainFailure } from "./explain_failure.ts";
import { findImports } from "./find_imports.ts";
import { Kernel } from "./kernel.ts";
import { limited } from "./limited.ts";
import type { Message } from "./message.ts";
import {
  codeCells,
  joinLines,
  type Notebook,
  type NumberedCell,
  type Output,
  readNotebook,
} from "../../lib/io/notebook_file.ts";
import { normalize } from "./normalize.ts";
import { prepareToSettle, settle } from "./settle.ts";

/** How {@link runNotebook} runs. */
export interface RunOptions {
  /** How long a single cell may take, in seconds; 600 unless given. */
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
 * an error that nothing catches; or if the kernel dies.
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
  const { timeout = 600, signal, onProgress } = options;
  if (!(timeout > 0 && timeout <= MAX_TIMEOUT)) {
    throw new RangeError(
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
        throw new CellError(path, cell, (error as Error).message);
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
