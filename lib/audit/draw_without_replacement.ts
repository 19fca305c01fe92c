/**
 * Draws some of the numbers 0 … n − 1 without replacement: selection sampling (Knuth, The Art of
 * Computer Programming, volume 2, Algorithm S).
 *
 * @param n How many numbers there are.
 * @param size How many to draw; all of them where there are not more.
 * @param random Uniform random numbers in [0, 1).
 * @returns The numbers, ascending.
 *
 * @example
 * ```ts
 * import { drawWithoutReplacement } from "./draw_without_replacement.ts";
 * import seedrandom from "seedrandom";
 * import assert from "node:assert/strict";
 *
 * assert.equal(drawWithoutReplacement(100, 7, seedrandom.alea("a seed")).length, 7);
 * assert.deepEqual([...drawWithoutReplacement(3, 7, Math.random)], [0, 1, 2]);
 * ```
 */
export function drawWithoutReplacement(
  n: number,
  size: number,
  random: () => number,
): Uint32Array {
  const drawn = new Uint32Array(Math.min(n, size));
  for (let i = 0, at = 0; at < drawn.length; i++) {
    if (random() * (n - i) < drawn.length - at) drawn[at++] = i;
  }
  return drawn;
}
