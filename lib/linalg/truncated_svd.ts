import { Matrix } from "ml-matrix";
import { assertFinite } from "./assert_finite.ts";
import { assertInteger } from "./assert_integer.ts";
import type { CompressedRows } from "./compressed_rows.ts";
import { gram } from "./gram.ts";
import { rowArrays } from "./row_arrays.ts";
import { type SVD, svdOfGram } from "./svd_of_gram.ts";

/** Options for {@linkcode truncatedSVD}. */
export interface TruncatedSVDOptions {
  /**
   * How many singular values and vectors to compute, between 1 and min(n, p).
   *
   * @default {min(n, p)}
   */
  rank?: number;
}

/**
 * Computes the leading singular values and right singular vectors of X = UΣVᵀ (section 2.2), as
 * the eigenvalues σ² and eigenvectors of the Gram matrix G = XᵀX.
 *
 * Singular vectors are unique up to sign only; here the entry of largest magnitude in each is
 * positive (the first one, where several are equal to rounding). For repeated singular values
 * any orthonormal basis of their space is right, and one of them is returned. Since G squares the
 * condition, a singular value is known to about 1e-16·σ₁²/σᵢ; what is below the rounding of G
 * (σᵢ² ≤ 1e-16·p·σ₁²) is returned as exactly 0. Entries may be of any
 * magnitude: their squares neither overflow nor vanish.
 *
 * @param x The matrix X, n x p: an {@linkcode Interactions}, or a dense `Matrix`.
 * @param options The rank.
 * @returns The singular values, descending, and V, p x rank.
 * @throws {TypeError} If x is neither, or rank is no number.
 * @throws {RangeError} If x is empty or has an entry that is not finite, or rank is no integer
 * between 1 and min(n, p); or if a singular value overflows.
 *
 * @example
 * ```ts
 * import { Interactions, truncatedSVD } from "cosine-lab";
 * import assert from "node:assert/strict";
 *
 * const x = Interactions.fromDense([[1, 1, 0], [0, 0, 1]]);
 * const { sigma, V } = truncatedSVD(x);
 * assert(Math.abs(sigma[0] - Math.SQRT2) < 1e-12);
 * assert.deepEqual([V.rows, V.columns], [3, 2]);
 * ```
 */
export function truncatedSVD(
  x: CompressedRows | Matrix,
  options: TruncatedSVDOptions = {},
): SVD {
  const dense = Matrix.isMatrix(x);
  if (!dense && !(x?.rowStarts instanceof Uint32Array)) {
    throw new TypeError("Cannot factorize: x must be an Interactions or an ml-matrix Matrix");
  }
  if (dense) assertFinite("factorize", "x", x);
  const largest = Math.min(x.rows, x.columns);
  const { rank = largest } = options;
  assertInteger("factorize", "rank", rank, 1, largest);
  const scale = squareable(dense ? rowArrays(x) : [x.values ?? []]);
  const { sigma, V } = svdOfGram(dense ? denseGram(x, scale) : sparseGram(x, scale), rank);
  const scaled = sigma.map((value) => value * scale);
  if (scaled[0] === Infinity) {
    throw new RangeError("Cannot factorize: the largest singular value of x overflows");
  }
  return { sigma: scaled, V };
}

/**
 * A power of two to divide the entries by, so that their squares neither overflow nor vanish; 1 where
 * they do not anyway. Dividing by a power of two rounds nothing.
 */
function squareable(rows: readonly ArrayLike<number>[]): number {
  let largest = 0;
  for (const row of rows) {
    for (let j = 0; j < row.length; j++) largest = Math.max(largest, Math.abs(row[j]));
  }
  // At most 1023: the logarithm of the largest number rounds to 1024.
  const exponent = largest === 0 ? 0 : Math.min(1023, Math.floor(Math.log2(largest)));
  return Math.abs(exponent) < 300 ? 1 : 2 ** exponent;
}

function denseGram(x: Matrix, scale: number): Matrix {
  const scaled = scale === 1 ? x : Matrix.div(x, scale);
  return scaled.transpose().mmul(scaled);
}

function sparseGram(x: CompressedRows, scale: number): Matrix {
  if (scale === 1) return gram(x);
  const { rows, columns, rowStarts, columnIndices, values } = x;
  const scaled = values!.map((value) => value / scale);
  return gram({ rows, columns, rowStarts, columnIndices, values: scaled });
}
