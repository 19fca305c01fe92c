// The dot products of all rows of E with all rows of F, E·Fᵀ, in AssemblyScript.
//
//   out_ij = Σ_l e_il·f_jl, added in the order l = 0, 1, …, k − 1
//
// E and F lie as columns (transposed), so that one load takes two rows of F. Tiles of 4 x 4 products
// stay in registers for all of l: 16 multiplications and 16 additions for eight loads.

/**
 * Multiplies rows 4·strip to 4·strip + 3 of E with rows `from` to `to` − 1 of F.
 *
 * @param e E transposed, k times `eStride` bytes, from the row of strip 0 on.
 * @param f F transposed, k times `fStride` bytes.
 * @param from The first row of F, `to` the one after the last: their difference is divisible by 4.
 * @param out The products of row 0 of E, with row 0 of F at their start; each further row follows
 * after `fStride` bytes.
 * @param mirror Where to store the products as columns too, or 0: those with row `from` of F first,
 * each further row after `mirrorStride` bytes.
 * @param adds 1 to add the products to the contents of `out`, 0 to replace them.
 * @param bound Products are kept within [−bound, bound].
 */
export function multiplyRows(
  strip: i32, _worker: i32, e: usize, eStride: usize, f: usize, fStride: usize, k: i32, from: i32,
  to: i32, out: usize, mirror: usize, mirrorStride: usize, adds: i32, bound: f64,
): void {
  const upper = f64x2.splat(bound), lower = f64x2.splat(-bound);
  const rows = e + (<usize> strip << 5);
  const products = out + (<usize> strip << 2) * fStride;
  let column = mirror + (<usize> strip << 5);
  for (let at = <usize> from << 3, end = <usize> to << 3; at < end; at += 32) {
    const o0 = products + at, o1 = o0 + fStride, o2 = o1 + fStride, o3 = o2 + fStride;
    let s0 = f64x2.splat(0), s1 = s0, s2 = s0, s3 = s0, t0 = s0, t1 = s0, t2 = s0, t3 = s0;
    if (adds) {
      s0 = v128.load(o0);
      t0 = v128.load(o0, 16);
      s1 = v128.load(o1);
      t1 = v128.load(o1, 16);
      s2 = v128.load(o2);
      t2 = v128.load(o2, 16);
      s3 = v128.load(o3);
      t3 = v128.load(o3, 16);
    }
    let left = rows, right = f + at;
    for (let l = 0; l < k; l++) {
      const x = v128.load(right), y = v128.load(right, 16);
      const e0 = v128.load64_splat(left), e1 = v128.load64_splat(left, 8);
      const e2 = v128.load64_splat(left, 16), e3 = v128.load64_splat(left, 24);
      s0 = f64x2.add(s0, f64x2.mul(e0, x));
      t0 = f64x2.add(t0, f64x2.mul(e0, y));
      s1 = f64x2.add(s1, f64x2.mul(e1, x));
      t1 = f64x2.add(t1, f64x2.mul(e1, y));
      s2 = f64x2.add(s2, f64x2.mul(e2, x));
      t2 = f64x2.add(t2, f64x2.mul(e2, y));
      s3 = f64x2.add(s3, f64x2.mul(e3, x));
      t3 = f64x2.add(t3, f64x2.mul(e3, y));
      left += eStride;
      right += fStride;
    }
    s0 = within(s0, lower, upper);
    t0 = within(t0, lower, upper);
    s1 = within(s1, lower, upper);
    t1 = within(t1, lower, upper);
    s2 = within(s2, lower, upper);
    t2 = within(t2, lower, upper);
    s3 = within(s3, lower, upper);
    t3 = within(t3, lower, upper);
    v128.store(o0, s0);
    v128.store(o0, t0, 16);
    v128.store(o1, s1);
    v128.store(o1, t1, 16);
    v128.store(o2, s2);
    v128.store(o2, t2, 16);
    v128.store(o3, s3);
    v128.store(o3, t3, 16);
    if (mirror === 0) continue;
    storeColumns(column, mirrorStride, s0, s1, s2, s3);
    storeColumns(column + 2 * mirrorStride, mirrorStride, t0, t1, t2, t3);
    column += 4 * mirrorStride;
  }
}

/**
 * Adds XᵀX of `k` rows of X to the rows 4·strip to 4·strip + 3 of the upper triangle of G.
 *
 * @param x The rows of X, `stride` bytes each.
 * @param columns The number of columns, divisible by 4.
 * @param g G, rows of `stride` bytes.
 */
export function multiplyTriangle(
  strip: i32, worker: i32, x: usize, stride: usize, k: i32, columns: i32, g: usize,
): void {
  multiplyRows(strip, worker, x, stride, x, stride, k, 4 * strip, columns, g, 0, 0, 1, Infinity);
}

/** Stores two columns of a tile as rows. */
// @ts-ignore: a decorator of AssemblyScript
@inline
function storeColumns(
  at: usize, stride: usize, s0: v128, s1: v128, s2: v128, s3: v128,
): void {
  v128.store(at, v128.shuffle<u64>(s0, s1, 0, 2));
  v128.store(at, v128.shuffle<u64>(s2, s3, 0, 2), 16);
  v128.store(at + stride, v128.shuffle<u64>(s0, s1, 1, 3));
  v128.store(at + stride, v128.shuffle<u64>(s2, s3, 1, 3), 16);
}

// @ts-ignore: a decorator of AssemblyScript
@inline
function within(x: v128, lower: v128, upper: v128): v128 {
  return f64x2.pmax(f64x2.pmin(x, upper), lower);
}
