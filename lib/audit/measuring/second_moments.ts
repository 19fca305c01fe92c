import { Matrix } from "ml-matrix";
import { rowArrays } from "../../linalg/products.ts";
import { piecewiseProducts } from "./piecewise_products.ts";
import type { EmbeddingRows } from "../embedding_rows.ts";

/** Rows beyond this many multiplications are read at even distances. */
const MOST_WORK = 6e9;

/** How many rows are multiplied at once. */
const CHUNK = 1024;

/** Second moments of rows. */
export interface SecondMoments {
  /** Σ w·xxᵀ over the rows x and their weights w, k x k; of all rows, estimated where some were read. */
  moments: Matrix;
  /** How many rows were read. */
  rows: number;
}

/**
 * Sums w·xxᵀ.
 *
 * @param source The rows, each with a weight of 1 by default.
 * @param weights None of them negative, one for each row.
 */
export function secondMoments(
  source: EmbeddingRows,
  weights?: ArrayLike<number>,
): SecondMoments {
  const { rows, columns: k } = source;
  const stride = Math.max(1, Math.ceil(rows * k * k / 2 / MOST_WORK));
  const total = Array.from({ length: k }, () => new Float64Array(k));
  const chunk = Array.from({ length: k }, () => new Float64Array(CHUNK));
  let filled = 0, read = 0;
  const add = () => {
    if (filled === 0) return;
    const part = chunk.map((column) => column.subarray(0, filled));
    rowArrays(piecewiseProducts(part)).forEach((row, i) => {
      for (let j = 0; j < k; j++) total[i][j] += row[j] * stride;
    });
    read += filled;
    filled = 0;
  };
  for (const { start, rows: count, values } of source.blocks()) {
    for (let row = (stride - start % stride) % stride; row < count; row += stride) {
      const scale = weights === undefined ? 1 : Math.sqrt(weights[start + row]);
      for (let c = 0; c < k; c++) chunk[c][filled] = values[row * k + c] * scale;
      if (++filled === CHUNK) add();
    }
  }
  add();
  return { moments: new Matrix(total), rows: read };
}
