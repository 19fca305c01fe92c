import type { EmbeddingRows } from "../embedding_rows.ts";

/** With fewer rows, integers may rise by chance. */
const ENOUGH_ROWS = 10;

/**
 * Finds columns that are a row number, not a coordinate: integers that only rise, or only fall. Where
 * all columns are, none is: they are a pattern.
 */
export function risingColumns(source: EmbeddingRows): number[] {
  const { rows, columns } = source;
  if (rows < ENOUGH_ROWS || columns < 2) return [];
  let left = Array.from({ length: columns }, (_, column) => ({ column, last: NaN, way: 0 }));
  for (const block of source.blocks()) {
    for (let i = 0; i < block.rows && left.length > 0; i++) {
      left = left.filter((candidate) => {
        const value = block.values[i * columns + candidate.column];
        if (!Number.isInteger(value)) return false;
        const way = Math.sign(value - candidate.last);
        candidate.last = value;
        if (Number.isNaN(way)) return true;
        candidate.way ||= way;
        return way !== 0 && way === candidate.way;
      });
    }
  }
  return left.length === columns ? [] : left.map(({ column }) => column);
}

/** Rows without some of their columns. */
export function withoutColumns(source: EmbeddingRows, drop: readonly number[]): EmbeddingRows {
  if (drop.length === 0) return source;
  const keep = Array.from({ length: source.columns }, (_, c) => c).filter((c) => !drop.includes(c));
  return {
    rows: source.rows,
    columns: keep.length,
    *blocks() {
      for (const { start, rows, values } of source.blocks()) {
        const kept = new (values.constructor as Float64ArrayConstructor)(rows * keep.length);
        for (let i = 0, to = 0; i < rows; i++) {
          for (const c of keep) kept[to++] = values[i * source.columns + c];
        }
        yield { start, rows, values: kept };
      }
    },
  };
}

/** A column of rows, as numbers. */
export function columnOf(source: EmbeddingRows, c: number): number[] {
  const values: number[] = [];
  for (const block of source.blocks()) {
    for (let i = 0; i < block.rows; i++) values.push(block.values[i * source.columns + c]);
  }
  return values;
}
