// Skip-gram with negative sampling by stochastic gradient descent, in AssemblyScript.
//
//   w ← w − η·∂ℓ/∂w,   c_m ← c_m − η·∂ℓ/∂c_m,   ℓ = −log σ(⟨w, c₀⟩) − Σ_{m≥1} log σ(−⟨w, c_m⟩)
//
// for the input vector w of an item, the output vector c₀ of a context of it and those of its negatives:
// ∂ℓ/∂⟨w, c₀⟩ = −σ(−⟨w, c₀⟩), and ∂ℓ/∂⟨w, c_m⟩ = σ(⟨w, c_m⟩). The exponential is a polynomial of four
// scores at a time; one logarithm is taken of the product of all 1 + e^s.
//
// Vectors are rows of f32, padded with zeros to a multiple of eight. Only additions, products and
// integer arithmetic, in one order: the same bits on every machine.

/** Scores beyond this are taken for it; there the sigmoid is within 2e-35 of 0 or 1. */
const FARTHEST: f32 = 80;

/** e^x of four numbers of magnitude at most 80, to about 2e-7 relative. */
// @ts-ignore: a decorator of AssemblyScript
@inline
function exponential(x: v128): v128 {
  const n = f32x4.nearest(f32x4.mul(x, f32x4.splat(1.4426950408889634)));
  // The remainder is exact to f32: ln 2 in two parts (Cody and Waite).
  let r = f32x4.sub(x, f32x4.mul(n, f32x4.splat(0.693359375)));
  r = f32x4.sub(r, f32x4.mul(n, f32x4.splat(-2.12194440e-4)));
  let e = f32x4.splat(1.3888889e-3);
  e = f32x4.add(f32x4.mul(e, r), f32x4.splat(8.3333333e-3));
  e = f32x4.add(f32x4.mul(e, r), f32x4.splat(4.1666667e-2));
  e = f32x4.add(f32x4.mul(e, r), f32x4.splat(1.6666667e-1));
  e = f32x4.add(f32x4.mul(e, r), f32x4.splat(0.5));
  e = f32x4.add(f32x4.mul(e, r), f32x4.splat(1));
  e = f32x4.add(f32x4.mul(e, r), f32x4.splat(1));
  const power = i32x4.shl(i32x4.add(i32x4.trunc_sat_f32x4_s(n), i32x4.splat(127)), 23);
  return f32x4.mul(e, power);
}

/** The dot product of two rows of `bytes` bytes. */
// @ts-ignore: a decorator of AssemblyScript
@inline
function dot(a: usize, b: usize, bytes: usize): f32 {
  let s = f32x4.splat(0), t = s;
  for (let at: usize = 0; at < bytes; at += 32) {
    s = f32x4.add(s, f32x4.mul(v128.load(a + at), v128.load(b + at)));
    t = f32x4.add(t, f32x4.mul(v128.load(a + at, 16), v128.load(b + at, 16)));
  }
  s = f32x4.add(s, t);
  return (f32x4.extract_lane(s, 0) + f32x4.extract_lane(s, 1)) +
    (f32x4.extract_lane(s, 2) + f32x4.extract_lane(s, 3));
}

/** Of losses that are not handed over yet: the product of their 1 + e^s, and what it held before. */
let product: f64 = 1, taken: f64 = 0;

/** The sum of the losses since it was last asked for: one logarithm for many of them. */
function totalLoss(): f64 {
  const total = taken + Math.log1p(product - 1);
  product = 1;
  taken = 0;
  return total;
}

/**
 * One step down the gradient of −log σ(⟨w, c⟩) − Σ log σ(−⟨w, c′⟩) for the input vector w of an item,
 * the output vector c of its context and c′ of its negatives. All scores and derivatives are taken
 * before anything moves, so that a target that is drawn twice counts twice.
 *
 * @param targets The context, then the negatives, as u32.
 * @param count How many targets there are.
 * @param coefficients Room for one f32 for each target, rounded up to a multiple of four.
 * @returns The loss before the step.
 */
export function trainPair(
  item: i32,
  targets: usize,
  count: i32,
  bytes: usize,
  input: usize,
  output: usize,
  coefficients: usize,
  rate: f32,
): f64 {
  step(item, targets, count, bytes, input, output, coefficients, rate);
  return totalLoss();
}

// @ts-ignore: a decorator of AssemblyScript
@inline
function step(
  item: i32,
  targets: usize,
  count: i32,
  bytes: usize,
  input: usize,
  output: usize,
  coefficients: usize,
  rate: f32,
): void {
  const w = input + <usize> item * bytes;
  const end = <usize> count << 2;
  if (count === 6) sixScores(w, targets, bytes, output, coefficients);
  else {
    for (let m: usize = 0; m < end; m += 4) {
      const score = dot(w, output + <usize> load<u32>(targets + m) * bytes, bytes);
      store<f32>(coefficients + m, score);
    }
  }
  // The context's is negated: then σ(s) is the share of each that is wrong.
  store<f32>(coefficients, -load<f32>(coefficients));
  const farthest = f32x4.splat(FARTHEST), one = f32x4.splat(1);
  for (let m: usize = 0; m < end; m += 16) {
    const s = v128.load(coefficients + m);
    const e = exponential(f32x4.max(f32x4.min(s, farthest), f32x4.neg(farthest)));
    // σ(s) = e^s / (1 + e^s), and −log σ(−s) = log(1 + e^s).
    const whole = f32x4.add(one, e);
    v128.store(coefficients + m, f32x4.mul(f32x4.splat(rate), f32x4.div(e, whole)));
    product *= <f64> f32x4.extract_lane(whole, 0);
    if (m + 4 < end) product *= <f64> f32x4.extract_lane(whole, 1);
    if (m + 8 < end) product *= <f64> f32x4.extract_lane(whole, 2);
    if (m + 12 < end) product *= <f64> f32x4.extract_lane(whole, 3);
    if (product > 1e100) {
      taken += Math.log1p(product - 1);
      product = 1;
    }
  }
  // The context is drawn towards w, the negatives away from it.
  store<f32>(coefficients, -load<f32>(coefficients));
  if (count === 6) {
    sixUpdates(w, targets, bytes, output, coefficients);
    return;
  }
  for (let at: usize = 0; at < bytes; at += 32) {
    const x = v128.load(w + at), y = v128.load(w + at, 16);
    let s = f32x4.splat(0), t = s;
    for (let m: usize = 0; m < end; m += 4) {
      const c = output + <usize> load<u32>(targets + m) * bytes + at;
      const g = v128.load32_splat(coefficients + m);
      s = f32x4.add(s, f32x4.mul(g, v128.load(c)));
      t = f32x4.add(t, f32x4.mul(g, v128.load(c, 16)));
    }
    for (let m: usize = 0; m < end; m += 4) {
      const c = output + <usize> load<u32>(targets + m) * bytes + at;
      const g = v128.load32_splat(coefficients + m);
      v128.store(c, f32x4.sub(v128.load(c), f32x4.mul(g, x)));
      v128.store(c, f32x4.sub(v128.load(c, 16), f32x4.mul(g, y)), 16);
    }
    v128.store(w + at, f32x4.sub(x, s));
    v128.store(w + at, f32x4.sub(y, t), 16);
  }
}

// The usual number of targets, a context and five negatives: what stays the same over a row stays in
// registers. All sums are those of the general case, in the same order.

// @ts-ignore: a decorator of AssemblyScript
@inline
function target(targets: usize, m: usize, bytes: usize, output: usize): usize {
  return output + <usize> load<u32>(targets + (m << 2)) * bytes;
}

// @ts-ignore: a decorator of AssemblyScript
@inline
function total(s: v128, t: v128): f32 {
  s = f32x4.add(s, t);
  return (f32x4.extract_lane(s, 0) + f32x4.extract_lane(s, 1)) +
    (f32x4.extract_lane(s, 2) + f32x4.extract_lane(s, 3));
}

/** The dot products of w with six targets. */
// @ts-ignore: a decorator of AssemblyScript
@inline
function sixScores(
  w: usize,
  targets: usize,
  bytes: usize,
  output: usize,
  coefficients: usize,
): void {
  for (let m: usize = 0; m < 6; m += 3) {
    const a = target(targets, m, bytes, output);
    const b = target(targets, m + 1, bytes, output);
    const c = target(targets, m + 2, bytes, output);
    let s0 = f32x4.splat(0), t0 = s0, s1 = s0, t1 = s0, s2 = s0, t2 = s0;
    for (let at: usize = 0; at < bytes; at += 32) {
      const x = v128.load(w + at), y = v128.load(w + at, 16);
      s0 = f32x4.add(s0, f32x4.mul(x, v128.load(a + at)));
      t0 = f32x4.add(t0, f32x4.mul(y, v128.load(a + at, 16)));
      s1 = f32x4.add(s1, f32x4.mul(x, v128.load(b + at)));
      t1 = f32x4.add(t1, f32x4.mul(y, v128.load(b + at, 16)));
      s2 = f32x4.add(s2, f32x4.mul(x, v128.load(c + at)));
      t2 = f32x4.add(t2, f32x4.mul(y, v128.load(c + at, 16)));
    }
    store<f32>(coefficients + (m << 2), total(s0, t0));
    store<f32>(coefficients + (m << 2), total(s1, t1), 4);
    store<f32>(coefficients + (m << 2), total(s2, t2), 8);
  }
}

// @ts-ignore: a decorator of AssemblyScript
@inline
function moveTarget(c: usize, g: v128, x: v128): void {
  v128.store(c, f32x4.sub(v128.load(c), f32x4.mul(g, x)));
}

/** Moves w and six targets along the gradient. */
// @ts-ignore: a decorator of AssemblyScript
@inline
function sixUpdates(
  w: usize,
  targets: usize,
  bytes: usize,
  output: usize,
  coefficients: usize,
): void {
  const c0 = target(targets, 0, bytes, output), g0 = v128.load32_splat(coefficients);
  const c1 = target(targets, 1, bytes, output), g1 = v128.load32_splat(coefficients, 4);
  const c2 = target(targets, 2, bytes, output), g2 = v128.load32_splat(coefficients, 8);
  const c3 = target(targets, 3, bytes, output), g3 = v128.load32_splat(coefficients, 12);
  const c4 = target(targets, 4, bytes, output), g4 = v128.load32_splat(coefficients, 16);
  const c5 = target(targets, 5, bytes, output), g5 = v128.load32_splat(coefficients, 20);
  for (let at: usize = 0; at < bytes; at += 16) {
    const x = v128.load(w + at);
    let s = f32x4.mul(g0, v128.load(c0 + at));
    s = f32x4.add(s, f32x4.mul(g1, v128.load(c1 + at)));
    s = f32x4.add(s, f32x4.mul(g2, v128.load(c2 + at)));
    s = f32x4.add(s, f32x4.mul(g3, v128.load(c3 + at)));
    s = f32x4.add(s, f32x4.mul(g4, v128.load(c4 + at)));
    s = f32x4.add(s, f32x4.mul(g5, v128.load(c5 + at)));
    // One after another from memory: a target that is drawn twice moves twice.
    moveTarget(c0 + at, g0, x);
    moveTarget(c1 + at, g1, x);
    moveTarget(c2 + at, g2, x);
    moveTarget(c3 + at, g3, x);
    moveTarget(c4 + at, g4, x);
    moveTarget(c5 + at, g5, x);
    v128.store(w + at, f32x4.sub(x, s));
  }
}

let state: u64 = 0;

/** The next 64 random bits: SplitMix64 (Steele, Lea and Flood, 2014). */
// @ts-ignore: a decorator of AssemblyScript
@inline
function random(): u64 {
  state += 0x9e3779b97f4a7c15;
  let z = state;
  z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9;
  z = (z ^ (z >> 27)) * 0x94d049bb133111eb;
  return z ^ (z >> 31);
}

/** Starts the random numbers from 64 bits, given as two halves. */
export function seed(high: u32, low: u32): void {
  state = (<u64> high << 32) | low;
}

/**
 * Trains on users `from` to `to` − 1 in the order given: each of a user's items with `contexts` others
 * of the same user, each with `negatives` items drawn from the noise distribution.
 *
 * @param order Which user comes when.
 * @param thresholds Walker's alias table: the share of a column of the table that is its own, of
 * 2^32, and in `aliases` whose the rest is.
 * @param scratch Room for the targets and their coefficients.
 * @param rate The learning rate of the first pair, and by how much it falls with every pair.
 * @returns The sum of the losses.
 */
export function trainUsers(
  from: i32,
  to: i32,
  order: usize,
  rowStarts: usize,
  columns: usize,
  contexts: i32,
  negatives: i32,
  items: i32,
  bytes: usize,
  input: usize,
  output: usize,
  thresholds: usize,
  aliases: usize,
  scratch: usize,
  rate: f64,
  fall: f64,
): f64 {
  const room = <usize> ((negatives + 1 + 3) & ~3) << 2;
  const coefficients = scratch + room;
  for (let place = from; place < to; place++) {
    const user = <usize> load<u32>(order + (<usize> place << 2));
    const start = load<u32>(rowStarts + (user << 2));
    const others = <u64> load<u32>(rowStarts + (user << 2), 4) - start - 1;
    if (<i64> others < 1) continue;
    for (let t: u64 = 0; t <= others; t++) {
      const item = load<u32>(columns + (<usize> (start + t) << 2));
      for (let pair = 0; pair < contexts; pair++) {
        let other = ((random() >> 32) * others) >> 32;
        if (other >= t) other++;
        store<u32>(scratch, load<u32>(columns + (<usize> (start + other) << 2)));
        for (let m: usize = 1; m <= <usize> negatives; m++) {
          const bits = random();
          const column = <usize> (((bits >> 32) * <u64> items) >> 32);
          const own = <u32> bits < load<u32>(thresholds + (column << 2));
          store<u32>(scratch + (m << 2), own ? <u32> column : load<u32>(aliases + (column << 2)));
        }
        step(item, scratch, negatives + 1, bytes, input, output, coefficients, <f32> rate);
        rate -= fall;
      }
    }
  }
  return totalLoss();
}
