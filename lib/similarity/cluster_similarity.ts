import { Matrix } from "ml-matrix";
import { assertLabels } from "./assert_similarity.ts";

/**
 * The ground truth of Figure 1, left: similarity 1 within a cluster and 0 between clusters.
 *
 * @param labels The cluster of each item, length p.
 * @returns The similarities, p x p.
 * @throws {TypeError} If labels is not an array of numbers.
 * @throws {RangeError} If there are no labels, or one is not finite.
 *
 * @example
 * ```ts
 * import { clusterSimilarity } from "cosine-lab";
 * import assert from "node:assert/strict";
 *
 * assert.deepEqual(clusterSimilarity([0, 0, 1]).to2DArray(), [[1, 1, 0], [1, 1, 0], [0, 0, 1]]);
 * ```
 */
export function clusterSimilarity(labels: ArrayLike<number>): Matrix {
  if (labels?.length === 0) {
    throw new RangeError("Cannot compare clusters: there must be at least one label");
  }
  assertLabels("compare clusters", labels, labels?.length);
  const s = new Matrix(labels.length, labels.length);
  for (let i = 0; i < labels.length; i++) {
    for (let j = 0; j < labels.length; j++) s.set(i, j, labels[i] === labels[j] ? 1 : 0);
  }
  return s;
}
