const number = new Float64Array(1);
const pattern = new BigUint64Array(number.buffer);

/** A number above 0 with finitely many binary digits: mantissa·2^exponent. */
export interface Dyadic {
  /** A positive integer. */
  mantissa: bigint;
  /** The exponent of two. */
  exponent: number;
}

/**
 * Takes a double apart, without rounding.
 *
 * @param x A finite number above 0.
 * @returns Its mantissa, an odd one, and its exponent.
 */
export function dyadic(x: number): Dyadic {
  number[0] = x;
  const field = Number(pattern[0] >> 52n);
  let mantissa = pattern[0] & 0xfffffffffffffn | (field > 0 ? 1n << 52n : 0n);
  let exponent = Math.max(field, 1) - 1075;
  while ((mantissa & 1n) === 0n) {
    mantissa >>= 1n;
    exponent++;
  }
  return { mantissa, exponent };
}

/** 1 + x for a finite x above −1, other than 0. */
export function onePlus(x: number): Dyadic {
  const { mantissa, exponent } = dyadic(Math.abs(x));
  const below = Math.min(exponent, 0);
  const size = mantissa << BigInt(exponent - below);
  return { mantissa: (1n << BigInt(-below)) + (x < 0 ? -size : size), exponent: below };
}

/** x·2^bits for a finite x but 0, rounded down. */
export function fixed(x: number, bits: number): bigint {
  const { mantissa, exponent } = dyadic(Math.abs(x));
  const shift = BigInt(exponent + bits);
  const signed = x < 0 ? -mantissa : mantissa;
  return shift < 0n ? signed >> -shift : signed << shift;
}
