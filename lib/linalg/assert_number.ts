/**
 * Throws unless `value` is a finite number within bounds.
 *
 * @param action What cannot be done otherwise; the message starts with "Cannot {action}".
 * @param name The name of the value, as the caller knows it.
 * @param value The value to check.
 * @param min The smallest value that is allowed; unbounded by default.
 * @param max The largest value that is allowed; unbounded by default.
 * @throws {TypeError} If the value is no number.
 * @throws {RangeError} If the value is NaN, infinite or out of bounds.
 *
 * @example
 * ```ts
 * import { assertNumber } from "./assert_number.ts";
 * import assert from "node:assert/strict";
 *
 * assert.throws(
 *   () => assertNumber("shrink", "lambda", -1, 0),
 *   /Cannot shrink: lambda must be a finite number of at least 0, current value is -1/,
 * );
 * ```
 */
export function assertNumber(
  action: string,
  name: string,
  value: unknown,
  min = -Infinity,
  max = Infinity,
): asserts value is number {
  const bounds = max !== Infinity
    ? ` between ${min} and ${max}`
    : min !== -Infinity
    ? ` of at least ${min}`
    : "";
  const message = `Cannot ${action}: ${name} must be a finite number${bounds}, current value is`;
  if (typeof value !== "number") throw new TypeError(`${message} ${String(value)}`);
  if (!Number.isFinite(value) || value < min || value > max) {
    throw new RangeError(`${message} ${value}`);
  }
}
