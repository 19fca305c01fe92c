import { counted, type Measure } from "./measure.ts";
import type { EmbeddingRows } from "../rows.ts";

/** Rows that are the same to the last bit; rows of zeros are left out. */
interface DuplicateRows {
  /** How many rows are the same as one before them. */
  repeated: number;
  /** How many different rows there are. */
  distinct: number;
  /** The size of the largest set of equal rows; 1 where there is none. */
  largest: number;
}

/**
 * Counts them. Only rows that share their norm with another are read again, and compared by 53 bits
 * of two hashes: that two different rows are taken for equal is not to be expected.
 */
export function duplicateRows(source: EmbeddingRows, norms: Float64Array): DuplicateRows {
  const shared = sharedNorms(norms);
  const positive = norms.reduce((count, norm) => norm > 0 ? count + 1 : count, 0);
  if (shared.size === 0) return { repeated: 0, distinct: positive, largest: 1 };
  const { columns } = source;
  const seen = new Map<number, number>();
  let repeated = 0, largest = 1;
  const bits = new Float64Array(1), words = new Uint32Array(bits.buffer);
  for (const { start, rows, values } of source.blocks()) {
    for (let i = 0; i < rows; i++) {
      if (!shared.has(norms[start + i])) continue;
      let a = 2166136261, b = 5381;
      for (let at = i * columns; at < (i + 1) * columns; at++) {
        // −0 equals 0, with other bits.
        bits[0] = values[at] + 0;
        a = Math.imul(a ^ words[0], 16777619) ^ words[1];
        a = Math.imul(a ^ (a >>> 15), 0x85ebca6b);
        b = Math.imul(b + words[1], 0xcc9e2d51) ^ words[0];
        b = Math.imul(b ^ (b >>> 13), 0x1b873593);
      }
      const key = (a >>> 0) * 0x200000 + (b >>> 11);
      const count = (seen.get(key) ?? 0) + 1;
      seen.set(key, count);
      if (count > 1) repeated++;
      if (count > largest) largest = count;
    }
  }
  return { repeated, distinct: positive - repeated, largest };
}

function sharedNorms(norms: Float64Array): Set<number> {
  const sorted = norms.slice().sort();
  const shared = new Set<number>();
  for (let i = 1; i < sorted.length; i++) {
    if (sorted[i] === sorted[i - 1] && sorted[i] > 0) shared.add(sorted[i]);
  }
  return shared;
}

/** Rows that equal another to the last bit. */
export const duplicatesMeasure: Measure<"duplicates", DuplicateRows, "duplicates"> = {
  key: "duplicates",
  section: "file",
  measure: ({ items, scan }) => duplicateRows(items, scan.norms),
  flags: {
    duplicates: {
      kind: "note",
      means: "rows repeat another exactly",
      raised: ({ repeated }) => repeated > 0,
    },
  },
  sentences: ({ repeated, largest }) =>
    repeated === 0 ? [] : [
      `${
        counted(repeated, "row repeats", "rows repeat")
      } another exactly (up to ${largest} are the ` +
      "same): they are each other's nearest neighbors, at cosine 1.",
    ],
};
