import type { Matrix } from "ml-matrix";
import { assertFinite, LARGEST_FACTOR } from "../check/assert_finite.ts";
import { rowArrays } from "../linalg/row_arrays.ts";
import { rowProducts } from "../linalg/row_products.ts";
import { symmetricEigen } from "../linalg/symmetric_eigen.ts";

/**
 * Whitens item vectors: B(BᵀWB)^−½, after which the weighted second moments of all dimensions are 1 and
 * of two of them 0. BM⁻ᵀ in place of B gives the same cosines for every invertible M: what is left open
 * by a loss of the predictions is closed from the items alone. But with equal weights it is the point
 * B = V of Eq. 1, of which section 2.2 says that an item is only similar to itself.
 *
 * Subtract the mean row first where the training was a softmax, which leaves B + 1cᵀ open, too.
 *
 * @param b The item vectors, p x k.
 * @param weights W, a weight of at least 0 for each item, such as its popularity; all 1 by default.
 * @returns The whitened vectors, p x k, up to a rotation, which moves no cosine. Directions that b does
 * not have are 0.
 * @throws {TypeError} If b is no matrix, or weights no array.
 * @throws {RangeError} If b is empty or not finite, or weights has not a finite entry of at least 0 for
 * each item.
 *
 * @example
 * ```ts
 * import { cosineSimilarity, largestDifference } from "cosine-lab";
 * import { whitenItems } from "cosine-lab/remedies";
 * import { Matrix } from "ml-matrix";
 * import assert from "node:assert/strict";
 *
 * const b = new Matrix([[2, 1], [1, 3], [0, 1]]);
 * const mixed = b.mmul(new Matrix([[5, 1], [2, 1]]));
 * const [one, other] = [b, mixed].map((items) => cosineSimilarity(whitenItems(items)));
 * assert(largestDifference(one, other) < 1e-12);
 * ```
 */
export function whitenItems(b: Matrix, weights?: ArrayLike<number>): Matrix {
  assertFinite("whiten", "b", b, LARGEST_FACTOR);
  const roots = weights === undefined ? null : rootsOf(weights, b.rows);
  const weighted = roots === null ? b : b.clone().mulColumnVector(roots);
  const moments = rowProducts(rowArrays(weighted.transpose()));
  const lengths = moments.diag().map((square) => Math.sqrt(square) || 1);
  const scaled = moments.divColumnVector(lengths).divRowVector(lengths);
  const { values, vectors } = symmetricEigen(scaled);
  const least = 4 * b.columns * Number.EPSILON * values[0];
  const inverse = Array.from(values, (value) => value > least ? 1 / Math.sqrt(value) : 0);
  const basis = vectors.mulRowVector(inverse).divColumnVector(lengths);
  return rowProducts(rowArrays(b), rowArrays(basis.transpose()));
}

function rootsOf(weights: ArrayLike<number>, items: number): number[] {
  if (typeof weights?.length !== "number") {
    throw new TypeError("Cannot whiten: weights must be an array with a number for each item");
  }
  const list = Array.from(weights);
  if (list.length !== items || !list.every((weight) => Number.isFinite(weight) && weight >= 0)) {
    throw new RangeError(
      `Cannot whiten: weights must have a finite number of at least 0 for each of the ${items} items`,
    );
  }
  return list.map(Math.sqrt);
}
