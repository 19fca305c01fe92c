import { Matrix } from "ml-matrix";
import { assertFinite } from "./assert_finite.ts";
import { assertInteger } from "./assert_integer.ts";
import type { CompressedRows } from "./compressed_rows.ts";
import { gram } from "./gram.ts";
import { rowArrays } from "./row_arrays.ts";
import { symmetricEigen } from "./symmetric_eigen.ts";

/** The leading singular values and right singular vectors of a matrix X, n x p. */
export interface SVD {
  /** The singular values σ₁ ≥ σ₂ ≥ … ≥ 0. */
  sigma: Float64Array;
  /** The right singular vectors as columns, p x rank, orthonormal. */
  V: Matrix;
}

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
 * (σᵢ² ≤ 1e-16·p·σ₁²) is returned as exactly 0.
 *
 * @param x The matrix X, n x p: an {@linkcode Interactions}, or a dense `Matrix`.
 * @param options The rank.
 * @returns The singular values, descending, and V, p x rank.
 * @throws {TypeError} If x is neither, or rank is no number.
 * @throws {RangeError} If x is empty or has an entry that is not finite, or rank is no integer
 * between 1 and min(n, p).
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
  const g = dense ? x.transpose().mmul(x) : gram(x);
  const { values, vectors: V } = symmetricEigen(g, rank);
  const negligible = Number.EPSILON * x.columns * Math.max(values[0], 0);
  const sigma = values.map((value) => value > negligible ? Math.sqrt(value) : 0);
  fixSigns(V);
  return { sigma, V };
}

function fixSigns(V: Matrix): void {
  const rows = rowArrays(V);
  for (let j = 0; j < V.columns; j++) {
    let largest = 0;
    for (const row of rows) largest = Math.max(largest, Math.abs(row[j]));
    // Entries equal but for rounding count as one magnitude, so that rounding decides no sign.
    const first = rows.find((row) => Math.abs(row[j]) >= largest * (1 - 1e-6))!;
    const sign = Math.sign(first[j]);
    // Adding 0 makes 0 of -0.
    for (const row of rows) row[j] = sign * row[j] + 0;
  }
}
