import { assertInteger } from "../check/assert_integer.ts";

/**
 * Finds the k-th largest of some numbers, in time that grows as their count does: Hoare's
 * quickselect (Algorithm 65: Find, 1961), with the median of three as pivot.
 *
 * @param values The numbers, without NaN; they are reordered.
 * @param k Which one, 1 for the largest.
 * @returns The number that k − 1 others are at least as large as.
 * @throws {RangeError} If k is not an integer between 1 and the count.
 *
 * @example
 * ```ts
 * import { kthLargest } from "./kth_largest.ts";
 * import assert from "node:assert/strict";
 *
 * assert.equal(kthLargest(Float64Array.of(3, 1, 4, 1, 5), 2), 4);
 * ```
 */
export function kthLargest(values: Float64Array, k: number): number {
  assertInteger("select", "k", k, 1, values.length);
  const wanted = values.length - k;
  for (let low = 0, high = values.length - 1; low < high;) {
    const [a, b, c] = [values[low], values[(low + high) >> 1], values[high]];
    const pivot = Math.max(Math.min(a, b), Math.min(Math.max(a, b), c));
    let i = low, j = high;
    while (i <= j) {
      while (values[i] < pivot) i++;
      while (values[j] > pivot) j--;
      if (i > j) break;
      const value = values[i];
      values[i++] = values[j];
      values[j--] = value;
    }
    if (wanted <= j) high = j;
    else if (wanted >= i) low = i;
    else return pivot;
  }
  return values[wanted];
}
