import { InputError } from "../errors.ts";
import { assertMemory } from "./formats/bytes.ts";
import type { SideColumn } from "./formats/embedding_file.ts";
import { parseNumber, quote } from "./formats/numbers.ts";

/** Names that a column of ids has by custom, in the order in which they are believed. */
const IDS = [
  "custom_id",
  "id",
  "_id",
  "ids",
  "item",
  "item_id",
  "user",
  "user_id",
  "doc_id",
  "document_id",
  "uuid",
  "key",
  "word",
  "token",
  "",
  "unnamed: 0",
  "__index_level_0__",
  "index",
  "name",
  "title",
];

/** Names of columns that say something of an item, and are no coordinate of it. */
const OTHERS = /^(labels?|cluster|class|category|popularity|counts?|text|document|content|url)$/i;

/** How early a name is believed to be that of ids; -1 for others. */
export function idsRank(name: string): number {
  const rank = IDS.indexOf(name.toLowerCase());
  return rank < 0 && /(_|[a-z](?=I))id$/i.test(name) ? IDS.length : rank;
}

/** Whether a name only ends as ids do, like "cluster_id": it may be the id of something else. */
export function isLikeIds(name: string): boolean {
  return idsRank(name) === IDS.length;
}

/** Whether a column of this name is no coordinate, even where it holds numbers. */
export function isSideName(name: string): boolean {
  return idsRank(name) >= 0 || OTHERS.test(name);
}

/** Names that vectors have by custom. */
export const VECTOR_NAMES = [
  "embedding",
  "embeddings",
  "vector",
  "vectors",
  "values",
  "dense_vector",
  "emb",
  "vec",
  "features",
];

/** A longer text is no name of an item. */
const LONGEST_ID = 300;

/** Collects the values of columns that are no coordinates, within a limit of memory. */
export class SideCollector {
  /** Without a prototype: a column may be called like what an object inherits. */
  readonly columns: Record<string, (string | number)[]> = Object.create(null);
  readonly #name: string;
  readonly #memory: number;
  readonly #forgotten = new Set<string>();
  #bytes = 0;

  constructor(name: string, memory: number) {
    this.#name = name;
    this.#memory = memory;
  }

  /** Adds a value; `where` says in an error where it stands. */
  add(column: string, given: unknown, where: string): void {
    const value = typeof given === "bigint" ? String(given) : given;
    if (typeof value !== "string" && typeof value !== "number" && typeof value !== "boolean") {
      throw new InputError(
        `${this.#name}, ${where}, column "${column}": ${quote(value)} is neither text nor a number`,
      );
    }
    this.#bytes += typeof value === "string" ? 24 + value.length : 8;
    assertMemory(this.#name, `keeping column "${column}"`, this.#bytes, this.#memory);
    (this.columns[column] ??= []).push(typeof value === "boolean" ? String(value) : value);
  }

  /** Adds a value that may be an id: a column with long text holds none, and is forgotten. */
  addCandidate(column: string, value: unknown, where: string): void {
    if (this.#forgotten.has(column)) return;
    if (typeof value === "string" && value.length <= LONGEST_ID) {
      this.add(column, value, where);
      return;
    }
    this.#forgotten.add(column);
    delete this.columns[column];
  }
}

/** Whether all values differ. */
export function allDistinct(values: SideColumn): boolean {
  return new Set(values).size === values.length;
}

/** Pairs of ids that belong together, with weights above 0. */
export interface IdPairs {
  first: string[];
  second: string[];
  weights: number[];
  /** Whether names or times say that they are ratings, the first of each a user. */
  ratings?: boolean;
}

/** The row of each id, as text: the number 7 and the text "7" are one id. */
export type RowsById = ReadonlyMap<string, number>;

/**
 * Finds the row of each id. Where an id stands for several rows, the first one counts.
 *
 * @param ids What the rows are called; without it they are called by their numbers.
 * @param rows How many rows there are.
 * @param options The record of each row, by which a row is called where there are no ids; and what to
 * do where an id stands for two rows, of which it is told the sentence.
 */
export function rowsById(
  ids: SideColumn | undefined,
  rows: number,
  { kept, onRepeat }: { kept?: Uint32Array; onRepeat?: (sentence: string) => void } = {},
): RowsById {
  const index = new Map<string, number>();
  for (let row = 0; row < rows; row++) {
    const id = String(ids?.[row] ?? kept?.[row] ?? row);
    const known = index.get(id);
    if (known === undefined) index.set(id, row);
    else onRepeat?.(`the id ${JSON.stringify(id)} stands for rows ${known} and ${row}`);
  }
  return index;
}

/** One side of pairs: what its members are called, and their rows; null where any id is welcome. */
export interface PairSide {
  what: "user" | "query" | "item";
  rows: RowsById | null;
}

/**
 * Finds the pairs whose ids are known.
 *
 * @param pairs Pairs of ids.
 * @param sides What the first and the second of a pair are.
 * @param path What the pairs were read from.
 * @returns Which pairs are kept, their weights, and a note on the others.
 * @throws {InputError} If no pair is.
 */
export function knownPairs(
  { first, second, weights }: IdPairs,
  sides: [PairSide, PairSide],
  path: string,
): { kept: number[]; weights: number[]; note: string | null } {
  const lists = [first, second];
  const isKnown = (side: 0 | 1) => (i: number) => sides[side].rows?.has(lists[side][i]) ?? true;
  const kept = [...weights.keys()].filter((i) => isKnown(0)(i) && isKnown(1)(i));
  const [one, other] = sides.map(({ what }) => what);
  const ofItems = one === other || sides[0].rows === null;
  if (kept.length === 0) {
    const side = sides[0].rows === null || [...weights.keys()].some(isKnown(0)) ? 1 : 0;
    const { what, rows } = sides[side];
    throw new InputError(
      `${path}${
        ofItems
          ? ` names no ${other} of the embeddings`
          : `: none of its ${weights.length} pairs is of a ${one} and an ${other}`
      }: the ids of the ${what === "query" ? "queries" : `${what}s`} are like ` +
        `${JSON.stringify(rows!.keys().next().value)}, and the pairs' like ` +
        `${JSON.stringify(lists[side][0] ?? "nothing")}`,
    );
  }
  // A first line that is of nothing else is a header.
  const isHeader = !isKnown(0)(0) && !isKnown(1)(0) && weights.length > 1 &&
    lists.every((ids) => ids.indexOf(ids[0], 1) < 0);
  const lost = weights.length - kept.length - (isHeader ? 1 : 0);
  const missing = ofItems
    ? `name an ${other} that is not there`
    : `are of no ${one} or no ${other}`;
  return {
    kept,
    weights: kept.map((i) => weights[i]),
    note: lost === 0
      ? null
      : `${path}: ${lost} of ${weights.length - (isHeader ? 1 : 0)} pairs ${missing}`,
  };
}

/** Turns labels of any kind into numbers from 0 on. */
export function labelNumbers(labels: SideColumn): Uint32Array {
  const numbers = new Map<string, number>();
  return Uint32Array.from(labels, (label) => {
    const known = numbers.get(String(label));
    if (known !== undefined) return known;
    numbers.set(String(label), numbers.size);
    return numbers.size - 1;
  });
}

/** Reads values as finite numbers; those of tables may have a comma before the fraction or between thousands. */
export function numericValues(what: string, values: SideColumn): Float64Array {
  const withComma = values.filter((value) => typeof value === "string" && value.includes(","));
  const areThousands = withComma.every((value) => THOUSANDS.test(String(value)));
  return Float64Array.from(values, (value, i) => {
    const text = areThousands ? String(value).replaceAll(",", "") : String(value);
    const number = typeof value === "number" ? value : parseNumber(text, true);
    if (number === undefined || !Number.isFinite(number)) {
      throw new InputError(`${what} of item ${i}, counted from 0: "${value}" is not a number`);
    }
    return number;
  });
}

const THOUSANDS = /^\s*-?[1-9]\d{0,2}(,\d{3})+(\.\d+)?\s*$/;
