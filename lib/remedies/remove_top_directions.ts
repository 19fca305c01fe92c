import { Matrix } from "ml-matrix";
import { assertFinite } from "../check/assert_finite.ts";
import { assertInteger } from "../check/assert_integer.ts";
import { assertKnown } from "../check/assert_known.ts";
import { rowArrays } from "../linalg/row_arrays.ts";
import { rowProducts } from "../linalg/row_products.ts";
import { svdOfGram } from "../linalg/svd_of_gram.ts";

/** Options for {@linkcode removeTopDirections}. */
export interface RemoveTopDirectionsOptions {
  /** How many principal directions to remove, 0 to k. @default {1} */
  directions?: number;
  /** Whether to subtract the mean vector first. @default {true} */
  center?: boolean;
}

/** How much two singular values may differ, relatively, and count as one. */
const TIED = 1e-9;

/**
 * Removes what all embeddings have in common, which often is popularity: the mean vector, and the
 * directions in which they vary most ("all-but-the-top": Mu and Viswanath, All-but-the-top: simple and
 * effective postprocessing for word representations, 2018, who remove about k/100).
 *
 * It takes embeddings as they are. Rescaled by D they have other principal directions, so it does not
 * make the cosines of Eq. 1 less arbitrary; rotations change nothing. Where the variation along the
 * last direction to remove is that along the next one, as along all of whitened embeddings, neither is
 * a direction of its own, and those of this variation stay.
 *
 * @param e Embeddings as rows, p x k.
 * @param options How many directions, and whether to center.
 * @returns What is left of the embeddings, p x k.
 * @throws {TypeError} If e is no matrix, or an option of the wrong kind.
 * @throws {RangeError} If e is empty or not finite, or directions is no integer between 0 and k.
 *
 * @example
 * ```ts
 * import { removeTopDirections } from "cosine-lab/remedies";
 * import { Matrix } from "ml-matrix";
 * import assert from "node:assert/strict";
 *
 * // They differ most in the first dimension.
 * const left = removeTopDirections(new Matrix([[5, 1], [-3, 1], [5, -1], [-3, -1]]));
 * assert.deepEqual(left.to2DArray().map(([, second]) => Math.round(second)), [1, 1, -1, -1]);
 * assert(left.getColumn(0).every((first) => Math.abs(first) < 1e-12));
 * ```
 */
export function removeTopDirections(e: Matrix, options: RemoveTopDirectionsOptions = {}): Matrix {
  const action = "remove directions";
  assertFinite(action, "e", e);
  assertKnown(action, options, ["directions", "center"]);
  const { directions = 1, center = true } = options;
  assertInteger(action, "directions", directions, 0, e.columns);
  if (typeof center !== "boolean") {
    throw new TypeError(`Cannot ${action}: center must be true or false`);
  }
  const left = Matrix.add(e, 0);
  if (center) left.subRowVector(e.mean("column"));
  if (directions === 0) return left;
  const rank = Math.min(directions + 1, e.columns);
  const { sigma, V } = svdOfGram(rowProducts(rowArrays(left.transpose())), rank);
  const next = sigma[directions] ?? 0;
  const found = rowArrays(V.transpose()).slice(0, directions)
    .filter((_, i) => sigma[i] > next * (1 + TIED));
  for (const row of rowArrays(left)) {
    for (const direction of found) {
      const along = row.reduce((sum, entry, j) => sum + entry * direction[j], 0);
      for (let j = 0; j < row.length; j++) row[j] -= along * direction[j];
    }
  }
  return left;
}
