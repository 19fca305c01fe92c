import { Matrix } from "ml-matrix";
import { assertEqualShapes, assertFinite } from "../check.ts";
import { ThreadPool, threadsFor } from "../kernels/thread_pool.ts";
import multiplyRowsWasm, { type Exports } from "./multiply_rows_wasm.ts";

/** How many rows the kernel multiplies at once. */
const STRIP = 4;

/** How many rows are multiplied before they are copied out: they and their mirror image fit in the cache. */
const GROUP = 128;

/**
 * How many products of a sum are added in one go: the columns of E and F lie a page or more apart, and of
 * 32 of each the cache keeps all that the next tile reads. The order of the additions stays.
 */
const DEPTH = 32;

/** How many rows are transposed at once: as many as a cache line has numbers. */
const LINE = 8;

/** How long the kernel takes to add a product to its sum, in nanoseconds. */
const PRODUCT_NS = 0.3;

/**
 * Computes the dot product of every row of one matrix with every row of another, EFᵀ.
 *
 * @param e The rows of E, at least one, all of one length.
 * @param f The rows of F, of the same length; those of E by default, each pair computed once.
 * @param bound Products are kept within [−bound, bound]; unbounded by default.
 * @param threads How many threads multiply; by default what {@linkcode threadsFor} says.
 * @returns EFᵀ.
 *
 * @example
 * ```ts
 * import { rowProducts } from "./matrices.ts";
 * import assert from "node:assert/strict";
 *
 * const products = rowProducts([Float64Array.of(1, 2)], [Float64Array.of(3, 4), Float64Array.of(1, 0)]);
 * assert.deepEqual(products.to2DArray(), [[11, 1]]);
 * ```
 */
export function rowProducts(
  e: readonly Float64Array[],
  f?: readonly Float64Array[],
  bound = Infinity,
  threads?: number,
): Matrix {
  const k = e[0].length;
  const width = (f ?? e).length;
  const work = e.length * width * k * PRODUCT_NS;
  using pool = new ThreadPool(multiplyRowsWasm, threads ?? threadsFor(work));
  const left = placeColumns(pool, e);
  const right = f === undefined ? left : placeColumns(pool, f);
  const { stride } = right;
  const to = stride / 8;
  const out = pool.allocate(GROUP * stride);
  const mirror = f === undefined ? pool.allocate(to * GROUP * 8) : 0;
  const rows = pool.float64(out, GROUP * to);
  const columns = pool.float64(mirror, f === undefined ? to * GROUP : 0);
  const products = new Float64Array(e.length * width);
  for (let first = 0; first < e.length; first += GROUP) {
    const count = Math.min(GROUP, e.length - first);
    const from = f === undefined ? first : 0;
    const strips = Math.ceil(count / STRIP);
    for (let l = 0; l < k; l += DEPTH) {
      const last = l + DEPTH >= k;
      pool.run(
        "multiplyRows",
        strips,
        left.at + first * 8 + l * left.stride,
        left.stride,
        right.at + l * stride,
        stride,
        Math.min(DEPTH, k - l),
        from,
        to,
        out,
        last ? mirror : 0,
        GROUP * 8,
        l > 0 ? 1 : 0,
        last ? bound : Infinity,
      );
    }
    for (let r = 0; r < count; r++) {
      products.set(rows.subarray(r * to + from, r * to + width), (first + r) * width + from);
    }
    if (f !== undefined) continue;
    for (let j = first + count; j < width; j++) {
      const at = (j - first) * GROUP;
      products.set(columns.subarray(at, at + count), j * width + first);
    }
  }
  pool.release();
  return flatMatrix(products, width);
}

/** Copies rows into the memory of the pool, transposed; a row of the result takes `stride` bytes. */
function placeColumns(pool: ThreadPool<Exports>, rows: readonly Float64Array[]) {
  const length = Math.ceil(rows.length / STRIP) * STRIP;
  const at = pool.allocate(rows[0].length * length * 8);
  const columns = pool.float64(at, rows[0].length * length);
  for (let i = 0; i < rows.length; i += LINE) {
    const group = rows.slice(i, i + LINE);
    for (let j = 0; j < rows[0].length; j++) {
      for (let r = 0; r < group.length; r++) columns[j * length + i + r] = group[r][j];
    }
  }
  return { at, stride: length * 8 };
}

/**
 * The product of two matrices, by the kernel of {@linkcode rowProducts}.
 *
 * @param a A matrix, m x k.
 * @param b A matrix, k x n.
 * @returns AB, m x n.
 *
 * @example
 * ```ts
 * import { multiply } from "./matrices.ts";
 * import { Matrix } from "ml-matrix";
 * import assert from "node:assert/strict";
 *
 * assert.deepEqual(multiply(new Matrix([[1, 2]]), new Matrix([[3], [4]])).to2DArray(), [[11]]);
 * ```
 */
export function multiply(a: Matrix, b: Matrix): Matrix {
  return rowProducts(rowArrays(a), rowArrays(b.transpose()));
}

/**
 * Computes the largest difference between corresponding entries of two matrices, max |aᵢⱼ − bᵢⱼ|.
 *
 * @param a One matrix.
 * @param b Another of the same shape.
 * @returns The largest difference; 0 if they are equal.
 * @throws {TypeError} If a or b is not a matrix.
 * @throws {RangeError} If their shapes differ, or one is empty or not finite.
 *
 * @example
 * ```ts
 * import { largestDifference } from "cosine-lab";
 * import { Matrix } from "ml-matrix";
 * import assert from "node:assert/strict";
 *
 * assert.equal(largestDifference(new Matrix([[1, 0]]), new Matrix([[1, 3]])), 3);
 * ```
 */
export function largestDifference(a: Matrix, b: Matrix): number {
  assertFinite("compare matrices", "a", a);
  assertFinite("compare matrices", "b", b);
  assertEqualShapes("compare matrices", { a, b });
  const others = rowArrays(b);
  let largest = 0;
  rowArrays(a).forEach((row, i) => {
    const other = others[i];
    for (let j = 0; j < row.length; j++) {
      largest = Math.max(largest, Math.abs(row[j] - other[j]));
    }
  });
  return largest;
}

/**
 * Makes a matrix from entries that are stored row by row in one array, without a copy.
 *
 * @param entries The entries, row by row; the matrix goes on using this array.
 * @param columns The number of columns, at least 1.
 * @returns The matrix.
 *
 * @example
 * ```ts
 * import { flatMatrix } from "./matrices.ts";
 * import assert from "node:assert/strict";
 *
 * assert.deepEqual(flatMatrix(Float64Array.of(1, 2, 3, 4, 5, 6), 3).to2DArray(), [[1, 2, 3], [4, 5, 6]]);
 * ```
 */
export function flatMatrix(entries: Float64Array, columns: number): Matrix {
  const rows = entries.length / columns;
  // No constructor of ml-matrix takes rows over. These are the private fields that its constructors fill
  // in; tests/linalg/matrices_test.ts fails if a new version stores entries differently.
  const matrix = new Matrix(0, columns);
  const data = Array.from(
    { length: rows },
    (_, i) => entries.subarray(i * columns, (i + 1) * columns),
  );
  return Object.assign(matrix, { data, rows });
}

/**
 * The rows of a matrix as ml-matrix stores them, for loops that cannot afford a call for each
 * entry. Writing to a row writes to the matrix; the rows of a view are copies.
 *
 * @param m A matrix.
 * @returns An array for each row.
 */
export function rowArrays(m: Matrix): Float64Array[] {
  const { data } = m as unknown as { data?: Float64Array[] };
  const stored = Array.isArray(data) && data.length === m.rows &&
    data.every((row) => row instanceof Float64Array && row.length === m.columns);
  return stored ? data : Array.from({ length: m.rows }, (_, i) => Float64Array.from(m.getRow(i)));
}

/** The dot product of two vectors of one length. */
export function dot(a: Float64Array, b: Float64Array): number {
  let sum = 0;
  for (let i = 0; i < a.length; i++) sum += a[i] * b[i];
  return sum;
}
