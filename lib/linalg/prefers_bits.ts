import type { CompressedRows } from "./compressed_rows.ts";

/**
 * Whether counting bits takes less time than visiting the pairs of each row. Measured on two
 * cores: counting takes 4 ps for each row and pair of columns, visiting 2.5 to 3.5 ns for each
 * pair of nonzeros.
 *
 * @param x A binary matrix.
 */
export function prefersBits({ rows, columns, rowStarts }: CompressedRows): boolean {
  let pairs = 0;
  for (let i = 0; i < rows; i++) pairs += (rowStarts[i + 1] - rowStarts[i]) ** 2;
  return columns ** 2 * rows < 700 * pairs;
}
