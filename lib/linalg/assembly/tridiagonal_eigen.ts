// Symmetric eigenproblem by Householder tridiagonalization and implicit QL, in AssemblyScript.
//
// A is p x p and full, row by row. Row k, once done with, holds the vector v of the reflector
// I − τ·v·vᵀ that made the elements of row and column k zero, but for the one beside the diagonal.

export { rotate, unreflect } from "./parts/transform_vectors";

/**
 * Takes row k out of A: applies to it what is pending, and makes its reflector.
 *
 * Pending is A − v·wᵀ − w·vᵀ, where v is row k + 1 and w comes of y = A·v.
 *
 * @param d The diagonal of the tridiagonal matrix.
 * @param e What is below it; e[k] is beside d[k].
 * @param tau The factor of each reflector.
 */
export function reflect(
  k: i32, p: i32, stride: usize, a: usize, y: usize, w: usize, d: usize, e: usize, tau: usize,
): void {
  const row = a + <usize> k * stride;
  const at = <usize> k << 3;
  const end = at + 8;
  if (k + 1 < p) {
    const v = row + stride;
    const t = load<f64>(tau + at, 8);
    let dot: f64 = 0;
    for (let i: usize = 0; i < end; i += 8) dot += load<f64>(y + i) * load<f64>(v + i);
    const half = 0.5 * t * t * dot;
    for (let i: usize = 0; i < end; i += 8) {
      store<f64>(w + i, t * load<f64>(y + i) - half * load<f64>(v + i));
    }
    const vk = load<f64>(v + at), wk = load<f64>(w + at);
    for (let i: usize = 0; i < end; i += 8) {
      const pending = vk * load<f64>(w + i) + wk * load<f64>(v + i);
      store<f64>(row + i, load<f64>(row + i) - pending);
    }
  }
  store<f64>(d + at, load<f64>(row + at));
  store<f64>(row + at, 0);
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

/** Applies what is pending to a chunk of the rows above k, and multiplies them with v: y = A·v. */
export function applyAndMultiply(
  chunk: i32, _worker: i32, rows: i32, k: i32, p: i32, stride: usize, a: usize, y: usize, w: usize,
): void {
  const v = a + <usize> k * stride;
  const old = v + stride;
  const pending = k + 1 < p;
  const end = <usize> k << 3;
  const last = min((chunk + 1) * rows, k);
  // The rows past the last one of a group of four are ones that nobody reads any more, or of this
  // chunk: rows are chunked by fours.
  for (let i = chunk * rows; i < last; i += 4) {
    const r0 = a + <usize> i * stride;
    const r1 = r0 + stride, r2 = r1 + stride, r3 = r2 + stride;
    const at = <usize> i << 3;
    let y0 = f64x2.splat(0), y1 = y0, y2 = y0, y3 = y0;
    if (pending && i + 4 <= k) {
      const v0 = v128.load64_splat(old + at), w0 = v128.load64_splat(w + at);
      const v1 = v128.load64_splat(old + at, 8), w1 = v128.load64_splat(w + at, 8);
      const v2 = v128.load64_splat(old + at, 16), w2 = v128.load64_splat(w + at, 16);
      const v3 = v128.load64_splat(old + at, 24), w3 = v128.load64_splat(w + at, 24);
      for (let j: usize = 0; j < end; j += 16) {
        const vj = v128.load(old + j), wj = v128.load(w + j), x = v128.load(v + j);
        let t = f64x2.sub(v128.load(r0 + j), f64x2.add(f64x2.mul(v0, wj), f64x2.mul(w0, vj)));
        v128.store(r0 + j, t);
        y0 = f64x2.add(y0, f64x2.mul(t, x));
        t = f64x2.sub(v128.load(r1 + j), f64x2.add(f64x2.mul(v1, wj), f64x2.mul(w1, vj)));
        v128.store(r1 + j, t);
        y1 = f64x2.add(y1, f64x2.mul(t, x));
        t = f64x2.sub(v128.load(r2 + j), f64x2.add(f64x2.mul(v2, wj), f64x2.mul(w2, vj)));
        v128.store(r2 + j, t);
        y2 = f64x2.add(y2, f64x2.mul(t, x));
        t = f64x2.sub(v128.load(r3 + j), f64x2.add(f64x2.mul(v3, wj), f64x2.mul(w3, vj)));
        v128.store(r3 + j, t);
        y3 = f64x2.add(y3, f64x2.mul(t, x));
      }
      store<f64>(y + at, sum(y0));
      store<f64>(y + at, sum(y1), 8);
      store<f64>(y + at, sum(y2), 16);
      store<f64>(y + at, sum(y3), 24);
    } else {
      for (let r = i; r < min(i + 4, last); r++) {
        const row = a + <usize> r * stride;
        const vr = f64x2.splat(pending ? load<f64>(old + (<usize> r << 3)) : 0);
        const wr = f64x2.splat(pending ? load<f64>(w + (<usize> r << 3)) : 0);
        y0 = f64x2.splat(0);
        for (let j: usize = 0; j < end; j += 16) {
          let t = v128.load(row + j);
          if (pending) {
            const step = f64x2.add(
              f64x2.mul(vr, v128.load(w + j)),
              f64x2.mul(wr, v128.load(old + j)),
            );
            t = f64x2.sub(t, step);
            v128.store(row + j, t);
          }
          y0 = f64x2.add(y0, f64x2.mul(t, v128.load(v + j)));
        }
        store<f64>(y + (<usize> r << 3), sum(y0));
      }
    }
  }
}

function sum(pair: v128): f64 {
  return f64x2.extract_lane(pair, 0) + f64x2.extract_lane(pair, 1);
}

/**
 * Makes d[l] an eigenvalue by implicit QL, e[l] beside it being below d[l] here. Writes down each
 * rotation: its cosine and sine to `rotations`, and the rows of each sweep to `sweeps`, its first
 * and its last.
 *
 * @param negligible What of T is nothing but rounding. Where T is almost zero, as it is for the many
 * eigenvalues 0 of a matrix of low rank, entries are never small beside each other.
 * @returns How many sweeps it took, or −1 for more than 50.
 */
export function findEigenvalue(
  l: i32, p: i32, d: usize, e: usize, negligible: f64, rotations: usize, sweeps: usize,
): i32 {
  for (let count = 0; count <= 50; count++) {
    let m = l;
    for (; m + 1 < p; m++) {
      const size = abs(at(d, m)) + abs(at(d, m + 1));
      if (abs(at(e, m)) <= f64.EPSILON * size * 0.5 || abs(at(e, m)) <= negligible) break;
    }
    if (m === l) return count;
    let g = (at(d, l + 1) - at(d, l)) / (2 * at(e, l));
    let r = sqrt(g * g + 1);
    if (!isFinite(r)) r = abs(g);
    g = at(d, m) - at(d, l) + at(e, l) / (g + copysign(r, g));
    let s: f64 = 1, c: f64 = 1, shift: f64 = 0;
    let i = m - 1;
    for (; i >= l; i--) {
      const f = s * at(e, i), b = c * at(e, i);
      r = sqrt(f * f + g * g);
      put(e, i + 1, r);
      if (r === 0) {
        put(d, i + 1, at(d, i + 1) - shift);
        put(e, m, 0);
        break;
      }
      s = f / r;
      c = g / r;
      g = at(d, i + 1) - shift;
      r = (at(d, i) - g) * s + 2 * c * b;
      shift = s * r;
      put(d, i + 1, g + shift);
      g = c * r - b;
      store<f64>(rotations, c);
      store<f64>(rotations, s, 8);
      rotations += 16;
    }
    store<u32>(sweeps, i + 1);
    store<u32>(sweeps, m, 4);
    sweeps += 8;
    if (i >= l) continue;
    put(d, l, at(d, l) - shift);
    put(e, l, g);
    put(e, m, 0);
  }
  return -1;
}

function at(array: usize, i: i32): f64 {
  return load<f64>(array + (<usize> i << 3));
}

function put(array: usize, i: i32, value: f64): void {
  store<f64>(array + (<usize> i << 3), value);
}
