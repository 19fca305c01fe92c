// When items arrive, in AssemblyScript.

/** The least weight of an item, for preferences that underflow: every item can be sampled. */
export const LEAST_WEIGHT: f64 = 1e-280;

/** Approximates the arrivals −log(1 − u)/w. */
export function race(
  uniform: usize,
  arrivals: usize,
  preference: usize,
  users: i32,
  popularity: usize,
  clusterEnds: usize,
  clusters: i32,
): void {
  const one = f64x2.splat(1);
  let i: usize = 0;
  for (let c = 0; c < clusters; c++) {
    const p = f64x2.splat(load<f64>(preference + (<usize> (c * users) << 3)));
    const end = <usize> load<u32>(clusterEnds + (<usize> c << 2)) << 3;
    // A pair that reaches into the next cluster is overwritten there.
    for (let j = i; j < end; j += 16) {
      const v = f64x2.sub(one, v128.load(uniform + j));
      const weight = f64x2.max(f64x2.mul(p, v128.load(popularity + j)), f64x2.splat(LEAST_WEIGHT));
      v128.store(arrivals + j, f64x2.div(minusLog(v), weight));
    }
    i = end;
  }
}

/** −log v for v in (0, 1], to 2e-9 relatively: v = 2^e·m, and log m = 2·artanh((m − 1)/(m + 1)). */
function minusLog(v: v128): v128 {
  const one = f64x2.splat(1);
  const exponent = i64x2.shr_u(
    i64x2.sub(v, i64x2.splat(0x3fe6a09e667f3bcd - (64 << 52))),
    52,
  );
  const m = i64x2.sub(v, i64x2.shl(i64x2.sub(exponent, i64x2.splat(64)), 52));
  const magic = i64x2.splat(0x4330000000000000);
  const e = f64x2.sub(v128.or(exponent, magic), f64x2.splat(4503599627370496.0 + 64));
  const s = f64x2.div(f64x2.sub(m, one), f64x2.add(m, one));
  const q = f64x2.mul(s, s);
  let series = f64x2.add(f64x2.mul(q, f64x2.splat(2.0 / 9)), f64x2.splat(2.0 / 7));
  series = f64x2.add(f64x2.mul(q, series), f64x2.splat(2.0 / 5));
  series = f64x2.add(f64x2.mul(q, series), f64x2.splat(2.0 / 3));
  series = f64x2.add(f64x2.mul(q, series), f64x2.splat(2));
  return f64x2.sub(
    f64x2.splat(0),
    f64x2.add(f64x2.mul(e, f64x2.splat(0.6931471805599453)), f64x2.mul(s, series)),
  );
}
