import { checkedOptions, number, uniformNumbers } from "../check.ts";
import { log } from "../math/elementary.ts";

/** Options of {@linkcode randomNormal}. */
export interface RandomNormalOptions {
  /** The standard deviation, at least 0. @default {1} */
  deviation?: number;
}

/**
 * Makes draws from a normal distribution with mean 0, by Marsaglia's polar method (1964).
 *
 * @param random Uniform random numbers between 0 and 1, from a seeded generator.
 * @param options The standard deviation.
 * @returns A function that draws one.
 * @throws {TypeError} If random is no function, the deviation no number, or an option unknown.
 * @throws {RangeError} If the deviation is negative or not finite.
 *
 * @example
 * ```ts
 * import { randomNormal } from "cosine-lab/training";
 * import seedrandom from "seedrandom";
 * import assert from "node:assert/strict";
 *
 * const draw = randomNormal(seedrandom.alea("a seed"));
 * const draws = Array.from({ length: 1_000 }, draw);
 * assert(Math.abs(draws.reduce((sum, each) => sum + each, 0)) < 100);
 * ```
 */
export function randomNormal(
  random: () => number,
  options: RandomNormalOptions = {},
): () => number {
  const uniform = uniformNumbers("draw normal numbers", random);
  const { deviation } = checkedOptions("draw normal numbers", options, {
    deviation: number(0, Infinity, 1),
  });
  let x = NaN, square = 0;
  return () => {
    let y = x;
    // The point in the unit disc has two coordinates; every other draw takes the one that is left.
    if (Number.isNaN(y)) {
      do {
        x = uniform() * 2 - 1;
        y = uniform() * 2 - 1;
        square = x * x + y * y;
      } while (square === 0 || square > 1);
    } else x = NaN;
    return deviation * y * Math.sqrt(-2 * log(square) / square);
  };
}
