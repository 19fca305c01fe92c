/**
 * A sparse matrix in compressed sparse row (CSR) form.
 *
 * Row `i` has its nonzeros in columns `columnIndices[rowStarts[i]]` to
 * `columnIndices[rowStarts[i + 1] - 1]`, in ascending order and without repetition.
 */
export interface CompressedRows {
  /** The number of rows. */
  readonly rows: number;
  /** The number of columns. */
  readonly columns: number;
  /** Where each row starts, and where the last one ends; length `rows + 1`. */
  readonly rowStarts: Uint32Array;
  /** The column of each nonzero, row by row. */
  readonly columnIndices: Uint32Array;
  /** The value of each nonzero, or `null` where all of them are 1. */
  readonly values: Float64Array | null;
}
