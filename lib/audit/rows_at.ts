import type { EmbeddingRows } from "./embedding_rows.ts";

/**
 * Reads some rows of a larger whole, in one pass.
 *
 * @param source All rows.
 * @param indices Which ones, in any order.
 * @returns A copy of each, in the order of the indices.
 *
 * @example
 * ```ts
 * import { rowsInMemory } from "./embedding_rows.ts";
 * import { rowsAt } from "./rows_at.ts";
 * import assert from "node:assert/strict";
 *
 * const rows = rowsInMemory(Float64Array.of(1, 2, 3, 4, 5, 6), 2);
 * assert.deepEqual(rowsAt(rows, [2, 0]).map((row) => [...row]), [[5, 6], [1, 2]]);
 * ```
 */
export function rowsAt(source: EmbeddingRows, indices: ArrayLike<number>): Float64Array[] {
  const { columns } = source;
  const order = Uint32Array.from(indices, (_, i) => i)
    .sort((i, j) => indices[i] - indices[j]);
  const found = new Array<Float64Array>(indices.length);
  let next = 0;
  for (const { start, rows, values } of source.blocks()) {
    for (; next < order.length && indices[order[next]] < start + rows; next++) {
      const from = (indices[order[next]] - start) * columns;
      found[order[next]] = Float64Array.from(values.subarray(from, from + columns));
    }
    if (next === order.length) break;
  }
  return found;
}
