import { Figure } from "../plot/figure.ts";
import { codeCells, joinLines, type MultilineText, parseNotebook } from "./notebook.ts";

/**
 * The figure in a notebook's committed outputs whose title begins with the given words.
 *
 * @param path The notebook.
 * @param title How the title begins.
 * @throws {RangeError} If the notebook has no such figure.
 */
export function committedFigure(path: string, title: string): Figure {
  for (const { cell } of codeCells(parseNotebook(Deno.readTextFileSync(path)))) {
    for (const { data = {} } of cell.outputs ?? []) {
      const text = joinLines(data["text/plain"] as MultilineText);
      const svg = joinLines(data["image/svg+xml"] as MultilineText);
      if (svg !== "" && text.startsWith(title)) return new Figure(svg, text);
    }
  }
  throw new RangeError(`Cannot find the figure: ${path} has none whose title begins "${title}"`);
}
