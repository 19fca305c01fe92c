/** A mean, and how sure it is. */
export interface MeanWithError {
  /** The mean. */
  mean: number;
  /** The standard error of the mean. */
  standardError: number;
}

/**
 * Computes the mean of a sample, and its standard error: the sample's standard deviation, with
 * n − 1 in the denominator, over √n. Of a single value it is NaN.
 *
 * @param values The sample.
 * @returns The mean and its standard error.
 *
 * @example
 * ```ts
 * import { meanWithError } from "./mean_and_quantiles.ts";
 * import assert from "node:assert/strict";
 *
 * assert.deepEqual(meanWithError([1, 3]), { mean: 2, standardError: 1 });
 * ```
 */
export function meanWithError(values: readonly number[]): MeanWithError {
  const mean = values.reduce((sum, value) => sum + value, 0) / values.length;
  const squares = values.reduce((sum, value) => sum + (value - mean) ** 2, 0);
  return { mean, standardError: Math.sqrt(squares / (values.length - 1) / values.length) };
}

/**
 * Computes quantiles, interpolated linearly between neighbors: Hyndman and Fan's seventh definition, the
 * default of NumPy and R. Every quantile that the library reports is this one.
 *
 * @param values The sample, at least one number; it is not reordered.
 * @param shares Which quantiles, each between 0 and 1.
 * @returns A quantile for each share.
 *
 * @example
 * ```ts
 * import { quantiles } from "./mean_and_quantiles.ts";
 * import assert from "node:assert/strict";
 *
 * assert.deepEqual(quantiles([4, 1, 3, 2], [0, 0.5, 0.75]), [1, 2.5, 3.25]);
 * ```
 */
export function quantiles(values: ArrayLike<number>, shares: readonly number[]): number[] {
  const sorted = Float64Array.from(values).sort();
  return shares.map((share) => {
    const place = share * (sorted.length - 1);
    const below = Math.floor(place);
    const above = Math.min(below + 1, sorted.length - 1);
    return sorted[below] + (place - below) * (sorted[above] - sorted[below]);
  });
}
