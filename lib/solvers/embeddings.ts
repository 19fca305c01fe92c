import { Matrix } from "ml-matrix";
import { InputRangeError, InputTypeError } from "../errors.ts";
import { assertEqualShapes, assertFinite, LARGEST_FACTOR } from "../check.ts";
import { assertInteractions, type Interactions } from "../interactions/interactions.ts";
import { ThreadPool, threadsFor } from "../kernels/thread_pool.ts";
import { flatMatrix, multiply, rowArrays } from "../linalg/matrices.ts";
import userRowsWasm from "./user_rows_wasm.ts";

/**
 * The factors of the low-rank model X ≈ XABᵀ (section 2).
 *
 * The rows of B are the item embeddings, the rows of XA the user embeddings.
 */
export interface Embeddings {
  /** A, p x k. */
  A: Matrix;
  /** B, p x k. */
  B: Matrix;
}

/**
 * Throws unless `e` is a pair of finite matrices of one shape.
 *
 * @param action What cannot be done otherwise; the message starts with "Cannot {action}".
 * @param e The embeddings to check.
 * @param items How many rows they must have; any number by default.
 */
export function assertEmbeddings(action: string, e: Embeddings, items?: number): void {
  assertFinite(action, "A", e?.A, LARGEST_FACTOR);
  assertFinite(action, "B", e?.B, LARGEST_FACTOR);
  const { A, B } = e;
  assertEqualShapes(action, { A, B });
  if (items !== undefined && A.rows !== items) {
    throw new InputRangeError(
      `Cannot ${action}: A and B must have a row for each of the ${items} items, they have ${A.rows}`,
    );
  }
}

/** The entries of a matrix, row by row. */
export function rowByRow(m: Matrix): Float64Array {
  return Float64Array.from(m.to1DArray());
}

/**
 * Rescales the latent dimensions of embeddings by a diagonal matrix D: AD and BD⁻¹ (Eq. 3).
 *
 * The product ABᵀ, every prediction and the loss of Eq. 1 do not change. The cosines of the rows and
 * the loss of Eq. 2 do.
 *
 * @param e The embeddings, p x k.
 * @param d The diagonal of D: k entries, finite and not zero.
 * @returns The rescaled embeddings; the given ones are not changed.
 * @throws {TypeError} If e is not a pair of matrices or d has no length.
 * @throws {RangeError} If d does not have k entries, one is zero, NaN or infinite, or a product overflows.
 *
 * @example
 * ```ts
 * import { rescale } from "cosine-lab";
 * import { Matrix } from "ml-matrix";
 * import assert from "node:assert/strict";
 *
 * const B = new Matrix([[1, 1], [1, 0]]);
 * const rescaled = rescale({ A: B, B }, [2, 4]);
 * assert.deepEqual(rescaled.A.to2DArray(), [[2, 4], [2, 0]]);
 * assert.deepEqual(rescaled.B.to2DArray(), [[0.5, 0.25], [0.5, 0]]);
 * ```
 */
export function rescale(e: Embeddings, d: ArrayLike<number>): Embeddings {
  assertEmbeddings("rescale", e);
  const k = e.A.columns;
  if (typeof d?.length !== "number") {
    throw new InputTypeError("Cannot rescale: d must be an array with the diagonal of D");
  }
  if (d.length !== k) {
    throw new InputRangeError(
      `Cannot rescale: d must have an entry for each of the ${k} dimensions, it has ${d.length}`,
    );
  }
  for (let i = 0; i < k; i++) {
    if (!Number.isFinite(d[i]) || !Number.isFinite(1 / d[i])) {
      throw new InputRangeError(
        `Cannot rescale: entries of d must be finite and not zero, entry ${i} is ${d[i]}`,
      );
    }
  }
  return {
    A: scaledColumns(e.A, Float64Array.from(d)),
    B: scaledColumns(e.B, Float64Array.from(d, (entry) => 1 / entry)),
  };
}

function scaledColumns(m: Matrix, factors: Float64Array): Matrix {
  const scaled = new Matrix(m.rows, m.columns);
  const from = rowArrays(m);
  rowArrays(scaled).forEach((row, i) => {
    for (let j = 0; j < factors.length; j++) {
      row[j] = from[i][j] * factors[j];
      if (!Number.isFinite(row[j])) {
        throw new InputRangeError(
          `Cannot rescale: dimension ${j} overflows where it is multiplied by ${factors[j]}`,
        );
      }
    }
  });
  return scaled;
}

/**
 * Rotates embeddings by an orthogonal matrix R: AR and BR (section 2.1).
 *
 * The product ABᵀ, both losses and all cosines do not change.
 *
 * @param e The embeddings, p x k.
 * @param r R, k x k, with RᵀR = I (to 1e-8).
 * @returns The rotated embeddings.
 * @throws {TypeError} If e is not a pair of matrices or r is not a matrix.
 * @throws {RangeError} If r is not k x k, not finite or not orthogonal.
 *
 * @example
 * ```ts
 * import { rotate } from "cosine-lab";
 * import { Matrix } from "ml-matrix";
 * import assert from "node:assert/strict";
 *
 * const B = new Matrix([[1, 0]]);
 * const quarterTurn = new Matrix([[0, 1], [-1, 0]]);
 * assert.deepEqual(rotate({ A: B, B }, quarterTurn).B.to2DArray(), [[0, 1]]);
 * ```
 */
export function rotate(e: Embeddings, r: Matrix): Embeddings {
  assertEmbeddings("rotate", e);
  assertFinite("rotate", "r", r);
  const k = e.A.columns;
  if (r.rows !== k || r.columns !== k) {
    throw new InputRangeError(
      `Cannot rotate: r must be ${k} x ${k}, it is ${r.rows} x ${r.columns}`,
    );
  }
  const product = multiply(r.transpose(), r);
  for (let i = 0; i < k; i++) {
    for (let j = 0; j < k; j++) {
      if (Math.abs(product.get(i, j) - (i === j ? 1 : 0)) > 1e-8) {
        throw new InputRangeError(
          `Cannot rotate: r must be orthogonal, entry (${i}, ${j}) of RᵀR is ${product.get(i, j)}`,
        );
      }
    }
  }
  return { A: multiply(e.A, r), B: multiply(e.B, r) };
}

/** How many numbers the kernel adds at once. */
const LANES = 8;
/** How many users are embedded before they are copied out, and how many a thread takes at once. */
const BLOCK = 1024, CHUNK = 64;
/** How long the kernel takes to add a number, in nanoseconds. */
const ADDITION_NS = 0.6;

/**
 * Computes the user embeddings XA (section 2): each is the sum of the rows aᵢ of A over the items
 * that the user interacted with.
 *
 * @param x The interactions X, n x p.
 * @param e The embeddings, p x k.
 * @returns XA, n x k.
 * @throws {TypeError} If x is not an Interactions, or e is not a pair of matrices.
 * @throws {RangeError} If A does not have a row for each item.
 *
 * @example
 * ```ts
 * import { Interactions, userEmbeddings } from "cosine-lab";
 * import { Matrix } from "ml-matrix";
 * import assert from "node:assert/strict";
 *
 * const x = Interactions.fromDense([[1, 1], [0, 1]]);
 * const A = new Matrix([[1, 2], [3, 4]]);
 * assert.deepEqual(userEmbeddings(x, { A, B: A }).to2DArray(), [[4, 6], [3, 4]]);
 * ```
 */
export function userEmbeddings(x: Interactions, e: Embeddings): Matrix {
  assertInteractions("embed users", "x", x);
  assertEmbeddings("embed users", e, x.items);
  const k = e.A.columns;
  using pool = new ThreadPool(userRowsWasm, threadsFor(x.nonzeros * k * ADDITION_NS));
  const width = Math.ceil(k / LANES) * LANES;
  const a = pool.allocate(x.items * width * 8);
  const items = pool.place(x.columnIndices);
  const values = x.values === null ? 0 : pool.place(x.values);
  const rowStarts = pool.place(x.rowStarts);
  const out = pool.allocate(Math.min(BLOCK, x.users) * width * 8);
  const entries = pool.float64(a, x.items * width);
  rowArrays(e.A).forEach((row, i) => entries.set(row, i * width));
  const p = new Float64Array(x.users * k);
  for (let first = 0; first < x.users; first += BLOCK) {
    const count = Math.min(BLOCK, x.users - first);
    const given = [rowStarts + first * 4, items, values, a, width * 8, out] as const;
    pool.run("userRows", Math.ceil(count / CHUNK), CHUNK, count, ...given);
    const rows = pool.float64(out, count * width);
    for (let u = 0; u < count; u++) {
      p.set(rows.subarray(u * width, u * width + k), (first + u) * k);
    }
  }
  pool.release();
  return flatMatrix(p, k);
}
