// Transforms eigenvectors of the tridiagonal matrix into those of A, in AssemblyScript.

/** How many eigenvectors are transformed at once: a panel has p rows, each with this many numbers. */
const PANEL: i32 = 8;
/** Bytes of a row of a panel, a cache line. */
const ROW: usize = PANEL << 3;

/**
 * Applies sweeps of rotations to a panel of vectors, the last one first: sweeps `to` − 1 down to
 * `from`. Each takes rows u and t to c·u + s·t and c·t − s·u; the row that is carried along stays in
 * registers.
 *
 * @param rotations Where the rotations of sweep `to` − 1 end.
 */
export function rotate(
  panel: i32, _worker: i32, p: i32, panels: usize, from: i32, to: i32, sweeps: usize,
  rotations: usize,
): void {
  const first = panels + <usize> (panel * p) * ROW;
  for (let sweep = to - 1; sweep >= from; sweep--) {
    const low = load<u32>(sweeps + (<usize> sweep << 3));
    const high = load<u32>(sweeps + (<usize> sweep << 3), 4);
    let row = first + <usize> low * ROW;
    let u0 = v128.load(row), u1 = v128.load(row, 16);
    let u2 = v128.load(row, 32), u3 = v128.load(row, 48);
    for (let i = low; i < high; i++) {
      rotations -= 16;
      const c = v128.load64_splat(rotations), s = v128.load64_splat(rotations, 8);
      const next = row + ROW;
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

/**
 * The inner products of reflectors 4·group to 4·group + 3, which {@linkcode unreflect} needs to apply
 * them at once.
 *
 * @param products For each group six: v₁·v₀, v₂·v₀, v₂·v₁, v₃·v₀, v₃·v₁, v₃·v₂.
 */
export function relateReflectors(
  group: i32, _worker: i32, stride: usize, a: usize, products: usize,
): void {
  const v0 = a + (<usize> group << 2) * stride;
  const v1 = v0 + stride, v2 = v1 + stride, v3 = v2 + stride;
  let s0: f64 = 0, s1: f64 = 0, s2: f64 = 0, s3: f64 = 0, s4: f64 = 0, s5: f64 = 0;
  for (let i: usize = 0, end = <usize> (4 * group + 3) << 3; i < end; i += 8) {
    const x0 = load<f64>(v0 + i), x1 = load<f64>(v1 + i);
    const x2 = load<f64>(v2 + i), x3 = load<f64>(v3 + i);
    s0 += x1 * x0;
    s1 += x2 * x0;
    s2 += x2 * x1;
    s3 += x3 * x0;
    s4 += x3 * x1;
    s5 += x3 * x2;
  }
  const to = products + <usize> (group * 6) * 8;
  store<f64>(to, s0);
  store<f64>(to, s1, 8);
  store<f64>(to, s2, 16);
  store<f64>(to, s3, 24);
  store<f64>(to, s4, 32);
  store<f64>(to, s5, 40);
}

/**
 * Applies the reflectors 4·from to 4·to − 1 to a panel of vectors Z, the first one first, four at
 * once: Z − Σ vₘ·cₘ, where cₘ = τₘ·(vₘᵀZ − Σ (vₘ·vₗ)·cₗ) over the l before m.
 */
export function unreflect(
  panel: i32, _worker: i32, p: i32, panels: usize, from: i32, to: i32, stride: usize, a: usize,
  tau: usize, products: usize,
): void {
  for (let group = from; group < to; group++) {
    const v0 = a + (<usize> group << 2) * stride;
    const v1 = v0 + stride, v2 = v1 + stride, v3 = v2 + stride;
    const end = <usize> min(4 * group + 3, p) << 3;
    const t = tau + (<usize> group << 5);
    const g = products + <usize> (group * 6) * 8;
    // Half a row at a time: twice four sums stay in registers.
    for (let half: usize = 0; half < ROW; half += 32) {
      const first = panels + <usize> (panel * p) * ROW + half;
      let c0 = f64x2.splat(0), c1 = c0, c2 = c0, c3 = c0, d0 = c0, d1 = c0, d2 = c0, d3 = c0;
      let row = first;
      for (let i: usize = 0; i < end; i += 8) {
        const x = v128.load(row), y = v128.load(row, 16);
        let v = v128.load64_splat(v0 + i);
        c0 = f64x2.add(c0, f64x2.mul(v, x));
        d0 = f64x2.add(d0, f64x2.mul(v, y));
        v = v128.load64_splat(v1 + i);
        c1 = f64x2.add(c1, f64x2.mul(v, x));
        d1 = f64x2.add(d1, f64x2.mul(v, y));
        v = v128.load64_splat(v2 + i);
        c2 = f64x2.add(c2, f64x2.mul(v, x));
        d2 = f64x2.add(d2, f64x2.mul(v, y));
        v = v128.load64_splat(v3 + i);
        c3 = f64x2.add(c3, f64x2.mul(v, x));
        d3 = f64x2.add(d3, f64x2.mul(v, y));
        row += ROW;
      }
      let f = v128.load64_splat(t);
      c0 = f64x2.mul(f, c0);
      d0 = f64x2.mul(f, d0);
      f = v128.load64_splat(t, 8);
      let b = v128.load64_splat(g);
      c1 = f64x2.mul(f, f64x2.sub(c1, f64x2.mul(b, c0)));
      d1 = f64x2.mul(f, f64x2.sub(d1, f64x2.mul(b, d0)));
      f = v128.load64_splat(t, 16);
      b = v128.load64_splat(g, 8);
      c2 = f64x2.sub(c2, f64x2.mul(b, c0));
      d2 = f64x2.sub(d2, f64x2.mul(b, d0));
      b = v128.load64_splat(g, 16);
      c2 = f64x2.mul(f, f64x2.sub(c2, f64x2.mul(b, c1)));
      d2 = f64x2.mul(f, f64x2.sub(d2, f64x2.mul(b, d1)));
      f = v128.load64_splat(t, 24);
      b = v128.load64_splat(g, 24);
      c3 = f64x2.sub(c3, f64x2.mul(b, c0));
      d3 = f64x2.sub(d3, f64x2.mul(b, d0));
      b = v128.load64_splat(g, 32);
      c3 = f64x2.sub(c3, f64x2.mul(b, c1));
      d3 = f64x2.sub(d3, f64x2.mul(b, d1));
      b = v128.load64_splat(g, 40);
      c3 = f64x2.mul(f, f64x2.sub(c3, f64x2.mul(b, c2)));
      d3 = f64x2.mul(f, f64x2.sub(d3, f64x2.mul(b, d2)));
      row = first;
      for (let i: usize = 0; i < end; i += 8) {
        let x = v128.load(row), y = v128.load(row, 16);
        let v = v128.load64_splat(v0 + i);
        x = f64x2.sub(x, f64x2.mul(v, c0));
        y = f64x2.sub(y, f64x2.mul(v, d0));
        v = v128.load64_splat(v1 + i);
        x = f64x2.sub(x, f64x2.mul(v, c1));
        y = f64x2.sub(y, f64x2.mul(v, d1));
        v = v128.load64_splat(v2 + i);
        x = f64x2.sub(x, f64x2.mul(v, c2));
        y = f64x2.sub(y, f64x2.mul(v, d2));
        v = v128.load64_splat(v3 + i);
        v128.store(row, f64x2.sub(x, f64x2.mul(v, c3)));
        v128.store(row, f64x2.sub(y, f64x2.mul(v, d3)), 16);
        row += ROW;
      }
    }
  }
}
