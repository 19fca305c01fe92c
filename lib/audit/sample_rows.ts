import type { EmbeddingRows } from "./embedding_rows.ts";

/** Some rows of a larger whole, in memory. */
export interface RowSample {
  /** Which rows they are, ascending. */
  indices: Uint32Array;
  /** Their entries row by row, scaled to a root mean square of 1 over the whole sample. */
  values: Float64Array;
  columns: number;
}

/** Rows that are shorter, compared with the longest, count as this long: their squares would vanish. */
const LEAST = 1e-100;

/**
 * Draws rows that are not zero, without replacement, and reads them.
 *
 * @param norms The norm of each row.
 * @param size How many rows to draw; all of them where there are not more.
 * @param random A source of uniform numbers in [0, 1).
 */
export function sampleRows(
  source: EmbeddingRows,
  norms: Float64Array,
  size: number,
  random: () => number,
): RowSample {
  const { columns } = source;
  let left = 0;
  for (const norm of norms) if (norm > 0) left++;
  let wanted = Math.min(size, left);
  const indices = new Uint32Array(wanted);
  for (let i = 0, at = 0; wanted > 0; i++) {
    if (norms[i] === 0) continue;
    // Selection sampling: each row that is left is as likely as the others.
    if (random() * left-- < wanted) {
      indices[at++] = i;
      wanted--;
    }
  }
  let squares = 0, largest = 0;
  for (const i of indices) largest = Math.max(largest, norms[i]);
  for (const i of indices) squares += Math.max(norms[i] / largest, LEAST) ** 2;
  const scale = 1 / Math.sqrt(squares / (indices.length * columns));
  const values = new Float64Array(indices.length * columns);
  let next = 0;
  for (const { start, rows, values: block } of source.blocks()) {
    for (; next < indices.length && indices[next] < start + rows; next++) {
      const from = (indices[next] - start) * columns, to = next * columns;
      // Equal entries stay equal but in rows whose squares would vanish.
      const norm = norms[indices[next]], short = norm / largest < LEAST;
      const divisor = short ? norm : largest, factor = short ? LEAST * scale : scale;
      for (let c = 0; c < columns; c++) values[to + c] = block[from + c] / divisor * factor;
    }
  }
  return { indices, values, columns };
}
