import type { Matrix } from "ml-matrix";
import { assertSameShape } from "./assert_similarity.ts";
import { nearestNeighbors } from "./nearest_neighbors.ts";

/**
 * Computes the share of the k nearest neighbors (self excluded) that two similarities agree on,
 * averaged over the items.
 *
 * Of equal similarities the item with the lower index comes first.
 *
 * @param s One similarity, p x p.
 * @param t Another similarity of the same items, p x p.
 * @param k How many neighbors, between 1 and p − 1.
 * @returns The overlap at k, between 0 (no neighbor in common) and 1 (the same neighbors).
 * @throws {TypeError} If s or t is not a matrix, or k is not a number.
 * @throws {RangeError} If s or t is not square or not finite, their shapes differ, or k is no
 * integer between 1 and p − 1.
 *
 * @example
 * ```ts
 * import { neighborOverlap } from "cosine-lab";
 * import { Matrix } from "ml-matrix";
 * import assert from "node:assert/strict";
 *
 * const s = new Matrix([[1, 0.2, 0.9], [0.2, 1, 0.1], [0.9, 0.1, 1]]);
 * const t = new Matrix([[1, 0.5, 0.4], [0.5, 1, 0.3], [0.4, 0.3, 1]]);
 * assert.equal(neighborOverlap(s, t, 1), 2 / 3);
 * ```
 */
export function neighborOverlap(s: Matrix, t: Matrix, k: number): number {
  assertSameShape("compute the overlap", s, t);
  return sharedNeighbors(nearestNeighbors(s, k), nearestNeighbors(t, k));
}

/** The mean share of an item's neighbors that two lists of as many neighbors have in common. */
export function sharedNeighbors(
  neighbors: readonly Uint32Array[],
  others: readonly Uint32Array[],
): number {
  let common = 0, all = 0;
  neighbors.forEach((near, item) => {
    const set = new Set(others[item]);
    for (const neighbor of near) if (set.has(neighbor)) common++;
    all += near.length;
  });
  return common / all;
}
