import { dyadic } from "./exact/dyadic.ts";
import { exactLog2 } from "./exact/exact_log.ts";
import { LOG_ERROR, logParts } from "./fast/log_parts.ts";
import { productError } from "./fast/rounding_error.ts";
import { settledSum } from "./fast/settled_sum.ts";

const parts = new Float64Array(2);
/** What comes after Math.LOG2E in 1/ln 2. */
const LOG2E_LOW = 2.0355273740931033e-17;

/**
 * The logarithm to base 2, correctly rounded: `Math.log2` with the same last digit in every engine.
 *
 * @param x A number; the logarithm of 0 is −∞, of a negative number NaN.
 * @returns The double nearest to log₂ x, which for a power of two is its exponent.
 *
 * @example
 * ```ts
 * import { log2 } from "./log2.ts";
 * import assert from "node:assert/strict";
 *
 * assert.equal(log2(1 / 8), -3);
 * ```
 */
export function log2(x: number): number {
  if (!(x > 0 && x < Infinity)) return x === 0 ? -Infinity : x > 0 ? Infinity : NaN;
  logParts(x, 0, parts);
  const high = parts[0] * Math.LOG2E;
  const low = productError(parts[0], Math.LOG2E, high) + parts[0] * LOG2E_LOW +
    parts[1] * Math.LOG2E;
  const settled = settledSum(high, low, LOG_ERROR * Math.abs(high));
  return Number.isNaN(settled) ? exactLog2(dyadic(x)) : settled;
}
