import { assertObject } from "../check.ts";
import type { Matrix } from "ml-matrix";
import { clusterSimilarity } from "../similarity/clusters.ts";
import type { ModelingChoice } from "../solvers/closed_forms.ts";
import { heatmaps } from "./heatmaps.ts";
import type { Picture } from "./picture.ts";

/**
 * Draws Figure 1 of the paper: the true clusters, and the item-item similarities that each modeling
 * choice leads to.
 *
 * @param models The choices that are compared, as `modelingChoices()` names them.
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
 * const models = Object.values(modelingChoices(truncatedSVD(interactions)));
 * figure1(models, models.map(({ embeddings }) => cosineSimilarity(embeddings.B)), clusters);
 * ```
 */
export function figure1(
  models: readonly Pick<ModelingChoice, "name" | "formula">[],
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
  const panels = models.map(({ name, formula }, i) => ({
    title: name,
    subtitle: formula,
    similarity: similarities[i],
  }));
  return heatmaps([truth, ...panels], {
    clusters,
    every: 4,
    columns: 3,
    title: "Figure 1. The same data, six pictures of what is similar",
    caption:
      "Item-item cosine similarities of every fourth item, a pixel for each pair. Items are sorted by cluster (lines; cluster 0 at the top left), and within each cluster by descending baseline popularity. The four panels of Eq. 1 are the same trained model.",
  });
}
