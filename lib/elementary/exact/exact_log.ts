import { decide } from "./decide.ts";
import type { Dyadic } from "./dyadic.ts";
import { fixedLn2, fixedLog } from "./fixed_log.ts";

/** ln x for any x above 0 but 1, correctly rounded. */
export const exactLog = (x: Dyadic): number => signed((bits) => fixedLog(x, bits));

/** log₂ x for any x above 0 but powers of two, correctly rounded. */
export const exactLog2 = (x: Dyadic): number =>
  signed((bits) => (fixedLog(x, bits) << BigInt(bits)) / fixedLn2(bits));

function signed(logarithm: (bits: number) => bigint): number {
  const sign = logarithm(192) < 0n ? -1 : 1;
  return sign * decide((bits) => ({ mantissa: BigInt(sign) * logarithm(bits), exponent: -bits }));
}
