/**
 * Sorts indices by descending score; of equal scores the lower index comes first.
 *
 * A merge sort of typed arrays: several times faster than `sort` with a function that compares.
 *
 * @param scores The scores; none may be NaN.
 * @returns The indices, that of the highest score first.
 *
 * @example
 * ```ts
 * import { descendingOrder } from "./descending_order.ts";
 * import assert from "node:assert/strict";
 *
 * assert.deepEqual([...descendingOrder([0.5, 2, 0.5])], [1, 0, 2]);
 * ```
 */
export function descendingOrder(scores: ArrayLike<number>): Uint32Array {
  const length = scores.length;
  let order = Uint32Array.from({ length }, (_, i) => i);
  let merged = new Uint32Array(length);
  for (let width = 1; width < length; width *= 2) {
    for (let start = 0; start < length; start += 2 * width) {
      const middle = Math.min(start + width, length), end = Math.min(middle + width, length);
      let left = start, right = middle;
      for (let at = start; at < end; at++) {
        // Equal scores are taken from the left: that keeps the lower index first.
        const takeLeft = right >= end ||
          (left < middle && scores[order[left]] >= scores[order[right]]);
        merged[at] = takeLeft ? order[left++] : order[right++];
      }
    }
    [order, merged] = [merged, order];
  }
  return order;
}
