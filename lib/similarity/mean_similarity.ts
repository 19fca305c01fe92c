import type { Matrix } from "ml-matrix";
import { assertLabels, assertSimilarity } from "./assert_similarity.ts";

/**
 * Averages the similarity over the pairs i < j within clusters, and over those between clusters.
 *
 * @param s The similarities, p x p; only those above the diagonal are read.
 * @param labels The cluster of each item, length p.
 * @returns Both means; NaN where there is no such pair.
 * @throws {TypeError} If s is not a matrix or labels is not an array of numbers.
 * @throws {RangeError} If s is not square or not finite, or labels has not p finite entries.
 *
 * @example
 * ```ts
 * import { meanSimilarity } from "cosine-lab";
 * import { Matrix } from "ml-matrix";
 * import assert from "node:assert/strict";
 *
 * const s = new Matrix([[1, 0.25, 0.75], [0.25, 1, 0.5], [0.75, 0.5, 1]]);
 * assert.deepEqual(meanSimilarity(s, [0, 1, 0]), { within: 0.75, between: 0.375 });
 * ```
 */
export function meanSimilarity(
  s: Matrix,
  labels: ArrayLike<number>,
): { within: number; between: number } {
  assertSimilarity("average the similarity", "s", s);
  assertLabels("average the similarity", labels, s.rows);
  let within = 0, between = 0, pairsWithin = 0;
  for (let i = 0; i < s.rows; i++) {
    for (let j = i + 1; j < s.rows; j++) {
      if (labels[i] === labels[j]) {
        within += s.get(i, j);
        pairsWithin++;
      } else {
        between += s.get(i, j);
      }
    }
  }
  const pairs = s.rows * (s.rows - 1) / 2;
  return { within: within / pairsWithin, between: between / (pairs - pairsWithin) };
}
