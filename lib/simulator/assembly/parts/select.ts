// Who arrives first, in AssemblyScript.
import { LEAST_WEIGHT } from "./race";

/** How far, relatively, an approximate arrival may be off: its logarithm is good to 2e-9. */
const MARGIN: f64 = 1e-7;

/** Arrivals are counted by exponent and leading bits of the mantissa, 16 buckets to an octave. */
const BUCKET_SHIFT: i32 = 16;
export const BUCKETS: i32 = 1 << 15;

/**
 * Finds which are the first k to arrive: the ones whose arrival is, on return, less than the
 * value returned. Items too close to the k-th for the approximation are decided exactly.
 */
export function select(
  uniform: usize,
  arrivals: usize,
  exact: usize,
  candidates: usize,
  counts: usize,
  items: i32,
  k: u32,
  preference: usize,
  users: i32,
  popularity: usize,
  clusterEnds: usize,
): f64 {
  let lowest = BUCKETS, highest = 0;
  for (let i: usize = 0, end = <usize> items << 3; i < end; i += 8) {
    const bucket = load<u32>(arrivals + i, 4) >> BUCKET_SHIFT;
    lowest = min(lowest, bucket);
    highest = max(highest, bucket);
    const count = counts + (<usize> bucket << 2);
    store<u32>(count, load<u32>(count) + 1);
  }
  let bucket = lowest, before: u32 = 0;
  while (true) {
    const here = load<u32>(counts + (<usize> bucket << 2));
    if (before + here >= k) break;
    before += here;
    bucket++;
  }
  memory.fill(counts + (<usize> lowest << 2), 0, (<usize> (highest + 1 - lowest)) << 2);
  const low = reinterpret<f64>(<u64> bucket << (32 + BUCKET_SHIFT)) * (1 - 3 * MARGIN);
  const high = reinterpret<f64>(<u64> (bucket + 1) << (32 + BUCKET_SHIFT)) * (1 + 3 * MARGIN);

  let surely: u32 = 0, close = 0, c: i32 = 0;
  for (let i = 0; i < items; i++) {
    const arrival = load<f64>(arrivals + (<usize> i << 3));
    store<u32>(candidates + (<usize> close << 2), i);
    close += i32(arrival >= low) & i32(arrival <= high);
    surely += u32(arrival < low);
  }
  for (let t = 0; t < close; t++) {
    const i = load<u32>(candidates + (<usize> t << 2));
    while (i >= load<u32>(clusterEnds + (<usize> c << 2))) c++;
    const weight = max(
      load<f64>(preference + (<usize> (c * users) << 3)) *
        load<f64>(popularity + (<usize> i << 3)),
      LEAST_WEIGHT,
    );
    const arrival = -Math.log1p(-load<f64>(uniform + (<usize> i << 3))) / weight;
    store<f64>(arrivals + (<usize> i << 3), arrival);
    store<f64>(exact + (<usize> t << 3), arrival);
  }
  const last = kthSmallest(exact, close, k - surely);
  // An arrival as late as the last one is let in only while there is room.
  let room = k - surely;
  for (let t = 0; t < close; t++) {
    const i = load<u32>(candidates + (<usize> t << 2));
    room -= u32(load<f64>(arrivals + (<usize> i << 3)) < last);
  }
  for (let t = 0; t < close; t++) {
    const at = arrivals + (<usize> load<u32>(candidates + (<usize> t << 2)) << 3);
    const arrival = load<f64>(at);
    let sampled = arrival < last;
    if (arrival === last && room > 0) {
      sampled = true;
      room--;
    }
    store<f64>(at, sampled ? -1 : Infinity);
  }
  return low;
}

/** The k-th smallest of the values (Hoare's selection); reorders them. */
function kthSmallest(values: usize, length: i32, k: i32): f64 {
  let left = 0, right = length - 1;
  const target = k - 1;
  while (left < right) {
    const pivot = load<f64>(values + (<usize> ((left + right) >> 1) << 3));
    let i = left, j = right;
    while (i <= j) {
      while (load<f64>(values + (<usize> i << 3)) < pivot) i++;
      while (load<f64>(values + (<usize> j << 3)) > pivot) j--;
      if (i <= j) {
        const from = values + (<usize> i << 3), to = values + (<usize> j << 3);
        const swap = load<f64>(from);
        store<f64>(from, load<f64>(to));
        store<f64>(to, swap);
        i++;
        j--;
      }
    }
    if (target <= j) right = j;
    else if (target >= i) left = i;
    else break;
  }
  return load<f64>(values + (<usize> target << 3));
}
