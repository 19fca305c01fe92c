import { assertCard } from "./assert_card.ts";
import * as Plot from "@observablehq/plot";
import { card, type CardOptions, MARGIN } from "./card.ts";
import { document } from "./document.ts";
import { nested } from "./nested.ts";
import type { Picture } from "./picture.ts";
import { swatches } from "./swatches.ts";
import type { Block } from "./text_block.ts";

/** The size of a chart's text, in pixels: Plot's is 10, and leaves room for no more below an axis. */
const FONT_SIZE = 12, DROP = 7;

/**
 * Puts charts on a card with a title and a caption: a picture that looks the same in a notebook,
 * on GitHub and in an export, in light and in dark.
 *
 * `_{…}` and `^{…}` in its texts become sub- and superscripts. A color legend that was asked for
 * (`color: { legend: true }`) stands above its chart; where dots have symbols for the same
 * categories, it shows them.
 *
 * @param plots What `Plot.plot` returned, drawn in our `document`; several stand below each other.
 * @param options The title, the caption, and the width of the card in pixels, by default that of
 * the widest chart and a margin.
 * @returns The picture.
 * @throws {TypeError} If it is not a chart, or an option is unknown or of the wrong kind.
 * @throws {RangeError} If there is no chart, or width is not between 200 and 10,000.
 *
 * @example
 * ```ts
 * import { document, figure } from "cosine-lab/notebook";
 * import * as Plot from "@observablehq/plot";
 *
 * figure(
 *   Plot.plot({
 *     document,
 *     x: { label: "i" },
 *     y: { label: "σ_{i}", type: "log", grid: true },
 *     marks: [Plot.lineY([30, 10, 3], { x: (_, i) => i + 1 })],
 *   }),
 *   { title: "Spectrum", caption: "Of three singular values." },
 * );
 * ```
 */
export function figure(plots: Element | readonly Element[], options: CardOptions = {}): Picture {
  assertCard(options);
  if (Array.isArray(plots) && plots.length === 0) {
    throw new RangeError("Cannot make a figure: there must be at least one chart");
  }
  const charts = [plots].flat().map((plot) => plot as PlotElement);
  const drawings = charts.map(drawing);
  const widest = Math.max(...drawings.map(({ width }) => width));
  return card(drawings.flatMap(({ blocks }) => blocks), {
    width: widest + 2 * MARGIN,
    ...options,
  });
}

type PlotElement = Element & Plot.Plot;

/** The blocks of a chart: its legend, if any, and the plot itself. */
export function drawing(plot: Element): { blocks: Block[]; width: number } {
  const svg = drawn(plot);
  const [width, height] = ["width", "height"].map((side) => Number(svg.getAttribute(side)));
  const legend = svg === plot ? undefined : legendOf(plot as PlotElement);
  svg.setAttribute("font-size", `${FONT_SIZE}px`);
  svg.removeAttribute("font-family");
  const label = svg.querySelector('[aria-label="x-axis label"]');
  label?.setAttribute("transform", `translate(0,${DROP}) ${label.getAttribute("transform") ?? ""}`);
  const block = { element: nested(svg), height: height + (label ? DROP : 0) };
  return { blocks: legend === undefined ? [block] : [legend, block], width };
}

/** The chart itself: Plot wraps it into a figure, together with its legends. */
function drawn(plot: Element): Element {
  const tag = plot?.tagName?.toLowerCase();
  const svg = tag === "svg"
    ? plot
    : [...(plot?.children ?? [])].findLast((child) => child.tagName.toLowerCase() === "svg");
  if (svg !== undefined) return svg;
  throw new TypeError(
    "Cannot make a figure: it must be what Plot.plot({ document, … }) returned, with our document",
  );
}

function legendOf(plot: PlotElement): Block | undefined {
  const scale = plot.scale("color");
  if (scale?.domain === undefined || scale.type !== "ordinal") return undefined;
  const symbols = plot.scale("symbol");
  const entries = ([...scale.domain] as string[]).map((label) => {
    const color = scale.apply(label);
    return { label: String(label), color, symbol: symbols && dot(symbols.apply(label), color) };
  });
  return swatches(entries);
}

/** One dot, as it is in the plot. */
function dot(symbol: Plot.SymbolType, color: string): Element {
  const size = { width: 16, height: 16, margin: 0 };
  const mark = { frameAnchor: "middle", symbol, fill: color, stroke: color, r: 4 } as const;
  return nested(Plot.plot({ document, ...size, marks: [Plot.dot([0], mark)] }));
}
