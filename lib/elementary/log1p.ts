import { onePlus } from "./exact/dyadic.ts";
import { exactLog } from "./exact/exact_log.ts";
import { LOG_ERROR, logOfOnePlus, logParts } from "./fast/log_parts.ts";
import { sumError } from "./fast/rounding_error.ts";
import { settledSum } from "./fast/settled_sum.ts";

const parts = new Float64Array(2);
/** Up to here ln(1 + x) rounds to x. */
const LEAST = Number.EPSILON / 4;

/**
 * ln(1 + x), correctly rounded: `Math.log1p` with the same last digit in every engine.
 *
 * @param x A number; that of −1 is −∞, below it NaN.
 * @returns The double nearest to ln(1 + x).
 *
 * @example
 * ```ts
 * import { log1p } from "./log1p.ts";
 * import assert from "node:assert/strict";
 *
 * assert.equal(log1p(1e-20), 1e-20);
 * ```
 */
export function log1p(x: number): number {
  if (!(x > -1 && x < Infinity)) return x === -1 ? -Infinity : x > 0 ? Infinity : NaN;
  const size = Math.abs(x);
  if (size <= LEAST) return x;
  if (size < 1 / 256) logOfOnePlus(x, 0, 0, 0, parts);
  else logParts(1 + x, sumError(1, x, 1 + x), parts);
  const settled = settledSum(parts[0], parts[1], LOG_ERROR * Math.abs(parts[0]));
  return Number.isNaN(settled) ? exactLog(onePlus(x)) : settled;
}
