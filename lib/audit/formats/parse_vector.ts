import { parseNumber } from "./parse_number.ts";

/**
 * A vector that one cell of a table holds: "[0.1, 0.2]" as pgvector and pandas write it,
 * "{0.1,0.2}" as PostgreSQL writes an array, or "[0.1 0.2]" as NumPy prints one.
 *
 * @returns Its entries; a word where it is none.
 */
export function parseVector(cell: string): number[] | "no vector" | "abbreviated" {
  const inner = /^\s*[[({]([\s\S]*)[\])}]\s*$/.exec(cell)?.[1].trim();
  if (!inner) return "no vector";
  if (inner.includes("...") || inner.includes("…")) return "abbreviated";
  const parts = inner.split(/\s*[,;]\s*|\s+/);
  const vector = new Array<number>(parts.length);
  for (let i = 0; i < parts.length; i++) {
    const value = parseNumber(parts[i]);
    if (value === undefined) return "no vector";
    vector[i] = value;
  }
  return vector;
}
