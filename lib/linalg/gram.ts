import { assertCompressed } from "./assert_compressed.ts";
import type { Matrix } from "ml-matrix";
import type { CompressedRows } from "./compressed_rows.ts";
import { describe } from "../check/describe.ts";
import { flatMatrix } from "./flat_matrix.ts";
import { gramFromBits } from "./gram_from_bits.ts";
import { GramSum } from "./gram_sum.ts";
import { prefersBits } from "./prefers_bits.ts";
import { rowArrays } from "./row_arrays.ts";

/**
 * Computes the Gram matrix G = XᵀX of the columns of a sparse matrix.
 *
 * Of binary data it is the co-occurrence matrix: entry (i, j) counts the users who interacted
 * with both i and j. It is all that the closed-form solutions need to know of X
 * (sections 2.2 and 2.3). Counts are exact.
 *
 * X does not change, so its Gram matrix is computed once; every call returns a copy of its own.
 *
 * @param x The matrix X, n x p.
 * @returns G, p x p.
 * @throws {TypeError} If x is not a sparse matrix.
 * @throws {RangeError} If its arrays do not fit each other, or sums of products overflow.
 *
 * @example
 * ```ts
 * import { gram, Interactions } from "cosine-lab";
 * import assert from "node:assert/strict";
 *
 * const x = Interactions.fromDense([[1, 1, 0], [1, 0, 0]]);
 * assert.deepEqual(gram(x).to2DArray(), [[2, 1, 0], [1, 1, 0], [0, 0, 0]]);
 * ```
 */
export function gram(x: CompressedRows): Matrix {
  return copy(keptGram(x));
}

/** The Gram matrix as it is kept, for code that does not change it. */
export function keptGram(x: CompressedRows): Matrix {
  if (!(x?.rowStarts instanceof Uint32Array)) {
    throw new TypeError(
      `Cannot compute the Gram matrix: x must be an Interactions, current value is ${describe(x)}`,
    );
  }
  let known = computed.get(x);
  if (known === undefined) {
    assertCompressed(x);
    known = x.values === null && prefersBits(x) ? gramFromBits(x) : sumOfRows(x);
    if (!Number.isFinite(known.max())) {
      throw new RangeError("Cannot compute the Gram matrix: sums of products of values overflow");
    }
    computed.set(x, known);
  }
  return known;
}

const computed = new WeakMap<CompressedRows, Matrix>();

function sumOfRows(x: CompressedRows): Matrix {
  const sum = new GramSum(x.columns);
  sum.add(x);
  return sum.total();
}

function copy(g: Matrix): Matrix {
  const entries = new Float64Array(g.rows * g.columns);
  rowArrays(g).forEach((row, i) => entries.set(row, i * g.columns));
  return flatMatrix(entries, g.columns);
}
