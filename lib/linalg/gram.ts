import { Matrix } from "ml-matrix";
import { describe } from "../check.ts";
import { ThreadPool, threadsFor } from "../kernels/thread_pool.ts";
import { assertCompressed, type CompressedRows } from "./compressed_rows.ts";
import countBitsWasm from "./count_bits_wasm.ts";
import multiplyRowsWasm from "./multiply_rows_wasm.ts";
import { flatMatrix, rowArrays } from "./products.ts";

/**
 * Computes the Gram matrix G = XᵀX of the columns of a sparse matrix.
 *
 * Of binary data it is the co-occurrence matrix: entry (i, j) counts the users who interacted
 * with both i and j. It is all that the closed-form solutions need to know of X
 * (sections 2.2 and 2.3). Counts are exact.
 *
 * X does not change, so its Gram matrix is computed once; every call returns a copy of its own.
 *
 * @param x The matrix X, n x p.
 * @returns G, p x p.
 * @throws {TypeError} If x is not a sparse matrix.
 * @throws {RangeError} If its arrays do not fit each other, or sums of products overflow.
 *
 * @example
 * ```ts
 * import { gram, Interactions } from "cosine-lab";
 * import assert from "node:assert/strict";
 *
 * const x = Interactions.fromDense([[1, 1, 0], [1, 0, 0]]);
 * assert.deepEqual(gram(x).to2DArray(), [[2, 1, 0], [1, 1, 0], [0, 0, 0]]);
 * ```
 */
export function gram(x: CompressedRows): Matrix {
  return copy(keptGram(x));
}

/** The Gram matrix as it is kept, for code that does not change it. */
export function keptGram(x: CompressedRows): Matrix {
  if (!(x?.rowStarts instanceof Uint32Array)) {
    throw new TypeError(
      `Cannot compute the Gram matrix: x must be an Interactions, current value is ${describe(x)}`,
    );
  }
  let known = computed.get(x);
  if (known === undefined) {
    assertCompressed(x);
    known = x.values === null && prefersBits(x) ? gramFromBits(x) : sumOfRows(x);
    if (!Number.isFinite(known.max())) {
      throw new RangeError("Cannot compute the Gram matrix: sums of products of values overflow");
    }
    computed.set(x, known);
  }
  return known;
}

const computed = new WeakMap<CompressedRows, Matrix>();

function sumOfRows(x: CompressedRows): Matrix {
  const sum = new GramSum(x.columns);
  sum.add(x);
  return sum.total();
}

function copy(g: Matrix): Matrix {
  const entries = new Float64Array(g.rows * g.columns);
  rowArrays(g).forEach((row, i) => entries.set(row, i * g.columns));
  return flatMatrix(entries, g.columns);
}

/** How many columns the kernel takes at once. */
const STRIP = 4;

/** How many times 128 bits the kernel counts at once. */
const BLOCK = 8;

/** How long the kernel takes to count 128 bits, in nanoseconds. */
const COUNT_NS = 1.3;

/**
 * The Gram matrix of a binary matrix: columns are packed into bits, and
 * G_ij = popcount(x_i AND x_j), 128 rows at a time. Takes p²n/256 such counts, whatever the
 * density.
 *
 * @param x A binary matrix, n x p; its values are not looked at.
 * @param threads How many threads count; by default what {@linkcode threadsFor} says.
 * @returns G = XᵀX, p x p.
 */
export function gramFromBits(x: CompressedRows, threads?: number): Matrix {
  const { columns } = x;
  const vectors = Math.ceil(x.rows / 128 / BLOCK) * BLOCK;
  const counts = columns ** 2 * vectors / 2;
  using pool = new ThreadPool(countBitsWasm, threads ?? threadsFor(counts * COUNT_NS));
  const strips = Math.ceil(columns / STRIP);
  const bits = pool.allocate(strips * STRIP * vectors * 16);
  const out = pool.allocate(columns ** 2 * 8);
  packColumns(x, pool.uint32(bits, columns * vectors * 4), vectors * 4);
  pool.run("countBits", strips, bits, columns, vectors, out);
  const entries = new Float64Array(columns ** 2);
  entries.set(pool.float64(out, columns ** 2));
  pool.release();
  return flatMatrix(entries, columns);
}

function packColumns(x: CompressedRows, bits: Uint32Array, words: number): void {
  const { columnIndices, rowStarts } = x;
  for (let i = 0; i < x.rows; i++) {
    const word = i >>> 5;
    const bit = 1 << (i & 31);
    const end = rowStarts[i + 1];
    for (let t = rowStarts[i]; t < end; t++) bits[columnIndices[t] * words + word] |= bit;
  }
}

/** How many rows of X are spread out at once: they stay in the cache. */
const ROWS = 32;

/** How long the kernel takes to add a product to its sum, in nanoseconds. */
const PRODUCT_NS = 0.22;

/** The most that XᵀX may take of the kernel's memory, of which there is 4 GiB. */
const MOST_BYTES = 2 ** 31;

/** How many zeros of X are multiplied in the time that a pair of nonzeros takes to visit. */
const ZEROS_PER_VISIT = 10;

/**
 * Adds XᵀX of a sparse matrix that is not sparse at all: a few rows of X at a time are spread out,
 * zeros and all, and multiplied as a dense matrix. Each product is added in the order of the rows.
 *
 * @param x A matrix, n x p, with values.
 * @param upper What is on and above the diagonal is added to, p x p, row by row.
 * @param threads How many threads multiply; by default what {@linkcode threadsFor} says.
 */
export function addGramProducts(x: CompressedRows, upper: Float64Array, threads?: number): void {
  const { columns, rows, rowStarts, columnIndices } = x;
  const products = rows * columns ** 2 / 2;
  using pool = new ThreadPool(multiplyRowsWasm, threads ?? threadsFor(products * PRODUCT_NS));
  const strips = Math.ceil(columns / STRIP);
  const width = strips * STRIP;
  const stride = width * 8;
  const spread = pool.allocate(ROWS * stride);
  const out = pool.allocate(width * stride);
  const dense = pool.float64(spread, ROWS * width);
  const sums = pool.float64(out, width * width);
  for (let i = 0; i < columns; i++) {
    sums.set(upper.subarray(i * columns + i, (i + 1) * columns), i * width + i);
  }
  for (let first = 0; first < rows; first += ROWS) {
    const k = Math.min(ROWS, rows - first);
    dense.fill(0);
    for (let u = 0; u < k; u++) {
      const end = rowStarts[first + u + 1];
      for (let t = rowStarts[first + u]; t < end; t++) {
        dense[u * width + columnIndices[t]] = x.values === null ? 1 : x.values[t];
      }
    }
    pool.run("multiplyTriangle", strips, spread, stride, k, width, out);
  }
  for (let i = 0; i < columns; i++) {
    upper.set(sums.subarray(i * width + i, i * width + columns), i * columns + i);
  }
  pool.release();
}

/**
 * Whether spreading rows out takes less time than visiting the pairs of each row.
 *
 * @param x A matrix with values.
 */
function prefersProducts({ rows, columns, rowStarts }: CompressedRows): boolean {
  if (columns ** 2 * 8 > MOST_BYTES) return false;
  let pairs = 0;
  for (let i = 0; i < rows; i++) pairs += (rowStarts[i + 1] - rowStarts[i]) ** 2;
  return columns ** 2 * rows < ZEROS_PER_VISIT * pairs;
}

/**
 * The Gram matrix of a sparse matrix that comes in blocks of rows, one after another: G adds up over
 * the rows. Each product is added in the order of the rows, so that the sum is the same to the last
 * digit however they are cut into blocks, and by whichever way.
 *
 * @example
 * ```ts
 * import { Interactions } from "cosine-lab";
 * import { GramSum } from "./gram.ts";
 * import assert from "node:assert/strict";
 *
 * const sum = new GramSum(2);
 * sum.add(Interactions.fromDense([[1, 1]]));
 * sum.add(Interactions.fromDense([[0, 1], [0, 1]]));
 * assert.deepEqual(sum.total().to2DArray(), [[1, 1], [1, 3]]);
 * ```
 */
export class GramSum {
  readonly #columns: number;
  /** Row by row; only what is on and above the diagonal is used. */
  readonly #upper: Float64Array;

  /** @param columns The number of columns, p. */
  constructor(columns: number) {
    this.#columns = columns;
    this.#upper = new Float64Array(columns * columns);
  }

  /** Adds a block of rows by the way that is quickest; all give the same digits. */
  add(block: CompressedRows): void {
    if (block.values !== null && prefersProducts(block)) return addGramProducts(block, this.#upper);
    if (block.values !== null || !prefersBits(block)) return this.addRows(block);
    const upper = this.#upper;
    rowArrays(gramFromBits(block)).forEach((row, i) => {
      for (let j = i; j < row.length; j++) upper[i * row.length + j] += row[j];
    });
  }

  /** Adds the outer products of the rows of a block. */
  addRows({ rows, columns, rowStarts, columnIndices, values }: CompressedRows): void {
    const upper = this.#upper;
    for (let i = 0; i < rows; i++) {
      const end = rowStarts[i + 1];
      for (let s = rowStarts[i]; s < end; s++) {
        const row = columnIndices[s] * columns;
        if (values === null) {
          for (let t = s; t < end; t++) upper[row + columnIndices[t]] += 1;
        } else {
          const value = values[s];
          for (let t = s; t < end; t++) upper[row + columnIndices[t]] += value * values[t];
        }
      }
    }
  }

  /** G = XᵀX of all rows so far, p x p. */
  total(): Matrix {
    const p = this.#columns;
    const upper = this.#upper;
    const g = new Matrix(p, p);
    const rows = rowArrays(g);
    for (let i = 0; i < p; i++) {
      for (let j = i; j < p; j++) {
        rows[i][j] = upper[i * p + j];
        rows[j][i] = upper[i * p + j];
      }
    }
    return g;
  }
}

/**
 * Whether counting bits takes less time than visiting the pairs of each row. Measured on two
 * cores: counting takes 4 ps for each row and pair of columns, visiting 2.5 to 3.5 ns for each
 * pair of nonzeros.
 *
 * @param x A binary matrix.
 */
function prefersBits({ rows, columns, rowStarts }: CompressedRows): boolean {
  let pairs = 0;
  for (let i = 0; i < rows; i++) pairs += (rowStarts[i + 1] - rowStarts[i]) ** 2;
  return columns ** 2 * rows < 700 * pairs;
}
