import { describe } from "./describe.ts";

/**
 * Throws unless `value` is one of the words that are allowed.
 *
 * @param action What cannot be done otherwise; the message starts with "Cannot {action}".
 * @param name The name of the value, as the caller knows it.
 * @param value The value to check.
 * @param allowed The words.
 * @throws {RangeError} If it is none of them.
 *
 * @example
 * ```ts
 * import { assertOneOf } from "./assert_one_of.ts";
 * import assert from "node:assert/strict";
 *
 * assert.throws(
 *   () => assertOneOf("train", "output", "dots", ["dot", "cosine"]),
 *   /RangeError: Cannot train: output must be "dot" or "cosine", current value is "dots"/,
 * );
 * ```
 */
export function assertOneOf(
  action: string,
  name: string,
  value: unknown,
  allowed: readonly string[],
): void {
  if (allowed.includes(value as string)) return;
  const words = allowed.map((word) => `"${word}"`).join(" or ");
  throw new RangeError(
    `Cannot ${action}: ${name} must be ${words}, current value is ${describe(value)}`,
  );
}
