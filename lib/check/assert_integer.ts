import { describe } from "./describe.ts";

/**
 * Throws unless `value` is an integer within bounds. Of integers beyond 2⁵³ − 1 some have no number of
 * their own, and counting never gets there: they are refused.
 *
 * @param action What cannot be done otherwise; the message starts with "Cannot {action}".
 * @param name The name of the value, as the caller knows it.
 * @param value The value to check.
 * @param min The smallest value that is allowed.
 * @param max The largest value that is allowed; by default that of all integers that are exact.
 * @throws {TypeError} If the value is not a number.
 * @throws {RangeError} If the value is not an integer, or out of bounds.
 *
 * @example
 * ```ts
 * import { assertInteger } from "./assert_integer.ts";
 * import assert from "node:assert/strict";
 *
 * assert.throws(
 *   () => assertInteger("factorize", "rank", 0, 1, 12),
 *   /Cannot factorize: rank must be an integer between 1 and 12, current value is 0/,
 * );
 * ```
 */
export function assertInteger(
  action: string,
  name: string,
  value: unknown,
  min: number,
  max: number = Number.MAX_SAFE_INTEGER,
): asserts value is number {
  const tooLarge = typeof value === "number" && value > Number.MAX_SAFE_INTEGER;
  const bounds = max === Number.MAX_SAFE_INTEGER && !tooLarge
    ? `of at least ${min}`
    : `between ${min} and ${max}`;
  const message = `Cannot ${action}: ${name} must be an integer ${bounds}, current value is`;
  if (typeof value !== "number") throw new TypeError(`${message} ${describe(value)}`);
  if (!Number.isInteger(value) || value < min || value > max) {
    throw new RangeError(`${message} ${value}`);
  }
}
