import { spearman } from "../similarity/ranks.ts";

/** The quantiles of values, interpolated linearly between neighbors, as NumPy does by default. */
export function quantiles(values: ArrayLike<number>, shares: readonly number[]): number[] {
  const sorted = Float64Array.from(values).sort();
  return shares.map((share) => {
    const place = share * (sorted.length - 1);
    const below = Math.floor(place);
    const above = Math.min(below + 1, sorted.length - 1);
    return sorted[below] + (place - below) * (sorted[above] - sorted[below]);
  });
}

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
