import * as Plot from "@observablehq/plot";
import { card, type CardOptions, innerWidth } from "./card.ts";
import type { Figure } from "./figure.ts";
import { palette } from "./palette.ts";
import { svgDocument } from "./svg_document.ts";
import { swatches } from "./swatches.ts";
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
export function chart(options: ChartOptions): Figure {
  const { title, caption, width, ...rest } = options;
  return card(drawing({ ...rest, width: innerWidth(width) }), { title, caption, width });
}

/** Draws a chart, and its legend above it, as blocks of a card. */
export function drawing(options: Plot.PlotOptions & { width: number }): Block[] {
  const { legend, ...color } = options.color ?? {};
  const categorical = color.range === undefined && color.scheme === undefined &&
    (color.type === undefined || color.type === "categorical" || color.type === "ordinal");
  const element = Plot.plot({
    grid: true,
    marginLeft: 56,
    marginBottom: 42,
    insetTop: 2,
    ...options,
    color: categorical && legend ? { range: [...palette], ...color } : color,
    style: { fontSize: "12px", fontFamily: "inherit", background: "none" },
    document: svgDocument,
  } as Plot.PlotOptions);
  const height = Number(element.getAttribute("height"));
  const plot = { element: nested(element), height };
  const scale = legend ? element.scale("color") : undefined;
  if (!scale) return [plot];
  const domain = [...scale.domain!] as string[];
  const symbols = element.scale("symbol");
  const entries = domain.map((label) => {
    const color = scale.apply(label);
    return { label, color, symbol: symbols && dot(symbols.apply(label), color) };
  });
  return [swatches(entries), plot];
}

/** One dot, as it is in the plot. */
function dot(symbol: Plot.SymbolType, color: string): Element {
  const [width, height, margin] = [16, 16, 0];
  const marks = [
    Plot.dot([0], { frameAnchor: "middle", symbol, fill: color, stroke: color, r: 4 }),
  ];
  return nested(
    Plot.plot({ width, height, margin, marks, document: svgDocument } as Plot.PlotOptions),
  );
}

/**
 * Makes a plot a part of a larger drawing. Plot's own style sheet is for HTML, and would leak out
 * of the figure.
 */
export function nested(element: Element): Element {
  for (const style of [...element.querySelectorAll("style")]) style.remove();
  element.removeAttribute("class");
  element.setAttribute("overflow", "visible");
  return element;
}
