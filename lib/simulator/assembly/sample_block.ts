// Exponential races for the users of four blocks at a time, in AssemblyScript.
//
//   t_ui = −log(1 − U) / (p_uc·p_i);   user u interacts with the k_u items of least t_ui
//
// The logarithm is approximated to 2e-9 first. A histogram of the arrivals finds the bucket of the
// k_u-th one, and only arrivals in that bucket, or too close to it to tell, get an exact logarithm.
//
// Each block has its own Alea generator (J. Baagøe). The state of four of them is two vectors of
// two lanes, so that four users race at once. The random numbers are those of seedrandom's `double`.

import { race } from "./parts/race";
import { BUCKETS, select } from "./parts/select";

const LANES: i32 = 4;

/** The bytes of scratch space that a thread needs. */
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
 * @param columns The samples, as integers of 2^`shift` bytes: 16 or 32 bits.
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
  shift: i32,
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
      const at = columns + (<usize> start << shift), end = at + (<usize> k << shift);
      if (shift === 1) putSample<u16>(at, end, arrivals, items, edge);
      else putSample<u32>(at, end, arrivals, items, edge);
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

/** Writes the items that arrive before `edge`, in ascending order: until `end`, or the last item. */
// @ts-ignore: a decorator of AssemblyScript
@inline
function putSample<T>(at: usize, end: usize, arrivals: usize, items: i32, edge: f64): void {
  for (let i = 0; i < items; i++) {
    store<T>(at, <T> i);
    at += <usize> (load<f64>(arrivals + (<usize> i << 3)) < edge) * sizeof<T>();
    if (at === end) break;
  }
}

/** Two neighboring generators' values of one part of the state. */
function pair(part: usize): v128 {
  return v128.load64_lane(part, v128.load64_splat(part), 1, 32);
}

function putPair(part: usize, values: v128): void {
  v128.store64_lane(part, values, 0);
  v128.store64_lane(part, values, 1, 32);
}
