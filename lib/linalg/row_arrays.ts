import type { Matrix } from "ml-matrix";

/**
 * The rows of a matrix as ml-matrix stores them, for loops that cannot afford a call for each
 * entry. Writing to them writes to the matrix, unless it is a view, whose rows are copies.
 *
 * @param m A matrix.
 * @returns One array for each row.
 */
export function rowArrays(m: Matrix): Float64Array[] {
  const { data } = m as unknown as { data?: Float64Array[] };
  const stored = Array.isArray(data) && data.length === m.rows &&
    data.every((row) => row instanceof Float64Array && row.length === m.columns);
  return stored ? data : Array.from({ length: m.rows }, (_, i) => Float64Array.from(m.getRow(i)));
}
