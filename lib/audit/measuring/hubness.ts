import { power } from "../../elementary/power.ts";
import { nearestRows, rowsOf } from "./anchor_neighbors.ts";

/** How often rows are among the nearest neighbors of others. */
export interface Hubness {
  /** How many rows were compared, each with each: hubness grows with their number. */
  items: number;
  /** The skewness of how often they are neighbors; about 1/√neighbors by chance. */
  skewness: number;
  /** Of how many rows the most frequent neighbor is one, as a share. */
  largest: number;
  /** The skewness over the members of the free group that were measured; null without. */
  range: { min: number; max: number } | null;
}

/**
 * Measures hubness: the skewness of how often each row is among the nearest neighbors of the others
 * (Radovanović, Nanopoulos and Ivanović, 2010). 0 where all are neighbors equally often.
 *
 * @param values The rows, m x k; about `most` of them are used, at even distances.
 * @param count How many neighbors, less than the number of rows that are used.
 */
export function hubness(
  values: Float64Array,
  k: number,
  count: number,
  most: number,
): Omit<Hubness, "range"> {
  const all = rowsOf(values, k);
  const size = Math.min(all.length, Math.max(most, count + 1));
  const rows = Array.from({ length: size }, (_, i) => all[Math.floor(i * all.length / size)]);
  const occurrences = new Float64Array(size);
  for (const row of nearestRows(rows, rows, count, "cosine", (i) => i)) occurrences[row]++;
  let second = 0, third = 0;
  for (const occurrence of occurrences) {
    second += (occurrence - count) ** 2 / size;
    third += power(occurrence - count, 3) / size;
  }
  return {
    items: size,
    skewness: second === 0 ? 0 : third / power(second, 1.5),
    largest: Math.max(...occurrences) / size,
  };
}
