import { describe } from "../check.ts";

/**
 * Throws unless `paths` is the path of a file, or several.
 *
 * @param action What cannot be done otherwise; the message starts with "Cannot {action}".
 * @param paths The value to check.
 * @throws {TypeError} If it is not a string and no array of strings.
 * @throws {RangeError} If there is none, or one is empty.
 *
 * @example
 * ```ts
 * import { assertPaths } from "./assert_paths.ts";
 * import assert from "node:assert/strict";
 *
 * assert.throws(() => assertPaths("read counts", []), /Cannot read counts: there must be a path/);
 * ```
 */
export function assertPaths(
  action: string,
  paths: unknown,
): asserts paths is string | readonly string[] {
  const all: unknown[] = Array.isArray(paths) ? paths : [paths];
  for (const path of all) {
    if (typeof path === "string") continue;
    throw new TypeError(
      `Cannot ${action}: paths must be a string or an array of strings, one is ${describe(path)}`,
    );
  }
  if (all.length === 0 || all.includes("")) {
    throw new RangeError(`Cannot ${action}: there must be a path`);
  }
}
