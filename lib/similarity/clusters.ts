import { Matrix } from "ml-matrix";
import { InputRangeError } from "../errors.ts";
import { anything, checkedOptions } from "../check.ts";
import { rowArrays } from "../linalg/matrices.ts";
import { assertLabels, assertSimilarity } from "./cosine_similarity.ts";
import { neighborPrecision } from "./neighbors.ts";
import { sameClusterAuc } from "./same_cluster_auc.ts";

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
 * @throws {RangeError} If s is not square or not finite, labels does not have p finite entries, there is nothing
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
 * @throws {RangeError} If s is not square or not finite, or labels does not have p finite entries.
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
