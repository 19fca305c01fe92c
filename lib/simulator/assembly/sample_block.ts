// Exponential races for the users of four blocks at a time, in AssemblyScript.
//
// Each block has its own Alea generator (J. Baagøe). The state of four of them is two vectors of
// two lanes, so that four users race at once; what is drawn is what seedrandom's `double` draws.

/** The natural logarithm of 1 + x, JavaScript's: the rare close calls are decided by it. */
// @ts-ignore: a decorator on a function is AssemblyScript
@external("env", "log1p")
declare function log1p(x: f64): f64;

const LANES: i32 = 4;

/** How far, relatively, an approximate arrival may be off: its logarithm is good to 2e-9. */
const MARGIN: f64 = 1e-7;

/** Arrivals are counted by exponent and leading bits of the mantissa, 16 buckets to an octave. */
const BUCKET_SHIFT: i32 = 16;
const BUCKETS: i32 = 1 << 15;

/** The least weight of an item, for preferences that underflow: every item can be sampled. */
const LEAST_WEIGHT: f64 = 1e-280;

/** How many bytes of scratch space a worker needs. */
export function scratchSize(items: i32): i32 {
  const row = (items + 2) << 3;
  return LANES * row + 2 * row + (items << 2) + (BUCKETS << 2) + 64;
}

/**
 * Samples the items of the users in blocks 4·group to 4·group + 3.
 *
 * @param from The first user of each block to sample for, `to` the one after the last: a block is
 * drawn in pieces, because code that runs hot is compiled better between calls.
 * @param states The Alea states of the blocks: s0, s1, s2 and c as f64 each. Goes on from there.
 * @param preferences For each cluster the preference of each user.
 * @param popularity The baseline popularity of each item.
 * @param clusterEnds For each cluster the item after its last; items are ordered by cluster.
 * @param rowStarts Where the sample of each user starts in `columns`.
 */
export function sampleBlocks(
  group: i32,
  worker: i32,
  scratches: usize,
  users: i32,
  items: i32,
  clusters: i32,
  block: i32,
  from: i32,
  to: i32,
  states: usize,
  preferences: usize,
  popularity: usize,
  clusterEnds: usize,
  rowStarts: usize,
  columns: usize,
): void {
  const scratch = scratches + <usize> worker * <usize> scratchSize(items);
  const row = <usize> ((items + 2) << 3);
  const arrivals = scratch + <usize> LANES * row;
  const exact = arrivals + row;
  const candidates = exact + row;
  const counts = (candidates + (<usize> items << 2) + 15) & ~15;

  const first = LANES * group;
  const state = states + <usize> (first << 5);
  let a0 = pair(state), a1 = pair(state + 8), a2 = pair(state + 16), ac = pair(state + 24);
  let b0 = pair(state + 64), b1 = pair(state + 72), b2 = pair(state + 80), bc = pair(state + 88);
  const multiplier = f64x2.splat(2091639);
  const carry = f64x2.splat(2.3283064365386963e-10);
  const low = f64x2.splat(2097152);
  const unit = f64x2.splat(1.1102230246251565e-16);

  for (let step = from; step < to; step++) {
    if (first * block + step >= users) break;
    for (let i: usize = 0, end = <usize> items << 3; i < end; i += 8) {
      let t = f64x2.add(f64x2.mul(multiplier, a0), f64x2.mul(ac, carry));
      ac = f64x2.floor(t);
      const aHigh = f64x2.sub(t, ac);
      t = f64x2.add(f64x2.mul(multiplier, b0), f64x2.mul(bc, carry));
      bc = f64x2.floor(t);
      const bHigh = f64x2.sub(t, bc);
      t = f64x2.add(f64x2.mul(multiplier, a1), f64x2.mul(ac, carry));
      ac = f64x2.floor(t);
      const aLow = f64x2.sub(t, ac);
      t = f64x2.add(f64x2.mul(multiplier, b1), f64x2.mul(bc, carry));
      bc = f64x2.floor(t);
      const bLow = f64x2.sub(t, bc);
      a0 = a2;
      a1 = aHigh;
      a2 = aLow;
      b0 = b2;
      b1 = bHigh;
      b2 = bLow;
      const a = f64x2.add(aHigh, f64x2.mul(f64x2.floor(f64x2.mul(aLow, low)), unit));
      const b = f64x2.add(bHigh, f64x2.mul(f64x2.floor(f64x2.mul(bLow, low)), unit));
      v128.store64_lane(scratch + i, a, 0);
      v128.store64_lane(scratch + row + i, a, 1);
      v128.store64_lane(scratch + 2 * row + i, b, 0);
      v128.store64_lane(scratch + 3 * row + i, b, 1);
    }
    for (let lane = 0; lane < LANES; lane++) {
      const user = (first + lane) * block + step;
      if (user >= users) break;
      const uniform = scratch + <usize> lane * row;
      const start = load<u32>(rowStarts + (<usize> user << 2));
      const k = load<u32>(rowStarts + (<usize> user << 2), 4) - start;
      const preference = preferences + (<usize> user << 3);
      race(uniform, arrivals, preference, users, popularity, clusterEnds, clusters);
      const edge = select(
        uniform, arrivals, exact, candidates, counts, items, k,
        preference, users, popularity, clusterEnds,
      );
      let at = columns + (<usize> start << 2);
      for (let i = 0; i < items; i++) {
        store<u32>(at, i);
        at += <usize> (load<f64>(arrivals + (<usize> i << 3)) < edge) << 2;
        if (at === columns + (<usize> (start + k) << 2)) break;
      }
    }
  }
  putPair(state, a0);
  putPair(state + 8, a1);
  putPair(state + 16, a2);
  putPair(state + 24, ac);
  putPair(state + 64, b0);
  putPair(state + 72, b1);
  putPair(state + 80, b2);
  putPair(state + 88, bc);
}

/** Two neighboring generators' values of one part of the state. */
function pair(part: usize): v128 {
  return v128.load64_lane(part, v128.load64_splat(part), 1, 32);
}

function putPair(part: usize, values: v128): void {
  v128.store64_lane(part, values, 0);
  v128.store64_lane(part, values, 1, 32);
}

/** Approximates the arrivals −log(1 − u)/w. */
function race(
  uniform: usize,
  arrivals: usize,
  preference: usize,
  users: i32,
  popularity: usize,
  clusterEnds: usize,
  clusters: i32,
): void {
  const one = f64x2.splat(1);
  let i: usize = 0;
  for (let c = 0; c < clusters; c++) {
    const p = f64x2.splat(load<f64>(preference + (<usize> (c * users) << 3)));
    const end = <usize> load<u32>(clusterEnds + (<usize> c << 2)) << 3;
    // A pair that reaches into the next cluster is overwritten there.
    for (let j = i; j < end; j += 16) {
      const v = f64x2.sub(one, v128.load(uniform + j));
      const weight = f64x2.max(f64x2.mul(p, v128.load(popularity + j)), f64x2.splat(LEAST_WEIGHT));
      v128.store(arrivals + j, f64x2.div(minusLog(v), weight));
    }
    i = end;
  }
}

/** −log v for v in (0, 1], to 2e-9 relatively: v = 2^e·m, and log m = 2·artanh((m − 1)/(m + 1)). */
function minusLog(v: v128): v128 {
  const one = f64x2.splat(1);
  const exponent = i64x2.shr_u(
    i64x2.sub(v, i64x2.splat(0x3fe6a09e667f3bcd - (64 << 52))),
    52,
  );
  const m = i64x2.sub(v, i64x2.shl(i64x2.sub(exponent, i64x2.splat(64)), 52));
  const magic = i64x2.splat(0x4330000000000000);
  const e = f64x2.sub(v128.or(exponent, magic), f64x2.splat(4503599627370496.0 + 64));
  const s = f64x2.div(f64x2.sub(m, one), f64x2.add(m, one));
  const q = f64x2.mul(s, s);
  let series = f64x2.add(f64x2.mul(q, f64x2.splat(2.0 / 9)), f64x2.splat(2.0 / 7));
  series = f64x2.add(f64x2.mul(q, series), f64x2.splat(2.0 / 5));
  series = f64x2.add(f64x2.mul(q, series), f64x2.splat(2.0 / 3));
  series = f64x2.add(f64x2.mul(q, series), f64x2.splat(2));
  return f64x2.sub(
    f64x2.splat(0),
    f64x2.add(f64x2.mul(e, f64x2.splat(0.6931471805599453)), f64x2.mul(s, series)),
  );
}

/**
 * Finds which are the first k to arrive: the ones whose arrival is, on return, less than the
 * value returned. Items too close to the k-th for the approximation are decided exactly.
 */
function select(
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
    const arrival = -log1p(-load<f64>(uniform + (<usize> i << 3))) / weight;
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
