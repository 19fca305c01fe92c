import * as Plot from "@observablehq/plot";
import { card, type CardOptions, innerWidth } from "./card.ts";
import { document } from "./document.ts";
import { drawing as blocksOf } from "./figure.ts";
import { palette } from "./palette.ts";
import type { Picture } from "./picture.ts";
import type { Block } from "./text_block.ts";

/** Options for {@linkcode chart}: those of Observable Plot, and a title and a caption. */
export type ChartOptions =
  & Omit<Plot.PlotOptions, "title" | "subtitle" | "caption" | "document">
  & CardOptions;

/**
 * Draws a chart with Observable Plot.
 *
 * `_{…}` and `^{…}` in its texts become sub- and superscripts. With `color: { legend: true }` the
 * categories are explained above the chart. Categories get colors that color-blind readers can
 * tell apart. Where dots have symbols for the same categories, the legend shows them.
 *
 * @param options Those of `Plot.plot`, with a title, a caption and a width.
 * @returns The figure.
 *
 * @example
 * ```ts
 * import { chart } from "cosine-lab/notebook";
 * import * as Plot from "@observablehq/plot";
 *
 * chart({
 *   title: "Spectrum",
 *   x: { label: "i" },
 *   y: { label: "σ_{i}", type: "log" },
 *   marks: [Plot.lineY([30, 10, 3], { x: (_, i) => i + 1 })],
 * });
 * ```
 */
export function chart(options: ChartOptions): Picture {
  const { title, caption, width, ...rest } = options;
  return card(drawing({ ...rest, width: innerWidth(width) }), { title, caption, width });
}

function drawing(options: Plot.PlotOptions & { width: number }): Block[] {
  const { legend, ...color } = options.color ?? {};
  const categorical = color.range === undefined && color.scheme === undefined &&
    (color.type === undefined || color.type === "categorical" || color.type === "ordinal");
  const plot = Plot.plot({
    grid: true,
    marginLeft: 56,
    marginBottom: 42,
    insetTop: 2,
    ...options,
    color: categorical && legend ? { range: [...palette], ...color, legend } : { ...color, legend },
    document,
  } as Plot.PlotOptions);
  return blocksOf(plot).blocks;
}
