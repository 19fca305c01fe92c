import type { Matrix } from "ml-matrix";
import { rowArrays } from "../linalg/row_arrays.ts";
import { assertSameShape } from "./assert_similarity.ts";
import { spearman } from "./spearman.ts";

/**
 * Computes Spearman's rank correlation of two similarities over the pairs i < j, ties averaged.
 *
 * @param s One similarity, p x p; only what is above the diagonal is read.
 * @param t Another similarity of the same items, p x p.
 * @returns The rank correlation, between −1 and 1.
 * @throws {TypeError} If s or t is not a matrix.
 * @throws {RangeError} If s or t is not square or not finite, their shapes differ, or one of them
 * is the same for all pairs, so that it has no ranks.
 *
 * @example
 * ```ts
 * import { rankCorrelation } from "cosine-lab";
 * import { Matrix } from "ml-matrix";
 * import assert from "node:assert/strict";
 *
 * const s = new Matrix([[1, 0.2, 0.9], [0.2, 1, 0.1], [0.9, 0.1, 1]]);
 * assert(rankCorrelation(s, Matrix.mul(s, 3)) > 1 - 1e-12);
 * assert(rankCorrelation(s, Matrix.mul(s, -1)) < -1 + 1e-12);
 * ```
 */
export function rankCorrelation(s: Matrix, t: Matrix): number {
  assertSameShape("compute the rank correlation", s, t);
  return spearman(pairsOf(s), pairsOf(t));
}

function pairsOf(s: Matrix): Float64Array {
  const pairs = new Float64Array(s.rows * (s.rows - 1) / 2);
  let at = 0;
  rowArrays(s).forEach((row, i) => {
    for (let j = i + 1; j < row.length; j++) pairs[at++] = row[j];
  });
  return pairs;
}
