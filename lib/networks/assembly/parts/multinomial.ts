/**
 * exp of each lane, for lanes of at most 0: e^x = 2^n·e^r with |r| ≤ ln 2/2, and e^r by its Taylor
 * polynomial. Good to two units in the last place, and the same on every machine.
 */
// @ts-ignore: a decorator of the compiler
@inline
export function exponential(x: v128): v128 {
  const double = sizeof<Real>() == 8;
  x = v128.max<Real>(x, v128.splat<Real>(<Real> (double ? -708 : -87)));
  // Adding this leaves the nearest integer in the lowest bits.
  const magic = v128.splat<Real>(<Real> (double ? 6755399441055744 : 12582912));
  const perLn2 = v128.splat<Real>(<Real> 1.4426950408889634);
  const shifted = v128.add<Real>(v128.mul<Real>(x, perLn2), magic);
  const n = v128.sub<Real>(shifted, magic);
  // ln 2 in two parts, the first with so few digits that n times it is exact.
  const high = v128.splat<Real>(<Real> (double ? 0.6931471803691238 : 0.693145751953125));
  const low = v128.splat<Real>(<Real> (double ? 1.9082149292705877e-10 : 1.428606820309417e-6));
  const r = v128.sub<Real>(v128.sub<Real>(x, v128.mul<Real>(n, high)), v128.mul<Real>(n, low));
  let e: v128;
  if (sizeof<Real>() == 8) {
    e = v128.splat<Real>(<Real> (1.0 / 6227020800.0));
    e = step(e, r, 1.0 / 479001600.0);
    e = step(e, r, 1.0 / 39916800.0);
    e = step(e, r, 1.0 / 3628800.0);
    e = step(e, r, 1.0 / 362880.0);
    e = step(e, r, 1.0 / 40320.0);
    e = step(e, r, 1.0 / 5040.0);
  } else {
    e = v128.splat<Real>(<Real> (1.0 / 5040.0));
  }
  e = step(e, r, 1.0 / 720.0);
  e = step(e, r, 1.0 / 120.0);
  e = step(e, r, 1.0 / 24.0);
  e = step(e, r, 1.0 / 6.0);
  e = step(e, r, 0.5);
  e = step(e, r, 1);
  e = step(e, r, 1);
  return sizeof<Real>() == 8
    ? i64x2.add(e, i64x2.shl(shifted, 52))
    : i32x4.add(e, i32x4.shl(shifted, 23));
}

/** A step of Horner's scheme. */
// @ts-ignore: a decorator of the compiler
@inline
function step(e: v128, r: v128, coefficient: f64): v128 {
  return v128.add<Real>(v128.mul<Real>(e, r), v128.splat<Real>(<Real> coefficient));
}

/** exp of one number of at most 0. */
export function exponentialOf(x: Real): Real {
  return v128.extract_lane<Real>(exponential(v128.splat<Real>(x)), 0);
}

/** The largest of some numbers: four vectors at a time, since each maximum waits for the one before. */
function largestOf(numbers: usize, count: i32): Real {
  const size = sizeof<Real>();
  const end = numbers + <usize> count * size, whole = end - 64;
  let m0 = v128.splat<Real>(load<Real>(numbers)), m1 = m0, m2 = m0, m3 = m0;
  let at = numbers;
  for (; at <= whole; at += 64) {
    m0 = v128.max<Real>(m0, v128.load(at));
    m1 = v128.max<Real>(m1, v128.load(at, 16));
    m2 = v128.max<Real>(m2, v128.load(at, 32));
    m3 = v128.max<Real>(m3, v128.load(at, 48));
  }
  m0 = v128.max<Real>(v128.max<Real>(m0, m1), v128.max<Real>(m2, m3));
  let largest = max<Real>(v128.extract_lane<Real>(m0, 0), v128.extract_lane<Real>(m0, 1));
  if (sizeof<Real>() == 4) {
    largest = max<Real>(
      largest,
      <Real> max<f32>(f32x4.extract_lane(m0, 2), f32x4.extract_lane(m0, 3)),
    );
  }
  for (; at < end; at += size) largest = max<Real>(largest, load<Real>(at));
  return largest;
}

/**
 * The multinomial log-likelihood of some rows of a batch, −Σ_i x_ui ln softmax(z_u)_i, and its
 * gradient by z, divided by the number of rows of the batch.
 *
 * @param columns The number of items.
 * @param width Bytes of a row of the scores z and of the gradient.
 * @param parts For each row three f64, N, s and c: its loss is N·ln s + c. The logarithm is left to
 * the caller, since nothing but the reported loss depends on it.
 */
export function multinomial(
  chunk: i32, _worker: i32, rows: i32, batch: i32, users: usize, rowStarts: usize, items: usize,
  values: usize, scores: usize, columns: i32, width: usize, gradient: usize, parts: usize,
): void {
  const size = sizeof<Real>();
  const last = min((chunk + 1) * rows, batch);
  const whole = <usize> columns * size & ~(<usize> 15);
  const end = <usize> columns * size;
  const perRow = 1 / <f64> batch;
  for (let r = chunk * rows; r < last; r++) {
    const z = scores + <usize> r * width, g = gradient + <usize> r * width;
    const largest = largestOf(z, columns);
    const shift = v128.splat<Real>(largest);
    let sums = v128.splat<Real>(<Real> 0);
    for (let at: usize = 0; at < whole; at += 16) {
      const e = exponential(v128.sub<Real>(v128.load(z + at), shift));
      v128.store(g + at, e);
      sums = v128.add<Real>(sums, e);
    }
    let sum = <f64> v128.extract_lane<Real>(sums, 0) + <f64> v128.extract_lane<Real>(sums, 1);
    if (sizeof<Real>() == 4) {
      sum += <f64> f32x4.extract_lane(sums, 2) + <f64> f32x4.extract_lane(sums, 3);
    }
    for (let at = whole; at < end; at += size) {
      const e = exponentialOf(load<Real>(z + at) - largest);
      store<Real>(g + at, e);
      sum += <f64> e;
    }
    const user = <usize> load<u32>(users + (<usize> r << 2)) << 2;
    const from = load<u32>(rowStarts + user), to = load<u32>(rowStarts + user, 4);
    let total: f64 = to - from;
    if (values !== 0) {
      total = 0;
      for (let t = from; t < to; t++) total += load<f64>(values + (<usize> t << 3));
    }
    const factor = v128.splat<Real>(<Real> (total / sum * perRow));
    for (let at: usize = 0; at < whole; at += 16) {
      v128.store(g + at, v128.mul<Real>(v128.load(g + at), factor));
    }
    for (let at = whole; at < end; at += size) {
      store<Real>(g + at, load<Real>(g + at) * v128.extract_lane<Real>(factor, 0));
    }
    for (let at = end; at < width; at += size) store<Real>(g + at, <Real> 0);
    let found: f64 = 0;
    for (let t = from; t < to; t++) {
      const x = values === 0 ? 1 : load<f64>(values + (<usize> t << 3));
      const at = <usize> load<u32>(items + (<usize> t << 2)) * size;
      found += x * <f64> load<Real>(z + at);
      store<Real>(g + at, load<Real>(g + at) - <Real> (x * perRow));
    }
    const part = parts + <usize> r * 24;
    store<f64>(part, total);
    store<f64>(part, sum, 8);
    store<f64>(part, total * <f64> largest - found, 16);
  }
}
