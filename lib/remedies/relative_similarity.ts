import { Matrix } from "ml-matrix";
import { rowArrays } from "../linalg/row_arrays.ts";

/**
 * Divides similarities by their largest magnitude, so that dot products, which have a unit, can be
 * compared with cosines, which stay what they are where an item is similar to itself.
 *
 * @param s The similarities.
 * @returns The similarities within [−1, 1]; s itself where there is nothing to divide.
 *
 * @example
 * ```ts
 * import { relativeSimilarity } from "./relative_similarity.ts";
 * import { Matrix } from "ml-matrix";
 * import assert from "node:assert/strict";
 *
 * assert.deepEqual(relativeSimilarity(new Matrix([[4, -2]])).to2DArray(), [[1, -0.5]]);
 * ```
 */
export function relativeSimilarity(s: Matrix): Matrix {
  let largest = 0;
  for (const row of rowArrays(s)) {
    for (let j = 0; j < row.length; j++) largest = Math.max(largest, Math.abs(row[j]));
  }
  if (largest === 0 || largest === 1) return s;
  const result = Matrix.zeros(s.rows, s.columns), from = rowArrays(s);
  rowArrays(result).forEach((row, i) => {
    for (let j = 0; j < row.length; j++) row[j] = from[i][j] / largest;
  });
  return result;
}

/**
 * Counts similarities in steps of 1e-10, so that those which only rounding tells apart are equal, and
 * ranked alike on every machine.
 *
 * @param s The similarities, within [−1, 1].
 * @returns Integers.
 *
 * @example
 * ```ts
 * import { roundedSimilarity } from "./relative_similarity.ts";
 * import { Matrix } from "ml-matrix";
 * import assert from "node:assert/strict";
 *
 * const rounded = roundedSimilarity(new Matrix([[0.1 + 0.2, 0.3]]));
 * assert.equal(rounded.get(0, 0), rounded.get(0, 1));
 * ```
 */
export function roundedSimilarity(s: Matrix): Matrix {
  const result = Matrix.zeros(s.rows, s.columns), from = rowArrays(s);
  rowArrays(result).forEach((row, i) => {
    // Adding and subtracting 1.5·2^52 rounds to an integer, several times as fast as Math.round.
    for (let j = 0; j < row.length; j++) row[j] = from[i][j] * 1e10 + ROUNDER - ROUNDER;
  });
  return result;
}

const ROUNDER = 1.5 * 2 ** 52;
