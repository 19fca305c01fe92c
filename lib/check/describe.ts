/**
 * How a value that was given is named in an error: a string with its quotes, so that "1" does not
 * look like the number.
 *
 * @param value Any value.
 * @returns A few words.
 *
 * @example
 * ```ts
 * import { describe } from "./describe.ts";
 * import assert from "node:assert/strict";
 *
 * assert.deepEqual(["1", 1, null, []].map(describe), ['"1"', "1", "null", "an Array"]);
 * ```
 */
export function describe(value: unknown): string {
  if (typeof value === "string") return JSON.stringify(value);
  if (typeof value === "function") return "a function";
  if (typeof value !== "object" || value === null) return String(value);
  const kind = value.constructor?.name || "Object";
  return `${/^[AEIOU]/.test(kind) ? "an" : "a"} ${kind}`;
}
