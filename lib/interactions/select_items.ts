import { assertInteger } from "../check/assert_integer.ts";
import { assertInteractions } from "./assert_interactions.ts";
import { compressRows } from "./compress_rows.ts";
import { Interactions } from "./interactions.ts";

/**
 * Selects some of the items, in the order given: the most popular ones, or all of them sorted by
 * their cluster.
 *
 * @param x The interactions X, n x p.
 * @param items The columns to take, each between 0 and p − 1 and at most once.
 * @returns The interactions of all users with these items, and the ids of both.
 * @throws {TypeError} If x is not an Interactions, items is not an array, or an entry is not a number.
 * @throws {RangeError} If items is empty, an entry is not an integer between 0 and p − 1, or is there twice.
 *
 * @example
 * ```ts
 * import { Interactions } from "cosine-lab";
 * import { selectItems } from "cosine-lab/tables";
 * import assert from "node:assert/strict";
 *
 * const x = Interactions.fromDense([[1, 0, 1], [0, 1, 1]]);
 * assert.deepEqual(selectItems(x, [2, 0]).toDense().to2DArray(), [[1, 1], [1, 0]]);
 * ```
 */
export function selectItems(x: Interactions, items: ArrayLike<number>): Interactions {
  const places = placesOf(x, items);
  const users: number[] = [], columns: number[] = [], values: number[] = [];
  for (let u = 0; u < x.users; u++) {
    for (let t = x.rowStarts[u]; t < x.rowStarts[u + 1]; t++) {
      const place = places[x.columnIndices[t]];
      if (place < 0) continue;
      users.push(u);
      columns.push(place);
      if (x.values !== null) values.push(x.values[t]);
    }
  }
  const rows = compressRows(x.users, items.length, {
    users,
    items: columns,
    values: x.values === null ? null : values,
  });
  const { userIds, itemIds } = x;
  const ids = userIds === null || itemIds === null
    ? undefined
    : { users: userIds, items: Array.from(items, (i) => itemIds[i]) };
  return new Interactions(rows, ids);
}

/** Where each column goes, or −1. */
function placesOf(x: Interactions, items: ArrayLike<number>): Int32Array {
  assertInteractions("select items", "x", x);
  if (typeof items?.length !== "number") {
    throw new TypeError("Cannot select items: items must be an array of column numbers");
  }
  if (items.length === 0) {
    throw new RangeError("Cannot select items: there must be at least one item");
  }
  const places = new Int32Array(x.items).fill(-1);
  for (let place = 0; place < items.length; place++) {
    const item = items[place];
    assertInteger("select items", `items[${place}]`, item, 0, x.items - 1);
    if (places[item] >= 0) {
      throw new RangeError(`Cannot select items: each may be there once, ${item} is there again`);
    }
    places[item] = place;
  }
  return places;
}
