// Counts the bits that packed columns have in common, in AssemblyScript.

/** How many columns are held against each other one. */
const STRIP: i32 = 4;

/** So many counts of up to 8 fit into a byte. */
const BYTE_FULL: i32 = 31;

/**
 * Fills rows 4·strip to 4·strip + 3 of the upper triangle of G, and what mirrors them.
 *
 * @param bits The columns, `vectors` times 128 bits each; as many more columns of zeros as make
 * their number divisible by 4.
 * @param g G, columns x columns, row by row.
 */
export function countBits(
  strip: i32,
  _worker: i32,
  bits: usize,
  columns: i32,
  vectors: i32,
  g: usize,
): void {
  const stride = <usize> vectors << 4;
  const i = strip * STRIP;
  const a = bits + <usize> i * stride;
  for (let j = i; j < columns; j++) {
    const b = bits + <usize> j * stride;
    let total0 = i32x4.splat(0), total1 = total0, total2 = total0, total3 = total0;
    for (let from = 0; from < vectors; from += BYTE_FULL) {
      let sum0 = i8x16.splat(0), sum1 = sum0, sum2 = sum0, sum3 = sum0;
      const end = <usize> min(from + BYTE_FULL, vectors) << 4;
      for (let at = <usize> from << 4; at < end; at += 16) {
        const other = v128.load(b + at);
        const own = a + at;
        sum0 = i8x16.add(sum0, i8x16.popcnt(v128.and(v128.load(own), other)));
        sum1 = i8x16.add(sum1, i8x16.popcnt(v128.and(v128.load(own + stride), other)));
        sum2 = i8x16.add(sum2, i8x16.popcnt(v128.and(v128.load(own + 2 * stride), other)));
        sum3 = i8x16.add(sum3, i8x16.popcnt(v128.and(v128.load(own + 3 * stride), other)));
      }
      total0 = i32x4.add(total0, widen(sum0));
      total1 = i32x4.add(total1, widen(sum1));
      total2 = i32x4.add(total2, widen(sum2));
      total3 = i32x4.add(total3, widen(sum3));
    }
    put(g, columns, i, j, total0);
    if (i + 1 < columns) put(g, columns, i + 1, j, total1);
    if (i + 2 < columns) put(g, columns, i + 2, j, total2);
    if (i + 3 < columns) put(g, columns, i + 3, j, total3);
  }
}

function widen(bytes: v128): v128 {
  return i32x4.extadd_pairwise_i16x8_u(i16x8.extadd_pairwise_i8x16_u(bytes));
}

function put(g: usize, columns: i32, i: i32, j: i32, total: v128): void {
  const count = <f64> (i32x4.extract_lane(total, 0) + i32x4.extract_lane(total, 1) +
    i32x4.extract_lane(total, 2) + i32x4.extract_lane(total, 3));
  store<f64>(g + (<usize> (i * columns + j) << 3), count);
  store<f64>(g + (<usize> (j * columns + i) << 3), count);
}
