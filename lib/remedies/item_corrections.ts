import { Matrix } from "ml-matrix";
import { InputRangeError, InputTypeError } from "../errors.ts";
import { assertFinite, checkedOptions, flag, integer, LARGEST_FACTOR } from "../check.ts";
import { hypot } from "../math/elementary.ts";
import { rowArrays, rowProducts } from "../linalg/matrices.ts";
import { svdOfGram } from "../linalg/svd.ts";
import { gramRoot } from "../linalg/symmetric_eigen.ts";

/**
 * Whitens item vectors: B(BᵀWB)^−½, after which the weighted second moments of all dimensions are 1 and
 * those of two different dimensions are 0. BM⁻ᵀ in place of B gives the same cosines for every invertible
 * M, so the items alone decide what a loss of the predictions leaves open. But with equal weights it is the
 * point B = V of Eq. 1, where, as section 2.2 says, an item is only similar to itself.
 *
 * Subtract the mean row first where the training was a softmax, which leaves B + 1cᵀ open, too.
 *
 * @param b The item vectors, p x k.
 * @param weights W, a weight of at least 0 for each item, such as its popularity; all 1 by default.
 * @returns The whitened vectors, p x k, up to a rotation, which moves no cosine. Directions that b does
 * not have are 0.
 * @throws {TypeError} If b is not a matrix, or weights is not an array.
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
  const whitened = new Matrix(b.rows, b.columns);
  const moments = gramRoot(rowProducts(rowArrays(weighted.transpose())));
  if (moments === null) return whitened;
  const basis = rowArrays(moments.inverse.transpose());
  return whitened.setSubMatrix(rowProducts(rowArrays(b), basis), 0, 0);
}

function rootsOf(weights: ArrayLike<number>, items: number): number[] {
  if (typeof weights?.length !== "number") {
    throw new InputTypeError("Cannot whiten: weights must be an array with a number for each item");
  }
  const list = Array.from(weights);
  if (list.length !== items || !list.every((weight) => Number.isFinite(weight) && weight >= 0)) {
    throw new InputRangeError(
      `Cannot whiten: weights must have a finite number of at least 0 for each of the ${items} items`,
    );
  }
  return list.map(Math.sqrt);
}

/** Options for {@linkcode removeTopDirections}. */
export interface RemoveTopDirectionsOptions {
  /** How many principal directions to remove, 0 to k. @default {1} */
  directions?: number;
  /** Whether to subtract the mean vector first. @default {true} */
  center?: boolean;
}

/** How much two singular values may differ, relatively, and count as one. */
const TIED = 1e-9;

/**
 * Removes what all embeddings have in common, which often is popularity: the mean vector, and the
 * directions in which they vary most ("all-but-the-top": Mu and Viswanath, All-but-the-top: simple and
 * effective postprocessing for word representations, 2018, who remove about k/100).
 *
 * It takes embeddings as they are. Rescaled by D they have other principal directions, so it does not
 * make the cosines of Eq. 1 less arbitrary; rotations change nothing. Where the variation along the
 * last direction to remove is that along the next one, as along all of whitened embeddings, neither is
 * a direction of its own, and those of this variation stay.
 *
 * @param e Embeddings as rows, p x k.
 * @param options How many directions, and whether to center.
 * @returns What is left of the embeddings, p x k.
 * @throws {TypeError} If e is not a matrix, or an option of the wrong kind.
 * @throws {RangeError} If e is empty or not finite, or directions is not an integer between 0 and k.
 *
 * @example
 * ```ts
 * import { removeTopDirections } from "cosine-lab/remedies";
 * import { Matrix } from "ml-matrix";
 * import assert from "node:assert/strict";
 *
 * // They differ most in the first dimension.
 * const left = removeTopDirections(new Matrix([[5, 1], [-3, 1], [5, -1], [-3, -1]]));
 * assert.deepEqual(left.to2DArray().map(([, second]) => Math.round(second)), [1, 1, -1, -1]);
 * assert(left.getColumn(0).every((first) => Math.abs(first) < 1e-12));
 * ```
 */
export function removeTopDirections(e: Matrix, options: RemoveTopDirectionsOptions = {}): Matrix {
  const action = "remove directions";
  assertFinite(action, "e", e);
  const { directions, center } = checkedOptions(action, options, {
    directions: integer(0, e.columns, 1),
    center: flag(true),
  });
  const left = Matrix.add(e, 0);
  if (center) left.subRowVector(e.mean("column"));
  if (directions === 0) return left;
  const rank = Math.min(directions + 1, e.columns);
  const { sigma, V } = svdOfGram(rowProducts(rowArrays(left.transpose())), rank);
  const next = sigma[directions] ?? 0;
  const found = rowArrays(V.transpose()).slice(0, directions)
    .filter((_, i) => sigma[i] > next * (1 + TIED));
  for (const row of rowArrays(left)) {
    for (const direction of found) {
      const along = row.reduce((sum, entry, j) => sum + entry * direction[j], 0);
      for (let j = 0; j < row.length; j++) row[j] -= along * direction[j];
    }
  }
  return left;
}

/**
 * Takes the z-scores of item vectors: every dimension has its mean over the items subtracted and is
 * divided by its standard deviation. The result does not depend on a diagonal D or on a translation of all
 * items, but it does depend on rotations and on any other invertible M; {@linkcode whitenItems} of the
 * vectors minus their mean depends on none of these.
 *
 * @param b The item vectors, p x k.
 * @returns The z-scores, p x k; a dimension that is the same for all items becomes 0.
 * @throws {TypeError} If b is not a matrix.
 * @throws {RangeError} If b is empty or not finite.
 *
 * @example
 * ```ts
 * import { standardizeItems } from "cosine-lab/remedies";
 * import { Matrix } from "ml-matrix";
 * import assert from "node:assert/strict";
 *
 * const z = standardizeItems(new Matrix([[10, 7], [30, 7]]));
 * assert.deepEqual(z.to2DArray(), [[-1, 0], [1, 0]]);
 * ```
 */
export function standardizeItems(b: Matrix): Matrix {
  assertFinite("standardize", "b", b);
  const centered = Matrix.sub(b, Matrix.ones(b.rows, 1).mmul(Matrix.rowVector(b.mean("column"))));
  const deviations = Array.from({ length: b.columns }, (_, j) => {
    const column = centered.getColumn(j);
    const deviation = hypot(column) / Math.sqrt(b.rows);
    const constant = deviation <= 1e-12 * Math.max(...b.getColumn(j).map(Math.abs));
    return constant ? Infinity : deviation;
  });
  // Plus 0, which makes 0 of -0.
  return centered.divRowVector(deviations).add(0);
}
