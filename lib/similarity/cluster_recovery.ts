import { assertKnown } from "../check/assert_known.ts";
import type { Matrix } from "ml-matrix";
import { meanSimilarity } from "./mean_similarity.ts";
import { neighborPrecision } from "./neighbor_precision.ts";
import { sameClusterAuc } from "./same_cluster_auc.ts";

/** Options for {@linkcode clusterRecovery}. */
export interface ClusterRecoveryOptions {
  /** How many nearest neighbors of an item to look at. @default {10} */
  neighbors?: number;
}

/** How well a similarity recovers known clusters. */
export interface ClusterRecovery {
  /** The ROC-AUC of "same cluster": see {@linkcode sameClusterAuc}. */
  auc: number;
  /** The mean similarity of pairs within a cluster: see {@linkcode meanSimilarity}. */
  within: number;
  /** The mean similarity of pairs between clusters. */
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
  assertKnown("measure the recovery", options, ["neighbors"]);
  const { neighbors = 10 } = options;
  return {
    auc: sameClusterAuc(s, labels),
    ...meanSimilarity(s, labels),
    precision: neighborPrecision(s, labels, neighbors),
  };
}
