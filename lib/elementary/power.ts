import { exactPower } from "./exact/exact_power.ts";
import { EXP_ERROR, expParts } from "./fast/exp_parts.ts";
import { LOG_ERROR, logParts } from "./fast/log_parts.ts";
import { powerOfTwo } from "./fast/power_of_two.ts";
import { productError } from "./fast/rounding_error.ts";
import { settledSum } from "./fast/settled_sum.ts";

const parts = new Float64Array(2);

/**
 * x^y, correctly rounded: `x ** y` with the same last digit on every machine, whose C library
 * decides it otherwise. Only `x ** 2` is as good.
 *
 * @param x The base.
 * @param y The exponent.
 * @returns The double nearest to x^y; as of `x ** y` where that is 0, infinite or NaN.
 *
 * @example
 * ```ts
 * import { power } from "./power.ts";
 * import assert from "node:assert/strict";
 *
 * assert.equal(power(10, -3), 0.001);
 * ```
 */
export function power(x: number, y: number): number {
  // What is 0, infinite or not a number is no matter of rounding: the language says what it gives.
  if (!(Number.isFinite(x) && Number.isFinite(y)) || x === 0 || y === 0) return x ** y;
  if (x > 0) return ofPositive(x, y);
  if (!Number.isInteger(y)) return NaN;
  return Math.abs(y % 2) === 1 ? -ofPositive(-x, y) : ofPositive(-x, y);
}

/** For x > 0, both finite. */
function ofPositive(x: number, y: number): number {
  logParts(x, 0, parts);
  const high = parts[0], exponent = y * high;
  if (exponent > 710) return Infinity;
  if (exponent < -746) return 0;
  if (!(exponent >= -708 && exponent <= 709)) return exactPower(x, y);
  const rest = productError(y, high, exponent) + y * parts[1];
  const k = expParts(exponent, rest, parts);
  const error = EXP_ERROR + LOG_ERROR * Math.abs(exponent);
  const settled = settledSum(parts[0], parts[1], error);
  return Number.isNaN(settled) ? exactPower(x, y) : settled * powerOfTwo(k);
}
