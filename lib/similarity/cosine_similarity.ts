import type { Matrix } from "ml-matrix";
import { InputRangeError, InputTypeError } from "../errors.ts";
import { assertFinite, assertInteger, assertNumber } from "../check.ts";
import { flatMatrix, rowArrays, rowProducts } from "../linalg/matrices.ts";

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
    throw new InputRangeError(
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

function withOwnDiagonal(s: Matrix, rows: readonly Float64Array[]): Matrix {
  rows.forEach((row, i) => s.set(i, i, selfCosine(row)));
  return s;
}

/** A row's cosine with itself: exactly 1 whatever the rounding of its norm, and 0 for a row of zeros. */
export function selfCosine(row: Float64Array): number {
  return row.some((entry) => entry !== 0) ? 1 : 0;
}

/**
 * The cosine of two rows from their dot product and the product of their norms. It is 0 where one of them
 * is a row of zeros, as in {@linkcode cosineSimilarity}; functions that compute cosines one by one use it.
 */
export function cosineOf(product: number, norms: number): number {
  return norms === 0 ? 0 : product / norms;
}

/**
 * Throws unless `s` is a finite square matrix of at least two rows.
 *
 * @param action What cannot be done otherwise; the message starts with "Cannot {action}".
 * @param name The name of the matrix, as the caller knows it.
 * @param s The similarity matrix to check.
 */
export function assertSimilarity(action: string, name: string, s: Matrix): void {
  assertFinite(action, name, s);
  if (s.rows !== s.columns || s.rows < 2) {
    throw new InputRangeError(
      `Cannot ${action}: ${name} must be square with at least 2 rows, its shape is ${s.rows} x ${s.columns}`,
    );
  }
}

/** Throws unless there is a label, a finite number, for each of the items. */
export function assertLabels(action: string, labels: ArrayLike<number>, items: number): void {
  if (typeof labels?.length !== "number") {
    throw new InputTypeError(
      `Cannot ${action}: labels must be an array with a number for each item`,
    );
  }
  if (labels.length !== items) {
    throw new InputRangeError(
      `Cannot ${action}: there must be a label for each of the ${items} items, there are ${labels.length}`,
    );
  }
  for (let i = 0; i < items; i++) {
    assertNumber(action, `the label of item ${i}`, labels[i]);
  }
}

/** Throws unless each of the items has k others to be its neighbors. */
export function assertNeighbors(action: string, k: number, items: number): void {
  assertInteger(action, "k", k, 1, items - 1);
}

/** Throws unless `s` and `t` are similarity matrices of as many items. */
export function assertSameShape(action: string, s: Matrix, t: Matrix): void {
  assertSimilarity(action, "s", s);
  assertSimilarity(action, "t", t);
  if (s.rows !== t.rows) {
    throw new InputRangeError(
      `Cannot ${action}: s and t must be of the same items, they are ${s.rows} x ${s.rows} and ` +
        `${t.rows} x ${t.rows}`,
    );
  }
}
