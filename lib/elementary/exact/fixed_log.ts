import type { Dyadic } from "./dyadic.ts";

/**
 * The natural logarithm in fixed point.
 *
 * @param x A number above 0.
 * @param bits How many binary digits come after the point, 128 or more.
 * @returns ln(x)·2^bits, to within (1 + |e|)·2·bits units, where 2^e ≤ x < 2^(e + 1).
 */
export function fixedLog(x: Dyadic, bits: number): bigint {
  const digits = x.mantissa.toString(2).length - 1;
  const exponent = BigInt(x.exponent + digits);
  return exponent * fixedLn2(bits) + fixedLogOfFraction(x.mantissa, 1n << BigInt(digits), bits);
}

const known = new Map<number, bigint>();

/** ln 2·2^bits, to within 2·bits units. */
export function fixedLn2(bits: number): bigint {
  const ln2 = known.get(bits) ?? fixedLogOfFraction(2n, 1n, bits);
  known.set(bits, ln2);
  return ln2;
}

/**
 * ln(n/d)·2^bits for ½ ≤ n/d ≤ 2, by 2·artanh z = 2·(z + z³/3 + z⁵/5 + …) with z = (n − d)/(n + d).
 * As z² ≤ 1/9 there are less than bits/3 terms, each off by less than 3 units.
 */
export function fixedLogOfFraction(n: bigint, d: bigint, bits: number): bigint {
  const B = BigInt(bits);
  const size = n > d ? n - d : d - n;
  const z = (size << B) / (n + d);
  const square = z * z >> B;
  let sum = 0n;
  for (let power = z, k = 1n; power > 0n; power = power * square >> B, k += 2n) sum += power / k;
  return n > d ? 2n * sum : -2n * sum;
}
