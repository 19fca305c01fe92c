import { Matrix } from "ml-matrix";
import { assertFinite, describe } from "../check.ts";

/** A run of consecutive rows. */
export interface RowBlock {
  /** The first row. */
  start: number;
  /** How many rows. */
  rows: number;
  /** Their entries row by row; only valid until the next block is asked for. */
  values: Float32Array | Float64Array;
}

/** Embeddings that can be read block by block, again and again, without being in memory. */
export interface EmbeddingRows {
  readonly rows: number;
  readonly columns: number;
  /** All rows in order, as blocks. */
  blocks(): Iterable<RowBlock>;
}

/** About how many entries a block has. */
const BLOCK_ENTRIES = 1 << 20;

/** How many rows to read at once. */
export function rowsPerBlock(columns: number): number {
  return Math.max(1, Math.floor(BLOCK_ENTRIES / columns));
}

/**
 * Reads rows that are in memory already.
 *
 * @param values The entries row by row, rows x columns.
 */
export function rowsInMemory(values: Float64Array, columns: number): EmbeddingRows {
  const rows = values.length / columns;
  return {
    rows,
    columns,
    *blocks() {
      const size = rowsPerBlock(columns);
      for (let start = 0; start < rows; start += size) {
        const count = Math.min(size, rows - start);
        const block = values.subarray(start * columns, (start + count) * columns);
        yield { start, rows: count, values: block };
      }
    },
  };
}

/** Reads the rows of a matrix. */
export function rowsOfMatrix(B: Matrix): EmbeddingRows {
  const values = new Float64Array(B.rows * B.columns);
  for (let i = 0; i < B.rows; i++) values.set(B.getRow(i), i * B.columns);
  return rowsInMemory(values, B.columns);
}

/** What a public function was given, as rows: a matrix is checked, rows are checked as they are read. */
export function embeddingRows(
  action: string,
  name: string,
  value: Matrix | EmbeddingRows,
): EmbeddingRows {
  if (Matrix.isMatrix(value)) {
    assertFinite(action, name, value);
    return rowsOfMatrix(value);
  }
  if (typeof value?.blocks === "function") return value;
  throw new TypeError(
    `Cannot ${action}: ${name} must be an ml-matrix Matrix, or rows to be read, current value is ` +
      describe(value),
  );
}
