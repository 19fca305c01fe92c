import { Matrix } from "ml-matrix";
import { InputRangeError } from "../errors.ts";
import { anything, checkedOptions } from "../check.ts";
import { rowArrays } from "../linalg/matrices.ts";
import { assertLabels, assertSimilarity } from "./cosine_similarity.ts";
import { neighborPrecision } from "./neighbors.ts";
import { sortNumbers } from "./ranks.ts";

/**
 * Computes the ROC-AUC of the similarity as a predictor of "same cluster", over the pairs i < j:
 * the probability that a random pair within a cluster is more similar than a random pair between
 * clusters. Ties count half.
 *
 * @param s The similarities, p x p; only those above the diagonal are read.
 * @param labels The cluster of each item, length p.
 * @returns The ROC-AUC: 1 where the similarity tells the clusters apart, 0.5 where it knows nothing.
 * @throws {TypeError} If s is not a matrix or labels is not an array of numbers.
 * @throws {RangeError} If s is not square or not finite, labels has not p finite entries, or all pairs are
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

/** Options for {@linkcode clusterRecovery}. */
interface ClusterRecoveryOptions {
  /** How many nearest neighbors of an item to look at. @default {10} */
  neighbors?: number;
}

/** How well a similarity recovers known clusters. */
export interface ClusterRecovery {
  /** The ROC-AUC of "same cluster": see {@linkcode sameClusterAuc}. */
  auc: number;
  /** The mean similarity of pairs within a cluster: NaN without such a pair. */
  within: number;
  /** The mean similarity of pairs between clusters, NaN without such a pair. */
  between: number;
  /** The precision at k of the nearest neighbors: see {@linkcode neighborPrecision}. */
  precision: number;
}

/**
 * Measures how well a similarity recovers known clusters, in the ways that the table under
 * Figure 1 does.
 *
 * @param s The similarities, p x p.
 * @param labels The cluster of each item, length p.
 * @param options How many neighbors.
 * @returns ROC-AUC, mean similarity within and between clusters, and precision of the neighbors.
 * @throws {TypeError} If s is not a matrix, labels is not an array of numbers or neighbors is not a number.
 * @throws {RangeError} If s is not square or not finite, labels has not p finite entries, there is nothing
 * to tell apart, or neighbors is not an integer between 1 and p − 1.
 *
 * @example
 * ```ts
 * import { clusterRecovery, clusterSimilarity } from "cosine-lab";
 * import assert from "node:assert/strict";
 *
 * const labels = [0, 0, 1, 1];
 * const perfect = clusterRecovery(clusterSimilarity(labels), labels, { neighbors: 1 });
 * assert.deepEqual(perfect, { auc: 1, within: 1, between: 0, precision: 1 });
 * ```
 */
export function clusterRecovery(
  s: Matrix,
  labels: ArrayLike<number>,
  options: ClusterRecoveryOptions = {},
): ClusterRecovery {
  const { neighbors } = checkedOptions("measure the recovery", options, {
    neighbors: anything(10),
  });
  return {
    auc: sameClusterAuc(s, labels),
    ...meanSimilarity(s, labels),
    precision: neighborPrecision(s, labels, neighbors),
  };
}

/** The mean similarity over the pairs i < j within clusters, and over those between clusters. */
function meanSimilarity(
  s: Matrix,
  labels: ArrayLike<number>,
): { within: number; between: number } {
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
    throw new InputRangeError("Cannot compare clusters: there must be at least one label");
  }
  assertLabels("compare clusters", labels, labels?.length);
  const s = new Matrix(labels.length, labels.length);
  for (let i = 0; i < labels.length; i++) {
    for (let j = 0; j < labels.length; j++) s.set(i, j, labels[i] === labels[j] ? 1 : 0);
  }
  return s;
}

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

/**
 * Makes a function that ranks a value among sorted numbers: it looks into the one of many buckets of
 * equal width that the value falls into, most often at a single number.
 *
 * @param sorted Finite numbers in ascending order, at least one.
 * @returns A function of a finite value: how many of the numbers are below it, doubled, and one more
 * for each that is equal to it.
 *
 * @example
 * ```ts
 * import { rankAmong } from "./clusters.ts";
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
