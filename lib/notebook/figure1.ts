import { assertObject } from "../check.ts";
import type { Matrix } from "ml-matrix";
import { clusterSimilarity, sameClusterAuc } from "../similarity/clusters.ts";
import { neighborPrecision } from "../similarity/neighbors.ts";
import type { ModelingChoice } from "../solvers/closed_forms.ts";
import { heatmaps } from "./heatmaps.ts";
import type { Picture } from "./picture.ts";

/**
 * Draws Figure 1 of the paper in one row: the true clusters, the item-item similarities of Eq. 1 under
 * three D, and those of Eq. 2, each with its same-cluster AUC and its precision at 10.
 *
 * @param models The choices that are compared: the three D of Eq. 1, then Eq. 2.
 * @param similarities The similarities of each, p x p.
 * @param clusters The cluster of each item, length p; items are sorted by it.
 * @returns The figure, with a pixel for each pair of every fourth item.
 * @throws {TypeError} If models or similarities is not an array, or a similarity is not a matrix.
 * @throws {RangeError} If there is not a similarity for each model, one is not square or not finite, or
 * there is not a cluster for each item.
 *
 * @example
 * ```ts
 * import { cosineSimilarity, modelingChoices, simulateInteractions, truncatedSVD } from "cosine-lab";
 * import { figure1 } from "cosine-lab/notebook";
 *
 * const { interactions, clusters } = simulateInteractions({ users: 500, items: 40 });
 * const { root, identity, inverse, weightDecay } = modelingChoices(truncatedSVD(interactions));
 * const models = [root, identity, inverse, weightDecay];
 * figure1(models, models.map(({ embeddings }) => cosineSimilarity(embeddings.B)), clusters);
 * ```
 */
export function figure1(
  models: readonly Pick<ModelingChoice, "name">[],
  similarities: readonly Matrix[],
  clusters: ArrayLike<number>,
): Picture {
  if (!Array.isArray(models) || !Array.isArray(similarities)) {
    throw new TypeError("Cannot draw Figure 1: models and similarities must be arrays");
  }
  if (models.length !== similarities.length) {
    throw new RangeError(
      `Cannot draw Figure 1: there must be a similarity for each of the ${models.length} models, ` +
        `there are ${similarities.length}`,
    );
  }
  models.forEach((model, i) => assertObject("draw Figure 1", `models[${i}]`, model));
  const truth = {
    title: "Ground truth",
    subtitle: "1 = same cluster",
    similarity: clusterSimilarity(clusters),
  };
  const neighbors = Math.min(10, clusters.length - 1);
  const panels = models.map(({ name }, i) => {
    const similarity = similarities[i];
    const auc = sameClusterAuc(similarity, clusters).toFixed(3);
    const precision = neighborPrecision(similarity, clusters, neighbors).toFixed(3);
    return { title: name, subtitle: `AUC ${auc}, P@${neighbors} ${precision}`, similarity };
  });
  const chance = sharedPairs(truth.similarity).toFixed(3);
  return heatmaps([truth, ...panels], {
    clusters,
    every: 4,
    title:
      "Figure 1. One model of Eq. 1 with three D, and Eq. 2: from faint clusters to clear ones",
    caption:
      `Item-item cosines of every fourth item, a pixel for each pair; items are sorted by cluster (lines), and within a cluster by descending popularity. The three panels in the middle are the same trained model of Eq. 1 (with B = V_{k}, Eq. 5 as written, and B = V_{k} dMat). AUC: by chance 0.5. P@${neighbors}, the precision at ${neighbors}: by chance ${chance}.`,
  });
}

/** The share of the pairs of different items that are in one cluster. */
function sharedPairs(truth: Matrix): number {
  const p = truth.rows;
  return (truth.sum() - p) / (p * (p - 1));
}
