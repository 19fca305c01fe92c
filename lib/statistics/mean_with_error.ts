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
 * @returns Both.
 *
 * @example
 * ```ts
 * import { meanWithError } from "./mean_with_error.ts";
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
