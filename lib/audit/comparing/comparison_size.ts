/** How many items an M is fitted on for each dimension, and one for a translation, at least. */
const ITEMS_PER_DIMENSION = 1.25;
/** On how many items a map is measured, at least. */
export const LEAST_HELD_OUT = 10;
/** About how many matrices of dimensions x dimensions it takes to fit maps. */
const MATRICES = 32;
/** About how often the vectors that were drawn are in memory. */
const COPIES = 3;

/** How much of two sets of embeddings is compared, and what that takes. */
export interface ComparisonSize {
  /** How many items maps are fitted on at least. */
  needed: number;
  /** How many items are drawn at most. */
  drawn: number;
  /** About how many bytes of memory it takes. */
  bytes: number;
}

/** The size of a set of embeddings. */
interface Size {
  rows: number;
  columns: number;
}

/**
 * How many items a comparison draws, and about how much memory it takes; maps are fitted only where
 * there are enough items to measure them, too.
 *
 * @param a The size of A.
 * @param b The size of B.
 * @param sample Among how many items neighbors are looked for.
 */
export function comparisonSize(a: Size, b: Size, sample: number): ComparisonSize {
  const widest = Math.max(a.columns, b.columns);
  const needed = Math.ceil(ITEMS_PER_DIMENSION * (widest + 1));
  const drawn = Math.max(sample, 2 * needed);
  const items = Math.min(a.rows, b.rows, drawn);
  const maps = items < needed + LEAST_HELD_OUT ? 0 : MATRICES * widest ** 2;
  return { needed, drawn, bytes: 8 * (COPIES * items * (a.columns + b.columns) + maps) };
}
