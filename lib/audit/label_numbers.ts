/**
 * Turns labels of any kind into numbers from 0 on, in the order in which they come.
 *
 * @example
 * ```ts
 * import { labelNumbers } from "./label_numbers.ts";
 * import assert from "node:assert/strict";
 *
 * assert.deepEqual([...labelNumbers(["b", "a", "b"])], [0, 1, 0]);
 * ```
 */
export function labelNumbers(labels: readonly (string | number)[]): Uint32Array {
  const numbers = new Map<string, number>();
  return Uint32Array.from(labels, (label) => {
    const known = numbers.get(String(label));
    if (known !== undefined) return known;
    numbers.set(String(label), numbers.size);
    return numbers.size - 1;
  });
}
