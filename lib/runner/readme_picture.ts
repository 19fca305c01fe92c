import { writeWhole } from "../files/write_whole.ts";
import { committedPicture } from "./committed_picture.ts";

/** The picture at the top of the README: Figure 1 as it stands in the notebook. */
export function readmePicture(): Uint8Array {
  return committedPicture("notebooks/03_low_rank_experiment.ipynb", "Figure 1");
}

if (import.meta.main) {
  writeWhole([{ path: "notebooks/figure1.png", content: readmePicture() }]);
}
