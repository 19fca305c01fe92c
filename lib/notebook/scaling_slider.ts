import { InputRangeError } from "../errors.ts";
import {
  anything,
  assertFinite,
  assertInteger,
  assertNumber,
  assertNumbers,
  checkedOptions,
  integer,
  LARGEST_FACTOR,
  optional,
  text,
} from "../check.ts";
import type { Matrix } from "ml-matrix";
import { power } from "../math/elementary.ts";
import { assertLabels, cosineSimilarity } from "../similarity/cosine_similarity.ts";
import { escapeHtml } from "../html.ts";
import { sameClusterAuc } from "../similarity/same_cluster_auc.ts";
import { neighborPrecision } from "../similarity/neighbors.ts";
import { encodeBase64 } from "./picture.ts";
import { heatmaps, similarityColors } from "./heatmaps.ts";
import {
  aucOf,
  chanceOf,
  cosinesUnder,
  precisionOf,
  type SliderModel,
  startSlider,
} from "./scaling_slider_client.ts";

/** Options for {@linkcode scalingSlider}. */
export interface ScalingSliderOptions {
  /** How many items to draw, taken at even distances. @default {150} */
  items?: number;
  /** The α of the static picture; the slider spans them. @default {[0.5, 0, -0.5, -1]} */
  alphas?: readonly number[];
  /** The k of the static picture, a row of panels for each; the slider starts at the last. @default {[all columns of V]} */
  ranks?: readonly number[];
  /** What the figure shows. */
  title?: string;
  /** How to read it. */
  caption?: string;
}

/** A figure that can be played with; shows itself as the result of a notebook's cell. */
export interface InteractiveFigure {
  /** The figure, with all it needs: no network. */
  readonly html: string;
}

/**
 * Draws the cosines of one model of Eq. 1 under D = dMat^α, with sliders for α and for the rank k.
 *
 * A script redraws a heatmap, its AUC and its precision at 10. It is in the figure, with the data: the figure works in a
 * trusted notebook and in an exported page, without a network. Where scripts do not run, a static
 * picture of some α and k stands in its place.
 *
 * @param V V_k, the right singular vectors, p x k.
 * @param spectrum The diagonal of dMat, k entries above 0.
 * @param clusters The cluster of each item, length p.
 * @param options Which items, α and k to show, the title and the caption.
 * @returns The figure.
 * @throws {TypeError} If V is not a matrix, or there is no such option.
 * @throws {RangeError} If V is not finite, there is not a positive entry of dMat for each column or
 * not a cluster for each row, or items is out of bounds.
 *
 * @example
 * ```ts
 * import { scalingSlider } from "cosine-lab/notebook";
 * import { Matrix } from "ml-matrix";
 * import assert from "node:assert/strict";
 *
 * const V = new Matrix([[0.8, 0.6], [0.6, -0.8], [0.5, 0.5]]);
 * const { html } = scalingSlider(V, [0.9, 0.4], [0, 0, 1], { items: 3 });
 * assert(html.includes("<script>") && html.includes("<img"));
 * ```
 */
export function scalingSlider(
  V: Matrix,
  spectrum: ArrayLike<number>,
  clusters: ArrayLike<number>,
  options: ScalingSliderOptions = {},
): InteractiveFigure {
  assertFinite("draw", "V", V, LARGEST_FACTOR);
  const { alphas, ranks, title, caption, ...most } = checkedOptions("draw", options, {
    items: integer(2, Infinity, 150),
    alphas: anything<readonly number[]>([0.5, 0, -0.5, -1]),
    ranks: anything<readonly number[]>([V.columns]),
    title: optional(text()),
    caption: optional(text()),
  });
  check(V, spectrum, clusters, { alphas, ranks });
  const items = Math.min(most.items, V.rows);
  const chosen = Array.from({ length: items }, (_, i) => Math.floor(i * V.rows / items));
  const model: SliderModel = {
    items,
    dimensions: V.columns,
    rows: encodeRows(V, chosen),
    spectrum: Array.from(spectrum, (value) => +value.toPrecision(6)),
    clusters: chosen.map((item) => clusters[item]),
    colors: similarityColors(),
    from: Math.min(...alphas),
    to: Math.max(...alphas),
    step: 0.05,
    start: alphas.includes(0) ? 0 : alphas[0],
    rank: ranks[ranks.length - 1],
  };
  const panels = ranks.flatMap((k) =>
    alphas.map((alpha) => {
      const scaled = V.subMatrix(0, V.rows - 1, 0, k - 1);
      for (let c = 0; c < k; c++) scaled.mulColumn(c, power(spectrum[c], 0.5 - alpha));
      const similarity = cosineSimilarity(scaled);
      const auc = sameClusterAuc(similarity, clusters).toFixed(3);
      const precision = neighborPrecision(similarity, clusters, Math.min(10, V.rows - 1));
      return {
        title: `k = ${k}, α = ${alpha}`.replace("-", "−"),
        subtitle: `AUC ${auc}, precision ${precision.toFixed(3)}`,
        similarity,
      };
    })
  );
  const picture = heatmaps(panels, {
    clusters,
    resolution: 125,
    width: 820,
    columns: alphas.length,
  });
  const description = [title, caption, picture.description].filter((text) => text).join("\n");
  const html = `<div class="cosine-lab-slider" data-model="${escapeHtml(JSON.stringify(model))}" ` +
    `style="background:#fff;color:#1f2328;padding:16px;border-radius:8px;max-width:940px;font:14px system-ui,sans-serif">` +
    (title ? `<p style="margin:0 0 8px;font-size:16px"><b>${escapeHtml(title)}</b></p>` : "") +
    `<img alt="${escapeHtml(description)}" style="max-width:100%" src="${picture.toDataURL(1)}">` +
    (caption ? `<p style="margin:8px 0 0;color:#57606a">${escapeHtml(caption)}</p>` : "") +
    `</div>\n<script>\n${script()}\n</script>`;
  return Object.assign({ html }, {
    [Symbol.for("Jupyter.display")]: () => ({
      "text/html": html,
      "text/plain": description,
    }),
  });
}

/** The functions of the page, and a call for the figures that are not started yet. */
function script(): string {
  const functions = [cosinesUnder, aucOf, precisionOf, chanceOf, startSlider].map(String).join(
    "\n",
  );
  return `(() => {
${functions}
for (const root of document.querySelectorAll(".cosine-lab-slider:not([data-started])")) {
  root.dataset.started = "";
  startSlider(root);
}
})();`;
}

/** Rows as integers, each by its own largest entry, which no cosine notices. */
function encodeRows(V: Matrix, items: readonly number[]): string {
  const rows = Int16Array.from(items.flatMap((item) => {
    const row = V.getRow(item);
    const largest = Math.max(...row.map(Math.abs));
    return row.map((entry) => largest === 0 ? 0 : Math.round(entry / largest * 32767));
  }));
  return encodeBase64(new Uint8Array(rows.buffer));
}

function check(
  V: Matrix,
  spectrum: ArrayLike<number>,
  clusters: ArrayLike<number>,
  { alphas, ranks }: { alphas: readonly number[]; ranks: readonly number[] },
): void {
  assertNumbers("draw", "alphas", alphas, -100, 100);
  assertLabels("draw", clusters, V.rows);
  if (spectrum?.length !== V.columns) {
    throw new InputRangeError(
      `Cannot draw: spectrum must have an entry for each of the ${V.columns} columns of V, ` +
        `it has ${spectrum?.length}`,
    );
  }
  Array.from(spectrum).forEach((value, i) =>
    assertNumber("draw", `spectrum[${i}]`, value, 1 / LARGEST_FACTOR, LARGEST_FACTOR)
  );
  if (alphas.length === 0) throw new InputRangeError("Cannot draw: alphas must not be empty");
  assertNumbers("draw", "ranks", ranks);
  if (ranks.length === 0) throw new InputRangeError("Cannot draw: ranks must not be empty");
  ranks.forEach((rank, i) => assertInteger("draw", `ranks[${i}]`, rank, 1, V.columns));
}
