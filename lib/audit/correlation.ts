import { spearman } from "../similarity/ranks.ts";

/**
 * Spearman's rank correlation of two lists; null where one of them is the same throughout, but for
 * the rounding of single precision: the ranks of rounding errors say nothing.
 */
export function correlation(x: ArrayLike<number>, y: ArrayLike<number>): number | null {
  const a = Float64Array.from(x), b = Float64Array.from(y);
  return isConstant(a) || isConstant(b) ? null : spearman(a, b);
}

function isConstant(values: Float64Array): boolean {
  let least = Infinity, most = -Infinity;
  for (const value of values) {
    least = Math.min(least, value);
    most = Math.max(most, value);
  }
  return most - least <= 1e-6 * Math.max(Math.abs(least), Math.abs(most));
}
