import { Matrix } from "ml-matrix";
import { assertFinite } from "../linalg/assert_finite.ts";
import { Crew } from "../linalg/crew.ts";
import { kernelModule } from "../linalg/kernels.ts";
import { rowArrays } from "../linalg/row_arrays.ts";
import multiplyRowsWasm from "./multiply_rows_wasm.ts";

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
 * @throws {TypeError} If e or f is no matrix.
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
  if (f === undefined || f === e) return products(e);
  assertFinite("compare rows", "f", f);
  if (e.columns !== f.columns) {
    throw new RangeError(
      `Cannot compare rows: e and f must have as many columns, they have ${e.columns} and ${f.columns}`,
    );
  }
  return products(e, f);
}

/** How many rows the kernel multiplies at once. */
const STRIP = 4;

/** The cosines of the rows of e and of f; without f, of e with itself, each pair computed once. */
function products(e: Matrix, f?: Matrix): Matrix {
  const crew = new Crew(kernelModule(multiplyRowsWasm), 1);
  const k = e.columns;
  const left = placeNormalized(crew, e);
  const right = f === undefined ? left : placeNormalized(crew, f);
  const strip = crew.allocate(STRIP * right.stride);
  const out = crew.float64(strip, STRIP * right.stride / 8);
  const s = new Matrix(e.rows, (f ?? e).rows);
  const rows = rowArrays(s);
  for (let i = 0; i < e.rows; i += STRIP) {
    const from = f === undefined ? i : 0;
    const to = right.stride / 8;
    const { stride } = right;
    crew.call("multiplyRows", left.at + i * 8, left.stride, right.at, stride, k, from, to, strip);
    const count = Math.min(STRIP, e.rows - i);
    for (let r = 0; r < count; r++) {
      rows[i + r].set(out.subarray(r * to + from, r * to + s.columns), from);
    }
    if (f === undefined) mirror(rows, i, count);
  }
  if (f === undefined) rows.forEach((row, i) => row[i] = left.zero[i] ? 0 : 1);
  return s;
}

/** Copies rows i to i + count − 1 of the upper triangle into the columns of the lower one. */
function mirror(rows: Float64Array[], i: number, count: number): void {
  for (let j = i + 1; j < rows.length; j++) {
    const to = rows[j];
    const end = Math.min(i + count, j);
    for (let r = i; r < end; r++) to[r] = rows[r][j];
  }
}

/** Puts the rows of e, each divided by its norm, into columns: k of them, `stride` bytes each. */
function placeNormalized(crew: Crew, e: Matrix) {
  const length = Math.ceil(e.rows / STRIP) * STRIP;
  const at = crew.allocate(e.columns * length * 8);
  const columns = crew.float64(at, e.columns * length);
  const zero = rowArrays(e).map((row, i) => {
    let largest = 0;
    for (let j = 0; j < row.length; j++) largest = Math.max(largest, Math.abs(row[j]));
    if (largest === 0) return true;
    let squares = 0;
    for (let j = 0; j < row.length; j++) squares += (row[j] / largest) ** 2;
    const norm = Math.sqrt(squares);
    for (let j = 0; j < row.length; j++) columns[j * length + i] = row[j] / largest / norm;
    return false;
  });
  return { at, stride: length * 8, zero };
}
