// Rows of X·A, in AssemblyScript, where X is sparse: for each user the rows of A of the user's items,
//
//   p_uj = Σ_t x_t·a_{i(t) j}, added in the order of the user's interactions t
//
// added up in registers, eight columns at a time: the columns of all rows of A stay in the cache for
// all users of a chunk.

/**
 * Computes the rows of some users.
 *
 * @param users The number of users in a chunk.
 * @param n The number of users.
 * @param rowStarts Where the interactions of each user start, and where those of the last user end.
 * @param items The item of each interaction.
 * @param values The value of each interaction, or 0 if all are 1.
 * @param a A, rows of `width` bytes.
 * @param width A multiple of 64.
 * @param out X·A, rows of `width` bytes.
 */
export function userRows(
  chunk: i32, _worker: i32, users: i32, n: i32, rowStarts: usize, items: usize, values: usize,
  a: usize, width: usize, out: usize,
): void {
  const first = chunk * users, last = min(first + users, n);
  for (let at: usize = 0; at < width; at += 64) {
    for (let u = first; u < last; u++) {
      const from = <usize> load<u32>(rowStarts + (<usize> u << 2));
      const to = <usize> load<u32>(rowStarts + (<usize> u << 2), 4);
      let s0 = f64x2.splat(0), s1 = s0, s2 = s0, s3 = s0;
      for (let t = from; t < to; t++) {
        const row = a + <usize> load<u32>(items + (t << 2)) * width + at;
        let x = f64x2.splat(1);
        if (values !== 0) x = v128.load64_splat(values + (t << 3));
        s0 = f64x2.add(s0, f64x2.mul(x, v128.load(row)));
        s1 = f64x2.add(s1, f64x2.mul(x, v128.load(row, 16)));
        s2 = f64x2.add(s2, f64x2.mul(x, v128.load(row, 32)));
        s3 = f64x2.add(s3, f64x2.mul(x, v128.load(row, 48)));
      }
      const p = out + <usize> u * width + at;
      v128.store(p, s0);
      v128.store(p, s1, 16);
      v128.store(p, s2, 32);
      v128.store(p, s3, 48);
    }
  }
}
