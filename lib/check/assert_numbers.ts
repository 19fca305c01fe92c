import { assertNumber, type LowerBound } from "./assert_number.ts";
import { describe } from "./describe.ts";

/**
 * Throws unless `values` is an array, typed or not, of finite numbers within bounds.
 *
 * @param action What cannot be done otherwise; the message starts with "Cannot {action}".
 * @param name The name of the array, as the caller knows it.
 * @param values The array to check.
 * @param min The smallest value that is allowed, as {@linkcode assertNumber} takes it.
 * @param max The largest value that is allowed; unbounded by default.
 * @throws {TypeError} If it is no array, or an entry is not a number.
 * @throws {RangeError} If an entry is NaN, infinite or out of bounds.
 *
 * @example
 * ```ts
 * import { assertNumbers } from "./assert_numbers.ts";
 * import assert from "node:assert/strict";
 *
 * assert.throws(
 *   () => assertNumbers("bootstrap", "values", [1, NaN]),
 *   /Cannot bootstrap: values\[1\] must be a finite number, current value is NaN/,
 * );
 * ```
 */
export function assertNumbers(
  action: string,
  name: string,
  values: unknown,
  min: LowerBound = -Infinity,
  max = Infinity,
): asserts values is ArrayLike<number> {
  const isArray = Array.isArray(values) || ArrayBuffer.isView(values) && "length" in values;
  if (!isArray) {
    throw new TypeError(
      `Cannot ${action}: ${name} must be an array of numbers, current value is ${describe(values)}`,
    );
  }
  const entries = values as ArrayLike<number>;
  for (let i = 0; i < entries.length; i++) {
    assertNumber(action, `${name}[${i}]`, entries[i], min, max);
  }
}
