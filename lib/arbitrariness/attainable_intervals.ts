import { InputRangeError, InputTypeError } from "../errors.ts";
import { quantiles } from "../math/mean_and_quantiles.ts";
import { Matrix } from "ml-matrix";
import { anything, assertFinite, assertNumber, assertObject, checkedOptions } from "../check.ts";
import { selfCosine } from "../similarity/cosine_similarity.ts";
import { boundLinear, boundScaling, scaledRow } from "./attainable_interval.ts";
import { type FreedomOptions, freedomOptions } from "./freedom.ts";

/** Options for {@linkcode attainableIntervals}. */
export interface AttainableIntervalsOptions extends FreedomOptions {
  /** Called some hundred times with how many of the pairs are done. */
  onProgress?: (done: number, total: number) => void;
}

/** The attainable intervals of all pairs, p x p, symmetric. */
export interface AttainableIntervals {
  min: Matrix;
  max: Matrix;
}

/**
 * Computes the attainable interval of every pair of rows: see {@linkcode attainableInterval}.
 *
 * No scaling changes the cosine of a row with itself, which is 1, nor those of a row of zeros, which are
 * 0 by the convention of {@linkcode cosineSimilarity}.
 *
 * @param B The embeddings, p x k.
 * @param options κ, what is free, and a progress report.
 * @returns The smallest and the largest cosine of each pair.
 * @throws {TypeError} If B is not a matrix or condition is not a number.
 * @throws {RangeError} If B is empty or not finite, condition is less than 1 or freedom is unknown.
 *
 * @example
 * ```ts
 * import { attainableIntervals } from "cosine-lab/arbitrariness";
 * import { Matrix } from "ml-matrix";
 * import assert from "node:assert/strict";
 *
 * const { min, max } = attainableIntervals(new Matrix([[1, 1], [1, -1]]), { condition: Infinity });
 * assert.deepEqual(min.to2DArray(), [[1, -1], [-1, 1]]);
 * assert.deepEqual(max.to2DArray(), [[1, 1], [1, 1]]);
 * ```
 */
export function attainableIntervals(
  B: Matrix,
  options: AttainableIntervalsOptions,
): AttainableIntervals {
  assertFinite("bound the cosines", "B", B);
  const { condition, freedom } = freedomOptions("bound the cosines", options);
  const { rows: p, columns: k } = B;
  const scaled = new Float64Array(p * k);
  for (let i = 0; i < p; i++) scaledRow(B.getRow(i), scaled, i * k);
  const bound = freedom === "linear" ? boundLinear(k, condition) : boundScaling(k, condition);
  const interval = new Float64Array(2);
  const min = new Matrix(p, p), max = new Matrix(p, p);
  const every = Math.ceil(p / 100);
  for (let i = 0; i < p; i++) {
    const self = selfCosine(scaled.subarray(i * k, (i + 1) * k));
    min.set(i, i, self);
    max.set(i, i, self);
    for (let j = 0; j < i; j++) {
      bound(scaled, i * k, scaled, j * k, interval);
      min.set(i, j, interval[0]);
      min.set(j, i, interval[0]);
      max.set(i, j, interval[1]);
      max.set(j, i, interval[1]);
    }
    if ((i + 1) % every === 0 || i === p - 1) {
      options.onProgress?.((i + 1) * i / 2, p * (p - 1) / 2);
    }
  }
  return { min, max };
}

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
 * @returns Quantiles of the widths, interpolated linearly, and the share of the pairs with a negative
 * smallest and a positive largest cosine.
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
  const { quantiles: shares } = checkedOptions(action, options, {
    quantiles: anything([0.01, 0.25, 0.5, 0.75, 0.99]),
  });
  const { min, max } = intervals;
  assertFinite(action, "intervals.min", min);
  assertFinite(action, "intervals.max", max);
  const { rows: p } = min;
  if (p < 2 || [min.columns, max.rows, max.columns].some((side) => side !== p)) {
    throw new InputRangeError(
      `Cannot ${action}: min and max must be square, of one size of at least 2, they are ` +
        `${p} x ${min.columns} and ${max.rows} x ${max.columns}`,
    );
  }
  if (!Array.isArray(shares)) {
    throw new InputTypeError(`Cannot ${action}: quantiles must be an array of numbers`);
  }
  shares.forEach((share, i) => assertNumber(action, `quantiles[${i}]`, share, 0, 1));
  const widths = new Float64Array(p * (p - 1) / 2);
  let at = 0, eitherSign = 0;
  for (let i = 0; i < p; i++) {
    for (let j = 0; j < i; j++) {
      const low = min.get(i, j), high = max.get(i, j);
      widths[at++] = high - low;
      if (low < 0 && high > 0) eitherSign++;
    }
  }
  return {
    widths: quantiles(widths, shares),
    eitherSign: eitherSign / widths.length,
  };
}
