import type { Matrix } from "ml-matrix";
import { assertFinite } from "../check/assert_finite.ts";
import { rowArrays } from "./row_arrays.ts";

/**
 * Computes the largest difference between corresponding entries of two matrices, max |aᵢⱼ − bᵢⱼ|.
 *
 * @param a One matrix.
 * @param b Another of the same shape.
 * @returns The largest difference; 0 where they are the same.
 * @throws {TypeError} If a or b is not a matrix.
 * @throws {RangeError} If their shapes differ, or one is empty or not finite.
 *
 * @example
 * ```ts
 * import { largestDifference } from "cosine-lab";
 * import { Matrix } from "ml-matrix";
 * import assert from "node:assert/strict";
 *
 * assert.equal(largestDifference(new Matrix([[1, 0]]), new Matrix([[1, 3]])), 3);
 * ```
 */
export function largestDifference(a: Matrix, b: Matrix): number {
  assertFinite("compare matrices", "a", a);
  assertFinite("compare matrices", "b", b);
  if (a.rows !== b.rows || a.columns !== b.columns) {
    throw new RangeError(
      `Cannot compare matrices: a and b must have the same shape, ` +
        `they are ${a.rows} x ${a.columns} and ${b.rows} x ${b.columns}`,
    );
  }
  const others = rowArrays(b);
  let largest = 0;
  rowArrays(a).forEach((row, i) => {
    const other = others[i];
    for (let j = 0; j < row.length; j++) {
      largest = Math.max(largest, Math.abs(row[j] - other[j]));
    }
  });
  return largest;
}
