import { Buffer } from "node:buffer";
import { InputRangeError } from "../lib/errors.ts";
import { writeFilesAtomically } from "../lib/io/files.ts";
import { codeCells, readNotebook } from "./notebooks/notebook_file.ts";
import { commandLine, runProgram } from "../lib/io/program.ts";
import { joinLines, type MultilineText } from "./notebooks/outputs.ts";

const USAGE =
  "Usage: deno task picture: draws notebooks/figure1.png from the figure in notebook 03";

/** The picture at the top of the README: Figure 1 as it stands in the notebook. */
export function readmePicture(): Uint8Array {
  return committedPicture("notebooks/03_low_rank_experiment.ipynb", "Figure 1");
}

function picture(args: string[]): number {
  if (commandLine(args).values.help) console.log(USAGE);
  else writeFilesAtomically([{ path: "notebooks/figure1.png", content: readmePicture() }]);
  return 0;
}

/**
 * The picture of a figure in a notebook's committed outputs.
 *
 * @param path The notebook.
 * @param title How the figure's title begins.
 * @returns The PNG file.
 * @throws {RangeError} If the notebook has no such figure.
 */
function committedPicture(path: string, title: string): Uint8Array {
  for (const { cell } of codeCells(readNotebook(path).notebook)) {
    for (const { data = {} } of cell.outputs ?? []) {
      const png = joinLines(data["image/png"] as MultilineText);
      const text = joinLines(data["text/plain"] as MultilineText);
      if (png !== "" && text.startsWith(title)) return Buffer.from(png, "base64");
    }
  }
  throw new InputRangeError(
    `Cannot find the figure: ${path} has none whose title begins "${title}"`,
  );
}

if (import.meta.main) Deno.exitCode = await runProgram("picture", () => picture(Deno.args));
