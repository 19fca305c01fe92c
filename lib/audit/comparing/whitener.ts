import type { Matrix } from "ml-matrix";
import { symmetricEigen } from "../../linalg/symmetric_eigen.ts";

/**
 * Computes W with WᵀSW = I: coordinates XW of rows X in which every direction counts alike, so that
 * what is measured there does not depend on the basis, however unevenly it is scaled.
 *
 * S is scaled to a diagonal of 1 first, so that no coordinate is lost in the rounding of another.
 *
 * @param s Second moments S, k x k, symmetric and positive semidefinite.
 * @param tolerance Directions below this share of the largest are left out, as rounding.
 * @returns W, k x r, r the directions that are left; null where there are none.
 *
 * @example
 * ```ts
 * import { whitener } from "./whitener.ts";
 * import { Matrix } from "ml-matrix";
 * import assert from "node:assert/strict";
 *
 * const w = whitener(new Matrix([[4, 0], [0, 0]]))!;
 * assert.deepEqual([w.rows, w.columns, Math.abs(w.get(0, 0))], [2, 1, 0.5]);
 * ```
 */
export function whitener(s: Matrix, tolerance = 1e-12): Matrix | null {
  const lengths = s.diag().map((square) => Math.sqrt(Math.max(0, square)));
  const inverse = lengths.map((length) => length > 0 ? 1 / length : 0);
  if (inverse.every((entry) => entry === 0)) return null;
  const scaled = s.clone().mulColumnVector(inverse).mulRowVector(inverse);
  const { values, vectors } = symmetricEigen(scaled);
  const kept = values.filter((value) => value > tolerance * values[0]);
  return vectors.subMatrix(0, s.rows - 1, 0, kept.length - 1)
    .divRowVector(Array.from(kept, Math.sqrt))
    .mulColumnVector(inverse);
}
