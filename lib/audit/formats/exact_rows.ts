import type { EmbeddingRows } from "../embedding_rows.ts";
import { InputError } from "../../io/input_error.ts";

/**
 * Rows of integers of 64 bits or more, which float64 holds exactly, or that end in an error which
 * says where one is not: beyond ±(2^53 − 1) they would be rounded, and are ids rather than
 * coordinates.
 *
 * @param isLong Whether a column holds such integers.
 */
export function exactRows(
  name: string,
  source: EmbeddingRows,
  isLong: (column: number) => boolean,
): EmbeddingRows {
  const { rows, columns } = source;
  const which = Array.from({ length: columns }, (_, c) => c).filter(isLong);
  if (which.length === 0) return source;
  return {
    rows,
    columns,
    *blocks() {
      for (const block of source.blocks()) {
        for (let i = 0; i < block.rows; i++) {
          for (const c of which) {
            if (Math.abs(block.values[i * columns + c]) <= Number.MAX_SAFE_INTEGER) continue;
            throw new InputError(
              `${name}, row ${
                block.start + i
              }, counted from 0, has an integer beyond 2^53, which ` +
                "would be rounded: it is no coordinate",
            );
          }
        }
        yield block;
      }
    },
  };
}
