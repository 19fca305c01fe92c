import { InputRangeError } from "../../errors.ts";
import { cosine } from "../neighbor_search.ts";
import { drawWithoutReplacement, type EmbeddingRows, rowsAt } from "../rows.ts";
import { rowsById } from "../side_values.ts";
import { linearCka, type PairedRows, unpaired } from "./agreement.ts";

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
  const ofA = indexOf("A", rowsOfA, [idsOfA, idsOfB]);
  const ofB = indexOf("B", rowsOfB, [idsOfB, idsOfA]);
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

function indexOf(name: string, rows: number, [ids, others]: Ids[]) {
  if (ids.length !== rows) {
    throw new InputRangeError(
      `Cannot compare embeddings: ${name} has ${rows} rows and ${ids.length} ids`,
    );
  }
  return rowsById(ids, rows, {
    onRepeat: (sentence) => {
      const cut = cutLength(ids, others);
      throw new InputRangeError(
        `Cannot compare embeddings: ${sentence} of ${name}, counted from 0` +
          (cut === null
            ? ""
            : `; its ids seem to be cut at ${cut} characters: give whole ones (--ids)`),
      );
    },
  });
}

type Ids = readonly (string | number)[];

/** How ids that differ are made equal, and how many items that would match. */
export interface LooseMatches {
  /** What is ignored: blanks around ids, case, what all ids of a file begin with, or an end that one file cut off. */
  ignored: (keyof typeof IGNORED)[];
  /** How many ids are in both then. */
  items: number;
  /** A pair of ids that would be one. */
  example: [string, string];
}

const IGNORED = {
  blanks: "blanks",
  case: "case",
  prefix: "prefix",
  zeros: "zeros around numbers",
  end: "the end that one file cut off",
};

/**
 * The ids of B as A has them, where they differ in blanks, case, a prefix of all or an end that one file cut
 * off: in the way that matches most, where ids stay different from each other.
 */
export function looseIds(idsOfA: Ids, idsOfB: Ids): Ids {
  const whole = [idsOfA, idsOfB].map((ids) => ids.map(String));
  const tried = [whole];
  for (const [side, ids] of whole.entries()) {
    const cut = cutLength(ids, whole[1 - side]);
    if (cut !== null) tried.push(whole.map((list) => list.map((id) => id.slice(0, cut))));
  }
  let best = idsOfB, most = 0;
  for (const [a, b] of tried.map((lists) => lists.map(bareIds))) {
    const rows = rowsById(a, a.length);
    if (rows.size < a.length || new Set(b).size < b.length) continue;
    const found = b.filter((id) => rows.has(id)).length;
    if (found <= most) continue;
    best = b.map((id, row) => rows.has(id) ? idsOfA[rows.get(id)!] : idsOfB[row]);
    most = found;
  }
  return best;
}

/** Ids without blanks around them, case and a common prefix. */
function bareIds(ids: readonly string[]): string[] {
  const plain = ids.map((id) => id.trim().toLowerCase());
  const prefix = commonPrefix(plain);
  return plain.map((id) => withoutZeros(id.slice(prefix.length)));
}

/** A whole number without zeros in front and behind a point: spreadsheets and pandas add or drop them. */
const withoutZeros = (id: string) => id.replace(/^0*(\d+)(?:\.0+)?$/, "$1");

/** The length that ids seem to be cut at: half of them have it, none is longer, and others are; else null. */
function cutLength(ids: Ids, others: Ids): number | null {
  const longest = (list: Ids) =>
    list.reduce<number>((most, id) => Math.max(most, String(id).length), 0);
  const length = longest(ids);
  const whole = ids.filter((id) => String(id).length === length).length;
  return 2 * whole >= ids.length && longest(others) > length ? length : null;
}

/**
 * Whether ids that differ in blanks, case, a prefix or an end that was cut off would match: null where
 * that gains nothing.
 */
export function looseMatches(idsOfA: Ids, idsOfB: Ids): LooseMatches | null {
  const exact = new Set(idsOfA.map(String));
  const known = (ids: Ids) => ids.filter((id) => exact.has(String(id))).length;
  const loose = looseIds(idsOfA, idsOfB).map(String);
  const items = known(loose), row = loose.findIndex((id, i) => id !== String(idsOfB[i]));
  if (row < 0 || items <= known(idsOfB)) return null;
  const [one, other] = [loose[row], String(idsOfB[row])];
  const ignored: LooseMatches["ignored"] = [];
  if (one.trim() !== one || other.trim() !== other) ignored.push("blanks");
  const [x, y] = [one, other].map((id) => id.trim().toLowerCase());
  if (x === y && one.trim() !== other.trim()) ignored.push("case");
  else if (withoutZeros(x) === withoutZeros(y) && x !== y) ignored.push("zeros");
  else if (x !== y) ignored.push(x.startsWith(y) || y.startsWith(x) ? "end" : "prefix");
  return { ignored, items, example: [one, other] };
}

/** Says what would match, and what to type. */
export function looseSentence({ ignored, items, example }: LooseMatches): string {
  const [one, other] = example.map((id) => JSON.stringify(id));
  const parts = ignored.map((part) => IGNORED[part]).join(" and ");
  return `${items} would match without ${parts} (${one} and ${other}): --loose-ids`;
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
  /** The first and the last of the changed rows, where all rows of A between them are changed. */
  changedRun: { first: string | number; last: string | number } | null;
  /**
   * What changed rows have to do with what they were: the mean cosine of an item's vectors, that of different
   * items, and linear CKA, which no rotation changes; null where no row is changed, or dimensions differ.
   */
  changedLikeness: { cosine: number; chance: number; cka: number } | null;
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

/** The changes of the rows, and which rows of A are changed. */
interface FoundChanges {
  changes: RowChanges;
  changed: ReadonlySet<number>;
}

/**
 * Counts the rows that are identical, moved to another item, or changed, by a hash of their numbers.
 */
export function rowChanges(
  a: EmbeddingRows,
  b: EmbeddingRows,
  { rowsOfA, rowsOfB }: ItemMatch,
  idsOfA: Ids | undefined,
  idsOfB: Ids | undefined,
): FoundChanges {
  const [hashesOfA, hashesOfB] = [rowHashes(a), rowHashes(b)];
  const comparable = a.columns === b.columns;
  const rows = { identical: [] as number[], moved: [] as number[], changed: [] as number[] };
  const others: number[] = [], stays = new Uint8Array(a.rows);
  rowsOfA.forEach((rowOfA, i) => {
    if (!comparable || hashesOfA[rowOfA] !== hashesOfB[rowsOfB[i]]) others.push(i);
    else {
      rows.identical.push(rowOfA);
      stays[rowOfA] = 1;
    }
  });
  // Each row of A that is not where it was may be found once; equal ones are chained, the first in front.
  const places = new Map<number, number>(), next = new Int32Array(a.rows).fill(-1);
  for (let row = a.rows - 1; comparable && row >= 0; row--) {
    if (stays[row] === 1) continue;
    next[row] = places.get(hashesOfA[row]) ?? -1;
    places.set(hashesOfA[row], row);
  }
  const offsets = new Map<number, number>();
  for (const i of others) {
    const row = rowsOfA[i], hash = hashesOfB[rowsOfB[i]], from = places.get(hash) ?? -1;
    if (from >= 0) {
      places.set(hash, next[from]);
      offsets.set(row - from, (offsets.get(row - from) ?? 0) + 1);
    }
    (from < 0 ? rows.changed : rows.moved).push(row);
  }
  const { identical, moved, changed } = rows;
  const [offset, shifted] = [...offsets].sort(([, a], [, b]) => b - a)[0] ?? [0, 0];
  const isShifted = shifted >= LEAST_SHIFTED * rowsOfA.length && offset !== 0;
  const idOf = (row: number) => idsOfA?.[row] ?? row;
  const [first, last] = [changed[0], changed[changed.length - 1]];
  const isRun = changed.length > 0 && last - first + 1 === changed.length;
  const changes = {
    identical: identical.length,
    moved: moved.length,
    changed: changed.length,
    added: b.rows - rowsOfB.length,
    removed: a.rows - rowsOfA.length,
    shift: isShifted ? { offset, rows: shifted, cka: null } : null,
    changedRun: isRun ? { first: idOf(first), last: idOf(last) } : null,
    changedLikeness: null,
    ids: {
      moved: moved.slice(0, LISTED).map(idOf),
      changed: changed.slice(0, LISTED).map(idOf),
      added: unmatched(b.rows, rowsOfB).map((row) => idsOfB?.[row] ?? row),
      removed: unmatched(a.rows, rowsOfA).map(idOf),
    },
  };
  return { changes, changed: new Set(changed) };
}

/** The first rows that are not among the matched ones. */
function unmatched(rows: number, matched: Uint32Array): number[] {
  const found: number[] = [], isMatched = new Uint8Array(rows);
  for (const row of matched) isMatched[row] = 1;
  for (let row = 0; row < rows && found.length < LISTED; row++) {
    if (isMatched[row] === 0) found.push(row);
  }
  return found;
}

/** What changed rows have to do with what they were. */
export function changedLikeness({ a, b }: PairedRows): RowChanges["changedLikeness"] {
  if (a.length < 2 || a[0].length !== b[0].length) return null;
  const meanCosine = (rows: PairedRows) =>
    rows.a.reduce((sum, row, i) => sum + cosine(row, rows.b[i]), 0) / rows.a.length;
  return {
    cosine: meanCosine({ a, b }),
    chance: meanCosine(unpaired({ a, b })),
    cka: linearCka(a, b),
  };
}

/** How far a shift is looked for, on how many rows. */
const MOST_OFFSET = 3, SHIFT_ROWS = 300, LEAST_SHIFT_ROWS = 50;
/** At the offset of a shift CKA leaves at most this share of what it leaves at any other. */
const MOST_LEFT = 0.5;

/**
 * Looks for a shift of the items of one file against the other, in the order of A, by linear CKA at offsets
 * of up to three rows: no rotation changes it, so that it finds a shift between two runs as well.
 */
export function rowShift(
  a: EmbeddingRows,
  b: EmbeddingRows,
  { rowsOfA, rowsOfB }: ItemMatch,
  random: () => number,
): RowShift | null {
  const inner = rowsOfA.length - 2 * MOST_OFFSET;
  if (inner < LEAST_SHIFT_ROWS) return null;
  const places = drawWithoutReplacement(inner, SHIFT_ROWS, random).map((i) => i + MOST_OFFSET);
  const offsets = Array.from({ length: 2 * MOST_OFFSET + 1 }, (_, i) => i - MOST_OFFSET);
  const ofA = scaledRows(a, places.map((i) => rowsOfA[i]));
  const ofB = scaledRows(
    b,
    offsets.flatMap((offset) => Array.from(places, (i) => rowsOfB[i + offset])),
  );
  const [best, second] = offsets.map((offset, i) => {
    const rows = ofB.slice(i * places.length, (i + 1) * places.length);
    return { offset, rows: 0, cka: linearCka(ofA, rows) };
  }).sort((one, other) => other.cka - one.cka);
  return best.offset !== 0 && 1 - best.cka <= MOST_LEFT * (1 - second.cka) ? best : null;
}

/** Some rows, scaled to a root mean square norm of 1. */
export function scaledRows(source: EmbeddingRows, indices: ArrayLike<number>): Float64Array[] {
  const rows = rowsAt(source, indices);
  let largest = 0, squares = 0;
  for (const row of rows) for (const x of row) largest = Math.max(largest, Math.abs(x));
  for (const row of rows) for (const x of row) squares += (x / largest) ** 2;
  const norm = Math.sqrt(squares / rows.length);
  for (const row of rows) for (let c = 0; c < row.length; c++) row[c] = row[c] / largest / norm;
  return rows;
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
