/**
 * Makes a function that ranks a value among sorted numbers: it looks into the one of many buckets of
 * equal width that the value falls into, most often at a single number.
 *
 * @param sorted Finite numbers in ascending order, at least one.
 * @returns A function of a finite value: how many of the numbers are below it, doubled, and one more
 * for each that is equal to it.
 *
 * @example
 * ```ts
 * import { rankAmong } from "./rank_among.ts";
 * import assert from "node:assert/strict";
 *
 * const twiceRank = rankAmong(new Float64Array([-1, 2, 2, 3]));
 * assert.deepEqual([-2, 1, 2, 5].map(twiceRank), [0, 2, 4, 8]);
 * ```
 */
export function rankAmong(sorted: Float64Array): (value: number) => number {
  const n = sorted.length;
  const low = sorted[0], high = sorted[n - 1];
  const width = (n - 1) / (high - low);
  // One bucket for numbers that are all equal, or so close or so far that no width can be told.
  const scale = Number.isFinite(width) ? width : 0;
  // Rounding keeps the order: what is in a lower bucket is a smaller number.
  const bucketOf = (value: number) => (value - low) * scale >>> 0;
  const starts = new Uint32Array(n + 1);
  for (let i = 0; i < n; i++) starts[bucketOf(sorted[i]) + 1]++;
  for (let b = 0; b < n; b++) starts[b + 1] += starts[b];
  return (value) => {
    if (value < low) return 0;
    if (value > high) return 2 * n;
    const bucket = bucketOf(value);
    const end = starts[bucket + 1];
    const below = firstFrom(sorted, value, starts[bucket], end);
    return sorted[below] === value ? below + firstAbove(sorted, value, below, end) : 2 * below;
  };
}

/** The first place from start on that holds the value or more; end if none before it does. */
function firstFrom(sorted: Float64Array, value: number, start: number, end: number): number {
  while (start < end) {
    const middle = (start + end) >>> 1;
    if (sorted[middle] < value) start = middle + 1;
    else end = middle;
  }
  return start;
}

/** The same for more than the value. */
function firstAbove(sorted: Float64Array, value: number, start: number, end: number): number {
  while (start < end) {
    const middle = (start + end) >>> 1;
    if (sorted[middle] <= value) start = middle + 1;
    else end = middle;
  }
  return start;
}
