import type { Matrix } from "ml-matrix";
import { assertNeighbors, assertSimilarity } from "./assert_similarity.ts";

/**
 * Finds the k nearest neighbors of every item: the k others of highest similarity, the item
 * itself excluded. Of equal similarities the item with the lower index comes first.
 *
 * @param s The similarities, p x p.
 * @param k How many neighbors, between 1 and p − 1.
 * @returns The neighbors of each item, nearest first.
 * @throws {TypeError} If s is no matrix or k no number.
 * @throws {RangeError} If s is not square or not finite, or k is no integer between 1 and p − 1.
 *
 * @example
 * ```ts
 * import { nearestNeighbors } from "cosine-lab";
 * import { Matrix } from "ml-matrix";
 * import assert from "node:assert/strict";
 *
 * const s = new Matrix([[1, 0.2, 0.9], [0.2, 1, 0.1], [0.9, 0.1, 1]]);
 * assert.deepEqual(nearestNeighbors(s, 2).map((row) => [...row]), [[2, 1], [0, 2], [0, 1]]);
 * ```
 */
export function nearestNeighbors(s: Matrix, k: number): Uint32Array[] {
  assertSimilarity("find neighbors", "s", s);
  assertNeighbors("find neighbors", k, s.rows);
  const best = new Float64Array(k);
  return Array.from({ length: s.rows }, (_, item) => {
    const nearest = new Uint32Array(k);
    let found = 0;
    for (let other = 0; other < s.columns; other++) {
      if (other === item) continue;
      const similarity = s.get(item, other);
      if (found === k && similarity <= best[k - 1]) continue;
      let place = found < k ? found++ : k - 1;
      for (; place > 0 && best[place - 1] < similarity; place--) {
        best[place] = best[place - 1];
        nearest[place] = nearest[place - 1];
      }
      best[place] = similarity;
      nearest[place] = other;
    }
    return nearest;
  });
}
