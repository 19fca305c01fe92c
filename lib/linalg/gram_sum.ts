import { Matrix } from "ml-matrix";
import type { CompressedRows } from "./compressed_rows.ts";
import { gramFromBits } from "./gram_from_bits.ts";
import { addGramProducts, prefersProducts } from "./gram_from_products.ts";
import { prefersBits } from "./prefers_bits.ts";
import { rowArrays } from "./row_arrays.ts";

/**
 * The Gram matrix of a sparse matrix that comes in blocks of rows, one after another: G adds up over
 * the rows. Each product is added in the order of the rows, so that the sum is the same to the last
 * digit however they are cut into blocks, and by whichever way.
 *
 * @example
 * ```ts
 * import { Interactions } from "cosine-lab";
 * import { GramSum } from "./gram_sum.ts";
 * import assert from "node:assert/strict";
 *
 * const sum = new GramSum(2);
 * sum.add(Interactions.fromDense([[1, 1]]));
 * sum.add(Interactions.fromDense([[0, 1], [0, 1]]));
 * assert.deepEqual(sum.total().to2DArray(), [[1, 1], [1, 3]]);
 * ```
 */
export class GramSum {
  readonly #columns: number;
  /** Row by row; only what is on and above the diagonal is used. */
  readonly #upper: Float64Array;

  /** @param columns The number of columns, p. */
  constructor(columns: number) {
    this.#columns = columns;
    this.#upper = new Float64Array(columns * columns);
  }

  /** Adds a block of rows by the way that is quickest; all give the same digits. */
  add(block: CompressedRows): void {
    if (block.values !== null && prefersProducts(block)) return addGramProducts(block, this.#upper);
    if (block.values !== null || !prefersBits(block)) return this.addRows(block);
    const upper = this.#upper;
    rowArrays(gramFromBits(block)).forEach((row, i) => {
      for (let j = i; j < row.length; j++) upper[i * row.length + j] += row[j];
    });
  }

  /** Adds the outer products of the rows of a block. */
  addRows({ rows, columns, rowStarts, columnIndices, values }: CompressedRows): void {
    const upper = this.#upper;
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
  }

  /** G = XᵀX of all rows so far, p x p. */
  total(): Matrix {
    const p = this.#columns;
    const upper = this.#upper;
    const g = new Matrix(p, p);
    const rows = rowArrays(g);
    for (let i = 0; i < p; i++) {
      for (let j = i; j < p; j++) {
        rows[i][j] = upper[i * p + j];
        rows[j][i] = upper[i * p + j];
      }
    }
    return g;
  }
}
