import type { EmbeddingRows } from "./embedding_rows.ts";
import { InputError } from "../boundary/input_error.ts";

/** What one pass over all rows tells. */
export interface RowScan {
  /** The Euclidean norm of each row. */
  norms: Float64Array;
  /** How many rows are zero: they have no direction. */
  zeroRows: number;
  /** The sum of the squares of each column. */
  columnSquares: Float64Array;
}

/**
 * Reads all rows once.
 *
 * @param what How to name the rows in an error: "items" or "users".
 * @throws {InputError} If there are less than two rows that are not zero or no columns, or a row is
 * not finite; such rows are counted, and the first is named, counted from 0.
 */
export function scanRows(what: string, source: EmbeddingRows): RowScan {
  const { rows, columns } = source;
  if (rows < 2 || columns < 1) {
    throw new InputError(
      `${what} must have at least 2 rows and 1 column, their shape is ${rows} x ${columns}`,
    );
  }
  const norms = new Float64Array(rows);
  const columnSquares = new Float64Array(columns);
  let zeroRows = 0, notFinite = 0, firstNotFinite = -1;
  for (const block of source.blocks()) {
    const { start, values } = block;
    for (let i = 0, at = 0; i < block.rows; i++) {
      let squares = 0;
      for (let c = 0; c < columns; c++, at++) {
        const square = values[at] * values[at];
        squares += square;
        columnSquares[c] += square;
      }
      norms[start + i] = Math.sqrt(squares);
      if (squares === 0 || squares === Infinity) {
        norms[start + i] = scaledNorm(values, i * columns, columns);
      }
      if (norms[start + i] === 0) zeroRows++;
      if (!Number.isFinite(norms[start + i])) {
        notFinite++;
        if (firstNotFinite < 0) firstNotFinite = start + i;
      }
    }
  }
  if (notFinite > 0) {
    throw new InputError(
      `${what} must be finite: ${notFinite} of ${rows} rows have an entry that is NaN or infinite, ` +
        `or are longer than the largest number, the first is row ${firstNotFinite}`,
    );
  }
  if (rows - zeroRows < 2) {
    throw new InputError(`${what} must have at least 2 rows that are not zero`);
  }
  return { norms, zeroRows, columnSquares };
}

/** The norm of a row whose squares overflow or underflow. */
function scaledNorm(values: ArrayLike<number>, start: number, length: number): number {
  let largest = 0;
  for (let c = start; c < start + length; c++) largest = Math.max(largest, Math.abs(values[c]));
  if (largest === 0 || !Number.isFinite(largest)) return largest;
  let squares = 0;
  for (let c = start; c < start + length; c++) squares += (values[c] / largest) ** 2;
  return largest * Math.sqrt(squares);
}
