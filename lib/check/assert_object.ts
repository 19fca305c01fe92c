import { describe } from "./describe.ts";

/**
 * Throws unless `value` is an object with properties, like the options of a function.
 *
 * @param action What cannot be done otherwise; the message starts with "Cannot {action}".
 * @param name The name of the value, as the caller knows it.
 * @param value The value to check.
 * @throws {TypeError} If the value is null, undefined, a primitive, an array or a function.
 *
 * @example
 * ```ts
 * import { assertObject } from "./assert_object.ts";
 * import assert from "node:assert/strict";
 *
 * assert.throws(
 *   () => assertObject("train", "options", null),
 *   /Cannot train: options must be an object, current value is null/,
 * );
 * ```
 */
export function assertObject(
  action: string,
  name: string,
  value: unknown,
): asserts value is object {
  if (typeof value !== "object" || value === null || Array.isArray(value)) {
    throw new TypeError(
      `Cannot ${action}: ${name} must be an object, current value is ${describe(value)}`,
    );
  }
}
