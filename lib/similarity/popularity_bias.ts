import type { Matrix } from "ml-matrix";
import { assertSimilarity } from "./assert_similarity.ts";
import { nearestNeighbors } from "./nearest_neighbors.ts";
import { spearman } from "./spearman.ts";

/**
 * Measures how far the popularity of an item's nearest neighbors follows the item's own: Spearman's
 * rank correlation, over the items, of an item's popularity and the mean popularity of its k nearest
 * neighbors.
 *
 * @param s The similarities, p x p.
 * @param popularity The popularity of each item, length p.
 * @param k How many neighbors, between 1 and p − 1.
 * @returns The rank correlation: 1 where the popular are near the popular, 0 where popularity plays
 * no role.
 * @throws {TypeError} If s is not a matrix, popularity is not an array or k is not a number.
 * @throws {RangeError} If s is not square or not finite, popularity has not p finite entries or is
 * the same for all, or k is not an integer between 1 and p − 1.
 *
 * @example
 * ```ts
 * import { popularityBias } from "cosine-lab";
 * import { Matrix } from "ml-matrix";
 * import assert from "node:assert/strict";
 *
 * const s = new Matrix([[1, 0.9, 0, 0], [0.9, 1, 0, 0], [0, 0, 1, 0.9], [0, 0, 0.9, 1]]);
 * assert(popularityBias(s, [10, 9, 1, 2], 1) > 0.5);
 * ```
 */
export function popularityBias(s: Matrix, popularity: ArrayLike<number>, k: number): number {
  assertSimilarity("measure the popularity bias", "s", s);
  if (typeof popularity?.length !== "number") {
    throw new TypeError(
      "Cannot measure the popularity bias: popularity must be an array with a number for each item",
    );
  }
  if (popularity.length !== s.rows || !Array.from(popularity).every(Number.isFinite)) {
    throw new RangeError(
      `Cannot measure the popularity bias: popularity must have a finite number for each of the ` +
        `${s.rows} items`,
    );
  }
  const around = nearestNeighbors(s, k)
    .map((neighbors) => neighbors.reduce((sum, other) => sum + popularity[other], 0));
  return spearman(Float64Array.from(popularity), Float64Array.from(around));
}
