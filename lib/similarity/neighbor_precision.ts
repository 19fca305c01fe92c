import type { Matrix } from "ml-matrix";
import { assertLabels, assertSimilarity } from "./assert_similarity.ts";
import { nearestNeighbors } from "./nearest_neighbors.ts";

/**
 * Computes the precision at k of the nearest neighbors: the share of the k nearest (self excluded)
 * that are in the item's own cluster, averaged over the items.
 *
 * Of equal similarities the item with the lower index comes first.
 *
 * @param s The similarities, p x p.
 * @param labels The cluster of each item, length p.
 * @param k How many neighbors, between 1 and p − 1.
 * @returns The precision at k, between 0 and 1.
 * @throws {TypeError} If s is not a matrix, labels is not an array of numbers or k is not a number.
 * @throws {RangeError} If s is not square or not finite, labels has not p finite entries, or k is no
 * integer between 1 and p − 1.
 *
 * @example
 * ```ts
 * import { neighborPrecision } from "cosine-lab";
 * import { Matrix } from "ml-matrix";
 * import assert from "node:assert/strict";
 *
 * const s = new Matrix([[1, 0.2, 0.9], [0.2, 1, 0.1], [0.9, 0.1, 1]]);
 * assert.equal(neighborPrecision(s, [0, 1, 0], 1), 2 / 3);
 * ```
 */
export function neighborPrecision(s: Matrix, labels: ArrayLike<number>, k: number): number {
  assertSimilarity("compute the precision", "s", s);
  assertLabels("compute the precision", labels, s.rows);
  let same = 0;
  nearestNeighbors(s, k).forEach((neighbors, item) => {
    for (const other of neighbors) if (labels[other] === labels[item]) same++;
  });
  return same / (s.rows * k);
}
