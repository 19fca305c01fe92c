import { assertNumber } from "../check.ts";

/**
 * Says that an error is below a bound, in words that are the same on every machine; or what it is,
 * where it is not below the bound.
 *
 * The last digits of a rounding error differ from machine to machine: a notebook that printed them
 * would not rerun without a diff.
 *
 * @param error The error, 0 or more.
 * @param bound The bound.
 * @returns "below 1e-12", or the error with two digits.
 * @throws {TypeError} If one of them is not a number.
 * @throws {RangeError} If one of them is negative or not finite.
 *
 * @example
 * ```ts
 * import { formatError } from "cosine-lab/notebook";
 * import assert from "node:assert/strict";
 *
 * assert.equal(formatError(3.1e-15), "below 1e-12");
 * assert.equal(formatError(0.25), "0.25");
 * ```
 */
export function formatError(error: number, bound = 1e-12): string {
  assertNumber("state an error", "error", error, 0);
  assertNumber("state an error", "bound", bound, 0);
  return error < bound ? `below ${bound.toExponential().replace("+", "")}` : formatted(error);
}

function formatted(error: number): string {
  return error >= 1e-3 && error < 1e6 ? String(+error.toPrecision(2)) : error.toExponential(1);
}
