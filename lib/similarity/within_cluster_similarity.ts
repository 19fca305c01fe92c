import type { Matrix } from "ml-matrix";
import { rowArrays } from "../linalg/row_arrays.ts";
import { assertLabels, assertSimilarity } from "./assert_similarity.ts";

/**
 * Averages the similarity of each item to the others of its own cluster.
 *
 * @param s The similarities, p x p; the diagonal is not read.
 * @param labels The cluster of each item, length p.
 * @returns The mean of each item, length p; NaN for an item that is alone in its cluster.
 * @throws {TypeError} If s is not a matrix or labels is not an array of numbers.
 * @throws {RangeError} If s is not square or not finite, or labels has not p finite entries.
 *
 * @example
 * ```ts
 * import { withinClusterSimilarity } from "cosine-lab/evaluation";
 * import { Matrix } from "ml-matrix";
 * import assert from "node:assert/strict";
 *
 * const s = new Matrix([[1, 0.5, 0.1], [0.5, 1, 0.2], [0.1, 0.2, 1]]);
 * assert.deepEqual([...withinClusterSimilarity(s, [0, 0, 1])], [0.5, 0.5, NaN]);
 * ```
 */
export function withinClusterSimilarity(s: Matrix, labels: ArrayLike<number>): Float64Array {
  assertSimilarity("average within clusters", "s", s);
  assertLabels("average within clusters", labels, s.rows);
  return Float64Array.from(rowArrays(s), (row, item) => {
    let sum = 0, others = 0;
    for (let other = 0; other < row.length; other++) {
      if (other === item || labels[other] !== labels[item]) continue;
      sum += row[other];
      others++;
    }
    return sum / others;
  });
}
