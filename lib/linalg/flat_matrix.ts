import { Matrix } from "ml-matrix";

/**
 * Makes a matrix of entries that lie row by row in one array, without copying them: a large matrix
 * takes memory once, and in one piece.
 *
 * @param entries The entries, row by row; the matrix takes them over.
 * @param columns The number of columns, at least 1.
 * @returns The matrix.
 *
 * @example
 * ```ts
 * import { flatMatrix } from "./flat_matrix.ts";
 * import assert from "node:assert/strict";
 *
 * assert.deepEqual(flatMatrix(Float64Array.of(1, 2, 3, 4, 5, 6), 3).to2DArray(), [[1, 2, 3], [4, 5, 6]]);
 * ```
 */
export function flatMatrix(entries: Float64Array, columns: number): Matrix {
  const rows = entries.length / columns;
  // ml-matrix has no constructor that takes rows over; this is what its own constructors fill in.
  const matrix = new Matrix(0, columns);
  const data = Array.from(
    { length: rows },
    (_, i) => entries.subarray(i * columns, (i + 1) * columns),
  );
  return Object.assign(matrix, { data, rows });
}
