import type { Figure } from "./figure.ts";
import { heatmaps, type HeatmapsOptions, type Panel } from "./heatmaps.ts";

/**
 * Draws Figure 1 of the paper: the ground truth and the item-item cosine similarities of different
 * modeling choices side by side, on one color scale from −1 to 1.
 *
 * @param panels The panels from left to right; the paper has five. Any number can be drawn.
 * @param options The items' clusters, whose boundaries are marked; title, caption and size.
 * @returns The figure.
 * @throws {TypeError} If a similarity is no matrix.
 * @throws {RangeError} If there is no panel, a similarity is not square or not finite, or there is
 * not a cluster for each item.
 *
 * @example
 * ```ts
 * import { clusterSimilarity, cosineSimilarity } from "cosine-lab";
 * import { figure1 } from "cosine-lab/notebook";
 * import { Matrix } from "ml-matrix";
 *
 * const clusters = [0, 0, 1];
 * figure1([
 *   { title: "Ground truth", similarity: clusterSimilarity(clusters) },
 *   { title: "D = I", similarity: cosineSimilarity(new Matrix([[1, 0], [1, 1], [0, 1]])) },
 * ], { clusters });
 * ```
 */
export function figure1(panels: readonly Panel[], options: HeatmapsOptions = {}): Figure {
  return heatmaps(panels, options);
}
