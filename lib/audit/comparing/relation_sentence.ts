import type { ComparisonReport } from "./comparison_report.ts";
import type { Alignment } from "./alignment.ts";
import {
  LARGEST_REMAINDER,
  LARGEST_ROTATION_RESIDUAL,
  LEAST_SHARED,
  sharedShare,
} from "./relation.ts";

/** Says how two sets of embeddings are related, and what follows for their cosines. */
export function relationSentence(report: Omit<ComparisonReport, "summary">): string {
  const { relation, alignment, overlap, matched, floor, sample } = report;
  const agree = `${percent(overlap.mean)} of the ${sample.neighbors} nearest neighbors agree`;
  switch (relation) {
    case "rotation":
      return `The same model, rotated: cosines agree (${agree}).`;
    case "linear":
      return `The same up to an invertible matrix M, and not up to a rotation: what is linear in the ` +
        `vectors is the same in both, and cosines are a choice (${agree}).`;
    case "affine":
      return `The same up to an invertible matrix M and a translation of all items: cosines are a ` +
        `choice (${agree}).`;
    case null:
      return `Too few items to tell: an M takes more than 1.25 items for each dimension, and there are ` +
        `${matched.items} in both (${agree}).`;
  }
  const chance = `${agree}; of shuffled items ${percent(floor.overlap)}`;
  if (alignment !== null && alignment.residual.rotation <= LARGEST_ROTATION_RESIDUAL) {
    return `Different: a rotation leaves ${
      percent(alignment.residual.rotation)
    } of the spread, but ` +
      `that is what tells neighbors apart (${chance}).`;
  }
  const part = partOf(report);
  if (part !== null) return `Different models: ${part} (${chance}).`;
  if (alignment !== null && isNoise(alignment)) {
    return `Different, and not by an M: a rotation leaves ` +
      `${percent(alignment.residual.rotation)} of the spread, and no M leaves much less, as with ` +
      `noise or coarse rounding (${chance}).`;
  }
  const explained = alignment === null
    ? ""
    : `: the best M and translation explain ${percent(sharedShare(alignment.affine))} of their ` +
      "directions";
  const order = matched.by === "rows" && overlap.mean < 2 * floor.overlap
    ? " Items were matched row by row: if the files list them in different orders, they need ids."
    : "";
  return `Different models${explained} (${chance}).${order}`;
}

/** Says where one side is a function of the other, and not the other way round. */
function partOf({ alignment }: Omit<ComparisonReport, "summary">): string | null {
  if (alignment === null) return null;
  const { ofA, directionsOfA, ofB, directionsOfB } = alignment.affine;
  const fromA = ofB >= LEAST_SHARED * directionsOfB, fromB = ofA >= LEAST_SHARED * directionsOfA;
  if (fromA === fromB) return null;
  return fromA
    ? "B is a function of A, and lacks part of it"
    : "A is a function of B, and lacks part of it";
}

/** Below this residual, what a rotation leaves is called noise where no M leaves much less. */
const MOST_NOISE = 0.5;

function isNoise({ residual }: Alignment): boolean {
  return residual.rotation <= MOST_NOISE &&
    residual.affine > LARGEST_REMAINDER * residual.rotation;
}

function percent(share: number): string {
  return share > 0 && share < 0.01 || share > 0.99 && share < 1
    ? `${(100 * share).toFixed(1)} %`
    : `${(100 * share).toFixed(0)} %`;
}
