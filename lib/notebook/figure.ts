import * as Plot from "@observablehq/plot";
import { parseHTML } from "linkedom";
import type { Matrix } from "ml-matrix";
import {
  assertFinite,
  assertString,
  checkedOptions,
  describe,
  LARGEST_FACTOR,
  number,
  optional,
  text,
} from "../check.ts";
import { InputRangeError, InputTypeError } from "../errors.ts";
import { Picture } from "./picture.ts";

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
  checkedOptions("draw", options, CARD_OPTIONS);
  if (Array.isArray(plots) && plots.length === 0) {
    throw new InputRangeError("Cannot make a figure: there must be at least one chart");
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
  throw new InputTypeError(
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

/** What surrounds a drawing. */
export interface CardOptions {
  /** The width of the figure in pixels. @default {940} */
  width?: number;
  /** What the figure shows, above it. */
  title?: string;
  /** How to read it, below it. */
  caption?: string;
}

/** The margin of a card, in pixels. */
const MARGIN = 16;

/** The width of a figure where none is given, in pixels: that of a notebook's output. */
const FIGURE_WIDTH = 940;

/** The width that a drawing may take in a figure of the given width, in pixels. */
export function innerWidth(width: number = FIGURE_WIDTH): number {
  return width - 2 * MARGIN;
}

/**
 * Puts drawings below each other on a white card with a title and a caption: readable in a light
 * and in a dark theme alike.
 *
 * Coordinates are rounded to a hundredth of a pixel, so that the last digits of another machine
 * leave the figure as it is.
 *
 * @param drawings The drawings, from top to bottom.
 * @param options Title, caption and width.
 * @returns The figure.
 */
export function card(drawings: readonly Block[], options: CardOptions): Picture {
  const { width = FIGURE_WIDTH, title, caption } = options;
  const text = { width: innerWidth(width) };
  const blocks = [
    ...(title ? [textBlock(title, { ...text, size: 16, weight: "bold" }), gap(8)] : []),
    ...drawings,
    ...(caption ? [gap(8), textBlock(caption, { ...text, size: 12.5, color: "#57606a" })] : []),
  ];
  const content: Element[] = [];
  let y = MARGIN;
  for (const { element, height } of blocks) {
    content.push(svgElement("g", { transform: `translate(${MARGIN},${y})` }, element));
    y += height;
  }
  const height = Math.ceil(y + MARGIN);
  const root = svgElement(
    "svg",
    {
      xmlns: "http://www.w3.org/2000/svg",
      viewBox: `0 0 ${width} ${height}`,
      width,
      height,
      "font-family": "system-ui, 'DejaVu Sans', sans-serif",
      fill: "#1f2328",
      color: "#1f2328",
      style: "max-width:100%;height:auto",
      role: "img",
    },
    svgElement("rect", { width, height, rx: 8, fill: "#ffffff" }),
    ...content,
  );
  typeset(root);
  roundCoordinates(root);
  const description = [title, caption].filter((part) => part).join("\n");
  return new Picture(root.outerHTML, plainText(description));
}

function gap(height: number): Block {
  return { element: svgElement("g", {}), height };
}

function roundCoordinates(element: Element): void {
  for (const { name, value } of [...element.attributes]) {
    if (name === "href" || name === "xlink:href") continue;
    const rounded = value.replace(
      /-?\d+\.\d{3,}(e-?\d+)?/g,
      (n: string) => String(+Number(n).toFixed(2)),
    );
    if (rounded !== value) element.setAttribute(name, rounded);
  }
  for (const child of element.children) roundCoordinates(child);
}

/** The widths of a figure that can be drawn, in pixels. */
const NARROWEST = 200;
const WIDEST = 10_000;

/** The options of a card, for the table of what is drawn on it. */
export const CARD_OPTIONS = {
  title: optional(text()),
  caption: optional(text()),
  width: optional(number(NARROWEST, WIDEST)),
};

/**
 * Draws a legend of categories in one line.
 *
 * @param entries The name and the color of each; a symbol, 16 x 16, where dots have some.
 * @returns The legend.
 */
function swatches(
  entries: readonly { label: string; color: string; symbol?: Element }[],
): Block {
  const size = 12.5;
  let x = 0;
  const content = entries.flatMap(({ label, color, symbol }) => {
    const parts = [
      symbol === undefined
        ? svgElement("rect", { x, y: 3, width: 12, height: 12, rx: 2, fill: color })
        : svgElement("g", { transform: `translate(${x - 2}, 1)` }, symbol),
      svgElement("text", { x: x + 17, y: 13.5, "font-size": size, "text-anchor": "start" }, label),
    ];
    x += 17 + letters(label) * size * 0.57 + 16;
    return parts;
  });
  return { element: svgElement("g", {}, ...content), height: 24 };
}

/** How a block of text looks. */
interface TextStyle {
  /** The width at which lines are broken, in pixels. */
  width: number;
  /** The size of the font, in pixels. */
  size: number;
  color?: string;
  weight?: "normal" | "bold";
}

/** A drawing and its height in pixels. */
export interface Block {
  element: Element;
  height: number;
}

/** The mean width of a letter in units of the font's size, for the widest font in use. */
const LETTER = 0.57;

/**
 * Sets a text in lines of a given width.
 *
 * @param text The text; `\n` starts a new line.
 * @param style How it looks.
 * @returns The block of text.
 */
export function textBlock(text: string, style: TextStyle): Block {
  const { width, size, color = "#1f2328", weight = "normal" } = style;
  const limit = Math.floor(width / (size * LETTER * (weight === "bold" ? 1.1 : 1)));
  const lines = text.split("\n").flatMap((paragraph) => breakLines(paragraph, limit));
  const pitch = size * 1.4;
  const element = svgElement(
    "text",
    { "font-size": size, "font-weight": weight, fill: color, "text-anchor": "start" },
    ...lines.map((line, i) => svgElement("tspan", { x: 0, y: size + i * pitch }, line)),
  );
  return { element, height: lines.length * pitch };
}

function breakLines(paragraph: string, limit: number): string[] {
  const lines: string[] = [];
  let line = "";
  for (const word of paragraph.split(" ")) {
    if (line !== "" && letters(`${line} ${word}`) > limit) {
      lines.push(line);
      line = word;
    } else {
      line = line === "" ? word : `${line} ${word}`;
    }
  }
  return [...lines, line];
}

/**
 * Makes a plot a part of a larger drawing. Plot's own style sheet is for HTML, and would leak out
 * of the figure.
 *
 * @param element The plot, which is changed.
 * @returns The same element.
 */
export function nested(element: Element): Element {
  for (const style of [...element.querySelectorAll("style")]) style.remove();
  element.removeAttribute("class");
  element.setAttribute("overflow", "visible");
  return element;
}

/**
 * The colors for categories: Okabe and Ito's (2008), which people with any of the common kinds of
 * color blindness can tell apart; without their yellow, which is too light for lines on white.
 */
export const palette: readonly string[] = [
  "#0072b2",
  "#d55e00",
  "#009e73",
  "#cc79a7",
  "#e69f00",
  "#56b4e9",
  "#4d4d4d",
];

/** About how wide a character of a label is, in pixels. */
const CHARACTER = 6.5;
/** The size of the labels, and the height of a line of them. */
const EM = 12, LINE = 15;

/**
 * Draws a small matrix of shares between 0 and 1 with a number in each cell. Labels that are wider than
 * their column are broken into lines.
 *
 * @param m The matrix, one row and one column for each label.
 * @param labels What its rows and columns are.
 * @param options Title, caption and width.
 * @returns The figure.
 * @throws {TypeError} If m is not a matrix, or an option is unknown or of the wrong kind.
 * @throws {RangeError} If m is not finite, or has not a row and a column for each label.
 *
 * @example
 * ```ts
 * import { labeledMatrix } from "cosine-lab/notebook";
 * import { Matrix } from "ml-matrix";
 *
 * labeledMatrix(new Matrix([[1, 0.25], [0.25, 1]]), ["D = I", "Eq. 2"], { title: "Overlap" });
 * ```
 */
export function labeledMatrix(
  m: Matrix,
  labels: readonly string[],
  options: CardOptions = {},
): Picture {
  assertFinite("draw", "m", m, LARGEST_FACTOR);
  const { width: given } = checkedOptions("draw", options, {
    ...CARD_OPTIONS,
    width: optional(number(300, WIDEST)),
  });
  if (!Array.isArray(labels)) {
    throw new InputTypeError(
      `Cannot draw: labels must be an array, current value is ${describe(labels)}`,
    );
  }
  labels.forEach((label, i) => assertString("draw", `labels[${i}]`, label));
  if (m.rows !== labels.length || m.columns !== labels.length) {
    throw new InputRangeError(
      `Cannot draw: m must be ${labels.length} x ${labels.length}, a row and a column for each ` +
        `label, it is ${m.rows} x ${m.columns}`,
    );
  }
  const cells = labels.flatMap((row, i) =>
    labels.map((column, j) => ({ row, column, value: m.get(i, j) }))
  );
  const width = Math.min(innerWidth(given), 150 + 130 * labels.length);
  const column = (width - 150) / labels.length;
  const wraps = labels.some((label) => letters(label) * CHARACTER > column);
  const marginTop = wraps ? 30 + LINE : 30;
  const plot = Plot.plot({
    document,
    width,
    height: 42 * labels.length + marginTop,
    marginLeft: 150,
    marginTop,
    marginBottom: 0,
    x: { domain: labels, axis: wraps ? null : "top", label: null, tickSize: 0 },
    y: { domain: labels, label: null, tickSize: 0 },
    color: { type: "linear", domain: [0, 1], scheme: "Blues" },
    marks: [
      wraps
        ? Plot.axisX({
          anchor: "top",
          label: null,
          tickSize: 0,
          lineWidth: column / EM,
        })
        : null,
      Plot.cell(cells, { x: "column", y: "row", fill: "value", inset: 1 }),
      Plot.text(cells, {
        x: "column",
        y: "row",
        text: (d) => d.value.toFixed(2),
        fill: (d) => d.value > 0.55 ? "white" : "#1f2328",
        fontSize: 13,
      }),
    ],
  });
  return figure(plot, { width: FIGURE_WIDTH, ...options });
}

/** The document in which Plot draws: it needs one, and outside a browser there is none. */
export const document: Document = (parseHTML("<html><body></body></html>") as unknown as {
  document: Document;
}).document;

/**
 * Creates an SVG element.
 *
 * @param name The element's tag.
 * @param attributes Its attributes.
 * @param children Its content: elements, or text.
 * @returns The element, in no tree yet.
 */
export function svgElement(
  name: string,
  attributes: Record<string, string | number>,
  ...children: (Element | string)[]
): Element {
  const element = document.createElementNS("http://www.w3.org/2000/svg", name);
  for (const [key, value] of Object.entries(attributes)) element.setAttribute(key, String(value));
  for (const child of children) {
    element.appendChild(typeof child === "string" ? document.createTextNode(child) : child);
  }
  return element;
}

/** The text with sub- and superscripts as one types them: `dMat^{1/2}` becomes `dMat^(1/2)`. */
export function plainText(text: string): string {
  return text.replace(
    /([_^])\{([^}]*)\}/g,
    (_, mark, content) => mark + (content.length === 1 ? content : `(${content})`),
  );
}

/** How many letters of a text are seen. */
function letters(text: string): number {
  return text.replace(/[_^]\{([^}]*)\}/g, "$1").length;
}

/** Sub- and superscripts in a text: `_{…}` and `^{…}`. */
const script = /([_^])\{([^}]*)\}/;

/**
 * Turns `_{…}` and `^{…}` in all texts of a drawing into sub- and superscripts.
 *
 * @param drawing The element whose texts are set; it is changed in place.
 */
function typeset(drawing: Element): void {
  for (const node of [...drawing.childNodes]) {
    if (node.nodeType === 1) typeset(node as Element);
    else if (node.nodeType === 3 && script.test(node.textContent ?? "")) {
      const isLine = drawing.tagName.toLowerCase() === "tspan";
      node.parentNode!.replaceChild(spans(node.textContent!, isLine), node);
    }
  }
}

/**
 * One tspan for the whole, with a smaller and shifted one for each script. A line of several has a
 * shift of its own, which one at its first letter would replace.
 */
function spans(text: string, isLine: boolean): Element {
  const whole = svgElement("tspan", {});
  let shift = 0;
  const add = (content: string, level: number) => {
    if (content === "") return;
    const attributes: Record<string, string> = { dy: `${(level - shift).toFixed(2)}em` };
    if (isLine && level === shift) delete attributes.dy;
    if (level !== 0) attributes["font-size"] = "75%";
    // The shift is in units of the element's own font, which is smaller in a script.
    if (level === 0 && shift !== 0) attributes.dy = `${(-shift * 0.75).toFixed(2)}em`;
    whole.appendChild(svgElement("tspan", attributes, content));
    shift = level;
  };
  let rest = text;
  for (let match = script.exec(rest); match !== null; match = script.exec(rest)) {
    add(rest.slice(0, match.index), 0);
    add(match[2], match[1] === "_" ? 0.3 : -0.5);
    rest = rest.slice(match.index + match[0].length);
  }
  add(rest, 0);
  return whole;
}
