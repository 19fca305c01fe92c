import { InputRangeError, InputTypeError } from "../errors.ts";
import { assertCard, type CardOptions, figure, FIGURE_WIDTH, innerWidth } from "./figure.ts";
import { assertFinite, assertNumber, assertString, describe, LARGEST_FACTOR } from "../check.ts";
import * as Plot from "@observablehq/plot";
import type { Matrix } from "ml-matrix";
import { document, letters } from "./document.ts";
import type { Picture } from "./picture.ts";

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
  assertCard(options);
  if (!Array.isArray(labels)) {
    throw new InputTypeError(
      `Cannot draw: labels must be an array, current value is ${describe(labels)}`,
    );
  }
  labels.forEach((label, i) => assertString("draw", `labels[${i}]`, label));
  if (options.width !== undefined) assertNumber("draw", "width", options.width, 300);
  if (m.rows !== labels.length || m.columns !== labels.length) {
    throw new InputRangeError(
      `Cannot draw: m must be ${labels.length} x ${labels.length}, a row and a column for each ` +
        `label, it is ${m.rows} x ${m.columns}`,
    );
  }
  const cells = labels.flatMap((row, i) =>
    labels.map((column, j) => ({ row, column, value: m.get(i, j) }))
  );
  const width = Math.min(innerWidth(options.width), 150 + 130 * labels.length);
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
