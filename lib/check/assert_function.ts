import { describe } from "./describe.ts";

/**
 * Throws unless `value` is a function.
 *
 * @param action What cannot be done otherwise; the message starts with "Cannot {action}".
 * @param name The name of the value, as the caller knows it.
 * @param value The value to check.
 * @throws {TypeError} If it is anything else.
 *
 * @example
 * ```ts
 * import { assertFunction } from "./assert_function.ts";
 * import assert from "node:assert/strict";
 *
 * assert.throws(
 *   () => assertFunction("train", "onProgress", true),
 *   /Cannot train: onProgress must be a function, current value is true/,
 * );
 * ```
 */
export function assertFunction(
  action: string,
  name: string,
  value: unknown,
  // deno-lint-ignore ban-types -- of any arguments
): asserts value is Function {
  if (typeof value === "function") return;
  throw new TypeError(
    `Cannot ${action}: ${name} must be a function, current value is ${describe(value)}`,
  );
}
