import type { Matrix } from "ml-matrix";
import type { Figure } from "./figure.ts";
import { heatmaps, type HeatmapsOptions } from "./heatmaps.ts";

/**
 * Draws one similarity matrix as an image, on the color scale of {@linkcode figure1}.
 *
 * @param s The similarities, p x p.
 * @param options Clusters whose boundaries are marked, title, caption and size.
 * @returns The figure.
 * @throws {TypeError} If s is no matrix.
 * @throws {RangeError} If s is not square or not finite, or there is not a cluster for each item.
 *
 * @example
 * ```ts
 * import { cosineSimilarity } from "cosine-lab";
 * import { heatmap } from "cosine-lab/notebook";
 * import { Matrix } from "ml-matrix";
 *
 * const s = cosineSimilarity(new Matrix([[1, 0], [1, 1], [0, 1]]));
 * heatmap(s, { title: "Three items", clusters: [0, 0, 1] });
 * ```
 */
export function heatmap(s: Matrix, options: HeatmapsOptions = {}): Figure {
  return heatmaps([{ similarity: s }], options);
}
