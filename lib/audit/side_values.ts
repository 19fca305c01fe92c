import { InputError } from "../errors.ts";
import type { SideColumn } from "./formats/embedding_file.ts";
import { parseNumber } from "./formats/numbers.ts";

/** Pairs of ids that belong together, with weights above 0. */
export interface IdPairs {
  first: string[];
  second: string[];
  weights: number[];
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
  const lost = weights.length - kept.length;
  const missing = ofItems
    ? `name an ${other} that is not there`
    : `are of no ${one} or no ${other}`;
  return {
    kept,
    weights: kept.map((i) => weights[i]),
    note: lost === 0 ? null : `${path}: ${lost} of ${weights.length} pairs ${missing}`,
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

/** Reads values as finite numbers. */
export function numericValues(what: string, values: SideColumn): Float64Array {
  return Float64Array.from(values, (value, i) => {
    const number = typeof value === "number" ? value : parseNumber(String(value));
    if (number === undefined || !Number.isFinite(number)) {
      throw new InputError(`${what} of item ${i}, counted from 0: "${value}" is not a number`);
    }
    return number;
  });
}
