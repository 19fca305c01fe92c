import { InputRangeError } from "../../errors.ts";
import type { EmbeddingRows } from "../rows.ts";
import { rowsById } from "../side_values.ts";

/** Which row of one file is the same item as which row of another. */
export interface ItemMatch {
  /** What they were matched by. */
  by: "ids" | "rows";
  /** The rows of A, ascending. */
  rowsOfA: Uint32Array;
  /** The row of B that each of them is. */
  rowsOfB: Uint32Array;
}

/**
 * Finds the items that two sets of embeddings have in common: by their ids where both have them, and
 * else row by row, where the counts agree.
 *
 * @param rowsOfA How many rows A has.
 * @param rowsOfB How many rows B has.
 * @param idsOfA What A calls its items; the number 7 and the text "7" are one id.
 * @param idsOfB What B calls its items.
 * @returns The rows that are the same items.
 * @throws {RangeError} If an id stands for two rows, no id is in both, or counts differ where there
 * are not ids.
 */
export function matchItems(
  rowsOfA: number,
  rowsOfB: number,
  idsOfA?: readonly (string | number)[],
  idsOfB?: readonly (string | number)[],
): ItemMatch {
  if (idsOfA === undefined || idsOfB === undefined) {
    if (rowsOfA !== rowsOfB) {
      const without = idsOfA !== undefined ? "B has" : idsOfB !== undefined ? "A has" : "there are";
      throw new InputRangeError(
        `Cannot compare embeddings: A has ${rowsOfA} rows and B has ${rowsOfB}, and ${without} no ` +
          "ids to match them by",
      );
    }
    const rows = Uint32Array.from({ length: rowsOfA }, (_, i) => i);
    return { by: "rows", rowsOfA: rows, rowsOfB: rows };
  }
  const ofA = indexOf("A", rowsOfA, idsOfA), ofB = indexOf("B", rowsOfB, idsOfB);
  const common = [...ofA].filter(([id]) => ofB.has(id));
  if (common.length === 0) {
    const [[one], [other]] = [[...ofA.keys()], [...ofB.keys()]];
    const loose = looseMatches(idsOfA, idsOfB);
    throw new InputRangeError(
      `Cannot compare embeddings: no id is in both, those of A are like ${
        JSON.stringify(one)
      } and ` +
        `those of B like ${JSON.stringify(other)}${
          loose === null ? "" : `; ${looseSentence(loose)}`
        }`,
    );
  }
  return {
    by: "ids",
    rowsOfA: Uint32Array.from(common, ([, row]) => row),
    rowsOfB: Uint32Array.from(common, ([id]) => ofB.get(id)!),
  };
}

function indexOf(name: string, rows: number, ids: readonly (string | number)[]) {
  if (ids.length !== rows) {
    throw new InputRangeError(
      `Cannot compare embeddings: ${name} has ${rows} rows and ${ids.length} ids`,
    );
  }
  return rowsById(ids, rows, {
    onRepeat: (sentence) => {
      throw new InputRangeError(
        `Cannot compare embeddings: ${sentence} of ${name}, counted from 0`,
      );
    },
  });
}

/** How ids that differ are made equal, and how many items that would match. */
export interface LooseMatches {
  /** What is ignored: blanks around ids, upper and lower case, or what all ids of a file begin with. */
  ignored: ("blanks" | "case" | "prefix")[];
  /** How many ids are in both then. */
  items: number;
  /** A pair of ids that would be one. */
  example: [string, string];
}

/** The ids without what {@linkcode looseMatches} ignores. */
export function looseIds(ids: readonly (string | number)[]): string[] {
  const plain = ids.map((id) => String(id).trim().toLowerCase());
  const prefix = commonPrefix(plain);
  return plain.map((id) => id.slice(prefix.length));
}

/**
 * Whether ids that differ in blanks, case or a prefix would match: null where that gains nothing.
 */
export function looseMatches(
  idsOfA: readonly (string | number)[],
  idsOfB: readonly (string | number)[],
): LooseMatches | null {
  const exact = new Set(idsOfA.map(String));
  const before = idsOfB.filter((id) => exact.has(String(id))).length;
  const [looseOfA, looseOfB] = [looseIds(idsOfA), looseIds(idsOfB)];
  const index = rowsById(looseOfA, looseOfA.length);
  const found = looseOfB.flatMap((id, row) => {
    const rowOfA = index.get(id);
    return rowOfA === undefined ? [] : [[String(idsOfA[rowOfA]), String(idsOfB[row])] as const];
  });
  const example = found.find(([one, other]) => one !== other);
  if (example === undefined || found.length <= before || index.size < looseOfA.length) return null;
  const [one, other] = example;
  const ignored: LooseMatches["ignored"] = [];
  if (one.trim() !== one || other.trim() !== other) ignored.push("blanks");
  const [x, y] = [one.trim(), other.trim()];
  if (x !== y && x.toLowerCase() === y.toLowerCase()) ignored.push("case");
  else if (x !== y) ignored.push("prefix");
  return { ignored, items: found.length, example: [one, other] };
}

/** Says what would match, and what to type. */
export function looseSentence({ ignored, items, example }: LooseMatches): string {
  const [one, other] = example.map((id) => JSON.stringify(id));
  return `${items} would match without ${ignored.join(" and ")} (${one} and ${other}): --loose-ids`;
}

/** What all ids begin with, up to the last mark that ends a prefix. */
function commonPrefix(ids: readonly string[]): string {
  if (ids.length < 2) return "";
  let prefix = ids[0];
  for (const id of ids) {
    let length = 0;
    while (length < prefix.length && id[length] === prefix[length]) length++;
    prefix = prefix.slice(0, length);
  }
  // "item_1" and "item_12" share "item_1": a prefix ends with a mark, as in "item_" or "movie:".
  return prefix.match(/^.*[^\p{L}\p{N}]/su)?.[0] ?? "";
}

/** What became of the rows of A in B; each list holds the first 20 ids, or row numbers from 0. */
export interface RowChanges {
  /** Rows that are the same numbers in both. */
  identical: number;
  /** Rows of B whose numbers another item has in A. */
  moved: number;
  /** Rows whose numbers are in one file alone. */
  changed: number;
  /** Items of B that A has not, and of A that B has not. */
  added: number;
  removed: number;
  /** A shift of one file against the other; null where there is none. */
  shift: RowShift | null;
  ids: Record<"moved" | "changed" | "added" | "removed", (string | number)[]>;
}

/** The item in row i of A has in B the vector of row i − offset of A: row i of A is row i + offset of B. */
export interface RowShift {
  /** By how many rows. */
  offset: number;
  /** How many rows are the same numbers at that offset; 0 where none are. */
  rows: number;
  /** Linear CKA at that offset, where rows are not the same numbers. */
  cka: number | null;
}

/** A file is shifted where this share of its rows is found again at one offset. */
const LEAST_SHIFTED = 0.9;

/** How many ids of a kind are listed. */
const LISTED = 20;

/**
 * Counts the rows that are identical, moved to another item, or changed, by a hash of their numbers.
 */
export function rowChanges(
  a: EmbeddingRows,
  b: EmbeddingRows,
  { rowsOfA, rowsOfB }: ItemMatch,
  idsOfA: readonly (string | number)[] | undefined,
  idsOfB: readonly (string | number)[] | undefined,
): RowChanges {
  const [hashesOfA, hashesOfB] = [rowHashes(a), rowHashes(b)];
  const comparable = a.columns === b.columns;
  const inA = new Map(comparable ? Array.from(hashesOfA, (hash, row) => [hash, row]) : []);
  const offsets = new Map<number, number>();
  const ids: RowChanges["ids"] = { moved: [], changed: [], added: [], removed: [] };
  const counts = { identical: 0, moved: 0, changed: 0 };
  const list = (kind: keyof RowChanges["ids"], id: string | number) => {
    if (ids[kind].length < LISTED) ids[kind].push(id);
  };
  rowsOfA.forEach((rowOfA, i) => {
    const hash = hashesOfB[rowsOfB[i]];
    if (comparable && hashesOfA[rowOfA] === hash) {
      counts.identical++;
      return;
    }
    const found = inA.get(hash);
    if (found !== undefined) offsets.set(rowOfA - found, (offsets.get(rowOfA - found) ?? 0) + 1);
    const kind = found === undefined ? "changed" : "moved";
    counts[kind]++;
    list(kind, idsOfA?.[rowOfA] ?? rowOfA);
  });
  const [matchedOfA, matchedOfB] = [new Set(rowsOfA), new Set(rowsOfB)];
  for (let row = 0; row < a.rows && ids.removed.length < LISTED; row++) {
    if (!matchedOfA.has(row)) list("removed", idsOfA?.[row] ?? row);
  }
  for (let row = 0; row < b.rows && ids.added.length < LISTED; row++) {
    if (!matchedOfB.has(row)) list("added", idsOfB?.[row] ?? row);
  }
  const [offset, shifted] = [...offsets].sort(([, a], [, b]) => b - a)[0] ?? [0, 0];
  return {
    ...counts,
    shift: shifted >= LEAST_SHIFTED * rowsOfA.length && offset !== 0
      ? { offset, rows: shifted, cka: null }
      : null,
    added: b.rows - rowsOfB.length,
    removed: a.rows - rowsOfA.length,
    ids,
  };
}

/** A hash of the numbers of each row; rows that are equal have equal ones, as float32 or float64. */
function rowHashes(source: EmbeddingRows): Float64Array {
  const hashes = new Float64Array(source.rows);
  const number = new Float64Array(1), halves = new Uint32Array(number.buffer);
  for (const { start, rows, values } of source.blocks()) {
    for (let row = 0, at = 0; row < rows; row++) {
      let high = 0x811c9dc5, low = 0x9e3779b9;
      for (let c = 0; c < source.columns; c++, at++) {
        // Plus 0, since -0 and 0 are one number.
        number[0] = values[at] + 0;
        high = Math.imul(high ^ halves[0], 0x01000193) ^ (high >>> 15);
        low = Math.imul(low ^ halves[1] ^ high, 0x85ebca6b) ^ (low >>> 13);
      }
      hashes[start + row] = (high >>> 0) * 2 ** 21 + (low >>> 11);
    }
  }
  return hashes;
}
