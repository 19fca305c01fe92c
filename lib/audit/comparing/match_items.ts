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
 *
 * @example
 * ```ts
 * import { matchItems } from "./match_items.ts";
 * import assert from "node:assert/strict";
 *
 * const { rowsOfA, rowsOfB } = matchItems(3, 2, ["a", "b", "c"], ["c", "a"]);
 * assert.deepEqual([[...rowsOfA], [...rowsOfB]], [[0, 2], [1, 0]]);
 * ```
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
      throw new RangeError(
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
    throw new RangeError(
      `Cannot compare embeddings: no id is in both, those of A are like ${
        JSON.stringify(one)
      } and ` +
        `those of B like ${JSON.stringify(other)}`,
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
    throw new RangeError(
      `Cannot compare embeddings: ${name} has ${rows} rows and ${ids.length} ids`,
    );
  }
  const index = new Map<string, number>();
  ids.forEach((id, row) => {
    const known = index.get(String(id));
    if (known !== undefined) {
      throw new RangeError(
        `Cannot compare embeddings: the id ${
          JSON.stringify(String(id))
        } stands for rows ${known} ` +
          `and ${row} of ${name}, counted from 0`,
      );
    }
    index.set(String(id), row);
  });
  return index;
}
