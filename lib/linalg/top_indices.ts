import { kthLargest } from "./kth_largest.ts";

/**
 * Finds the largest of some numbers: a selection, and a sort of those selected.
 *
 * @param values The numbers, without NaN.
 * @param count How many to find; all where there are fewer.
 * @returns Their indices, the largest first; of equal numbers the lower index.
 *
 * @example
 * ```ts
 * import { topIndices } from "./top_indices.ts";
 * import assert from "node:assert/strict";
 *
 * assert.deepEqual([...topIndices(Float64Array.of(3, 1, 4, 1, 3), 4)], [2, 0, 4, 1]);
 * ```
 */
export function topIndices(values: Float64Array, count: number): Uint32Array {
  if (values.length === 0 || count < 1) return new Uint32Array(0);
  const lowest = kthLargest(values.slice(), Math.min(count, values.length));
  const indices: number[] = [];
  for (let i = 0; i < values.length; i++) if (values[i] >= lowest) indices.push(i);
  // Numbers alone are sorted several times as fast as indices by their numbers.
  const ascending = new Float64Array(indices.length);
  for (let i = 0; i < indices.length; i++) ascending[i] = values[indices[i]];
  ascending.sort();
  const ranked = new Uint32Array(indices.length), equals = new Uint32Array(indices.length);
  for (const index of indices) {
    const place = indices.length - countUpTo(ascending, values[index]);
    ranked[place + equals[place]++] = index;
  }
  return ranked.subarray(0, count);
}

/** How many of the sorted values are not above the value. */
function countUpTo(ascending: Float64Array, value: number): number {
  let low = 0, high = ascending.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (ascending[middle] <= value) low = middle + 1;
    else high = middle;
  }
  return low;
}
