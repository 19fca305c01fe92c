/**
 * Shuffles an array in place (Fisher and Yates).
 *
 * @param entries What to shuffle.
 * @param random The source of uniform numbers in [0, 1).
 * @returns The same array.
 *
 * @example
 * ```ts
 * import { shuffle } from "./shuffle.ts";
 * import assert from "node:assert/strict";
 *
 * assert.deepEqual([...shuffle(Uint32Array.of(1, 2, 3), () => 0)], [2, 3, 1]);
 * ```
 */
export function shuffle(entries: Uint32Array, random: () => number): Uint32Array {
  for (let i = entries.length - 1; i > 0; i--) {
    const j = Math.floor(random() * (i + 1));
    [entries[i], entries[j]] = [entries[j], entries[i]];
  }
  return entries;
}
