import { fixedLn2, fixedLogOfFraction } from "../exact/fixed_log.ts";
import { powerOfTwo } from "./power_of_two.ts";
import { productError, sumError } from "./rounding_error.ts";

const STEPS = 128;
const BITS = 128;
/** So many digits after the point the first part of ln 2 has, so that e times it is exact. */
const DIGITS = 42;
/** Added and taken away again, it leaves 25 digits after the point. */
const UPPER_HALF = 201326592;

const [LN2_HIGH, LN2_LOW] = parts(fixedLn2(BITS));
/** Minus ln(j/STEPS), for each j that a number between √½ and √2 leads to. */
const highs = new Float64Array(182), lows = new Float64Array(182);
for (const [last, by] of [[90, -1], [181, 1]]) {
  for (let j = STEPS, sum = 0n; j !== last; [highs[j], lows[j]] = parts(sum)) {
    const from = BigInt(j), to = BigInt(j += by);
    sum += fixedLogOfFraction(from, to, BITS);
  }
}

const number = new Float64Array(1);
const words = new Int32Array(number.buffer);

/**
 * ln(x + rest) as into[0] + into[1].
 *
 * x = 2^e·m with m between √½ and √2; with j/128 next to 1/m and r = m·j/128 − 1, |r| < 2^-7.4, it is
 * e·ln 2 − ln(j/128) + ln(1 + r), the first two from tables and exact in their first part.
 *
 * @param x A finite number above 0.
 * @param rest What comes after it, at most its last place.
 * @param into Gets both parts, to {@linkcode LOG_ERROR} relatively.
 */
export function logParts(x: number, rest: number, into: Float64Array): void {
  number[0] = x;
  let e = 0;
  if (words[1] < 0x100000) {
    // Below the normal numbers.
    number[0] = x *= powerOfTwo(54);
    e = -54;
  }
  const field = (words[1] >> 20) - 1023;
  e += field;
  let m = x * powerOfTwo(-field);
  if (m > Math.SQRT2) {
    m /= 2;
    e++;
  }
  const j = STEPS / m + 0.5 | 0;
  const inverse = j / STEPS;
  const upper = m + UPPER_HALF - UPPER_HALF;
  const a = upper * inverse - 1;
  const b = (m - upper) * inverse + (rest === 0 ? 0 : rest * powerOfTwo(-e) * inverse);
  const r = a + b;
  logOfOnePlus(r, sumError(a, b, r), e * LN2_HIGH + highs[j], e * LN2_LOW + lows[j], into);
}

/**
 * ln(1 + r + rest) + high + low as into[0] + into[1].
 *
 * r − r²/2 is summed in two parts, r³/3 − … in one: rounding leaves some 2·2^-53·|r|³/3, and the
 * series stops before r¹¹/11.
 *
 * @param r A number with |r| < 2^-7.4; below 2^-8 where high is 0.
 * @param rest What comes after it, at most its last place.
 * @param high 0, or such that the sum is at least 2^-8.
 * @param low What comes after that.
 * @param into Gets both parts, to {@linkcode LOG_ERROR} relatively.
 */
export function logOfOnePlus(
  r: number,
  rest: number,
  high: number,
  low: number,
  into: Float64Array,
): void {
  const square = r * r;
  const cube = square * r * (1 / 3 + r * (-1 / 4 + r * (1 / 5 + r * (-1 / 6 + r *
                  (1 / 7 + r * (-1 / 8 + r * (1 / 9 - r / 10)))))));
  const first = high + r;
  const half = -square / 2;
  const sum = first + half;
  const after = sumError(high, r, first) + sumError(first, half, sum) +
    (cube + (low + (rest - rest * r - productError(r, r, square) / 2)));
  into[0] = sum + after;
  into[1] = after - (into[0] - sum);
}

/** More than the relative error of {@linkcode logParts}, measured to be 2^-68.8 at most. */
export const LOG_ERROR = powerOfTwo(-66);

/** A fixed-point number in two parts, the first one cut off. */
function parts(value: bigint): [number, number] {
  const rest = BigInt(BITS - DIGITS), part = value >> rest;
  return [
    Number(part) * powerOfTwo(-DIGITS),
    Number(value - (part << rest)) * powerOfTwo(-BITS),
  ];
}
