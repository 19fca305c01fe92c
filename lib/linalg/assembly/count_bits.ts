// The Gram matrix of a binary X whose columns are packed into bits, in AssemblyScript.
//
//   G_ij = Σ_u x_ui·x_uj = popcount(x_i AND x_j)
//
// Bits are not counted one vector at a time: carry-save adders first add up eight vectors of bits to
// vectors of ones, twos, fours and eights, of which only the last one is counted each time (Harley
// and Seal; Mula, Kurz and Lemire, Faster population counts using AVX2 instructions, 2018).

/** How many columns are compared with every other column at once. */
const STRIP: i32 = 4;

/** How many vectors the adders process at once. */
const BLOCK: i32 = 8;

/** How many vectors can be counted before a byte could overflow. */
const BYTE_FULL: i32 = 31 * BLOCK;

/**
 * Fills rows 4·strip to 4·strip + 3 of the upper triangle of G, and their mirror images.
 *
 * @param bits The columns, `vectors` times 128 bits each, a number divisible by 8; as many more
 * columns of zeros as make their number divisible by 4.
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
    for (let r = 0, last = min(STRIP, columns - i); r < last; r++) {
      const count = <f64> inCommon(a + <usize> r * stride, b, vectors);
      store<f64>(g + (<usize> ((i + r) * columns + j) << 3), count);
      store<f64>(g + (<usize> (j * columns + i + r) << 3), count);
    }
  }
}

/** How many bits two columns have in common. */
function inCommon(a: usize, b: usize, vectors: i32): i32 {
  const zero = i32x4.splat(0);
  let ones = zero, twos = zero, fours = zero, eights = zero;
  for (let from = 0; from < vectors; from += BYTE_FULL) {
    let bytes = zero;
    const end = <usize> min(from + BYTE_FULL, vectors) << 4;
    for (let at = <usize> from << 4; at < end; at += <usize> BLOCK << 4) {
      const x = a + at, y = b + at;
      const v0 = both(x, y), v1 = both(x + 16, y + 16);
      const twos0 = carry(ones, v0, v1);
      ones = sum(ones, v0, v1);
      const v2 = both(x + 32, y + 32), v3 = both(x + 48, y + 48);
      const twos1 = carry(ones, v2, v3);
      ones = sum(ones, v2, v3);
      const fours0 = carry(twos, twos0, twos1);
      twos = sum(twos, twos0, twos1);
      const v4 = both(x + 64, y + 64), v5 = both(x + 80, y + 80);
      const twos2 = carry(ones, v4, v5);
      ones = sum(ones, v4, v5);
      const v6 = both(x + 96, y + 96), v7 = both(x + 112, y + 112);
      const twos3 = carry(ones, v6, v7);
      ones = sum(ones, v6, v7);
      const fours1 = carry(twos, twos2, twos3);
      twos = sum(twos, twos2, twos3);
      bytes = i8x16.add(bytes, i8x16.popcnt(carry(fours, fours0, fours1)));
      fours = sum(fours, fours0, fours1);
    }
    eights = i32x4.add(eights, widen(bytes));
  }
  const rest = i32x4.add(
    i32x4.add(widen(i8x16.popcnt(ones)), i32x4.shl(widen(i8x16.popcnt(twos)), 1)),
    i32x4.add(i32x4.shl(widen(i8x16.popcnt(fours)), 2), i32x4.shl(eights, 3)),
  );
  return i32x4.extract_lane(rest, 0) + i32x4.extract_lane(rest, 1) +
    i32x4.extract_lane(rest, 2) + i32x4.extract_lane(rest, 3);
}

// @ts-ignore: a decorator of AssemblyScript
@inline
function both(x: usize, y: usize): v128 {
  return v128.and(v128.load(x), v128.load(y));
}

/** The upper bit of a + b + c. */
// @ts-ignore: a decorator of AssemblyScript
@inline
function carry(a: v128, b: v128, c: v128): v128 {
  return v128.or(v128.and(a, b), v128.and(v128.xor(a, b), c));
}

/** The lower bit of a + b + c. */
// @ts-ignore: a decorator of AssemblyScript
@inline
function sum(a: v128, b: v128, c: v128): v128 {
  return v128.xor(v128.xor(a, b), c);
}

function widen(bytes: v128): v128 {
  return i32x4.extadd_pairwise_i16x8_u(i16x8.extadd_pairwise_i8x16_u(bytes));
}
