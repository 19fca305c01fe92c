import { Buffer } from "node:buffer";
import { codeCells, joinLines, type MultilineText, readNotebook } from "../lib/io/notebook_file.ts";

/**
 * The picture of a figure in a notebook's committed outputs.
 *
 * @param path The notebook.
 * @param title How the figure's title begins.
 * @returns The PNG file.
 * @throws {RangeError} If the notebook has no such figure.
 */
export function committedPicture(path: string, title: string): Uint8Array {
  for (const { cell } of codeCells(readNotebook(path).notebook)) {
    for (const { data = {} } of cell.outputs ?? []) {
      const png = joinLines(data["image/png"] as MultilineText);
      const text = joinLines(data["text/plain"] as MultilineText);
      if (png !== "" && text.startsWith(title)) return Buffer.from(png, "base64");
    }
  }
  throw new RangeError(`Cannot find the figure: ${path} has none whose title begins "${title}"`);
}
