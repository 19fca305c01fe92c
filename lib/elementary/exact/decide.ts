import type { Dyadic } from "./dyadic.ts";
import { nearestDouble } from "./nearest_double.ts";

/**
 * Rounds a number to the nearest double. It is computed with twice as many digits as long as these
 * leave open which one that is (Ziv 1991, "Fast evaluation of elementary mathematical functions with
 * correctly rounded last bit").
 *
 * @param approximate The number, above 0, with so many digits: its mantissa is right to within
 * 2^32. The number is neither a double nor in the middle between two.
 * @returns The nearest double.
 */
export function decide(approximate: (bits: number) => Dyadic): number {
  for (let bits = 192;; bits *= 2) {
    const { mantissa, exponent } = approximate(bits);
    const error = 1n << 32n;
    if (mantissa <= error) continue;
    const low = nearestDouble(mantissa - error, exponent);
    if (low === nearestDouble(mantissa + error, exponent)) return low;
  }
}
