import { listed } from "../wording.ts";
import type { AuditContext } from "./context.ts";

/** Rows of the file that something is said of. */
export interface RowList {
  /** How many there are. */
  count: number;
  /** The first thousand of them, counted from 0. */
  rows: number[];
  /** What the file calls them; their rows where it has no ids. */
  ids: (string | number)[];
}

/** How many rows are named in the JSON, and in a sentence. */
const LISTED = 1000, SAID = 3;

/** Names rows, given in ascending order. */
export function rowList({ options: { ids } }: AuditContext, rows: ArrayLike<number>): RowList {
  const named = Array.from({ length: Math.min(LISTED, rows.length) }, (_, i) => rows[i]);
  return { count: rows.length, rows: named, ids: named.map((row) => ids?.[row] ?? row) };
}

/** The first of them for a sentence: "a, b, c and 27 more". */
export function firstOf({ ids, count }: RowList): string {
  const shown = ids.slice(0, SAID).map(String);
  const more = count - shown.length;
  return listed(more > 0 ? [...shown, `${more.toLocaleString("en")} more`] : shown);
}
