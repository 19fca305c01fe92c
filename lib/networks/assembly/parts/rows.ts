/**
 * Some rows y of x·s, where s makes each of length 1 (`center` = 0; a row of zeros stays so), or of
 * x less its mean times the s that makes its variance 1 (`center` = 1).
 *
 * @param width Bytes of a row.
 * @param epsilon Added to the squared length or the variance.
 * @param scales The s of each row, for the gradient.
 */
export function normalize(
  chunk: i32, _worker: i32, rows: i32, m: i32, columns: i32, width: usize, x: usize, y: usize,
  scales: usize, center: i32, epsilon: f64,
): void {
  const size = sizeof<Real>();
  const end = <usize> columns * size;
  const last = min((chunk + 1) * rows, m);
  for (let i = chunk * rows; i < last; i++) {
    const from = x + <usize> i * width, to = y + <usize> i * width;
    let mean: f64 = 0;
    if (center) {
      for (let at: usize = 0; at < end; at += size) mean += <f64> load<Real>(from + at);
      mean /= <f64> columns;
    }
    let squares: f64 = 0;
    for (let at: usize = 0; at < end; at += size) {
      const off = <f64> load<Real>(from + at) - mean;
      squares += off * off;
    }
    if (center) squares /= <f64> columns;
    squares += epsilon;
    const scale = squares > 0 ? 1 / sqrt(squares) : 0;
    for (let at: usize = 0; at < end; at += size) {
      store<Real>(to + at, <Real> ((<f64> load<Real>(from + at) - mean) * scale));
    }
    for (let at = end; at < width; at += size) store<Real>(to + at, <Real> 0);
    store<f64>(scales + (<usize> i << 3), scale);
  }
}

/** Adds the gradient by x to `dx`, given y, s and the gradient `dy` by y. */
export function normalizeBack(
  chunk: i32, _worker: i32, rows: i32, m: i32, columns: i32, width: usize, y: usize, dy: usize,
  dx: usize, scales: usize, center: i32,
): void {
  const size = sizeof<Real>();
  const end = <usize> columns * size;
  const last = min((chunk + 1) * rows, m);
  for (let i = chunk * rows; i < last; i++) {
    const row = <usize> i * width;
    let mean: f64 = 0, along: f64 = 0;
    for (let at = row; at < row + end; at += size) {
      mean += <f64> load<Real>(dy + at);
      along += <f64> load<Real>(dy + at) * <f64> load<Real>(y + at);
    }
    mean = center ? mean / <f64> columns : 0;
    if (center) along /= <f64> columns;
    const scale = load<f64>(scales + (<usize> i << 3));
    for (let at = row; at < row + end; at += size) {
      const change = <f64> load<Real>(dy + at) - mean - <f64> load<Real>(y + at) * along;
      store<Real>(dx + at, load<Real>(dx + at) + <Real> (scale * change));
    }
  }
}

/** Adds a row to some of the rows of x. */
export function addRow(
  chunk: i32, _worker: i32, rows: i32, m: i32, width: usize, x: usize, row: usize,
): void {
  const last = min((chunk + 1) * rows, m);
  for (let i = chunk * rows; i < last; i++) {
    const to = x + <usize> i * width;
    for (let at: usize = 0; at < width; at += 16) {
      v128.store(to + at, v128.add<Real>(v128.load(to + at), v128.load(row + at)));
    }
  }
}

/** Some rows of y = x·diag(row), or added to y. */
export function scaleColumns(
  chunk: i32, _worker: i32, rows: i32, m: i32, width: usize, x: usize, row: usize, y: usize,
  add: i32,
): void {
  const last = min((chunk + 1) * rows, m);
  for (let i = chunk * rows; i < last; i++) {
    const from = x + <usize> i * width, to = y + <usize> i * width;
    for (let at: usize = 0; at < width; at += 16) {
      const scaled = v128.mul<Real>(v128.load(from + at), v128.load(row + at));
      v128.store(to + at, add ? v128.add<Real>(v128.load(to + at), scaled) : scaled);
    }
  }
}

/** Adds the columns' sums of x, or of x times y where y is not 0, to a row: 16 bytes a chunk. */
export function sumColumns(
  chunk: i32, _worker: i32, m: i32, width: usize, x: usize, y: usize, row: usize,
): void {
  const column = <usize> chunk * 16;
  let sum = v128.load(row + column);
  let at = column;
  for (let i = 0; i < m; i++, at += width) {
    const value = v128.load(x + at);
    sum = v128.add<Real>(sum, y === 0 ? value : v128.mul<Real>(value, v128.load(y + at)));
  }
  v128.store(row + column, sum);
}
