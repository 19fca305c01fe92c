import type { Matrix } from "ml-matrix";
import { rowArrays } from "../linalg/row_arrays.ts";
import { assertLabels, assertSimilarity } from "./assert_similarity.ts";

/**
 * Computes for each item the ROC-AUC of "same cluster as this item": how often another item of its
 * cluster is more similar to it than one of another cluster; ties count half.
 *
 * Unlike {@linkcode sameClusterAuc}, which compares all pairs, it never compares similarities to
 * different items, and it has a value for each item, of which {@linkcode bootstrapMean} gives an
 * interval.
 *
 * @param s The similarities, p x p.
 * @param labels The cluster of each item, length p.
 * @returns The AUC of each item; NaN where there is no other item in its cluster, or none outside.
 * @throws {TypeError} If s is not a matrix, or labels is not an array of numbers.
 * @throws {RangeError} If s is not square or not finite, or labels has not p finite entries.
 *
 * @example
 * ```ts
 * import { itemAuc } from "cosine-lab";
 * import { Matrix } from "ml-matrix";
 * import assert from "node:assert/strict";
 *
 * const s = new Matrix([[1, 0.2, 0.9], [0.2, 1, 0.1], [0.9, 0.1, 1]]);
 * assert.deepEqual([...itemAuc(s, [0, 1, 0])], [1, NaN, 1]);
 * ```
 */
export function itemAuc(s: Matrix, labels: ArrayLike<number>): Float64Array {
  assertSimilarity("compute the AUC", "s", s);
  assertLabels("compute the AUC", labels, s.rows);
  return Float64Array.from(rowArrays(s), (row, item) => {
    const inside: number[] = [], outside: number[] = [];
    row.forEach((similarity, other) => {
      if (other !== item) (labels[other] === labels[item] ? inside : outside).push(similarity);
    });
    const sorted = Float64Array.from(outside).sort();
    const wins = inside.reduce((sum, similarity) => sum + below(sorted, similarity), 0);
    return wins / (inside.length * outside.length);
  });
}

/** How many of the sorted values are below a value; those equal to it count half. */
function below(sorted: Float64Array, value: number): number {
  const first = (isPast: (entry: number) => boolean) => {
    let low = 0, high = sorted.length;
    while (low < high) {
      const middle = (low + high) >>> 1;
      if (isPast(sorted[middle])) high = middle;
      else low = middle + 1;
    }
    return low;
  };
  return (first((entry) => entry >= value) + first((entry) => entry > value)) / 2;
}
