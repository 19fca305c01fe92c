import type { CompressedRows } from "../linalg/compressed_rows.ts";

/** Interactions as three parallel lists. */
export interface Triplets {
  users: ArrayLike<number>;
  items: ArrayLike<number>;
  /** `null` where every interaction counts 1. */
  values: ArrayLike<number> | null;
  /** How a pair is named in an error. */
  name?: (user: number, item: number) => string;
}

/**
 * Sorts (user, item, value) triplets into compressed sparse rows, leaving out values of 0.
 *
 * @param rows The number of users.
 * @param columns The number of items.
 * @param triplets The interactions, in any order.
 * @returns The rows; `values` is `null` where all of them are 1.
 * @throws {RangeError} If a (user, item) pair is there twice.
 */
export function compressRows(rows: number, columns: number, triplets: Triplets): CompressedRows {
  const { users, items, values, name = (u, i) => `(${u}, ${i})` } = triplets;
  const byItem = countingSort(new Uint32Array(users.length).map((_, t) => t), items, columns);
  const order = countingSort(byItem, users, rows);
  const rowStarts = new Uint32Array(rows + 1);
  const columnIndices = new Uint32Array(users.length);
  const kept = new Float64Array(users.length);
  let count = 0;
  order.forEach((t, position) => {
    const before = order[position - 1];
    if (position > 0 && users[t] === users[before] && items[t] === items[before]) {
      throw new RangeError(
        `Cannot read interactions: every (user, item) pair may be there once, ` +
          `${name(users[t], items[t])} is there again`,
      );
    }
    const value = values === null ? 1 : values[t];
    if (value === 0) return;
    columnIndices[count] = items[t];
    kept[count++] = value;
    rowStarts[users[t] + 1]++;
  });
  for (let u = 0; u < rows; u++) rowStarts[u + 1] += rowStarts[u];
  const binary = kept.subarray(0, count).every((value) => value === 1);
  return {
    rows,
    columns,
    rowStarts,
    columnIndices: columnIndices.slice(0, count),
    values: binary ? null : kept.slice(0, count),
  };
}

/** Sorts positions by their keys, 0 to size - 1, in linear time; positions of one key stay in order. */
function countingSort(positions: Uint32Array, keys: ArrayLike<number>, size: number): Uint32Array {
  const next = new Uint32Array(size + 1);
  for (const t of positions) next[keys[t] + 1]++;
  for (let key = 0; key < size; key++) next[key + 1] += next[key];
  const sorted = new Uint32Array(positions.length);
  for (const t of positions) sorted[next[keys[t]]++] = t;
  return sorted;
}
