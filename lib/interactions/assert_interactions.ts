import { LARGEST_FACTOR } from "../check/assert_finite.ts";
import { describe } from "../check/describe.ts";
import { Interactions } from "./interactions.ts";

/**
 * Throws unless `x` is an {@linkcode Interactions}.
 *
 * @param action What cannot be done otherwise; the message starts with "Cannot {action}".
 * @param name The name of the value, as the caller knows it.
 * @param x The value to check.
 * @throws {TypeError} If it is anything else, a dense matrix for example.
 * @throws {RangeError} If a value is so large that products overflow.
 *
 * @example
 * ```ts
 * import { assertInteractions } from "./assert_interactions.ts";
 * import assert from "node:assert/strict";
 *
 * assert.throws(
 *   () => assertInteractions("train", "x", [[1]]),
 *   /Cannot train: x must be an Interactions \(.*fromDense makes one.*\), current value is an Array/,
 * );
 * ```
 */
export function assertInteractions(
  action: string,
  name: string,
  x: unknown,
): asserts x is Interactions {
  if (!(x instanceof Interactions)) {
    throw new TypeError(
      `Cannot ${action}: ${name} must be an Interactions (Interactions.fromDense makes one of a ` +
        `matrix), current value is ${describe(x)}`,
    );
  }
  if (moderate.has(x)) return;
  const large = x.values?.find((value) => Math.abs(value) > LARGEST_FACTOR);
  if (large !== undefined) {
    throw new RangeError(
      `Cannot ${action}: the values of ${name} must be at most ${LARGEST_FACTOR} in size, one is ${large}`,
    );
  }
  moderate.add(x);
}

/** Interactions whose values were looked at before. */
const moderate = new WeakSet<Interactions>();
