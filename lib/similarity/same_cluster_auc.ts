import type { Matrix } from "ml-matrix";
import { InputRangeError } from "../errors.ts";
import { rowArrays } from "../linalg/matrices.ts";
import { assertLabels, assertSimilarity } from "./cosine_similarity.ts";
import { sortNumbers } from "../math/sort_numbers.ts";

/**
 * Computes the ROC-AUC of the similarity as a predictor of "same cluster", over the pairs i < j:
 * the probability that a random pair within a cluster is more similar than a random pair between
 * clusters. Ties count half.
 *
 * @param s The similarities, p x p; only those above the diagonal are read.
 * @param labels The cluster of each item, length p.
 * @returns The ROC-AUC: 1 where the similarity tells the clusters apart, 0.5 where it knows nothing.
 * @throws {TypeError} If s is not a matrix or labels is not an array of numbers.
 * @throws {RangeError} If s is not square or not finite, labels does not have p finite entries, or all pairs are
 * within clusters or none is, so that there is nothing to tell apart.
 *
 * @example
 * ```ts
 * import { sameClusterAuc } from "cosine-lab";
 * import { Matrix } from "ml-matrix";
 * import assert from "node:assert/strict";
 *
 * const s = new Matrix([[1, 0.5, 0.9], [0.5, 1, 0.5], [0.9, 0.5, 1]]);
 * assert.equal(sameClusterAuc(s, [0, 1, 0]), 1);
 * assert.equal(sameClusterAuc(s, [0, 0, 1]), 0.25);
 * ```
 */
export function sameClusterAuc(s: Matrix, labels: ArrayLike<number>): number {
  assertSimilarity("compute the ROC-AUC", "s", s);
  assertLabels("compute the ROC-AUC", labels, s.rows);
  const rows = rowArrays(s);
  const within = sortNumbers(pairsWithin(rows, labels));
  const between = s.rows * (s.rows - 1) / 2 - within.length;
  if (within.length === 0 || between === 0) {
    throw new InputRangeError(
      "Cannot compute the ROC-AUC: labels must put some pairs in one cluster and others in two, " +
        `they put ${within.length} in one and ${between} in two`,
    );
  }
  const twiceRank = rankAmong(within);
  // How often the pair between clusters is more similar, doubled, so that a tie counts one.
  let lost = 0;
  for (let i = 0; i < rows.length; i++) {
    const row = rows[i], own = labels[i];
    for (let j = i + 1; j < row.length; j++) {
      if (labels[j] !== own) lost += twiceRank(row[j]);
    }
  }
  const all = 2 * within.length * between;
  return (all - lost) / all;
}

/** The similarities of the pairs within a cluster. */
function pairsWithin(rows: readonly Float64Array[], labels: ArrayLike<number>): Float64Array {
  const pairs = new Float64Array(rows.length * (rows.length - 1) / 2);
  let count = 0;
  for (let i = 0; i < rows.length; i++) {
    const row = rows[i], own = labels[i];
    for (let j = i + 1; j < row.length; j++) if (labels[j] === own) pairs[count++] = row[j];
  }
  return pairs.subarray(0, count);
}

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
 * @throws {RangeError} If s is not square or not finite, or labels does not have p finite entries.
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
    if (outside.length === 0) return NaN;
    const twiceRank = rankAmong(sortNumbers(Float64Array.from(outside)));
    const wins = inside.reduce((sum, similarity) => sum + twiceRank(similarity), 0) / 2;
    return wins / (inside.length * outside.length);
  });
}

/**
 * Makes a function that ranks a value among sorted numbers: it looks into the one of many buckets of
 * equal width that the value falls into, most often at a single number. Every AUC of the library counts
 * ties by it: half.
 *
 * @param sorted Finite numbers in ascending order, at least one.
 * @returns A function of a finite value: how many of the numbers are below it, doubled, and one more
 * for each that is equal to it.
 *
 * @example
 * ```ts
 * import { rankAmong } from "./same_cluster_auc.ts";
 * import assert from "node:assert/strict";
 *
 * const twiceRank = rankAmong(new Float64Array([-1, 2, 2, 3]));
 * assert.deepEqual([-2, 1, 2, 5].map(twiceRank), [0, 2, 4, 8]);
 * ```
 */
export function rankAmong(sorted: Float64Array): (value: number) => number {
  const n = sorted.length;
  const low = sorted[0], high = sorted[n - 1];
  const width = (n - 1) / (high - low);
  // One bucket for numbers that are all equal, or so close or so far that no width can be told.
  const scale = Number.isFinite(width) ? width : 0;
  // Rounding keeps the order: what is in a lower bucket is a smaller number.
  const bucketOf = (value: number) => (value - low) * scale >>> 0;
  const starts = new Uint32Array(n + 1);
  for (let i = 0; i < n; i++) starts[bucketOf(sorted[i]) + 1]++;
  for (let b = 0; b < n; b++) starts[b + 1] += starts[b];
  return (value) => {
    if (value < low) return 0;
    if (value > high) return 2 * n;
    const bucket = bucketOf(value);
    const end = starts[bucket + 1];
    const below = firstFrom(sorted, value, starts[bucket], end);
    return sorted[below] === value ? below + firstAbove(sorted, value, below, end) : 2 * below;
  };
}

/** The first place from start on that holds the value or more; end if none before it does. */
function firstFrom(sorted: Float64Array, value: number, start: number, end: number): number {
  while (start < end) {
    const middle = (start + end) >>> 1;
    if (sorted[middle] < value) start = middle + 1;
    else end = middle;
  }
  return start;
}

/** The same for more than the value. */
function firstAbove(sorted: Float64Array, value: number, start: number, end: number): number {
  while (start < end) {
    const middle = (start + end) >>> 1;
    if (sorted[middle] <= value) start = middle + 1;
    else end = middle;
  }
  return start;
}
