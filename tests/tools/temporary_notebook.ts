import { join } from "node:path";
import type { Cell, Notebook, Output } from "../../lib/io/notebook_file.ts";

/** A notebook of code cells. */
export function notebookOf(
  sources: readonly string[],
  outputs: readonly Output[][] = [],
): Notebook {
  const cells = sources.map((source, i): Cell => ({
    cell_type: "code",
    metadata: {},
    source,
    outputs: outputs[i] ?? [],
    execution_count: null,
  }));
  return { cells, metadata: {}, nbformat: 4, nbformat_minor: 5 };
}

/** Runs a test in a new folder with a notebook of the given cells in it, and deletes the folder. */
export async function withNotebook(
  sources: readonly string[],
  test: (path: string, folder: string) => Promise<void>,
): Promise<void> {
  const folder = await Deno.makeTempDir({ prefix: "notebook-" });
  try {
    const path = join(folder, "some.ipynb");
    await Deno.writeTextFile(path, JSON.stringify(notebookOf(sources)));
    await test(path, folder);
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
}
