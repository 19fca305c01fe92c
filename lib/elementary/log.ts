import { dyadic } from "./exact/dyadic.ts";
import { exactLog } from "./exact/exact_log.ts";
import { LOG_ERROR, logParts } from "./fast/log_parts.ts";
import { settledSum } from "./fast/settled_sum.ts";

const parts = new Float64Array(2);

/**
 * The natural logarithm, correctly rounded: `Math.log` with the same last digit in every engine.
 *
 * @param x A number; the logarithm of 0 is −∞, of a negative number NaN.
 * @returns The double nearest to ln x.
 *
 * @example
 * ```ts
 * import { log } from "./log.ts";
 * import assert from "node:assert/strict";
 *
 * assert.equal(log(10), Math.LN10);
 * ```
 */
export function log(x: number): number {
  if (!(x > 0 && x < Infinity)) return x === 0 ? -Infinity : x > 0 ? Infinity : NaN;
  logParts(x, 0, parts);
  const settled = settledSum(parts[0], parts[1], LOG_ERROR * Math.abs(parts[0]));
  return Number.isNaN(settled) ? exactLog(dyadic(x)) : settled;
}
