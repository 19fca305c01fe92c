// Symmetric eigenproblem by Householder tridiagonalization, in AssemblyScript.
//
//   A = Q·T·Qᵀ,   Q = H₍p−1₎ ⋯ H₁,   Hₖ = I − τₖ·vₖ·vₖᵀ
//
// Rows are taken out of A from the last one up. Reflector k makes the elements of row and column k
// zero, except the one next to the diagonal, and changes the rest to A − v·wᵀ − w·vᵀ, where
// w = τ·y − ½·τ²·(yᵀv)·v and y = A·v. The update is deferred until a block of rows is done, so that
// the rest of A is read once for each row, its lower triangle alone, and written once for each block
// (Dongarra, Hammarling and Sorensen, Block reduction of matrices to condensed forms, 1989).
//
// A is p x p, row by row. Row k, once done with, holds v in its elements 0 to k − 1. The w of a block
// are rows of their own, the one of row `top` first.

export { findEigenvalue } from "./parts/implicit_ql";
export { iterateInversely } from "./parts/inverse_iteration";
export { findEigenvalues } from "./parts/root_free_ql";
export { relateReflectors, rotate, unreflect } from "./parts/transform_vectors";

/**
 * Eliminates row k of A: applies to it the deferred updates of rows k + 1 to `top` of its block, and
 * makes its reflector.
 *
 * @param d The diagonal of the tridiagonal matrix.
 * @param e The off-diagonal; e[k] is next to d[k].
 * @param tau The factor of each reflector.
 */
export function reflect(
  k: i32, top: i32, stride: usize, a: usize, w: usize, d: usize, e: usize, tau: usize,
): void {
  const row = a + <usize> k * stride;
  const at = <usize> k << 3;
  for (let r = k + 1; r <= top; r++) {
    const v = a + <usize> r * stride, wr = w + <usize> (top - r) * stride;
    const vk = v128.load64_splat(v + at), wk = v128.load64_splat(wr + at);
    for (let i: usize = 0; i <= at; i += 16) {
      const change = f64x2.add(f64x2.mul(vk, v128.load(wr + i)), f64x2.mul(wk, v128.load(v + i)));
      v128.store(row + i, f64x2.sub(v128.load(row + i), change));
    }
  }
  store<f64>(d + at, load<f64>(row + at));
  // Reflectors are applied by fours: each is followed by zeros.
  v128.store(row + at, f64x2.splat(0));
  v128.store(row + at, f64x2.splat(0), 16);
  if (k === 0) return;
  let squares: f64 = 0;
  for (let i: usize = 0; i < at; i += 8) squares += load<f64>(row + i) * load<f64>(row + i);
  const beside = load<f64>(row + at - 8);
  // A has entries up to 1: a row of less than 1e-20 is rounding, and the square of its τ overflows.
  const tiny = squares < 1e-40;
  const alpha = tiny ? 0 : -copysign(sqrt(squares), beside);
  store<f64>(e + at, alpha);
  store<f64>(tau + at, tiny ? 0 : 1 / (squares - beside * alpha));
  store<f64>(row + at - 8, beside - alpha);
}

/** The first row of a chunk; chunks have about equally many elements of the lower triangle. */
function firstRow(chunk: i32, chunks: i32, k: i32): i32 {
  return chunk === chunks ? k : <i32> (<f64> k * sqrt(<f64> chunk / <f64> chunks)) & ~3;
}

/**
 * Multiplies a chunk of the rows above k, and its mirror image, with v: the chunk's part of y = A·v.
 * An element below the diagonal counts for its row and for its column.
 *
 * @param parts The parts of y, a row for each chunk.
 */
export function multiplyTriangle(
  chunk: i32, _worker: i32, chunks: i32, k: i32, stride: usize, a: usize, parts: usize,
): void {
  const v = a + <usize> k * stride;
  const y = parts + <usize> chunk * stride;
  const last = firstRow(chunk + 1, chunks, k);
  memory.fill(y, 0, <usize> ((last + 3) & ~3) << 3);
  for (let i = firstRow(chunk, chunks, k); i < last; i += 4) {
    const at = <usize> i << 3;
    const count = min(4, last - i);
    const r0 = a + <usize> i * stride, r1 = r0 + stride, r2 = r1 + stride, r3 = r2 + stride;
    // Rows past the last one have been eliminated already: their products are not used.
    const v0 = v128.load64_splat(v + at);
    const v1 = count > 1 ? v128.load64_splat(v + at, 8) : f64x2.splat(0);
    const v2 = count > 2 ? v128.load64_splat(v + at, 16) : f64x2.splat(0);
    const v3 = count > 3 ? v128.load64_splat(v + at, 24) : f64x2.splat(0);
    let s0 = f64x2.splat(0), s1 = s0, s2 = s0, s3 = s0;
    for (let j: usize = 0; j < at; j += 16) {
      const x = v128.load(v + j);
      const a0 = v128.load(r0 + j), a1 = v128.load(r1 + j);
      const a2 = v128.load(r2 + j), a3 = v128.load(r3 + j);
      s0 = f64x2.add(s0, f64x2.mul(a0, x));
      s1 = f64x2.add(s1, f64x2.mul(a1, x));
      s2 = f64x2.add(s2, f64x2.mul(a2, x));
      s3 = f64x2.add(s3, f64x2.mul(a3, x));
      const left = f64x2.add(f64x2.mul(a0, v0), f64x2.mul(a1, v1));
      const right = f64x2.add(f64x2.mul(a2, v2), f64x2.mul(a3, v3));
      v128.store(y + j, f64x2.add(v128.load(y + j), f64x2.add(left, right)));
    }
    add(y + at, sum(s0));
    if (count > 1) add(y + at + 8, sum(s1));
    if (count > 2) add(y + at + 16, sum(s2));
    if (count > 3) add(y + at + 24, sum(s3));
    for (let r = 0; r < count; r++) {
      const row = r0 + <usize> r * stride + at, to = y + at + (<usize> r << 3);
      const vr = load<f64>(v + at + (<usize> r << 3));
      for (let c: usize = 0; c < <usize> r << 3; c += 8) {
        add(to, load<f64>(row + c) * load<f64>(v + at + c));
        add(y + at + c, load<f64>(row + c) * vr);
      }
      add(to, load<f64>(row + (<usize> r << 3)) * vr);
    }
  }
}

/** Adds up the parts of y, subtracts the deferred updates, and computes w of row k. */
export function finish(
  chunks: i32, k: i32, top: i32, stride: usize, a: usize, parts: usize, w: usize, tau: usize,
): void {
  const v = a + <usize> k * stride;
  const y = w + <usize> (top - k) * stride;
  const end = <usize> k << 3;
  memory.fill(y, 0, end + 16);
  for (let chunk = 0; chunk < chunks; chunk++) {
    const part = parts + <usize> chunk * stride;
    const length = <usize> firstRow(chunk + 1, chunks, k) << 3;
    for (let i: usize = 0; i < length; i += 16) {
      v128.store(y + i, f64x2.add(v128.load(y + i), v128.load(part + i)));
    }
  }
  for (let r = k + 1; r <= top; r++) {
    const vr = a + <usize> r * stride, wr = w + <usize> (top - r) * stride;
    let s = f64x2.splat(0), t = s;
    for (let i: usize = 0; i < end; i += 16) {
      const x = v128.load(v + i);
      s = f64x2.add(s, f64x2.mul(x, v128.load(wr + i)));
      t = f64x2.add(t, f64x2.mul(x, v128.load(vr + i)));
    }
    const ofV = f64x2.splat(sum(s)), ofW = f64x2.splat(sum(t));
    for (let i: usize = 0; i < end; i += 16) {
      const change = f64x2.add(
        f64x2.mul(ofV, v128.load(vr + i)),
        f64x2.mul(ofW, v128.load(wr + i)),
      );
      v128.store(y + i, f64x2.sub(v128.load(y + i), change));
    }
  }
  const t = load<f64>(tau + end);
  let dot: f64 = 0;
  for (let i: usize = 0; i < end; i += 8) dot += load<f64>(y + i) * load<f64>(v + i);
  const half = 0.5 * t * t * dot;
  for (let i: usize = 0; i < end; i += 8) {
    store<f64>(y + i, t * load<f64>(y + i) - half * load<f64>(v + i));
  }
}

/**
 * Applies the deferred updates of a block to rows 4·strip to 4·strip + 3: A − V·Wᵀ − W·Vᵀ. Also
 * changes entries past the diagonal, which are not used.
 *
 * @param bottom The last row of the block, a number divisible by 4; `top` is its first.
 */
export function applyBlock(
  strip: i32, _worker: i32, bottom: i32, top: i32, stride: usize, a: usize, w: usize,
): void {
  const at = <usize> strip << 5;
  const r0 = a + (<usize> strip << 2) * stride;
  const r1 = r0 + stride, r2 = r1 + stride, r3 = r2 + stride;
  for (let j: usize = 0; j < at + 32; j += 32) {
    let s0 = v128.load(r0 + j), t0 = v128.load(r0 + j, 16);
    let s1 = v128.load(r1 + j), t1 = v128.load(r1 + j, 16);
    let s2 = v128.load(r2 + j), t2 = v128.load(r2 + j, 16);
    let s3 = v128.load(r3 + j), t3 = v128.load(r3 + j, 16);
    let v = a + <usize> top * stride, y = w;
    for (let r = top; r >= bottom; r--) {
      let x = v128.load(y + j), z = v128.load(y + j, 16);
      let f = v128.load64_splat(v + at);
      s0 = f64x2.sub(s0, f64x2.mul(f, x));
      t0 = f64x2.sub(t0, f64x2.mul(f, z));
      f = v128.load64_splat(v + at, 8);
      s1 = f64x2.sub(s1, f64x2.mul(f, x));
      t1 = f64x2.sub(t1, f64x2.mul(f, z));
      f = v128.load64_splat(v + at, 16);
      s2 = f64x2.sub(s2, f64x2.mul(f, x));
      t2 = f64x2.sub(t2, f64x2.mul(f, z));
      f = v128.load64_splat(v + at, 24);
      s3 = f64x2.sub(s3, f64x2.mul(f, x));
      t3 = f64x2.sub(t3, f64x2.mul(f, z));
      x = v128.load(v + j);
      z = v128.load(v + j, 16);
      f = v128.load64_splat(y + at);
      s0 = f64x2.sub(s0, f64x2.mul(f, x));
      t0 = f64x2.sub(t0, f64x2.mul(f, z));
      f = v128.load64_splat(y + at, 8);
      s1 = f64x2.sub(s1, f64x2.mul(f, x));
      t1 = f64x2.sub(t1, f64x2.mul(f, z));
      f = v128.load64_splat(y + at, 16);
      s2 = f64x2.sub(s2, f64x2.mul(f, x));
      t2 = f64x2.sub(t2, f64x2.mul(f, z));
      f = v128.load64_splat(y + at, 24);
      s3 = f64x2.sub(s3, f64x2.mul(f, x));
      t3 = f64x2.sub(t3, f64x2.mul(f, z));
      v -= stride;
      y += stride;
    }
    v128.store(r0 + j, s0);
    v128.store(r0 + j, t0, 16);
    v128.store(r1 + j, s1);
    v128.store(r1 + j, t1, 16);
    v128.store(r2 + j, s2);
    v128.store(r2 + j, t2, 16);
    v128.store(r3 + j, s3);
    v128.store(r3 + j, t3, 16);
  }
}

// @ts-ignore: a decorator of AssemblyScript
@inline
function add(to: usize, value: f64): void {
  store<f64>(to, load<f64>(to) + value);
}

function sum(pair: v128): f64 {
  return f64x2.extract_lane(pair, 0) + f64x2.extract_lane(pair, 1);
}
