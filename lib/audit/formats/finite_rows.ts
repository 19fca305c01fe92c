import type { EmbeddingRows } from "../embedding_rows.ts";
import { InputError } from "../../io/program.ts";

/**
 * Rows that are finite, or end in an error which says how many are not and which is the first,
 * counted from 0: no reader lets NaN through.
 */
export function finiteRows(name: string, source: EmbeddingRows): EmbeddingRows {
  const { rows, columns } = source;
  let checked = false;
  return {
    rows,
    columns,
    *blocks() {
      if (checked) return yield* source.blocks();
      for (const block of source.blocks()) {
        if (!isFinite(block.values)) throw notFinite(name, source);
        yield block;
      }
      checked = true;
    },
  };
}

/** Whether all are: x - x is 0 but for NaN and infinities. */
function isFinite(values: Float32Array | Float64Array): boolean {
  let sum = 0;
  for (let i = 0; i < values.length; i++) sum += values[i] - values[i];
  return sum === 0;
}

function notFinite(name: string, source: EmbeddingRows): InputError {
  let count = 0, first = -1;
  for (const { start, rows, values } of source.blocks()) {
    for (let i = 0; i < rows; i++) {
      const from = i * source.columns;
      if (isFinite(values.subarray(from, from + source.columns))) continue;
      if (first < 0) first = start + i;
      count++;
    }
  }
  return new InputError(
    `${name} must be finite: ${count} of ${source.rows} rows have an entry that is NaN or infinite, ` +
      `the first is row ${first}`,
  );
}
