import type { Matrix } from "ml-matrix";
import { assertFinite } from "../check/assert_finite.ts";
import { assertInteger } from "../check/assert_integer.ts";
import { rowArrays } from "./row_arrays.ts";
import { type SymmetricEigen, symmetricEigen } from "./symmetric_eigen.ts";

/** The leading singular values and right singular vectors of a matrix X, n x p. */
export interface SVD {
  /** The singular values σ₁ ≥ σ₂ ≥ … ≥ 0. */
  sigma: Float64Array;
  /** The right singular vectors as columns, p x rank, orthonormal. */
  V: Matrix;
}

/**
 * Computes the leading singular values and right singular vectors of X from its Gram matrix
 * G = XᵀX alone: for data whose X is not at hand, or is dense like that of {@linkcode centeredGram}.
 *
 * What {@linkcode truncatedSVD} says of accuracy, signs and repeated singular values holds here.
 *
 * @param g The Gram matrix G, p x p, symmetric.
 * @param rank How many singular values and vectors to compute, between 1 and p; p by default.
 * @returns The singular values, descending, and V, p x rank.
 * @throws {TypeError} If g is not a matrix or rank is not a number.
 * @throws {RangeError} If g is empty, not finite or not symmetric (to 1e-9 of its largest entry), or
 * rank is not an integer between 1 and p.
 *
 * @example
 * ```ts
 * import { svdOfGram } from "cosine-lab";
 * import { Matrix } from "ml-matrix";
 * import assert from "node:assert/strict";
 *
 * const { sigma } = svdOfGram(new Matrix([[4, 0], [0, 9]]));
 * assert.deepEqual([...sigma], [3, 2]);
 * ```
 */
export function svdOfGram(g: Matrix, rank: number = g?.rows): SVD {
  assertFinite("factorize", "g", g);
  assertInteger("factorize", "rank", rank, 1, g.rows);
  assertSymmetric(g);
  return svdOfEigenpairs(symmetricEigen(g, rank));
}

/** The singular values and vectors that eigenpairs of XᵀX are; takes over the eigenvectors. */
export function svdOfEigenpairs({ values, vectors: V }: SymmetricEigen): SVD {
  const negligible = Number.EPSILON * V.rows * Math.max(values[0], 0);
  const sigma = values.map((value) => value > negligible ? Math.sqrt(value) : 0);
  fixSigns(V);
  return { sigma, V };
}

function assertSymmetric(g: Matrix): void {
  if (g.rows !== g.columns) {
    throw new RangeError(
      `Cannot factorize: g must be square, its shape is ${g.rows} x ${g.columns}`,
    );
  }
  const rows = rowArrays(g);
  const largest = rows.reduce((max, row, i) => Math.max(max, Math.abs(row[i])), 0);
  rows.forEach((row, i) => {
    for (let j = 0; j < i; j++) {
      if (Math.abs(row[j] - rows[j][i]) > 1e-9 * largest) {
        throw new RangeError(
          `Cannot factorize: g must be symmetric, entry (${i}, ${j}) is ${row[j]} and entry ` +
            `(${j}, ${i}) is ${rows[j][i]}`,
        );
      }
    }
  });
}

/**
 * Turns every column so that its entry of largest magnitude, the first of equals, is positive.
 *
 * @returns What each column was multiplied by, 1 or −1; 0 for one of zeros.
 */
export function fixSigns(V: Matrix): Float64Array {
  const rows = rowArrays(V);
  const largest = new Float64Array(V.columns);
  for (const row of rows) {
    for (let j = 0; j < row.length; j++) largest[j] = Math.max(largest[j], Math.abs(row[j]));
  }
  const signs = largest.map((size, j) => {
    // Entries equal but for rounding count as one magnitude, so that rounding decides no sign.
    let i = 0;
    while (Math.abs(rows[i][j]) < size * (1 - 1e-6)) i++;
    return Math.sign(rows[i][j]);
  });
  for (const row of rows) {
    // Adding 0 makes 0 of -0.
    for (let j = 0; j < row.length; j++) row[j] = signs[j] * row[j] + 0;
  }
  return signs;
}
