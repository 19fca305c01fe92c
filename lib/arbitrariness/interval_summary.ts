import { assertKnown } from "../check/assert_known.ts";
import { assertFinite } from "../check/assert_finite.ts";
import { assertNumber } from "../check/assert_number.ts";
import { assertObject } from "../check/assert_object.ts";
import type { AttainableIntervals } from "./attainable_intervals.ts";

/** How wide the intervals of all pairs are; what {@linkcode intervalSummary} returns. */
export interface IntervalSummary {
  /** Quantiles of largest minus smallest cosine, one for each share that was asked for. */
  widths: number[];
  /** The share of the pairs whose cosine can be given either sign: each pair by a D of its own. */
  eitherSign: number;
}

/** Options for {@linkcode intervalSummary}. */
export interface IntervalSummaryOptions {
  /** Shares between 0 and 1. @default {[0.01, 0.25, 0.5, 0.75, 0.99]} */
  quantiles?: readonly number[];
}

/**
 * Sums up the attainable intervals of all pairs i < j.
 *
 * @param intervals Of each pair, p x p: {@linkcode attainableIntervals}.
 * @param options Which quantiles.
 * @returns Quantiles of the widths (the value at the rank share·(pairs − 1), rounded down), and the
 * share of the pairs with a negative smallest and a positive largest cosine.
 * @throws {TypeError} If intervals has no matrices, or a quantile is not a number.
 * @throws {RangeError} If there are less than 2 items, shapes differ, or a quantile is not between 0
 * and 1.
 *
 * @example
 * ```ts
 * import { attainableIntervals, intervalSummary } from "cosine-lab/arbitrariness";
 * import { Matrix } from "ml-matrix";
 * import assert from "node:assert/strict";
 *
 * const B = new Matrix([[1, 1], [1, -1], [0, 1]]);
 * const { widths, eitherSign } = intervalSummary(attainableIntervals(B, { condition: Infinity }), {
 *   quantiles: [0, 1],
 * });
 * assert.deepEqual(widths, [1, 2]);
 * assert.equal(eitherSign, 1 / 3);
 * ```
 */
export function intervalSummary(
  intervals: AttainableIntervals,
  options: IntervalSummaryOptions = {},
): IntervalSummary {
  const action = "sum up intervals";
  assertObject(action, "intervals", intervals);
  assertKnown(action, options, ["quantiles"]);
  const { min, max } = intervals;
  assertFinite(action, "intervals.min", min);
  assertFinite(action, "intervals.max", max);
  const { rows: p } = min;
  if (p < 2 || [min.columns, max.rows, max.columns].some((side) => side !== p)) {
    throw new RangeError(
      `Cannot ${action}: min and max must be square, of one size of at least 2, they are ` +
        `${p} x ${min.columns} and ${max.rows} x ${max.columns}`,
    );
  }
  const { quantiles = [0.01, 0.25, 0.5, 0.75, 0.99] } = options;
  if (!Array.isArray(quantiles)) {
    throw new TypeError(`Cannot ${action}: quantiles must be an array of numbers`);
  }
  quantiles.forEach((share, i) => assertNumber(action, `quantiles[${i}]`, share, 0, 1));
  const widths = new Float64Array(p * (p - 1) / 2);
  let at = 0, eitherSign = 0;
  for (let i = 0; i < p; i++) {
    for (let j = 0; j < i; j++) {
      const low = min.get(i, j), high = max.get(i, j);
      widths[at++] = high - low;
      if (low < 0 && high > 0) eitherSign++;
    }
  }
  widths.sort();
  return {
    widths: quantiles.map((share) => widths[Math.floor(share * (widths.length - 1))]),
    eitherSign: eitherSign / widths.length,
  };
}
