import type { Matrix } from "ml-matrix";
import { assertKnown } from "../check/assert_known.ts";
import { assertLabels, assertSimilarity } from "../similarity/assert_similarity.ts";
import { nearestNeighbors } from "../similarity/nearest_neighbors.ts";
import { sameClusterAuc } from "../similarity/same_cluster_auc.ts";
import { relativeSimilarity, roundedSimilarity } from "./relative_similarity.ts";

/** What similarities are compared with. */
export interface YardstickOptions {
  /** The cluster of each item, length p. */
  labels: ArrayLike<number>;
  /** The popularity of each item, length p. */
  popularity: ArrayLike<number>;
}

/** How well similarities recover clusters: a row of a table. */
export interface SimilarityYardsticks {
  /** ROC-AUC of "same cluster". */
  auc: number;
  /** The share of the 10 nearest neighbors, or all, that are of the item's own cluster. */
  precisionAt10: number;
  /** The same of the 100 nearest. */
  precisionAt100: number;
  /** The same as `precisionAt10`, of the least popular third of the items. */
  rarePrecisionAt10: number;
  /** The same as `precisionAt100`, of the least popular third of the items. */
  rarePrecisionAt100: number;
}

/**
 * Measures by how much similarities recover known clusters: of all pairs, of near neighbors, and of those
 * of rare items.
 *
 * Similarities are counted in steps of 1e-10 of the largest, so that rounding decides no rank. Of equal
 * similarities, and of equal popularities, the item with the lower index comes first.
 *
 * @param s The similarities, p x p.
 * @param options The cluster and the popularity of each item.
 * @returns The yardsticks, each between 0 and 1.
 * @throws {TypeError} If s is no matrix, or an option of the wrong kind or unknown.
 * @throws {RangeError} If s is not square or not finite, or labels or popularity do not fit.
 *
 * @example
 * ```ts
 * import { clusterSimilarity } from "cosine-lab";
 * import { similarityYardsticks } from "cosine-lab/remedies";
 * import assert from "node:assert/strict";
 *
 * const labels = [0, 0, 1, 1];
 * const { auc, precisionAt10 } = similarityYardsticks(clusterSimilarity(labels), {
 *   labels,
 *   popularity: [4, 3, 2, 1],
 * });
 * assert.equal(auc, 1);
 * // Of each item's three neighbors one is of its cluster.
 * assert.equal(precisionAt10, 1 / 3);
 * ```
 */
export function similarityYardsticks(s: Matrix, options: YardstickOptions): SimilarityYardsticks {
  const action = "measure similarities";
  assertSimilarity(action, "s", s);
  assertKnown(action, options, ["labels", "popularity"]);
  const { labels, popularity } = options;
  assertLabels(action, labels, s.rows);
  if (popularity?.length !== s.rows || !Array.from(popularity).every(Number.isFinite)) {
    throw new RangeError(
      `Cannot ${action}: popularity must have a finite number for each of the ${s.rows} items`,
    );
  }
  const rounded = roundedSimilarity(relativeSimilarity(s));
  const nearest = nearestNeighbors(rounded, Math.min(100, s.rows - 1));
  const all = nearest.map((_, item) => item);
  const rare = leastPopularThird(popularity);
  const precision = (items: readonly number[], k: number) => {
    let same = 0, count = 0;
    for (const item of items) {
      for (const other of nearest[item].subarray(0, k)) {
        count++;
        if (labels[other] === labels[item]) same++;
      }
    }
    return same / count;
  };
  return {
    auc: sameClusterAuc(rounded, labels),
    precisionAt10: precision(all, 10),
    precisionAt100: precision(all, 100),
    rarePrecisionAt10: precision(rare, 10),
    rarePrecisionAt100: precision(rare, 100),
  };
}

function leastPopularThird(popularity: ArrayLike<number>): number[] {
  const order = Array.from({ length: popularity.length }, (_, i) => i)
    .sort((i, j) => popularity[i] - popularity[j] || i - j);
  return order.slice(0, Math.ceil(order.length / 3));
}
