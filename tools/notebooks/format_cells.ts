import {
  codeCells,
  joinLines,
  type Notebook,
  type NumberedCell,
  parseNotebook,
} from "../../lib/io/notebook_file.ts";
import { normalize } from "./normalize.ts";

/** A code cell that is not formatted, and the code as it should be. */
export interface UnformattedCell extends NumberedCell {
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
