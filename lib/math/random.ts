import { checkedOptions, number, uniformNumbers } from "../check.ts";
import { log, log1p, power } from "./elementary.ts";

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
 * @throws {TypeError} If random is not a function, the deviation is not a number, or an option unknown.
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

/**
 * Makes draws from a gamma distribution of scale 1, by Marsaglia and Tsang (2000), "A simple method
 * for generating gamma variables".
 *
 * @param random Uniform random numbers between 0 and 1, from a seeded generator.
 * @param shape The shape, above 0; 1 is the exponential distribution.
 * @returns A function that draws one.
 *
 * @example
 * ```ts
 * import { randomGamma } from "./random.ts";
 * import seedrandom from "seedrandom";
 * import assert from "node:assert/strict";
 *
 * const draw = randomGamma(seedrandom.alea("a seed"), 10);
 * const draws = Array.from({ length: 1_000 }, draw);
 * assert(Math.abs(draws.reduce((sum, each) => sum + each, 0) / 1_000 - 10) < 0.5);
 * ```
 */
export function randomGamma(random: () => number, shape: number): () => number {
  if (shape === 1) return () => -log1p(-random());
  const normal = randomNormal(random);
  const d = (shape < 1 ? shape + 1 : shape) - 1 / 3;
  const c = 1 / (3 * Math.sqrt(d));
  return () => {
    for (;;) {
      const x = normal();
      const root = 1 + c * x;
      if (root <= 0) continue;
      const v = root * (root * root);
      const u = 1 - random();
      if (
        u < 1 - 0.0331 * x * x * x * x || log(u) < 0.5 * x * x + d * (1 - v + log(v))
      ) {
        // A shape below 1 is one above, made smaller.
        return d * v * (shape < 1 ? power(random(), 1 / shape) : 1);
      }
    }
  };
}

/** What can be shuffled: entries that can be swapped. */
type Shuffled = { [index: number]: unknown; readonly length: number };

/**
 * Shuffles an array in place (Fisher and Yates).
 *
 * @param entries What to shuffle.
 * @param random The source of uniform numbers in [0, 1).
 * @returns The same array.
 *
 * @example
 * ```ts
 * import { shuffle } from "./random.ts";
 * import assert from "node:assert/strict";
 *
 * assert.deepEqual([...shuffle(Uint32Array.of(1, 2, 3), () => 0)], [2, 3, 1]);
 * ```
 */
export function shuffle<List extends Shuffled>(entries: List, random: () => number): List {
  for (let i = entries.length - 1; i > 0; i--) {
    const j = Math.floor(random() * (i + 1));
    [entries[i], entries[j]] = [entries[j], entries[i]];
  }
  return entries;
}
