// Eigenvectors of a symmetric tridiagonal matrix T whose eigenvalues are known, in AssemblyScript:
//
//   (T − λ·I)·y = z,   y ← y − Σ z_j·(z_jᵀy) over the vectors that are there,   z ← y/‖y‖
//
// from a random z, until ‖T·z − λ·z‖ is rounding, and once more (Peters and Wilkinson; Golub and Van
// Loan, Matrix computations, section 8.4). Every vector is made orthogonal to all before it, at the last
// step twice, so that close eigenvalues, and equal ones, do no harm.
import { at, put } from "./numbers";

/** The most steps that are spent on one vector. */
const MOST_STEPS: i32 = 8;

/**
 * Computes eigenvectors, one after another.
 *
 * @param count How many.
 * @param d The diagonal of T, p numbers; e its off-diagonal, p − 1 numbers.
 * @param values The eigenvalues.
 * @param small The rounding level of T; a residual of up to four times that counts as rounding, too.
 * @param work Room for five rows of `stride` bytes.
 * @param vectors Where to put the vectors, a row of `stride` bytes each, with zeros after p numbers.
 * @returns How many were computed: `count`, or fewer if one does not converge.
 */
export function iterateInversely(
  count: i32, p: i32, d: usize, e: usize, values: usize, small: f64, work: usize, stride: usize,
  vectors: usize,
): i32 {
  for (let j = 0; j < count; j++) {
    const z = vectors + <usize> j * stride;
    const value = load<f64>(values + (<usize> j << 3));
    factorize(p, d, e, value, small, work, stride);
    // Numbers in [−1, 1) of a linear congruential generator, another one for each vector.
    let state: u32 = <u32> j * 0x9e3779b9 + 1;
    for (let i = 0; i < p; i++) {
      state = state * 1664525 + 1013904223;
      put(z, i, <f64> <i32> state / 2147483648);
    }
    let found = false, step = 0;
    for (; step < MOST_STEPS; step++) {
      solve(p, work, stride, z);
      for (let passes = found ? 2 : 1; passes > 0; passes--) {
        normalize(p, z);
        for (let i = 0; i < j; i++) removeFrom(z, vectors + <usize> i * stride, stride);
      }
      if (!normalize(p, z)) return j;
      if (found) break;
      found = residual(p, d, e, value, z) <= 4 * small;
    }
    if (step === MOST_STEPS) return j;
  }
  return count;
}

/**
 * T − λ·I = P·L·U by elimination with partial pivoting: the three diagonals of U, the multipliers of L,
 * and 1 for each row that changed places with the next.
 */
function factorize(
  p: i32, d: usize, e: usize, value: f64, small: f64, work: usize, stride: usize,
): void {
  const above = work + stride, second = above + stride, below = second + stride;
  const swapped = below + stride;
  let u = at(d, 0) - value, v = p > 1 ? at(e, 0) : 0;
  for (let i = 0; i + 1 < p; i++) {
    const left = at(e, i), middle = at(d, i + 1) - value, right = i + 2 < p ? at(e, i + 1) : 0;
    const swaps = abs(left) > abs(u);
    if (!swaps && abs(u) < small) u = copysign(small, u);
    const factor = swaps ? u / left : left / u;
    put(work, i, swaps ? left : u);
    put(above, i, swaps ? middle : v);
    put(second, i, swaps ? right : 0);
    put(below, i, factor);
    put(swapped, i, swaps ? 1 : 0);
    u = swaps ? v - factor * middle : middle - factor * v;
    v = swaps ? -factor * right : right;
  }
  put(work, p - 1, abs(u) < small ? copysign(small, u) : u);
  put(above, p - 1, 0);
  put(second, p - 1, 0);
}

/** Makes z the y of P·L·U·y = z. */
function solve(p: i32, work: usize, stride: usize, z: usize): void {
  const above = work + stride, second = above + stride, below = second + stride;
  const swapped = below + stride;
  for (let i = 0; i + 1 < p; i++) {
    const first = at(z, i), next = at(z, i + 1), factor = at(below, i);
    const swaps = at(swapped, i) !== 0;
    put(z, i, swaps ? next : first);
    put(z, i + 1, swaps ? first - factor * next : next - factor * first);
  }
  let last: f64 = 0, beyond: f64 = 0;
  for (let i = p - 1; i >= 0; i--) {
    const y = (at(z, i) - at(above, i) * last - at(second, i) * beyond) / at(work, i);
    put(z, i, y);
    beyond = last;
    last = y;
  }
}

/** ‖T·z − λ·z‖. */
function residual(p: i32, d: usize, e: usize, value: f64, z: usize): f64 {
  let squares: f64 = 0, before: f64 = 0;
  for (let i = 0; i < p; i++) {
    const after = i + 1 < p ? at(e, i) * at(z, i + 1) : 0;
    const r = before + (at(d, i) - value) * at(z, i) + after;
    squares += r * r;
    before = i + 1 < p ? at(e, i) * at(z, i) : 0;
  }
  return sqrt(squares);
}

/** Makes z orthogonal to a vector of length 1. */
function removeFrom(z: usize, vector: usize, bytes: usize): void {
  let s = f64x2.splat(0), t = s;
  for (let i: usize = 0; i < bytes; i += 32) {
    s = f64x2.add(s, f64x2.mul(v128.load(z + i), v128.load(vector + i)));
    t = f64x2.add(t, f64x2.mul(v128.load(z + i, 16), v128.load(vector + i, 16)));
  }
  s = f64x2.add(s, t);
  const share = f64x2.splat(f64x2.extract_lane(s, 0) + f64x2.extract_lane(s, 1));
  for (let i: usize = 0; i < bytes; i += 16) {
    v128.store(z + i, f64x2.sub(v128.load(z + i), f64x2.mul(share, v128.load(vector + i))));
  }
}

/** Scales z to length 1; returns false if its length is 0 or not finite. */
function normalize(p: i32, z: usize): bool {
  let squares: f64 = 0;
  for (let i = 0; i < p; i++) squares += at(z, i) * at(z, i);
  const length = sqrt(squares);
  for (let i = 0; i < p; i++) put(z, i, at(z, i) / length);
  return length > 0 && isFinite(length);
}
