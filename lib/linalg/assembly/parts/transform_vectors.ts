// What turns eigenvectors of the tridiagonal matrix into those of A, in AssemblyScript.

/** How many eigenvectors are transformed at once: a panel is p rows of so many numbers. */
const PANEL: i32 = 16;

/**
 * Applies sweeps of rotations to a panel of vectors, the last one first: sweeps `to` − 1 down to
 * `from`.
 *
 * @param rotations Where the rotations of sweep `to` − 1 end.
 */
export function rotate(
  panel: i32, _worker: i32, p: i32, panels: usize, from: i32, to: i32, sweeps: usize,
  rotations: usize,
): void {
  const width: usize = PANEL << 3;
  const first = panels + <usize> (panel * p) * width;
  for (let sweep = to - 1; sweep >= from; sweep--) {
    const low = load<u32>(sweeps + (<usize> sweep << 3));
    const high = load<u32>(sweeps + (<usize> sweep << 3), 4);
    const end = rotations;
    // Half a panel at a time, to keep the row that is carried along in registers.
    for (let half: usize = 0; half < 128; half += 64) {
      rotations = end;
      let row = first + <usize> low * width + half;
      let u0 = v128.load(row), u1 = v128.load(row, 16);
      let u2 = v128.load(row, 32), u3 = v128.load(row, 48);
      for (let i = low; i < high; i++) {
        rotations -= 16;
        const c = v128.load64_splat(rotations), s = v128.load64_splat(rotations, 8);
        const next = row + width;
        let t = v128.load(next);
        v128.store(row, f64x2.add(f64x2.mul(c, u0), f64x2.mul(s, t)));
        u0 = f64x2.sub(f64x2.mul(c, t), f64x2.mul(s, u0));
        t = v128.load(next, 16);
        v128.store(row, f64x2.add(f64x2.mul(c, u1), f64x2.mul(s, t)), 16);
        u1 = f64x2.sub(f64x2.mul(c, t), f64x2.mul(s, u1));
        t = v128.load(next, 32);
        v128.store(row, f64x2.add(f64x2.mul(c, u2), f64x2.mul(s, t)), 32);
        u2 = f64x2.sub(f64x2.mul(c, t), f64x2.mul(s, u2));
        t = v128.load(next, 48);
        v128.store(row, f64x2.add(f64x2.mul(c, u3), f64x2.mul(s, t)), 48);
        u3 = f64x2.sub(f64x2.mul(c, t), f64x2.mul(s, u3));
        row = next;
      }
      v128.store(row, u0);
      v128.store(row, u1, 16);
      v128.store(row, u2, 32);
      v128.store(row, u3, 48);
    }
  }
}

/** Applies the reflectors `from` to `to` − 1 to a panel of vectors, the first one first. */
export function unreflect(
  panel: i32, _worker: i32, p: i32, panels: usize, from: i32, to: i32, stride: usize, a: usize,
  tau: usize,
): void {
  const width: usize = PANEL << 3;
  for (let k = from; k < to; k++) {
    const v = a + <usize> k * stride;
    const t = f64x2.splat(load<f64>(tau + (<usize> k << 3)));
    // Half a panel at a time here too, for the sums.
    for (let half: usize = 0; half < 128; half += 64) {
      const first = panels + <usize> (panel * p) * width + half;
      let s0 = f64x2.splat(0), s1 = s0, s2 = s0, s3 = s0;
      let row = first;
      for (let i = 0; i < k; i++) {
        const vi = v128.load64_splat(v + (<usize> i << 3));
        s0 = f64x2.add(s0, f64x2.mul(vi, v128.load(row)));
        s1 = f64x2.add(s1, f64x2.mul(vi, v128.load(row, 16)));
        s2 = f64x2.add(s2, f64x2.mul(vi, v128.load(row, 32)));
        s3 = f64x2.add(s3, f64x2.mul(vi, v128.load(row, 48)));
        row += width;
      }
      s0 = f64x2.mul(s0, t);
      s1 = f64x2.mul(s1, t);
      s2 = f64x2.mul(s2, t);
      s3 = f64x2.mul(s3, t);
      row = first;
      for (let i = 0; i < k; i++) {
        const vi = v128.load64_splat(v + (<usize> i << 3));
        v128.store(row, f64x2.sub(v128.load(row), f64x2.mul(vi, s0)));
        v128.store(row, f64x2.sub(v128.load(row, 16), f64x2.mul(vi, s1)), 16);
        v128.store(row, f64x2.sub(v128.load(row, 32), f64x2.mul(vi, s2)), 32);
        v128.store(row, f64x2.sub(v128.load(row, 48), f64x2.mul(vi, s3)), 48);
        row += width;
      }
    }
  }
}
