import { describe } from "./describe.ts";

/** A lower bound: the smallest value that is allowed, or the one that a value must be above. */
export type LowerBound = number | { above: number };

/**
 * Throws unless `value` is a finite number within bounds.
 *
 * @param action What cannot be done otherwise; the message starts with "Cannot {action}".
 * @param name The name of the value, as the caller knows it.
 * @param value The value to check.
 * @param min The smallest value that is allowed, or `{ above }` where the bound itself is not;
 * unbounded by default.
 * @param max The largest value that is allowed; unbounded by default.
 * @throws {TypeError} If the value is not a number.
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
 * assert.throws(
 *   () => assertNumber("train", "learningRate", 0, { above: 0 }),
 *   /Cannot train: learningRate must be a finite number above 0, current value is 0/,
 * );
 * ```
 */
export function assertNumber(
  action: string,
  name: string,
  value: unknown,
  min: LowerBound = -Infinity,
  max = Infinity,
): asserts value is number {
  const message = `Cannot ${action}: ${name} must be a finite number${bounds(min, max)}, ` +
    "current value is";
  if (typeof value !== "number") throw new TypeError(`${message} ${describe(value)}`);
  const low = typeof min === "number" ? value < min : value <= min.above;
  if (!Number.isFinite(value) || low || value > max) throw new RangeError(`${message} ${value}`);
}

function bounds(min: LowerBound, max: number): string {
  if (typeof min !== "number") {
    return ` above ${min.above}${max === Infinity ? "" : ` and at most ${max}`}`;
  }
  if (max !== Infinity) return ` between ${min} and ${max}`;
  return min === -Infinity ? "" : ` of at least ${min}`;
}
