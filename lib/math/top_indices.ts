import { assertInteger } from "../check.ts";

/** How many buckets the numbers are put into. */
const BUCKETS = 1024;
/** Where a bucket that counts has more numbers than this, they are too uneven for buckets. */
const CROWDED = 128;

/** What every call writes anew: which bucket each number is in, and how far each is filled. */
let bucketOf = new Uint16Array(1024);
const ends = new Uint32Array(BUCKETS);

/**
 * Finds the largest of some numbers: put into buckets of equal width, of which only the topmost are
 * sorted; where most are in a few buckets, by a selection and a sort of those selected.
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
  const wanted = Math.min(count, values.length);
  return topOfBuckets(values, wanted) ?? topOfSelected(values, wanted);
}

/** By buckets; undefined where they are too uneven. */
function topOfBuckets(values: Float64Array, count: number): Uint32Array | undefined {
  const n = values.length;
  let low = Infinity, high = -Infinity;
  for (let i = 0; i < n; i++) {
    const value = values[i];
    if (value > high) high = value;
    // What must not be found is often −∞.
    if (value < low && value !== -Infinity) low = value;
  }
  const scale = (BUCKETS - 1) / (high - low);
  if (!(scale > 0) || !Number.isFinite(scale)) return undefined;
  if (bucketOf.length < n) bucketOf = new Uint16Array(2 * n);
  ends.fill(0);
  for (let i = 0; i < n; i++) {
    const bucket = Math.max(0, (values[i] - low) * scale) >>> 0;
    bucketOf[i] = bucket;
    ends[bucket]++;
  }
  // From their sizes to where they start, the topmost first.
  let found = 0, lowest = BUCKETS;
  while (found < count) {
    const size = ends[--lowest];
    if (size > CROWDED) return undefined;
    ends[lowest] = found;
    found += size;
  }
  const ranked = new Uint32Array(found);
  for (let i = 0; i < n; i++) {
    const bucket = bucketOf[i];
    if (bucket >= lowest) ranked[ends[bucket]++] = i;
  }
  // Indices ascend within a bucket, and buckets descend: few are out of place, and none is far.
  for (let i = 1; i < found; i++) {
    const index = ranked[i], value = values[index];
    let place = i;
    for (; place > 0 && values[ranked[place - 1]] < value; place--) {
      ranked[place] = ranked[place - 1];
    }
    ranked[place] = index;
  }
  return ranked.subarray(0, count);
}

/** By the count-th largest number, and a sort of those that are not below it. */
function topOfSelected(values: Float64Array, count: number): Uint32Array {
  const lowest = kthLargest(values.slice(), count);
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
 * import { kthLargest } from "./top_indices.ts";
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
