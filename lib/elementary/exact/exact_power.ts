import { decide } from "./decide.ts";
import { type Dyadic, dyadic } from "./dyadic.ts";
import { fixedExp } from "./fixed_exp.ts";
import { fixedLog } from "./fixed_log.ts";
import { nearestDouble } from "./nearest_double.ts";

/**
 * x^y, correctly rounded.
 *
 * @param x A finite number above 0, and not 1.
 * @param y A finite number but 0, such that |y·ln x| is below 750.
 * @returns The double nearest to x^y.
 */
export function exactPower(x: number, y: number): number {
  const base = dyadic(x), size = dyadic(Math.abs(y));
  const finite = finitePower(base, size, y < 0);
  if (finite !== undefined) return nearestDouble(finite.mantissa, finite.exponent);
  const sign = y < 0 ? -1n : 1n;
  return decide((bits) => {
    // |ln x| is above 2^-54, so that |y| is below 2^64: ln x has 96 digits more.
    const log = fixedLog(base, bits + 96);
    const shift = BigInt(size.exponent - 96);
    const product = sign * log * size.mantissa;
    return fixedExp(shift < 0n ? product >> -shift : product << shift, bits);
  });
}

/**
 * x^±y where that has so few binary digits that it is a double or in the middle between two: only an
 * integer power of a number has, or of its root.
 */
function finitePower(x: Dyadic, y: Dyadic, inverted: boolean): Dyadic | undefined {
  let { mantissa, exponent } = x;
  for (let roots = -y.exponent; roots > 0; roots--) {
    const root = BigInt(Math.floor(Math.sqrt(Number(mantissa))));
    if (root * root !== mantissa || exponent % 2 !== 0) return undefined;
    mantissa = root;
    exponent /= 2;
  }
  const n = Number(y.mantissa << BigInt(Math.max(0, y.exponent)));
  // An odd number to a power above 34 has more than 54 digits, and its inverse never ends.
  if (mantissa !== 1n && (inverted || n > 34)) return undefined;
  return { mantissa: mantissa ** BigInt(n), exponent: (inverted ? -1 : 1) * exponent * n };
}
