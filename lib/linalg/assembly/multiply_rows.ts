// Products of four rows with many, in AssemblyScript.

/**
 * Multiplies four rows of E with rows `from` to `to` − 1 of F. Each sum is taken in the order of the
 * columns.
 *
 * @param e E transposed, k times `eStride` bytes, from the first of the four rows on.
 * @param f F transposed, k times `fStride` bytes.
 * @param from The first row of F, `to` the one after the last: their difference is divisible by 4.
 * @param out The products, four times `fStride` bytes.
 */
export function multiplyRows(
  e: usize, eStride: usize, f: usize, fStride: usize, k: i32, from: i32, to: i32, out: usize,
): void {
  for (let at = <usize> from << 3, end = <usize> to << 3; at < end; at += 32) {
    let s0 = f64x2.splat(0), s1 = s0, s2 = s0, s3 = s0, t0 = s0, t1 = s0, t2 = s0, t3 = s0;
    let left = e, right = f + at;
    for (let i = 0; i < k; i++) {
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
    const o = out + at;
    v128.store(o, s0);
    v128.store(o, t0, 16);
    v128.store(o + fStride, s1);
    v128.store(o + fStride, t1, 16);
    v128.store(o + 2 * fStride, s2);
    v128.store(o + 2 * fStride, t2, 16);
    v128.store(o + 3 * fStride, s3);
    v128.store(o + 3 * fStride, t3, 16);
  }
}
