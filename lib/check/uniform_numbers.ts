import { assertFunction } from "./assert_function.ts";

/** Chance does not give one number so often in a row: of 32 bits, once in 2³²⁰⁰ draws. */
const MOST_EQUAL = 100;

/**
 * Uniform random numbers of a generator that somebody gave, checked as they are drawn: where one is
 * rejected until another comes, a generator that is stuck would be asked for ever.
 *
 * @param action What cannot be done otherwise; the message starts with "Cannot {action}".
 * @param random The generator.
 * @returns The same numbers.
 * @throws {TypeError} If random is not a function.
 * @throws {RangeError} While drawing, if it gives anything but numbers from 0 to below 1, or the same
 * number a hundred times in a row.
 *
 * @example
 * ```ts
 * import { uniformNumbers } from "./uniform_numbers.ts";
 * import assert from "node:assert/strict";
 *
 * const random = uniformNumbers("shuffle", () => 2);
 * assert.throws(random, /Cannot shuffle: random must give numbers from 0 to below 1, it gave 2/);
 * ```
 */
export function uniformNumbers(action: string, random: () => number): () => number {
  assertFunction(action, "random", random);
  let last = NaN, equal = 0;
  return () => {
    const number = random();
    if (!(number >= 0 && number < 1)) {
      throw new RangeError(
        `Cannot ${action}: random must give numbers from 0 to below 1, it gave ${number}`,
      );
    }
    equal = number === last ? equal + 1 : 0;
    last = number;
    if (equal < MOST_EQUAL) return number;
    throw new RangeError(
      `Cannot ${action}: random must give different numbers, it gave ${number} again and again`,
    );
  };
}
