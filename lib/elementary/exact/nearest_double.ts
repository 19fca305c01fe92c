import { powerOfTwo } from "../fast/power_of_two.ts";

/**
 * Rounds value·2^exponent to the nearest double, of two equally near ones to the even one, as IEEE
 * 754 says; below the normal numbers too.
 *
 * @param value A positive integer.
 * @param exponent The exponent of two.
 * @returns The double, which may be 0 or infinite.
 */
export function nearestDouble(value: bigint, exponent: number): number {
  const unit = Math.max(value.toString(2).length + exponent - 53, -1074);
  if (unit > 971) return Infinity;
  return Number(shifted(value, BigInt(unit - exponent))) * powerOfTwo(unit);
}

/** value/2^by, rounded to the nearest integer, to the even one of two. */
function shifted(value: bigint, by: bigint): bigint {
  if (by <= 0n) return value << -by;
  const odd = value >> by & 1n;
  return value + (1n << by - 1n) - 1n + odd >> by;
}
