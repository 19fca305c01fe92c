import type { Matrix } from "ml-matrix";
import { rowArrays } from "../linalg/row_arrays.ts";
import { topIndices } from "../linalg/top_indices.ts";
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
  const others = new Float64Array(s.rows);
  return rowArrays(s).map((row, item) => {
    others.set(row);
    others[item] = -Infinity;
    return topIndices(others, k);
  });
}
