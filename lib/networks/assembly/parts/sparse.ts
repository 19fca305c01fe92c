/** Two rounds of the finalizer of MurmurHash3: 32 bits that look random, of a counter and a key. */
function mix(counter: u32, key: u32): u32 {
  let h = counter * 0x9e3779b9 ^ key;
  for (let round = 0; round < 2; round++) {
    h ^= h >>> 16;
    h *= 0x85ebca6b;
    h ^= h >>> 13;
    h *= 0xc2b2ae35;
    h ^= h >>> 16;
    h += key;
  }
  return h;
}

/**
 * The input of some rows of a batch: the user's interactions, of length 1 if they are to be
 * normalized, each dropped with a probability and the others divided by what remains.
 *
 * @param rows How many rows make a chunk.
 * @param batch The number of rows of the batch.
 * @param users The user of each row.
 * @param values The values of X, or 0 where all are 1.
 * @param offsets Where the input of each row starts among the inputs.
 * @param normalize Whether to divide a row by its Euclidean length.
 * @param key The key of the random numbers; an entry of X is dropped where its number is below the
 * threshold.
 * @param scale What is kept is multiplied by this.
 */
export function input(
  chunk: i32, _worker: i32, rows: i32, batch: i32, users: usize, rowStarts: usize, values: usize,
  offsets: usize, inputs: usize, normalize: i32, key: u32, threshold: u32, scale: f64,
): void {
  const last = min((chunk + 1) * rows, batch);
  for (let r = chunk * rows; r < last; r++) {
    const user = <usize> load<u32>(users + (<usize> r << 2)) << 2;
    const start = load<u32>(rowStarts + user), end = load<u32>(rowStarts + user, 4);
    let factor = scale;
    if (normalize) {
      let squares: f64 = end - start;
      if (values !== 0) {
        squares = 0;
        for (let t = start; t < end; t++) {
          const x = load<f64>(values + (<usize> t << 3));
          squares += x * x;
        }
      }
      if (squares > 0) factor /= sqrt(squares);
    }
    let to = inputs + <usize> load<u32>(offsets + (<usize> r << 2)) * sizeof<Real>();
    for (let t = start; t < end; t++, to += sizeof<Real>()) {
      const x = values === 0 ? 1 : load<f64>(values + (<usize> t << 3));
      store<Real>(to, threshold > 0 && mix(t, key) < threshold ? <Real> 0 : <Real> (x * factor));
    }
  }
}

/** Some rows of X̃·W, where X̃ is the input of a batch: rows of W are added up. */
export function gather(
  chunk: i32, _worker: i32, rows: i32, batch: i32, users: usize, rowStarts: usize, columns: usize,
  offsets: usize, inputs: usize, weights: usize, width: usize, out: usize,
): void {
  const size = sizeof<Real>();
  const last = min((chunk + 1) * rows, batch);
  for (let r = chunk * rows; r < last; r++) {
    const user = <usize> load<u32>(users + (<usize> r << 2)) << 2;
    const start = columns + (<usize> load<u32>(rowStarts + user) << 2);
    const end = columns + (<usize> load<u32>(rowStarts + user, 4) << 2);
    const first = inputs + <usize> load<u32>(offsets + (<usize> r << 2)) * size;
    const to = out + <usize> r * width;
    let at: usize = 0;
    for (; at + 64 <= width; at += 64) {
      let s0 = v128.splat<Real>(<Real> 0), s1 = s0, s2 = s0, s3 = s0;
      let value = first;
      for (let t = start; t < end; t += 4, value += size) {
        const from = weights + <usize> load<u32>(t) * width + at;
        const x = v128.load_splat<Real>(value);
        s0 = v128.add<Real>(s0, v128.mul<Real>(x, v128.load(from)));
        s1 = v128.add<Real>(s1, v128.mul<Real>(x, v128.load(from, 16)));
        s2 = v128.add<Real>(s2, v128.mul<Real>(x, v128.load(from, 32)));
        s3 = v128.add<Real>(s3, v128.mul<Real>(x, v128.load(from, 48)));
      }
      v128.store(to + at, s0);
      v128.store(to + at, s1, 16);
      v128.store(to + at, s2, 32);
      v128.store(to + at, s3, 48);
    }
    for (; at < width; at += 16) {
      let s = v128.splat<Real>(<Real> 0);
      let value = first;
      for (let t = start; t < end; t += 4, value += size) {
        const from = weights + <usize> load<u32>(t) * width + at;
        s = v128.add<Real>(s, v128.mul<Real>(v128.load_splat<Real>(value), v128.load(from)));
      }
      v128.store(to + at, s);
    }
  }
}

/**
 * Adds X̃ᵀ·G to the rows of W's gradient that belong to a chunk of the items, user by user.
 *
 * @param items How many items make a chunk.
 */
export function scatter(
  chunk: i32, _worker: i32, items: i32, batch: i32, users: usize, rowStarts: usize, columns: usize,
  offsets: usize, inputs: usize, gradient: usize, width: usize, out: usize,
): void {
  const low = <u32> (chunk * items), high = low + items;
  for (let r = 0; r < batch; r++) {
    const user = <usize> load<u32>(users + (<usize> r << 2)) << 2;
    const start = load<u32>(rowStarts + user), end = load<u32>(rowStarts + user, 4);
    let t = start;
    for (let past = end; t < past;) {
      const middle = (t + past) >>> 1;
      if (load<u32>(columns + (<usize> middle << 2)) < low) t = middle + 1;
      else past = middle;
    }
    const from = gradient + <usize> r * width;
    const first = inputs + <usize> (load<u32>(offsets + (<usize> r << 2)) - start) * sizeof<Real>();
    for (; t < end; t++) {
      const item = load<u32>(columns + (<usize> t << 2));
      if (item >= high) break;
      const x = v128.load_splat<Real>(first + <usize> t * sizeof<Real>());
      const to = out + <usize> item * width;
      for (let at: usize = 0; at < width; at += 16) {
        const more = v128.mul<Real>(x, v128.load(from + at));
        v128.store(to + at, v128.add<Real>(v128.load(to + at), more));
      }
    }
  }
}
