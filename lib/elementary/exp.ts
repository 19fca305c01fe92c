import { exactExp } from "./exact/exact_exp.ts";
import { EXP_ERROR, expParts } from "./fast/exp_parts.ts";
import { powerOfTwo } from "./fast/power_of_two.ts";
import { settledSum } from "./fast/settled_sum.ts";

const parts = new Float64Array(2);

/**
 * e^x, correctly rounded: the double nearest to it. `Math.exp` may be off by one in the last place,
 * and is, in each engine at other arguments.
 *
 * @param x The exponent.
 * @returns The double nearest to e^x.
 *
 * @example
 * ```ts
 * import { exp } from "./exp.ts";
 * import assert from "node:assert/strict";
 *
 * assert.equal(exp(1), Math.E);
 * ```
 */
export function exp(x: number): number {
  if (!(x >= -708 && x <= 709)) {
    return x > 710 ? Infinity : x < -746 ? 0 : Number.isNaN(x) ? NaN : exactExp(x);
  }
  const exponent = expParts(x, 0, parts);
  const settled = settledSum(parts[0], parts[1], EXP_ERROR);
  return Number.isNaN(settled) ? exactExp(x) : settled * powerOfTwo(exponent);
}
