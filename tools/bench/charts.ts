import * as Plot from "@observablehq/plot";
import { document, figure, palette, type Picture } from "cosine-lab/notebook";
import { assertWritable } from "../../lib/audit/output.ts";
import { InputError } from "../../lib/errors.ts";

/**
 * Draws the times of a benchmark relative to those of NumPy, SciPy and scikit-learn.
 *
 * @param ratios The ratio of each row.
 * @returns The chart; to the left of 1 is faster.
 */
export function drawRatios(ratios: readonly { row: string; ratio: number }[]): Picture {
  const plot = Plot.plot({
    document,
    width: 900,
    height: 30 * ratios.length + 50,
    marginLeft: 240,
    marginRight: 60,
    marginTop: 10,
    x: { type: "log", domain: [0.03, 30] },
    y: { label: null, tickSize: 0, domain: ratios.map(({ row }) => row) },
    marks: [
      // A logarithmic scale leaves labels out, unless they are given as texts.
      Plot.axisX([0.05, 0.1, 0.2, 0.5, 1, 2, 5, 10, 20], { label: "ratio", text: String }),
      Plot.barX(ratios, {
        x1: 1,
        x2: "ratio",
        y: "row",
        fill: ({ ratio }) => ratio < 1 ? palette[0] : palette[1],
        insetTop: 3,
        insetBottom: 3,
      }),
      Plot.text(ratios, {
        x: "ratio",
        y: "row",
        text: ({ ratio }) => ratio.toFixed(2),
        dx: 20,
        filter: ({ ratio }) => ratio >= 1,
      }),
      Plot.text(ratios, {
        x: "ratio",
        y: "row",
        text: ({ ratio }) => ratio.toFixed(2),
        dx: -20,
        filter: ({ ratio }) => ratio < 1,
      }),
      Plot.ruleX([1]),
    ],
  });
  return figure(plot, {
    title: "Time relative to NumPy, SciPy and scikit-learn with OpenBLAS",
    caption:
      "Medians of interleaved runs on two cores; below 1 is faster. Pipelines: Figure 1 from the simulation to five cosine matrices, the first call of a fresh process. Sparse SVD: 200,000 x 20,000 with 10 million interactions, rank 50.",
  });
}

/**
 * Throws unless a chart can be written to a file, before the minutes that it takes to measure it.
 *
 * @throws {InputError} If its name does not end in .png, or it cannot be written.
 */
export function assertChart(path: string): void {
  if (!path.endsWith(".png")) throw new InputError(`${path} must end in .png`);
  assertWritable([path], { force: true });
}
