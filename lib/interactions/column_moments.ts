import { assertInteger } from "../check/assert_integer.ts";
import type { Matrix } from "ml-matrix";
import { type GramData, gramOf } from "./gram_data.ts";
import { Interactions } from "./interactions.ts";

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
 * import { columnMoments } from "./column_moments.ts";
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
    throw new TypeError(`Cannot ${action}: columnSums must be an array`);
  }
  const columnSums = Float64Array.from(x.columnSums);
  if (columnSums.length !== gram.rows) {
    throw new RangeError(
      `Cannot ${action}: columnSums must have an entry for each of the ${gram.rows} items, it ` +
        `has ${columnSums.length}`,
    );
  }
  const bad = columnSums.findIndex((sum) => !Number.isFinite(sum));
  if (bad >= 0) {
    throw new RangeError(
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
