import { fixedLn2 } from "./fixed_log.ts";

/** e^(r/2^HALVINGS) is squared so often. */
const HALVINGS = 8;

/**
 * The exponential function in fixed point, by e^x = 2^k·e^r with |r| ≤ ln 2/2 and Taylor's series.
 *
 * @param x The argument times 2^bits, known to within a unit; |x| is below 2^11.
 * @param bits How many binary digits come after the point, 128 or more.
 * @returns k, and e^r·2^bits between a half and 2: ln 2 is off by less than 2·bits units, so that r
 * is by 2^12·bits; the series by less than bits, which squaring multiplies by 2^9 at most. The error
 * is below 2^14·bits units.
 */
export function fixedExp(x: bigint, bits: number): { mantissa: bigint; exponent: number } {
  const B = BigInt(bits), one = 1n << B, ln2 = fixedLn2(bits);
  const exponent = Math.round(Number(x) / Number(ln2));
  const r = x - BigInt(exponent) * ln2 >> BigInt(HALVINGS);
  let mantissa = one;
  for (let term = r, n = 2n; term !== 0n; term = term * r / one / n++) mantissa += term;
  for (let i = 0; i < HALVINGS; i++) mantissa = mantissa * mantissa >> B;
  return { mantissa, exponent: exponent - bits };
}
