import type { Matrix } from "ml-matrix";
import { rowArrays } from "../linalg/row_arrays.ts";
import { assertNeighbors, assertSimilarity } from "./assert_similarity.ts";

/**
 * Finds the k nearest neighbors of every item: the k others of highest similarity, the item
 * itself excluded. Of equal similarities the item with the lower index comes first.
 *
 * @param s The similarities, p x p.
 * @param k How many neighbors, between 1 and p − 1.
 * @returns The neighbors of each item, nearest first.
 * @throws {TypeError} If s is not a matrix or k is not a number.
 * @throws {RangeError} If s is not square or not finite, or k is not an integer between 1 and p − 1.
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
  const similarity = new Float64Array(k);
  return rowArrays(s).map((row, item) => {
    const nearest = new Uint32Array(k);
    let found = 0;
    for (let other = 0; other < row.length; other++) {
      if (other === item || found === k && row[other] <= similarity[0]) continue;
      const place = found < k ? found++ : 0;
      similarity[place] = row[other];
      nearest[place] = other;
      if (found < k) continue;
      // Full: from here on the first one is the least near, which the next that is nearer replaces.
      for (let top = place === 0 ? 0 : k >> 1; top >= 0; top--) {
        siftDown(similarity, nearest, top, k);
      }
    }
    for (let end = k - 1; end > 0; end--) {
      swap(similarity, nearest, 0, end);
      siftDown(similarity, nearest, 0, end);
    }
    return nearest;
  });
}

/** Restores the heap below `top`, in which no one is nearer than those under it. */
function siftDown(
  similarity: Float64Array,
  items: Uint32Array,
  top: number,
  end: number,
): void {
  for (let at = top;;) {
    let least = at;
    for (let child = 2 * at + 1; child <= 2 * at + 2 && child < end; child++) {
      const difference = similarity[child] - similarity[least];
      // Of equals the later item is the less near.
      if (difference < 0 || difference === 0 && items[child] > items[least]) least = child;
    }
    if (least === at) return;
    swap(similarity, items, at, least);
    at = least;
  }
}

function swap(similarity: Float64Array, items: Uint32Array, a: number, b: number): void {
  const [value, item] = [similarity[a], items[a]];
  similarity[a] = similarity[b];
  items[a] = items[b];
  similarity[b] = value;
  items[b] = item;
}
