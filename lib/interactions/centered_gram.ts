import { Matrix } from "ml-matrix";
import { InputRangeError, InputTypeError } from "../errors.ts";
import { assertInteger, assertOneOf } from "../check.ts";
import { cachedGram } from "../linalg/gram.ts";
import type { Id } from "./ids.ts";
import { assertInteractions, Interactions } from "./interactions.ts";

/**
 * What the means and variances of the columns of X follow from, where X itself is not at hand:
 * {@linkcode gramFromParquet} gives it. Of binary X the column sums are the diagonal of G.
 */
export interface ColumnMoments extends Pick<GramData, "gram"> {
  /** The sum of each column of X, length p. */
  columnSums: ArrayLike<number>;
  /** n, the number of users. */
  users: number;
}

/**
 * The column moments of interactions, or those that are given.
 *
 * @param action What cannot be done otherwise; the message starts with "Cannot {action}".
 * @param x The interactions, or their column moments.
 * @returns G, p x p, not to be changed; the column sums; and n.
 * @throws {TypeError} If x is neither.
 * @throws {RangeError} If G is not square, there is no sum for each column, one is not finite, or users
 * is not a positive integer.
 *
 * @example
 * ```ts
 * import { columnMoments } from "./centered_gram.ts";
 * import { Interactions } from "cosine-lab";
 * import assert from "node:assert/strict";
 *
 * const { columnSums } = columnMoments("center", Interactions.fromDense([[1, 0], [1, 1]]));
 * assert.deepEqual(columnSums, Float64Array.of(2, 1));
 * ```
 */
export function columnMoments(
  action: string,
  x: Interactions | ColumnMoments,
): { gram: Matrix; columnSums: Float64Array; users: number } {
  const gram = gramOf(action, x);
  if (x instanceof Interactions) {
    // Of binary X the sum of a column is that of its squares.
    const sums = x.values === null ? Float64Array.from(gram.diag()) : sumColumns(x);
    return { gram, columnSums: sums, users: x.users };
  }
  assertInteger(action, "users", x.users, 1);
  if (typeof x.columnSums?.length !== "number") {
    throw new InputTypeError(`Cannot ${action}: columnSums must be an array`);
  }
  const columnSums = Float64Array.from(x.columnSums);
  if (columnSums.length !== gram.rows) {
    throw new InputRangeError(
      `Cannot ${action}: columnSums must have an entry for each of the ${gram.rows} items, it ` +
        `has ${columnSums.length}`,
    );
  }
  const bad = columnSums.findIndex((sum) => !Number.isFinite(sum));
  if (bad >= 0) {
    throw new InputRangeError(
      `Cannot ${action}: columnSums must be finite, entry ${bad} is ${columnSums[bad]}`,
    );
  }
  return { gram, columnSums, users: x.users };
}

function sumColumns({ items, columnIndices, values }: Interactions): Float64Array {
  const sums = new Float64Array(items);
  columnIndices.forEach((item, t) => sums[item] += values === null ? 1 : values[t]);
  return sums;
}

/**
 * Computes the Gram matrix of X after means have been subtracted from it, which is how footnote 1
 * introduces bias terms: YᵀY where Y is X less its column means, or less its row and its column means.
 *
 * Subtracting both leaves Y_ui = X_ui − r_u − c_i + m with r_u the mean of row u, c_i that of column
 * i and m that of all. Everything comes from G and from sums over X; Y itself is dense and is not
 * formed.
 *
 * @param x The interactions X, n x p; for `"columns"` their Gram matrix, column sums and number of
 * users will do: `{ gram, columnSums, users }`.
 * @param means `"columns"` (the items' popularity), or `"both"` (the users' activity as well).
 * @returns The Gram matrix, p x p.
 * @throws {TypeError} If x is neither.
 * @throws {RangeError} If means is neither, or "both" of data whose rows are not at hand.
 *
 * @example
 * ```ts
 * import { centeredGram, Interactions } from "cosine-lab";
 * import assert from "node:assert/strict";
 *
 * const x = Interactions.fromDense([[1, 0], [0, 0]]);
 * assert.deepEqual(centeredGram(x, "columns").to2DArray(), [[0.5, 0], [0, 0]]);
 * ```
 */
export function centeredGram(
  x: Interactions | ColumnMoments,
  means: "columns" | "both",
): Matrix {
  const { gram, columnSums, users: n } = columnMoments("center", x);
  const p = columnSums.length;
  assertOneOf("center", "means", means, ["columns", "both"]);
  const g = gram.clone();
  if (means === "columns") {
    return g.apply((i, j) => g.set(i, j, g.get(i, j) - columnSums[i] * columnSums[j] / n));
  }
  if (!(x instanceof Interactions)) {
    throw new InputRangeError(
      'Cannot center: means must be "columns" where x is a Gram matrix, which knows no rows',
    );
  }
  const { rowStarts, columnIndices, values } = x;
  const rowMeans = new Float64Array(n);
  // Xᵀr, of the row means r.
  const withRows = new Float64Array(p);
  const entry = (t: number) => values === null ? 1 : values[t];
  for (let u = 0; u < n; u++) {
    for (let t = rowStarts[u]; t < rowStarts[u + 1]; t++) rowMeans[u] += entry(t) / p;
    for (let t = rowStarts[u]; t < rowStarts[u + 1]; t++) {
      withRows[columnIndices[t]] += entry(t) * rowMeans[u];
    }
  }
  const rowSquares = rowMeans.reduce((sum, mean) => sum + mean * mean, 0);
  const rowSum = rowMeans.reduce((sum, mean) => sum + mean, 0);
  // Less the row means, X has these column sums, which are then subtracted as means.
  const sums = columnSums.map((sum) => sum - rowSum);
  return g.apply((i, j) =>
    g.set(
      i,
      j,
      g.get(i, j) - withRows[i] - withRows[j] + rowSquares - sums[i] * sums[j] / n,
    )
  );
}

/**
 * G = XᵀX of interactions that are not at hand: all that the models, and everything else about
 * items, need to know of X. {@linkcode gramFromParquet} and {@linkcode gramFromCounts} make it.
 */
export interface GramData {
  /** G, p x p. */
  gram: Matrix;
  /** The id of each item: of each row and column of G. */
  itemIds: readonly Id[];
}

/**
 * The Gram matrix of interactions, or the one that was computed of them before.
 *
 * @param action What cannot be done otherwise; the message starts with "Cannot {action}".
 * @param x The interactions, or their Gram matrix.
 * @returns G, p x p.
 * @throws {TypeError} If x is neither.
 * @throws {RangeError} If its Gram matrix is not square.
 *
 * @example
 * ```ts
 * import { gramOf } from "./centered_gram.ts";
 * import { Interactions } from "cosine-lab";
 * import { Matrix } from "ml-matrix";
 * import assert from "node:assert/strict";
 *
 * assert.equal(gramOf("train", Interactions.fromDense([[1], [1]])).get(0, 0), 2);
 * assert.equal(gramOf("train", { gram: new Matrix([[2]]) }).get(0, 0), 2);
 * ```
 */
export function gramOf(action: string, x: Interactions | Pick<GramData, "gram">): Matrix {
  if (!(x instanceof Interactions) && Matrix.isMatrix(x?.gram)) {
    const { rows, columns } = x.gram;
    if (rows === columns && rows > 0) return x.gram;
    throw new InputRangeError(
      `Cannot ${action}: a Gram matrix must be square, its shape is ${rows} x ${columns}`,
    );
  }
  assertInteractions(action, "x", x);
  return cachedGram(x);
}
