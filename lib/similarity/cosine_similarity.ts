import type { Matrix } from "ml-matrix";
import { assertFinite } from "../check/assert_finite.ts";
import { flatMatrix } from "../linalg/flat_matrix.ts";
import { rowArrays } from "../linalg/row_arrays.ts";
import { rowProducts } from "../linalg/row_products.ts";

/**
 * Computes the cosine similarity of rows against rows: ⟨eᵢ, fⱼ⟩ / (‖eᵢ‖·‖fⱼ‖), the matrix that the
 * paper writes as cosSim(E, F) = Ω_E·E·Fᵀ·Ω_F (section 2.1).
 *
 * A row of zeros has similarity 0 to everything, itself included (scikit-learn's convention).
 * Rows are normalized without overflow or underflow; rounding never takes a cosine out of
 * [−1, 1]. Where e is compared with itself, a nonzero row has exactly 1 with itself.
 *
 * @param e Embeddings as rows, m x k.
 * @param f The embeddings to compare with, q x k; e itself by default.
 * @returns The cosines, m x q; symmetric where f is e or left out.
 * @throws {TypeError} If e or f is not a matrix.
 * @throws {RangeError} If one is empty or not finite, or they differ in their number of columns.
 *
 * @example
 * ```ts
 * import { cosineSimilarity } from "cosine-lab";
 * import { Matrix } from "ml-matrix";
 * import assert from "node:assert/strict";
 *
 * const s = cosineSimilarity(new Matrix([[1, 0], [3, 3], [0, 0]]));
 * assert.equal(s.get(0, 0), 1);
 * assert(Math.abs(s.get(0, 1) - Math.SQRT1_2) < 1e-15);
 * assert.equal(s.get(2, 2), 0);
 * ```
 */
export function cosineSimilarity(e: Matrix, f?: Matrix): Matrix {
  assertFinite("compare rows", "e", e);
  const left = normalizedRows(e);
  if (f === undefined || f === e) return withOwnDiagonal(rowProducts(left, undefined, 1), left);
  assertFinite("compare rows", "f", f);
  if (e.columns !== f.columns) {
    throw new RangeError(
      `Cannot compare rows: e and f must have as many columns, they have ${e.columns} and ${f.columns}`,
    );
  }
  return rowProducts(left, normalizedRows(f), 1);
}

/** The rows of e, each divided by its norm; rows of zeros stay. */
function normalizedRows(e: Matrix): Float64Array[] {
  const normalized = rowArrays(flatMatrix(new Float64Array(e.rows * e.columns), e.columns));
  rowArrays(e).forEach((row, i) => {
    let largest = 0;
    for (let j = 0; j < row.length; j++) largest = Math.max(largest, Math.abs(row[j]));
    if (largest === 0) return;
    let squares = 0;
    for (let j = 0; j < row.length; j++) squares += (row[j] / largest) ** 2;
    const norm = Math.sqrt(squares);
    for (let j = 0; j < row.length; j++) normalized[i][j] = row[j] / largest / norm;
  });
  return normalized;
}

/** A nonzero row has exactly 1 with itself, whatever rounding makes of its norm. */
function withOwnDiagonal(s: Matrix, rows: readonly Float64Array[]): Matrix {
  rows.forEach((row, i) => s.set(i, i, row.some((entry) => entry !== 0) ? 1 : 0));
  return s;
}
