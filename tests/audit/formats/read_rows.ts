import type { EmbeddingRows } from "cosine-lab/audit";

/** All rows, in memory. */
export function readRows(source: EmbeddingRows): number[][] {
  const all: number[][] = [];
  for (const { values, rows } of source.blocks()) {
    for (let i = 0; i < rows; i++) {
      all.push([...values.subarray(i * source.columns, (i + 1) * source.columns)]);
    }
  }
  return all;
}
