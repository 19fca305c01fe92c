import { fixedExp } from "../exact/fixed_exp.ts";
import { fixedLn2 } from "../exact/fixed_log.ts";
import { powerOfTwo } from "./power_of_two.ts";
import { productError, sumError } from "./rounding_error.ts";

/** The table has 2^(i/STEPS), in two parts. */
const STEPS = 128;
const BITS = 128;
/** Added and taken away again, it leaves the nearest integer. */
const NEAREST = 6755399441055744;

/** ln 2/STEPS in three parts, the first two with so few digits that k times them is exact. */
const [STEP_HIGH, STEP_MIDDLE, STEP_LOW] = parts(fixedLn2(BITS) / BigInt(STEPS), 42, 77);
const highs = new Float64Array(STEPS), lows = new Float64Array(STEPS);
const step = fixedExp(fixedLn2(BITS) / BigInt(STEPS), BITS).mantissa;
for (let i = 0, power = 1n << BigInt(BITS); i < STEPS; i++) {
  [highs[i], lows[i]] = parts(power, 52);
  power = power * step >> BigInt(BITS);
}

/**
 * e^(x + rest) as (into[0] + into[1])·2^k, with into[0] near 1 to 2.
 *
 * With k + i/128 next to x/ln 2 and r what is left, |r| ≤ ln 2/256 < 2^-8.5, it is 2^k·2^(i/128)·e^r.
 * All but r²/2 + … is summed in two parts: rounding leaves 2·2^-53·2^-18, and other errors are less.
 *
 * @param x The exponent, between −746 and 710.
 * @param rest What comes after it, at most its last place.
 * @param into Gets both parts, to {@linkcode EXP_ERROR}.
 * @returns k.
 */
export function expParts(x: number, rest: number, into: Float64Array): number {
  const steps = x * (STEPS / Math.LN2) + NEAREST - NEAREST;
  const i = steps & STEPS - 1;
  const reduced = x - steps * STEP_HIGH;
  const middle = -steps * STEP_MIDDLE;
  const r = reduced + middle;
  const low = sumError(reduced, middle, r) + (rest - steps * STEP_LOW);
  const series = r * r *
    (1 / 2 + r * (1 / 6 + r * (1 / 24 + r * (1 / 120 + r * (1 / 720 + r * (1 / 5040))))));
  const product = highs[i] * r;
  const high = highs[i] + product;
  into[0] = high;
  into[1] = sumError(highs[i], product, high) + (productError(highs[i], r, product) +
    (lows[i] + (lows[i] * r + highs[i] * (low + low * r + series))));
  return (steps - i) / STEPS;
}

/** More than the error of {@linkcode expParts}, which was measured to be 2^-69.1 at most. */
export const EXP_ERROR = powerOfTwo(-67);

/** A fixed-point number in parts: the first ones cut off after so many digits, the last one rounded. */
function parts(value: bigint, ...digits: number[]): number[] {
  const found = digits.map((after) => {
    const rest = BigInt(BITS - after), part = value >> rest;
    value -= part << rest;
    return Number(part) * powerOfTwo(-after);
  });
  return [...found, Number(value) * powerOfTwo(-BITS)];
}
