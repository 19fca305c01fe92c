import { spearman } from "../similarity/spearman.ts";

/** Spearman's rank correlation of two lists; null where one of them is the same throughout. */
export function correlation(x: ArrayLike<number>, y: ArrayLike<number>): number | null {
  const a = Float64Array.from(x), b = Float64Array.from(y);
  return isConstant(a) || isConstant(b) ? null : spearman(a, b);
}

function isConstant(values: Float64Array): boolean {
  return values.every((value) => value === values[0]);
}
