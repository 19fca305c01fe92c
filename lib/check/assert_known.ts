import { assertFunction } from "./assert_function.ts";
import { assertObject } from "./assert_object.ts";

/**
 * Throws unless `options` is an object that has none but the options that there are: a misspelled one
 * would otherwise be the default in silence. What is called `onProgress` is a function everywhere.
 *
 * @param action What cannot be done otherwise; the message starts with "Cannot {action}".
 * @param options The options to check.
 * @param known The options that there are.
 * @throws {TypeError} If options is not an object, has another property, or an onProgress that is not a function.
 *
 * @example
 * ```ts
 * import { assertKnown } from "./assert_known.ts";
 * import assert from "node:assert/strict";
 *
 * assert.throws(
 *   () => assertKnown("train", { ranc: 3 }, ["rank", "seed"]),
 *   /TypeError: Cannot train: there is no option "ranc", there are rank and seed/,
 * );
 * ```
 */
export function assertKnown(action: string, options: object, known: readonly string[]): void {
  assertObject(action, "options", options);
  const other = Object.keys(options).find((name) => !known.includes(name));
  const { onProgress } = options as { onProgress?: unknown };
  if (other === undefined) {
    if (onProgress !== undefined) assertFunction(action, "onProgress", onProgress);
    return;
  }
  const all = known.length > 1
    ? `there are ${known.slice(0, -1).join(", ")} and ${known.at(-1)}`
    : `there is ${known}`;
  throw new TypeError(`Cannot ${action}: there is no option "${other}", ${all}`);
}
