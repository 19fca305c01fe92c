import { Matrix } from "ml-matrix";
import { assertFinite } from "../check/assert_finite.ts";
import { boundLinear, boundScaling } from "./attainable_interval.ts";
import { type FreedomOptions, freedomOptions } from "./freedom.ts";
import { scaledRow } from "./scaled_row.ts";

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
 * A row has cosine 1 with itself whatever the scaling; a row of zeros 0 with everything.
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
    const self = scaled.subarray(i * k, (i + 1) * k).some((entry) => entry !== 0) ? 1 : 0;
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
