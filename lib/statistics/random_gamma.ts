import { log, log1p, power } from "../math/elementary.ts";
import { randomNormal } from "./random_normal.ts";

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
 * import { randomGamma } from "./random_gamma.ts";
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
