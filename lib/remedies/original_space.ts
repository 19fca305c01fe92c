import { Matrix } from "ml-matrix";
import { type GramData, gramOf } from "../interactions/gram_data.ts";
import type { Interactions } from "../interactions/interactions.ts";
import { rowArrays } from "../linalg/row_arrays.ts";
import { rowProducts } from "../linalg/row_products.ts";
import { assertEmbeddings, type Embeddings } from "../solvers/embeddings.ts";
import { userEmbeddings } from "../solvers/user_embeddings.ts";

/**
 * Takes items back to the original space, in which section 3 proposes to compare: an item is its column
 * of XABᵀ, the smoothed data. Returned are not these columns of n numbers but k numbers that have the
 * same dot products, so that {@linkcode cosineSimilarity} of the rows is that of the columns.
 *
 * (XABᵀ)ᵀ(XABᵀ) = B(AᵀGA)Bᵀ = (BL)(BL)ᵀ, with LLᵀ the Cholesky factorization of the k x k matrix
 * AᵀGA. Replacing A by AD and B by BD⁻¹ makes DL of L, and leaves BL as it was.
 *
 * @param x The interactions X, n x p, or their Gram matrix alone: `{ gram }`.
 * @param e The embeddings A and B, p x k.
 * @returns BL, p x k: the same for every rescaling of the embeddings, to rounding.
 * @throws {TypeError} If x is no Interactions, or e no pair of matrices.
 * @throws {RangeError} If A and B have not a row for each item.
 *
 * @example
 * ```ts
 * import { cosineSimilarity, Interactions, largestDifference, originalSpaceItems, rescale } from "cosine-lab";
 * import { Matrix } from "ml-matrix";
 * import assert from "node:assert/strict";
 *
 * const x = Interactions.fromDense([[1, 0], [1, 1]]);
 * const e = { A: new Matrix([[1, 2], [3, 1]]), B: new Matrix([[1, 1], [0, 2]]) };
 * const cosines = cosineSimilarity(originalSpaceItems(x, e));
 * const rescaled = cosineSimilarity(originalSpaceItems(x, rescale(e, [2, 50])));
 * assert(largestDifference(cosines, rescaled) < 1e-12);
 * ```
 */
export function originalSpaceItems(
  x: Interactions | Pick<GramData, "gram">,
  e: Embeddings,
): Matrix {
  const g = gramOf("return to the original space", x);
  assertEmbeddings("return to the original space", e, g.rows);
  const factors = rowArrays(e.A.transpose());
  const ga = rowProducts(factors, rowArrays(g));
  return timesCholesky(e.B, rowProducts(factors, rowArrays(ga)));
}

/**
 * Takes users back to the original space: a user is their row of XABᵀ, the smoothed data. Returned are
 * k numbers for each that have the same dot products as these rows of p numbers.
 *
 * (XABᵀ)(XABᵀ)ᵀ = XA(BᵀB)(XA)ᵀ: see {@linkcode originalSpaceItems}.
 *
 * @param x The interactions X of the users to compare, n x p.
 * @param e The embeddings A and B, p x k.
 * @returns XAL with LLᵀ = BᵀB, n x k: the same for every rescaling of the embeddings, to rounding.
 * @throws {TypeError} If x is no Interactions, or e no pair of matrices.
 * @throws {RangeError} If A and B have not a row for each item.
 *
 * @example
 * ```ts
 * import { Interactions, originalSpaceUsers } from "cosine-lab";
 * import { Matrix } from "ml-matrix";
 * import assert from "node:assert/strict";
 *
 * const x = Interactions.fromDense([[1, 0], [1, 1]]);
 * const users = originalSpaceUsers(x, { A: new Matrix([[1], [1]]), B: new Matrix([[3], [4]]) });
 * assert.deepEqual(users.to2DArray(), [[5], [10]]);
 * ```
 */
export function originalSpaceUsers(x: Interactions, e: Embeddings): Matrix {
  const users = userEmbeddings(x, e);
  return timesCholesky(users, rowProducts(rowArrays(e.B.transpose())));
}

/** E·L with LLᵀ = m. */
function timesCholesky(e: Matrix, m: Matrix): Matrix {
  return rowProducts(rowArrays(e), rowArrays(cholesky(m).transpose()));
}

/**
 * L with LLᵀ = m, lower triangular, of a positive semidefinite matrix. A pivot that is rounding of its
 * own diagonal entry counts as 0, whatever the scale of the others: scaling rows and columns of m
 * scales the rows of L, and decides nothing.
 */
function cholesky(m: Matrix): Matrix {
  const k = m.rows;
  const from = rowArrays(m);
  const l = new Matrix(k, k);
  const rows = rowArrays(l);
  for (let j = 0; j < k; j++) {
    let pivot = from[j][j];
    for (let t = 0; t < j; t++) pivot -= rows[j][t] * rows[j][t];
    if (!(pivot > k * Number.EPSILON * from[j][j])) continue;
    rows[j][j] = Math.sqrt(pivot);
    for (let i = j + 1; i < k; i++) {
      let entry = from[i][j];
      for (let t = 0; t < j; t++) entry -= rows[i][t] * rows[j][t];
      rows[i][j] = entry / rows[j][j];
    }
  }
  return l;
}
