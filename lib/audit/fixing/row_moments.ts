import { Matrix } from "ml-matrix";
import seedrandom from "seedrandom";
import { rowProducts } from "../../linalg/products.ts";
import { columnsOf } from "../comparing/alignment.ts";
import { drawWithoutReplacement } from "../rows.ts";
import type { EmbeddingRows } from "../embedding_rows.ts";
import { rowsAt } from "../rows.ts";

/** The first two moments of rows. */
export interface RowMoments {
  /** The mean of all rows. */
  mean: Float64Array;
  /** The mean of (x − mean)(x − mean)ᵀ over the rows that were used, k x k. */
  covariance: Matrix;
  /** The mean of xxᵀ. */
  second: Matrix;
  /** How many rows were used. */
  rows: number;
}

/** How many rows second moments are computed on, at most; more where there are many dimensions. */
const ROWS = 20_000;
const ROWS_PER_DIMENSION = 20;

/**
 * Computes the mean of all rows, and second moments of random ones: of n rows, they are off by a share
 * of about √(k/n).
 */
export function rowMoments(source: EmbeddingRows, seed: string): RowMoments {
  const { columns } = source;
  const mean = new Float64Array(columns);
  for (const { values } of source.blocks()) {
    for (let at = 0; at < values.length;) {
      for (let c = 0; c < columns; c++, at++) mean[c] += values[at] / source.rows;
    }
  }
  const size = Math.max(ROWS, ROWS_PER_DIMENSION * columns);
  const drawn = drawWithoutReplacement(source.rows, size, seedrandom.alea(`${seed} moments`));
  const rows = rowsAt(source, drawn);
  for (const row of rows) for (let c = 0; c < columns; c++) row[c] -= mean[c];
  const covariance = rowProducts(columnsOf(rows)).div(rows.length);
  const second = Matrix.add(
    covariance,
    Matrix.columnVector(mean).mmul(Matrix.rowVector(mean)),
  );
  return { mean, covariance, second, rows: rows.length };
}
