import { Matrix } from "ml-matrix";
import { type ColumnMoments, columnMoments } from "../interactions/column_moments.ts";
import type { Interactions } from "../interactions/interactions.ts";
import { rowArrays } from "../linalg/row_arrays.ts";

/**
 * Computes the Gram matrix of X after its columns have been standardized to zero mean and unit variance,
 * the "default approach in statistics" of section 3: YᵀY with Y_ui = (X_ui − c_i)/s_i, c_i the mean of
 * column i and s_i its standard deviation (dividing by n). Divided by n it is the correlation matrix.
 *
 * Everything comes from G and the column sums, (G_ij − n·c_i·c_j)/(s_i·s_j); Y is dense and is not
 * formed. A column that is the same for all users has no variance to scale to 1: it becomes a column of
 * zeros, as scikit-learn's StandardScaler has it, and its embedding is 0.
 *
 * For both models of the standardized data: `svdOfGram(standardizedGram(x), k)`. It leaves the freedom
 * of Eq. 1 as it was; and it changes what λ means, because every item now has the same norm √n.
 *
 * @param x The interactions X, n x p, or their Gram matrix, column sums and number of users:
 * `{ gram, columnSums, users }`.
 * @returns The Gram matrix, p x p; its diagonal is n, or 0 for a column without variance.
 * @throws {TypeError} If x is neither.
 *
 * @example
 * ```ts
 * import { Interactions } from "cosine-lab";
 * import { standardizedGram } from "cosine-lab/remedies";
 * import assert from "node:assert/strict";
 *
 * const x = Interactions.fromDense([[1, 0, 1], [1, 1, 0]]);
 * assert.deepEqual(standardizedGram(x).to2DArray(), [[0, 0, 0], [0, 2, -2], [0, -2, 2]]);
 * ```
 */
export function standardizedGram(x: Interactions | ColumnMoments): Matrix {
  const { gram, columnSums: sums, users: n } = columnMoments("standardize", x);
  const g = rowArrays(gram);
  // n² times the covariance: of binary data an integer, without rounding.
  const covariance = (i: number, j: number) => n * g[i][j] - sums[i] * sums[j];
  const inverse = g.map((row, i) => {
    const variance = covariance(i, i);
    // What is left of a constant column is the rounding of n additions.
    const constant = variance <= n * Number.EPSILON * n * row[i];
    return constant ? 0 : 1 / Math.sqrt(variance);
  });
  const standardized = new Matrix(g.length, g.length);
  rowArrays(standardized).forEach((row, i) => {
    for (let j = 0; j < row.length; j++) {
      // Adding 0 makes 0 of -0; rounding must not take a correlation out of its bounds.
      const correlation = covariance(i, j) * inverse[i] * inverse[j] + 0;
      row[j] = n * (i === j && inverse[i] > 0 ? 1 : Math.max(-1, Math.min(1, correlation)));
    }
  });
  return standardized;
}
