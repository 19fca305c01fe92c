/**
 * A part of the rows of C = A·B, or of C += A·B. A is read by element, through two strides, so that
 * it may be transposed; B and C are read by rows of 16-byte vectors. Each entry is summed up in the
 * order of the depth, whatever the cut into chunks.
 *
 * @param rows How many rows of C make a chunk.
 * @param m The number of rows of C.
 * @param depth The number of columns of A and rows of B.
 * @param aRow Bytes from a row of A to the next.
 * @param aStep Bytes from a column of A to the next.
 * @param bStep Bytes from a row of B to the next.
 * @param width Bytes of a row of C, a multiple of 16.
 * @param add Whether the product is added to C.
 */
export function product(
  chunk: i32, _worker: i32, rows: i32, m: i32, depth: i32, a: usize, aRow: usize, aStep: usize,
  b: usize, bStep: usize, width: usize, c: usize, add: i32,
): void {
  const first = chunk * rows, last = min(first + rows, m);
  let column: usize = 0;
  for (; column + 32 <= width; column += 32) {
    for (let i = first; i < last; i += 4) {
      // Where fewer than four rows are left, the last one is computed several times.
      const i1 = min(i + 1, last - 1), i2 = min(i + 2, last - 1), i3 = min(i + 3, last - 1);
      const c0 = c + <usize> i * width + column, c1 = c + <usize> i1 * width + column;
      const c2 = c + <usize> i2 * width + column, c3 = c + <usize> i3 * width + column;
      let s0 = v128.splat<Real>(<Real> 0), s1 = s0, s2 = s0, s3 = s0;
      let t0 = s0, t1 = s0, t2 = s0, t3 = s0;
      if (add) {
        s0 = v128.load(c0); t0 = v128.load(c0, 16);
        s1 = v128.load(c1); t1 = v128.load(c1, 16);
        s2 = v128.load(c2); t2 = v128.load(c2, 16);
        s3 = v128.load(c3); t3 = v128.load(c3, 16);
      }
      let a0 = a + <usize> i * aRow, a1 = a + <usize> i1 * aRow;
      let a2 = a + <usize> i2 * aRow, a3 = a + <usize> i3 * aRow;
      let from = b + column;
      for (let t = 0; t < depth; t++) {
        const x = v128.load(from), y = v128.load(from, 16);
        const e0 = v128.load_splat<Real>(a0);
        s0 = v128.add<Real>(s0, v128.mul<Real>(e0, x));
        t0 = v128.add<Real>(t0, v128.mul<Real>(e0, y));
        const e1 = v128.load_splat<Real>(a1);
        s1 = v128.add<Real>(s1, v128.mul<Real>(e1, x));
        t1 = v128.add<Real>(t1, v128.mul<Real>(e1, y));
        const e2 = v128.load_splat<Real>(a2);
        s2 = v128.add<Real>(s2, v128.mul<Real>(e2, x));
        t2 = v128.add<Real>(t2, v128.mul<Real>(e2, y));
        const e3 = v128.load_splat<Real>(a3);
        s3 = v128.add<Real>(s3, v128.mul<Real>(e3, x));
        t3 = v128.add<Real>(t3, v128.mul<Real>(e3, y));
        a0 += aStep; a1 += aStep; a2 += aStep; a3 += aStep;
        from += bStep;
      }
      v128.store(c0, s0); v128.store(c0, t0, 16);
      v128.store(c1, s1); v128.store(c1, t1, 16);
      v128.store(c2, s2); v128.store(c2, t2, 16);
      v128.store(c3, s3); v128.store(c3, t3, 16);
    }
  }
  if (column === width) return;
  for (let i = first; i < last; i += 4) {
    const i1 = min(i + 1, last - 1), i2 = min(i + 2, last - 1), i3 = min(i + 3, last - 1);
    const c0 = c + <usize> i * width + column, c1 = c + <usize> i1 * width + column;
    const c2 = c + <usize> i2 * width + column, c3 = c + <usize> i3 * width + column;
    let s0 = v128.splat<Real>(<Real> 0), s1 = s0, s2 = s0, s3 = s0;
    if (add) {
      s0 = v128.load(c0);
      s1 = v128.load(c1);
      s2 = v128.load(c2);
      s3 = v128.load(c3);
    }
    let a0 = a + <usize> i * aRow, a1 = a + <usize> i1 * aRow;
    let a2 = a + <usize> i2 * aRow, a3 = a + <usize> i3 * aRow;
    let from = b + column;
    for (let t = 0; t < depth; t++) {
      const x = v128.load(from);
      s0 = v128.add<Real>(s0, v128.mul<Real>(v128.load_splat<Real>(a0), x));
      s1 = v128.add<Real>(s1, v128.mul<Real>(v128.load_splat<Real>(a1), x));
      s2 = v128.add<Real>(s2, v128.mul<Real>(v128.load_splat<Real>(a2), x));
      s3 = v128.add<Real>(s3, v128.mul<Real>(v128.load_splat<Real>(a3), x));
      a0 += aStep; a1 += aStep; a2 += aStep; a3 += aStep;
      from += bStep;
    }
    v128.store(c0, s0);
    v128.store(c1, s1);
    v128.store(c2, s2);
    v128.store(c3, s3);
  }
}

/**
 * A part of the rows of Aᵀ: what {@linkcode product} needs to multiply with a transposed B.
 *
 * @param aWidth Bytes of a row of A.
 * @param columns The number of columns of A.
 * @param width Bytes of a row of Aᵀ; what is beyond its columns is set to zero.
 */
export function transpose(
  chunk: i32, _worker: i32, rows: i32, a: usize, aWidth: usize, aRows: i32, columns: i32,
  out: usize, width: usize,
): void {
  const size = sizeof<Real>();
  const last = min((chunk + 1) * rows, columns);
  for (let j = chunk * rows; j < last; j++) {
    const to = out + <usize> j * width;
    let from = a + <usize> j * size;
    let at: usize = 0;
    for (let i = 0; i < aRows; i++, at += size, from += aWidth) {
      store<Real>(to + at, load<Real>(from));
    }
    for (; at < width; at += size) store<Real>(to + at, <Real> 0);
  }
}
