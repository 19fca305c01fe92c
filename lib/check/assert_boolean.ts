import { describe } from "./describe.ts";

/**
 * Throws unless `value` is true or false: any other value would count as one of them, `"false"` as
 * true.
 *
 * @param action What cannot be done otherwise; the message starts with "Cannot {action}".
 * @param name The name of the value, as the caller knows it.
 * @param value The value to check.
 * @throws {TypeError} If the value is no boolean.
 *
 * @example
 * ```ts
 * import { assertBoolean } from "./assert_boolean.ts";
 * import assert from "node:assert/strict";
 *
 * assert.throws(
 *   () => assertBoolean("train", "normalizeInput", "false"),
 *   /Cannot train: normalizeInput must be true or false, current value is "false"/,
 * );
 * ```
 */
export function assertBoolean(
  action: string,
  name: string,
  value: unknown,
): asserts value is boolean {
  if (typeof value === "boolean") return;
  throw new TypeError(
    `Cannot ${action}: ${name} must be true or false, current value is ${describe(value)}`,
  );
}
