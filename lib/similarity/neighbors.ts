import type { Matrix } from "ml-matrix";
import { InputRangeError, InputTypeError } from "../errors.ts";
import { assertInteger } from "../check.ts";
import { rowArrays } from "../linalg/matrices.ts";
import { topIndices } from "../math/top_indices.ts";
import { assertLabels, assertSameItems, assertSimilarity } from "./cosine_similarity.ts";
import { spearman } from "./rank_correlation.ts";

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
 * @throws {RangeError} If s is not square or not finite, labels does not have p finite entries, or k is not an
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
 * @throws {RangeError} If s or t is not square or not finite, their shapes differ, or k is not an
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
  assertSameItems("compute the overlap", s, t);
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
 * @throws {RangeError} If s is not square or not finite, popularity does not have p finite entries or is
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
    throw new InputTypeError(
      "Cannot measure the popularity bias: popularity must be an array with a number for each item",
    );
  }
  if (popularity.length !== s.rows || !Array.from(popularity).every(Number.isFinite)) {
    throw new InputRangeError(
      `Cannot measure the popularity bias: popularity must have a finite number for each of the ` +
        `${s.rows} items`,
    );
  }
  const around = nearestNeighbors(s, k)
    .map((neighbors) => neighbors.reduce((sum, other) => sum + popularity[other], 0));
  return spearman(Float64Array.from(popularity), Float64Array.from(around));
}

/**
 * Computes the precision of neighbors drawn at random: the share of the pairs that are within a cluster,
 * which is what a precision at 10 has to be compared with.
 *
 * @param labels The cluster of each item, at least two.
 * @returns The share, between 0 and 1.
 * @throws {TypeError} If labels is not an array of numbers.
 * @throws {RangeError} If there are fewer than two.
 *
 * @example
 * ```ts
 * import { chancePrecision } from "cosine-lab/evaluation";
 * import assert from "node:assert/strict";
 *
 * assert.equal(chancePrecision([0, 0, 1, 1]), 1 / 3);
 * ```
 */
export function chancePrecision(labels: ArrayLike<number>): number {
  const p = labels?.length;
  assertLabels("compute the precision of chance", labels, p);
  if (p < 2) {
    throw new InputRangeError(
      `Cannot compute the precision of chance: there must be at least 2 labels, there are ${p}`,
    );
  }
  const sizes = new Map<number, number>();
  for (let i = 0; i < p; i++) sizes.set(labels[i], (sizes.get(labels[i]) ?? 0) + 1);
  let within = 0;
  for (const size of sizes.values()) within += size * (size - 1);
  return within / (p * (p - 1));
}

/** Throws unless each of the items has k others to be its neighbors. */
function assertNeighbors(action: string, k: number, items: number): void {
  assertInteger(action, "k", k, 1, items - 1);
}
