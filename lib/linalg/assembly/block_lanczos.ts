// The operations of block Lanczos on tall blocks, in AssemblyScript.
//
//   W = XᵀX·Q_j − Σ_b Q_b·C_b, with C_b = Q_bᵀ·W;   W = Q₍j+1₎·R
//
// The product is computed row by row of X, its projection on the basis is subtracted, and the remainder
// becomes the next block, orthonormal by modified Gram-Schmidt. A restart replaces Q by Q·S.
//
// A block is p rows of eight numbers, a cache line each. The basis is one block after the other.

/** Bytes of a row of a block. */
const ROW: usize = 64;

/**
 * Multiplies a block with G = XᵀX, for a part of the rows of X: each row is gathered and scattered
 * while it is in the cache, so that X is read once and nothing of n rows is stored.
 *
 * @param partRows The first row of each part, and the end of the last part.
 * @param values The values of X, or 0 if all are 1.
 * @param block The block, p rows.
 * @param products A block for each part, to be added up.
 */
export function multiplyGram(
  part: i32, _worker: i32, partRows: usize, rowStarts: usize, columns: usize, values: usize, p: i32,
  block: usize, products: usize,
): void {
  const product = products + <usize> (part * p) * ROW;
  memory.fill(product, 0, <usize> p * ROW);
  const last = load<u32>(partRows + (<usize> part << 2), 4);
  for (let u = load<u32>(partRows + (<usize> part << 2)); u < last; u++) {
    const start = <usize> load<u32>(rowStarts + (<usize> u << 2)) << 2;
    const end = <usize> load<u32>(rowStarts + (<usize> u << 2), 4) << 2;
    let s0 = f64x2.splat(0), s1 = s0, s2 = s0, s3 = s0;
    if (values === 0) {
      for (let t = start; t < end; t += 4) {
        const from = block + <usize> load<u32>(columns + t) * ROW;
        s0 = f64x2.add(s0, v128.load(from));
        s1 = f64x2.add(s1, v128.load(from, 16));
        s2 = f64x2.add(s2, v128.load(from, 32));
        s3 = f64x2.add(s3, v128.load(from, 48));
      }
      for (let t = start; t < end; t += 4) {
        const to = product + <usize> load<u32>(columns + t) * ROW;
        v128.store(to, f64x2.add(v128.load(to), s0));
        v128.store(to, f64x2.add(v128.load(to, 16), s1), 16);
        v128.store(to, f64x2.add(v128.load(to, 32), s2), 32);
        v128.store(to, f64x2.add(v128.load(to, 48), s3), 48);
      }
    } else {
      for (let t = start; t < end; t += 4) {
        const from = block + <usize> load<u32>(columns + t) * ROW;
        const x = v128.load64_splat(values + 2 * t);
        s0 = f64x2.add(s0, f64x2.mul(x, v128.load(from)));
        s1 = f64x2.add(s1, f64x2.mul(x, v128.load(from, 16)));
        s2 = f64x2.add(s2, f64x2.mul(x, v128.load(from, 32)));
        s3 = f64x2.add(s3, f64x2.mul(x, v128.load(from, 48)));
      }
      for (let t = start; t < end; t += 4) {
        const to = product + <usize> load<u32>(columns + t) * ROW;
        const x = v128.load64_splat(values + 2 * t);
        v128.store(to, f64x2.add(v128.load(to), f64x2.mul(x, s0)));
        v128.store(to, f64x2.add(v128.load(to, 16), f64x2.mul(x, s1)), 16);
        v128.store(to, f64x2.add(v128.load(to, 32), f64x2.mul(x, s2)), 32);
        v128.store(to, f64x2.add(v128.load(to, 48), f64x2.mul(x, s3)), 48);
      }
    }
  }
}

/** Adds up the products of the parts, for a chunk of the rows. */
export function addParts(
  chunk: i32, _worker: i32, rows: i32, p: i32, parts: i32, products: usize, sum: usize,
): void {
  const last = <usize> min((chunk + 1) * rows, p) * ROW;
  for (let at = <usize> (chunk * rows) * ROW; at < last; at += 16) {
    let s = v128.load(products + at);
    for (let part = 1; part < parts; part++) {
      s = f64x2.add(s, v128.load(products + <usize> (part * p) * ROW + at));
    }
    v128.store(sum + at, s);
  }
}

/** C = QᵀW for one block of the basis, 8 x 8. */
export function project(block: i32, _worker: i32, p: i32, basis: usize, w: usize, c: usize): void {
  const q = basis + <usize> (block * p) * ROW;
  const out = c + <usize> block * 512;
  memory.fill(out, 0, 512);
  // Rows are processed in groups that stay in the cache for the eight passes over them.
  for (let from: usize = 0, all = <usize> p * ROW; from < all; from += 128 * ROW) {
    const to = min(from + 128 * ROW, all);
    for (let i: usize = 0; i < 4; i++) {
      const left = q + i * 16;
      for (let j: usize = 0; j < 2; j++) {
        const right = w + j * 32;
        let s0 = f64x2.splat(0), s1 = s0, t0 = s0, t1 = s0;
        for (let at = from; at < to; at += ROW) {
          const a = v128.load64_splat(left + at), b = v128.load64_splat(left + at, 8);
          const x = v128.load(right + at), y = v128.load(right + at, 16);
          s0 = f64x2.add(s0, f64x2.mul(a, x));
          s1 = f64x2.add(s1, f64x2.mul(a, y));
          t0 = f64x2.add(t0, f64x2.mul(b, x));
          t1 = f64x2.add(t1, f64x2.mul(b, y));
        }
        const o = out + i * 128 + j * 32;
        v128.store(o, f64x2.add(v128.load(o), s0));
        v128.store(o, f64x2.add(v128.load(o, 16), s1), 16);
        v128.store(o, f64x2.add(v128.load(o, 64), t0), 64);
        v128.store(o, f64x2.add(v128.load(o, 80), t1), 80);
      }
    }
  }
}

/** W − Q·C for blocks `first` to `end` − 1 of the basis and a chunk of the rows. */
export function subtract(
  chunk: i32, _worker: i32, rows: i32, p: i32, basis: usize, first: i32, end: i32, c: usize,
  w: usize,
): void {
  const last = <usize> min((chunk + 1) * rows, p) * ROW;
  for (let block = first; block < end; block++) {
    const q = basis + <usize> (block * p) * ROW;
    const coefficients = c + <usize> block * 512;
    for (let at = <usize> (chunk * rows) * ROW; at < last; at += ROW) {
      let w0 = v128.load(w + at), w1 = v128.load(w + at, 16);
      let w2 = v128.load(w + at, 32), w3 = v128.load(w + at, 48);
      for (let i: usize = 0; i < 8; i++) {
        const x = v128.load64_splat(q + at + (i << 3));
        const f = coefficients + i * ROW;
        w0 = f64x2.sub(w0, f64x2.mul(x, v128.load(f)));
        w1 = f64x2.sub(w1, f64x2.mul(x, v128.load(f, 16)));
        w2 = f64x2.sub(w2, f64x2.mul(x, v128.load(f, 32)));
        w3 = f64x2.sub(w3, f64x2.mul(x, v128.load(f, 48)));
      }
      v128.store(w + at, w0);
      v128.store(w + at, w1, 16);
      v128.store(w + at, w2, 32);
      v128.store(w + at, w3, 48);
    }
  }
}

/**
 * Makes the columns of a block orthonormal by modified Gram-Schmidt: W = Q·R. A column that is not
 * longer than `least` once it is orthogonal to those before it becomes zero, and its row of R too.
 *
 * @param r R, 8 x 8.
 * @returns Which columns became zero, as bits.
 */
export function orthonormalize(p: i32, w: usize, r: usize, least: f64): i32 {
  let zeros = 0;
  const end = w + <usize> p * ROW;
  memory.fill(r, 0, 512);
  for (let j: usize = 0; j < 64; j += 8) {
    const row = r + (j << 3);
    let s0 = f64x2.splat(0), s1 = s0, s2 = s0, s3 = s0;
    for (let at = w; at < end; at += ROW) {
      const x = v128.load64_splat(at + j);
      s0 = f64x2.add(s0, f64x2.mul(x, v128.load(at)));
      s1 = f64x2.add(s1, f64x2.mul(x, v128.load(at, 16)));
      s2 = f64x2.add(s2, f64x2.mul(x, v128.load(at, 32)));
      s3 = f64x2.add(s3, f64x2.mul(x, v128.load(at, 48)));
    }
    v128.store(row, s0);
    v128.store(row, s1, 16);
    v128.store(row, s2, 32);
    v128.store(row, s3, 48);
    const norm = sqrt(load<f64>(row + j));
    const zero = norm <= least;
    if (zero) zeros |= 1 << <i32> (j >> 3);
    // The multiple of this column to subtract from each other one; this one is divided by its norm.
    for (let l: usize = 0; l < 64; l += 8) {
      const scaled = l < j || zero ? 0 : load<f64>(row + l) / (norm * norm);
      store<f64>(row + l, l === j ? (zero ? 1 : 1 - 1 / norm) : scaled);
    }
    s0 = v128.load(row);
    s1 = v128.load(row, 16);
    s2 = v128.load(row, 32);
    s3 = v128.load(row, 48);
    for (let at = w; at < end; at += ROW) {
      const x = v128.load64_splat(at + j);
      v128.store(at, f64x2.sub(v128.load(at), f64x2.mul(x, s0)));
      v128.store(at, f64x2.sub(v128.load(at, 16), f64x2.mul(x, s1)), 16);
      v128.store(at, f64x2.sub(v128.load(at, 32), f64x2.mul(x, s2)), 32);
      v128.store(at, f64x2.sub(v128.load(at, 48), f64x2.mul(x, s3)), 48);
    }
    for (let l: usize = 0; l < 64; l += 8) {
      store<f64>(row + l, l === j ? (zero ? 0 : norm) : load<f64>(row + l) * norm);
    }
  }
  return zeros;
}

/**
 * Replaces the first blocks of the basis Q by Q·S, for a chunk of the rows.
 *
 * @param blocks The number of blocks of Q.
 * @param kept The number of blocks of Q·S.
 * @param s S, 8·blocks x 8·kept.
 * @param scratch Room for a row of Q·S for each thread.
 */
export function combine(
  chunk: i32, worker: i32, rows: i32, p: i32, basis: usize, blocks: i32, kept: i32, s: usize,
  scratch: usize,
): void {
  const width = <usize> kept * ROW;
  const result = scratch + <usize> worker * width;
  const last = min((chunk + 1) * rows, p);
  for (let i = chunk * rows; i < last; i++) {
    const row = basis + <usize> i * ROW;
    for (let column: usize = 0; column < width; column += ROW) {
      let s0 = f64x2.splat(0), s1 = s0, s2 = s0, s3 = s0;
      let from = s + column;
      for (let block = 0; block < blocks; block++) {
        const q = row + <usize> (block * p) * ROW;
        for (let j: usize = 0; j < 64; j += 8) {
          const x = v128.load64_splat(q + j);
          s0 = f64x2.add(s0, f64x2.mul(x, v128.load(from)));
          s1 = f64x2.add(s1, f64x2.mul(x, v128.load(from, 16)));
          s2 = f64x2.add(s2, f64x2.mul(x, v128.load(from, 32)));
          s3 = f64x2.add(s3, f64x2.mul(x, v128.load(from, 48)));
          from += width;
        }
      }
      v128.store(result + column, s0);
      v128.store(result + column, s1, 16);
      v128.store(result + column, s2, 32);
      v128.store(result + column, s3, 48);
    }
    for (let block = 0; block < kept; block++) {
      memory.copy(row + <usize> (block * p) * ROW, result + <usize> block * ROW, ROW);
    }
  }
}
