/** The most numbers that a WebAssembly kernel can address, in double precision. */
export const LARGEST_KERNEL = 2 ** 29;

/** The most numbers that anything is made of at once; as Float64 they take 17 GB. */
const MOST = 2 ** 31;

/**
 * Throws if a result would be larger than what can sensibly be asked for, before any memory is taken.
 *
 * @param action What cannot be done otherwise; the message starts with "Cannot {action}".
 * @param what What is large, with the values that make it so.
 * @param numbers How many numbers it takes.
 * @param most How many there may be, 2³¹ by default.
 * @throws {RangeError} If there are more.
 *
 * @example
 * ```ts
 * import { assertSize } from "./assert_size.ts";
 * import assert from "node:assert/strict";
 *
 * assert.throws(
 *   () => assertSize("draw a rotation", "a matrix of k x k numbers, k = 1000000,", 1e12),
 *   /Cannot draw a rotation: a matrix of k x k .* would take 8000 GB, 17 GB are the most/,
 * );
 * ```
 */
export function assertSize(
  action: string,
  what: string,
  numbers: number,
  most: number = MOST,
): void {
  if (numbers <= most) return;
  const gigabytes = (8 * numbers / 1e9).toLocaleString("en", {
    maximumSignificantDigits: 2,
    useGrouping: false,
  });
  throw new RangeError(
    `Cannot ${action}: ${what} would take ${gigabytes} GB, ${
      Math.round(8 * most / 1e9)
    } GB are the most`,
  );
}
