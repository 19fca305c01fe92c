import { Matrix } from "ml-matrix";
import type { CompressedRows } from "./compressed_rows.ts";

/**
 * The Gram matrix of a sparse matrix as the sum of the outer products of its rows. Takes
 * Σ kᵤ²/2 multiplications, where kᵤ is the number of nonzeros of row u.
 *
 * @param x A matrix, n x p, with or without values.
 * @returns G = XᵀX, p x p.
 */
export function gramFromRows(
  { rows, columns, rowStarts, columnIndices, values }: CompressedRows,
): Matrix {
  const upper = new Float64Array(columns * columns);
  for (let i = 0; i < rows; i++) {
    const end = rowStarts[i + 1];
    for (let s = rowStarts[i]; s < end; s++) {
      const row = columnIndices[s] * columns;
      if (values === null) {
        for (let t = s; t < end; t++) upper[row + columnIndices[t]] += 1;
      } else {
        const value = values[s];
        for (let t = s; t < end; t++) upper[row + columnIndices[t]] += value * values[t];
      }
    }
  }
  const g = new Matrix(columns, columns);
  for (let i = 0; i < columns; i++) {
    for (let j = i; j < columns; j++) {
      g.set(i, j, upper[i * columns + j]);
      g.set(j, i, upper[i * columns + j]);
    }
  }
  return g;
}
