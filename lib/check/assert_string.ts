import { describe } from "./describe.ts";

/**
 * Throws unless `value` is a string. A seed has to be one: of `undefined`, seedrandom makes a seed
 * of its own, and the result is another one on every run.
 *
 * @param action What cannot be done otherwise; the message starts with "Cannot {action}".
 * @param name The name of the value, as the caller knows it.
 * @param value The value to check.
 * @throws {TypeError} If the value is not a string.
 *
 * @example
 * ```ts
 * import { assertString } from "./assert_string.ts";
 * import assert from "node:assert/strict";
 *
 * assert.throws(
 *   () => assertString("split users", "seed", 7),
 *   /Cannot split users: seed must be a string, current value is 7/,
 * );
 * ```
 */
export function assertString(
  action: string,
  name: string,
  value: unknown,
): asserts value is string {
  if (typeof value !== "string") {
    throw new TypeError(
      `Cannot ${action}: ${name} must be a string, current value is ${describe(value)}`,
    );
  }
}
