import type { Matrix } from "ml-matrix";
import { assertFinite, LARGEST_FACTOR } from "../check/assert_finite.ts";

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
  if (A.rows !== B.rows || A.columns !== B.columns) {
    throw new RangeError(
      `Cannot ${action}: A and B must have the same shape, ` +
        `they are ${A.rows} x ${A.columns} and ${B.rows} x ${B.columns}`,
    );
  }
  if (items !== undefined && A.rows !== items) {
    throw new RangeError(
      `Cannot ${action}: A and B must have a row for each of the ${items} items, they have ${A.rows}`,
    );
  }
}

/** The entries of a matrix, row by row. */
export function rowByRow(m: Matrix): Float64Array {
  return Float64Array.from(m.to1DArray());
}
