import { assertSimilarity } from "../similarity/assert_similarity.ts";
import type { Matrix } from "ml-matrix";
import { largestDifference } from "../linalg/largest_difference.ts";
import { nearestNeighbors } from "../similarity/nearest_neighbors.ts";
import { sharedNeighbors } from "../similarity/neighbor_overlap.ts";
import { sameClusterAuc } from "../similarity/same_cluster_auc.ts";
import { roundedSimilarity } from "./relative_similarity.ts";

/** How far the cosines of one model move over choices that its loss cannot tell apart. */
export interface SimilaritySpread {
  /** The smallest ROC-AUC of "same cluster". */
  leastAuc: number;
  /** The largest. */
  mostAuc: number;
  /** The largest change of a cosine, of the choices after the first against the first. */
  largestChange: number;
  /** The share of the 10 nearest neighbors that two choices agree on, mean over the pairs; 1 for one. */
  neighborsKept: number;
}

/**
 * Measures how arbitrary cosines are, over choices such as those of {@linkcode equivalentEmbeddings}.
 *
 * Where a remedy closes what is free, all of them are the same but for rounding: `largestChange` is below
 * 1e-9 and all neighbors are kept (cosines are counted in steps of 1e-10 before they are ranked).
 *
 * @param cosines The cosines under each choice, p x p, p at least 11.
 * @param labels The cluster of each item, length p.
 * @returns The range of the AUC, and how far cosines and neighbors move.
 * @throws {TypeError} If cosines is no array of matrices, or labels no array.
 * @throws {RangeError} If there is none, shapes do not fit each other, or there are fewer than 11 items.
 *
 * @example
 * ```ts
 * import { clusterSimilarity } from "cosine-lab";
 * import { similaritySpread } from "cosine-lab/remedies";
 * import assert from "node:assert/strict";
 *
 * const labels = Array.from({ length: 12 }, (_, i) => i % 2);
 * const truth = clusterSimilarity(labels);
 * const spread = similaritySpread([truth, truth], labels);
 * assert.deepEqual(spread, { leastAuc: 1, mostAuc: 1, largestChange: 0, neighborsKept: 1 });
 * ```
 */
export function similaritySpread(
  cosines: readonly Matrix[],
  labels: ArrayLike<number>,
): SimilaritySpread {
  if (!Array.isArray(cosines)) {
    throw new TypeError("Cannot measure the spread: cosines must be an array of matrices");
  }
  if (cosines.length === 0) {
    throw new RangeError("Cannot measure the spread: there must be cosines of at least one choice");
  }
  cosines.forEach((s, i) => assertSimilarity("measure the spread", `cosines[${i}]`, s));
  const rounded = cosines.map(roundedSimilarity);
  const aucs = rounded.map((s) => sameClusterAuc(s, labels));
  const neighbors = rounded.map((s) => nearestNeighbors(s, 10));
  const pairs = neighbors.flatMap((s, i) => neighbors.slice(i + 1).map((t) => [s, t]));
  const kept = pairs.map(([s, t]) => sharedNeighbors(s, t));
  return {
    leastAuc: Math.min(...aucs),
    mostAuc: Math.max(...aucs),
    largestChange: Math.max(...cosines.map((s) => largestDifference(s, cosines[0]))),
    neighborsKept: kept.length === 0 ? 1 : kept.reduce((sum, share) => sum + share) / kept.length,
  };
}
