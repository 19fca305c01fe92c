import { drawWithoutReplacement } from "../rows.ts";
import type { EmbeddingRows } from "../embedding_rows.ts";
import { rowsAt } from "../rows.ts";
import type { ItemMatch } from "./match_items.ts";

/** Random items of both sides. */
export interface MatchedSample {
  /** Which row of A each of them is. */
  rowsOfA: Uint32Array;
  /** Their vectors, each side scaled to a root mean square norm of 1. */
  a: Float64Array[];
  b: Float64Array[];
}

/**
 * Draws items that both sides have, and reads their vectors, in a random order that does not depend
 * on how either file is ordered beyond the order of A.
 *
 * @param size How many; all where there are not more.
 * @param random Uniform random numbers in [0, 1).
 */
export function matchedSample(
  a: EmbeddingRows,
  b: EmbeddingRows,
  { rowsOfA, rowsOfB }: Pick<ItemMatch, "rowsOfA" | "rowsOfB">,
  size: number,
  random: () => number,
): MatchedSample {
  const drawn = drawWithoutReplacement(rowsOfA.length, size, random);
  for (let i = drawn.length - 1; i > 0; i--) {
    const j = Math.floor(random() * (i + 1));
    [drawn[i], drawn[j]] = [drawn[j], drawn[i]];
  }
  const ofA = drawn.map((i) => rowsOfA[i]);
  return {
    rowsOfA: ofA,
    a: scaled(rowsAt(a, ofA)),
    b: scaled(rowsAt(b, drawn.map((i) => rowsOfB[i]))),
  };
}

function scaled(rows: Float64Array[]): Float64Array[] {
  let largest = 0, squares = 0;
  for (const row of rows) for (const x of row) largest = Math.max(largest, Math.abs(x));
  for (const row of rows) for (const x of row) squares += (x / largest) ** 2;
  const norm = Math.sqrt(squares / rows.length);
  for (const row of rows) for (let c = 0; c < row.length; c++) row[c] = row[c] / largest / norm;
  return rows;
}
