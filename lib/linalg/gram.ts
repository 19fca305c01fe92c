import { Matrix } from "ml-matrix";
import { InputRangeError, InputTypeError } from "../errors.ts";
import { assertFinite, describe } from "../check.ts";
import { ThreadPool, threadsFor } from "../kernels/thread_pool.ts";
import { assertCompressed, type CompressedRows } from "./compressed_rows.ts";
import countBitsWasm from "./count_bits_wasm.ts";
import multiplyRowsWasm from "./multiply_rows_wasm.ts";
import { flatMatrix, rowArrays, rowProducts } from "./matrices.ts";

/**
 * Computes the Gram matrix G = XᵀX of the columns of a matrix.
 *
 * Of binary data it is the co-occurrence matrix: entry (i, j) counts the users who interacted
 * with both i and j. It is all that the closed-form solutions need to know of X
 * (sections 2.2 and 2.3). Counts are exact.
 *
 * Interactions do not change, so their Gram matrix is computed once; every call returns a new copy.
 *
 * @param x The matrix X, n x p: an {@linkcode Interactions} or a dense `Matrix`; or an object with its
 * Gram matrix as `gram`, which is checked and copied.
 * @returns G, p x p.
 * @throws {TypeError} If x is none of them.
 * @throws {RangeError} If x is empty or has an entry that is not finite, its arrays do not fit each other,
 * sums of products overflow, or the Gram matrix given is not symmetric (to 1e-9 of its largest entry).
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
export function gram(x: CompressedRows | Matrix | { gram: Matrix }): Matrix {
  if (Matrix.isMatrix(x)) {
    assertFinite(ACTION, "x", x);
    return withoutOverflow(gramOfDense(x));
  }
  if (Matrix.isMatrix((x as { gram?: unknown })?.gram)) {
    const { gram } = x as { gram: Matrix };
    assertFinite(ACTION, "gram", gram);
    assertSymmetric(ACTION, "gram", gram);
    return gram.clone();
  }
  return copy(cachedGram(x as CompressedRows));
}

const ACTION = "compute the Gram matrix";

/** The Gram matrix of a sparse matrix, computed once, for code that does not change it. */
export function cachedGram(x: CompressedRows): Matrix {
  if (!(x?.rowStarts instanceof Uint32Array)) {
    throw new InputTypeError(
      `Cannot ${ACTION}: x must be an Interactions, an ml-matrix Matrix, or have a Gram matrix as ` +
        `gram, current value is ${describe(x)}`,
    );
  }
  let known = computed.get(x);
  if (known === undefined) {
    assertCompressed(x);
    known = withoutOverflow(
      x.values === null && prefersBits(x) ? gramFromBits(x) : sumOfProducts(x),
    );
    computed.set(x, known);
  }
  return known;
}

const computed = new WeakMap<CompressedRows, Matrix>();

/** The Gram matrix of a dense matrix. Each product is added in the order of the rows. */
export function gramOfDense(x: Matrix): Matrix {
  return x.rows < x.columns ? rowProducts(rowArrays(x.transpose())) : sumOfProducts(x);
}

function sumOfProducts(x: CompressedRows | Matrix): Matrix {
  const sum = new GramSum(x.columns);
  sum.add(x);
  return sum.total();
}

function withoutOverflow(g: Matrix): Matrix {
  if (Number.isFinite(g.max())) return g;
  throw new InputRangeError(`Cannot ${ACTION}: sums of products of values overflow`);
}

/** Throws a RangeError unless a finite matrix is symmetric, to 1e-9 of its largest entry. */
export function assertSymmetric(action: string, name: string, g: Matrix): void {
  if (g.rows !== g.columns) {
    throw new InputRangeError(
      `Cannot ${action}: ${name} must be square, its shape is ${g.rows} x ${g.columns}`,
    );
  }
  const rows = rowArrays(g);
  const largest = rows.reduce((max, row, i) => Math.max(max, Math.abs(row[i])), 0);
  rows.forEach((row, i) => {
    for (let j = 0; j < i; j++) {
      if (Math.abs(row[j] - rows[j][i]) > 1e-9 * largest) {
        throw new InputRangeError(
          `Cannot ${action}: ${name} must be symmetric, entry (${i}, ${j}) is ${
            row[j]
          } and entry ` +
            `(${j}, ${i}) is ${rows[j][i]}`,
        );
      }
    }
  });
}

function copy(g: Matrix): Matrix {
  const entries = new Float64Array(g.rows * g.columns);
  rowArrays(g).forEach((row, i) => entries.set(row, i * g.columns));
  return flatMatrix(entries, g.columns);
}

/** How many columns the kernel processes at once. */
const STRIP = 4;

/** How many vectors of 128 bits the kernel counts at once. */
const BLOCK = 8;

/** How long the kernel takes to count 128 bits, in nanoseconds. */
const COUNT_NS = 1.3;

/**
 * The Gram matrix of a binary matrix: columns are packed into bits, and
 * G_ij = popcount(x_i AND x_j), 128 rows at a time. Takes p²n/256 such counts, whatever the
 * density.
 *
 * @param x A binary matrix, n x p; its values are ignored.
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

/** How many rows of X are copied at once: they fit in the cache. */
const ROWS = 32;

/** How long the kernel takes to add a product to its sum, in nanoseconds. */
const PRODUCT_NS = 0.22;

/** The largest XᵀX in the kernel's memory, which is at most 4 GiB. */
const MOST_BYTES = 2 ** 31;

/** How many products with zeros take as long as visiting one pair of nonzeros. */
const ZEROS_PER_VISIT = 10;

/**
 * Adds XᵀX of a matrix that is dense, or not sparse at all: a few rows of X at a time are copied, zeros
 * and all, and multiplied. Each product is added in the order of the rows.
 *
 * @param x A matrix, n x p.
 * @param upper The upper triangle to add to, p x p, row by row.
 * @param threads How many threads multiply; by default what {@linkcode threadsFor} says.
 */
export function addGramProducts(
  x: CompressedRows | Matrix,
  upper: Float64Array,
  threads?: number,
): void {
  const { columns, rows } = x;
  const copyRow = rowCopier(x);
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
    for (let u = 0; u < k; u++) copyRow(first + u, dense, u * width);
    pool.run("multiplyTriangle", strips, spread, stride, k, width, out);
  }
  for (let i = 0; i < columns; i++) {
    upper.set(sums.subarray(i * width + i, i * width + columns), i * columns + i);
  }
  pool.release();
}

/** Copies row `u` to place `at` of an array of zeros. */
function rowCopier(x: CompressedRows | Matrix): (u: number, to: Float64Array, at: number) => void {
  if (Matrix.isMatrix(x)) {
    const all = rowArrays(x);
    return (u, to, at) => to.set(all[u], at);
  }
  const { rowStarts, columnIndices, values } = x;
  return (u, to, at) => {
    const end = rowStarts[u + 1];
    for (let t = rowStarts[u]; t < end; t++) {
      to[at + columnIndices[t]] = values === null ? 1 : values[t];
    }
  };
}

/**
 * Whether multiplying all entries, zeros included, is faster than visiting the pairs of each row.
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
 * The Gram matrix of a matrix that comes in blocks of rows, one after another. Each product is added in
 * the order of the rows, so the sum is the same to the last digit however the rows are split into
 * blocks, and by whichever method.
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
  /** Row by row; only the upper triangle is used. */
  readonly #upper: Float64Array;

  /** @param columns The number of columns, p. */
  constructor(columns: number) {
    this.#columns = columns;
    this.#upper = new Float64Array(columns * columns);
  }

  /** Adds a block of rows by the quickest method; all give the same digits. */
  add(block: CompressedRows | Matrix): void {
    if (Matrix.isMatrix(block)) return addGramProducts(block, this.#upper);
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

  /** Returns G = XᵀX of all rows added so far, p x p. */
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
 * Whether counting bits is faster than visiting the pairs of each row. Measured on two cores: counting
 * takes 4 ps for each row and pair of columns, visiting 2.5 to 3.5 ns for each pair of nonzeros.
 *
 * @param x A binary matrix.
 */
function prefersBits({ rows, columns, rowStarts }: CompressedRows): boolean {
  let pairs = 0;
  for (let i = 0; i < rows; i++) pairs += (rowStarts[i + 1] - rowStarts[i]) ** 2;
  return columns ** 2 * rows < 700 * pairs;
}
