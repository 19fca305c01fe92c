import { power } from "../elementary/power.ts";

/**
 * The distribution that negatives are drawn from: popularity to the power of β, the unigram distribution
 * of word2vec with β = 3/4 (Mikolov et al., 2013b). What never occurs is never drawn, for β = 0 too.
 *
 * @param counts How often each item occurs as a context.
 * @param exponent β.
 * @returns A probability for each item.
 *
 * @example
 * ```ts
 * import { noiseDistribution } from "./noise_distribution.ts";
 * import assert from "node:assert/strict";
 *
 * assert.deepEqual([...noiseDistribution([4, 1, 0], 0.5)], [2 / 3, 1 / 3, 0]);
 * ```
 */
export function noiseDistribution(counts: ArrayLike<number>, exponent: number): Float64Array {
  const weights = Float64Array.from(counts, (count) => count > 0 ? power(count, exponent) : 0);
  const total = weights.reduce((sum, weight) => sum + weight, 0);
  return weights.map((weight) => weight / total);
}
