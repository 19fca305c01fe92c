import { Matrix } from "ml-matrix";
import { log2 } from "../elementary/log2.ts";
import { power } from "../elementary/power.ts";
import { type GramData, gramOf } from "../interactions/moments.ts";
import type { Interactions } from "../interactions/interactions.ts";
import { rowArrays, rowProducts } from "../linalg/products.ts";
import { svdOfGram } from "../linalg/svd.ts";
import {
  assertEmbeddings,
  type Embeddings,
  rescale,
  userEmbeddings,
} from "../solvers/embeddings.ts";

/**
 * Takes items back to the original space, in which section 3 proposes to compare: an item is its column
 * of XABᵀ, the smoothed data. Returned are not these columns of n numbers but k numbers that have the
 * same dot products, so that {@linkcode cosineSimilarity} of the rows is that of the columns.
 *
 * (XABᵀ)ᵀ(XABᵀ) = B(AᵀGA)Bᵀ = (BL)(BL)ᵀ, with L a root of the k x k matrix AᵀGA = LLᵀ. With AD and BD⁻¹
 * in place of A and B it is DL, and BL stays as it was, but for a rotation, which moves no cosine.
 *
 * @param x The interactions X, n x p, or their Gram matrix alone: `{ gram }`.
 * @param e The embeddings A and B, p x k.
 * @returns BL, p x k: with the same dot products for every rescaling of the embeddings, to rounding.
 * @throws {TypeError} If x is no Interactions, or e no pair of matrices.
 * @throws {RangeError} If A and B have not a row for each item.
 *
 * @example
 * ```ts
 * import { cosineSimilarity, Interactions, largestDifference, rescale } from "cosine-lab";
 * import { originalSpaceItems } from "cosine-lab/remedies";
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
  const { A, B } = rescale(e, inverseMagnitudes(e.A));
  const factors = rowArrays(A.transpose());
  const ga = rowProducts(factors, rowArrays(g));
  return timesRoot(B, rowProducts(factors, rowArrays(ga)));
}

/**
 * Takes users back to the original space: a user is their row of XABᵀ, the smoothed data. Returned are
 * k numbers for each that have the same dot products as these rows of p numbers.
 *
 * (XABᵀ)(XABᵀ)ᵀ = XA(BᵀB)(XA)ᵀ: see {@linkcode originalSpaceItems}.
 *
 * @param x The interactions X of the users to compare, n x p.
 * @param e The embeddings A and B, p x k.
 * @returns XAL with LLᵀ = BᵀB, n x k: with the same dot products for every rescaling of the embeddings,
 * to rounding.
 * @throws {TypeError} If x is no Interactions, or e no pair of matrices.
 * @throws {RangeError} If A and B have not a row for each item.
 *
 * @example
 * ```ts
 * import { Interactions } from "cosine-lab";
 * import { originalSpaceUsers } from "cosine-lab/remedies";
 * import { Matrix } from "ml-matrix";
 * import assert from "node:assert/strict";
 *
 * const x = Interactions.fromDense([[1, 0], [1, 1]]);
 * const users = originalSpaceUsers(x, { A: new Matrix([[1], [1]]), B: new Matrix([[3], [4]]) });
 * assert.deepEqual(users.to2DArray(), [[5], [10]]);
 * ```
 */
export function originalSpaceUsers(x: Interactions, e: Embeddings): Matrix {
  assertEmbeddings("return to the original space", e);
  const { A, B } = rescale(e, inverseMagnitudes(e.B).map((factor) => 1 / factor));
  return timesRoot(userEmbeddings(x, { A, B }), rowProducts(rowArrays(B.transpose())));
}

/**
 * One over the largest magnitude in each column, to a power of two: scaled by it, which here changes
 * nothing and rounds nothing, no dimension is lost in the rounding of another, whatever D is.
 */
function inverseMagnitudes(m: Matrix): number[] {
  const largest = new Float64Array(m.columns);
  for (const row of rowArrays(m)) {
    for (let j = 0; j < row.length; j++) largest[j] = Math.max(largest[j], Math.abs(row[j]));
  }
  return Array.from(largest, (size) => {
    const exponent = size > 0 ? Math.floor(log2(size)) : 0;
    return power(2, -Math.max(-1000, Math.min(1000, exponent)));
  });
}

/** E·L with LLᵀ = m, positive semidefinite, from its eigenvectors. */
function timesRoot(e: Matrix, m: Matrix): Matrix {
  const { sigma, V } = svdOfGram(Matrix.add(m, m.transpose()).div(2));
  return rowProducts(rowArrays(e), rowArrays(V.mulRowVector([...sigma]).transpose()));
}
