import { parseNumber } from "./parse_number.ts";

/** Powers of ten that are exact. */
const POWERS = Float64Array.from({ length: 23 }, (_, i) => Number(`1e${i}`));
/** Below 2^53, so that one more division is the only rounding. */
const MOST_DIGITS = 15;

/**
 * Reads the number that stands in `bytes` from `from` to `to`; undefined for what is none.
 *
 * What has up to 15 digits and no exponent, as vectors are mostly printed, is read without making
 * a string of it: an exact integer by an exact power of ten is rounded correctly (Clinger 1990), so
 * the digits are those of `Number`.
 */
export function parseDecimal(bytes: Uint8Array, from: number, to: number): number | undefined {
  let at = from, digits = 0, value = 0, point = -1;
  const sign = bytes[at];
  if (sign === MINUS || sign === PLUS) at++;
  for (; at < to; at++) {
    const digit = bytes[at] - ZERO;
    if (digit >= 0 && digit <= 9) {
      value = value * 10 + digit;
      if (value > 0) digits++;
    } else if (bytes[at] === POINT && point < 0) point = at;
    else break;
  }
  const decimals = point < 0 ? 0 : to - 1 - point;
  const length = to - from - (sign === MINUS || sign === PLUS ? 1 : 0) - (point < 0 ? 0 : 1);
  if (at === to && length > 0 && digits <= MOST_DIGITS && decimals < POWERS.length) {
    const result = decimals === 0 ? value : value / POWERS[decimals];
    return sign === MINUS ? -result : result;
  }
  return parseNumber(String.fromCharCode(...bytes.subarray(from, Math.min(to, from + 60))));
}

const ZERO = 0x30, MINUS = 0x2d, PLUS = 0x2b, POINT = 0x2e;
