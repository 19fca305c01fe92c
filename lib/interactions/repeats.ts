import { describe } from "../check/describe.ts";

/**
 * What to do about a (user, item) pair that is there more than once: `"refuse"` it as an error,
 * count it `"once"`, or take the `"sum"` of its values (where there is no value, how often it is
 * there).
 */
export type Repeats = "refuse" | "once" | "sum";

/**
 * Throws unless `repeats` is one of the three, and not `"once"` where each repeat has a value of its own.
 *
 * @param action What cannot be done otherwise; the message starts with "Cannot {action}".
 * @param repeats The value to check.
 * @param value The column of values, if any.
 * @throws {RangeError} If it is none of them, or cannot be.
 *
 * @example
 * ```ts
 * import { assertRepeats } from "./repeats.ts";
 * import assert from "node:assert/strict";
 *
 * assert.throws(
 *   () => assertRepeats("read interactions", "once", "rating"),
 *   /Cannot read interactions: repeats must not be "once" where there are values/,
 * );
 * ```
 */
export function assertRepeats(
  action: string,
  repeats: unknown,
  value: string | undefined,
): asserts repeats is Repeats {
  if (repeats !== "refuse" && repeats !== "once" && repeats !== "sum") {
    throw new RangeError(
      `Cannot ${action}: repeats must be "refuse", "once" or "sum", current value is ` +
        describe(repeats),
    );
  }
  if (repeats === "once" && value !== undefined) {
    throw new RangeError(
      `Cannot ${action}: repeats must not be "once" where there are values, which may differ; ` +
        `"sum" adds them`,
    );
  }
}
