import { writeFilesAtomically } from "../lib/io/files.ts";
import { commandLine, runProgram } from "../lib/io/program.ts";
import { committedPicture } from "./committed_picture.ts";

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

if (import.meta.main) Deno.exitCode = await runProgram("picture", () => picture(Deno.args));
