import { InputRangeError, InputTypeError } from "../errors.ts";
import { assertInteger, assertKnown } from "../check.ts";
import type { Id } from "./ids.ts";
import { assertInteractions, compressRows, Interactions } from "./interactions.ts";

/**
 * Selects some of the items, in the order given: the most popular ones, or all of them sorted by
 * their cluster.
 *
 * @param x The interactions X, n x p.
 * @param items The columns to take, each between 0 and p − 1 and at most once.
 * @returns The interactions of all users with these items, and the ids of both.
 * @throws {TypeError} If x is not an Interactions, items is not an array, or an entry is not a number.
 * @throws {RangeError} If items is empty, an entry is not an integer between 0 and p − 1, or occurs twice.
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
    throw new InputTypeError("Cannot select items: items must be an array of column numbers");
  }
  if (items.length === 0) {
    throw new InputRangeError("Cannot select items: there must be at least one item");
  }
  const places = new Int32Array(x.items).fill(-1);
  for (let place = 0; place < items.length; place++) {
    const item = items[place];
    assertInteger("select items", `items[${place}]`, item, 0, x.items - 1);
    if (places[item] >= 0) {
      throw new InputRangeError(
        `Cannot select items: each may be there once, ${item} is there again`,
      );
    }
    places[item] = place;
  }
  return places;
}

/**
 * Selects some of the users, in the order given: a sample of them, or one block after another where
 * all of them at once would take n x n or n x p numbers.
 *
 * @param x The interactions X, n x p.
 * @param users The rows to take, each between 0 and n − 1; a row may be taken more than once.
 * @returns The interactions of these users, with all p items.
 * @throws {TypeError} If users is not an array, or an entry is not a number.
 * @throws {RangeError} If users is empty, or an entry is not an integer between 0 and n − 1.
 *
 * @example
 * ```ts
 * import { Interactions, selectUsers } from "cosine-lab";
 * import assert from "node:assert/strict";
 *
 * const x = Interactions.fromDense([[1, 0], [0, 1], [1, 1]]);
 * assert.deepEqual(selectUsers(x, [2, 0]).toDense().to2DArray(), [[1, 1], [1, 0]]);
 * ```
 */
export function selectUsers(x: Interactions, users: ArrayLike<number>): Interactions {
  const rowStarts = assertUsers(x, users);
  const columnIndices = new Uint32Array(rowStarts[users.length]);
  const values = x.values === null ? null : new Float64Array(columnIndices.length);
  const ids: Id[] | null = x.userIds === null ? null : [];
  for (let row = 0; row < users.length; row++) {
    const [start, end] = [x.rowStarts[users[row]], x.rowStarts[users[row] + 1]];
    columnIndices.set(x.columnIndices.subarray(start, end), rowStarts[row]);
    values?.set(x.values!.subarray(start, end), rowStarts[row]);
    ids?.push(x.userIds![users[row]]);
  }
  return new Interactions(
    { rows: users.length, columns: x.items, rowStarts, columnIndices, values },
    ids === null ? undefined : { users: ids, items: x.itemIds! },
  );
}

/** Checks the selection, and returns where the rows start in it. */
function assertUsers(x: Interactions, users: ArrayLike<number>): Uint32Array {
  assertInteractions("select users", "x", x);
  if (typeof users?.length !== "number") {
    throw new InputTypeError("Cannot select users: users must be an array of row numbers");
  }
  if (users.length === 0) {
    throw new InputRangeError("Cannot select users: there must be at least one user");
  }
  const rowStarts = new Uint32Array(users.length + 1);
  for (let row = 0; row < users.length; row++) {
    const user = users[row];
    assertInteger("select users", `users[${row}]`, user, 0, x.users - 1);
    rowStarts[row + 1] = rowStarts[row] + x.rowStarts[user + 1] - x.rowStarts[user];
  }
  return rowStarts;
}

/** The fewest interactions that a user and an item must have to stay. */
export interface MinimumCount {
  /** Of a user. @default {1} */
  user?: number;
  /** Of an item. @default {1} */
  item?: number;
}

/**
 * Drops users and items with few interactions, of which little can be learned.
 *
 * Dropping an item may leave a user with too few interactions, and the other way around: it is
 * repeated until all that are left have enough (the k-core of the bipartite graph). What is left
 * does not depend on the order, since it is the largest set in which all have enough.
 *
 * @param x The interactions X, n x p.
 * @param minimum The fewest interactions of a user and of an item, 1 by default.
 * @returns The interactions that are left, in the same order and with their ids; X itself where all
 * are.
 * @throws {TypeError} If x is not an Interactions, or a minimum is not a number.
 * @throws {RangeError} If a minimum is not an integer of at least 0, or nothing is left.
 *
 * @example
 * ```ts
 * import { Interactions } from "cosine-lab";
 * import { dropRare } from "cosine-lab/tables";
 * import assert from "node:assert/strict";
 *
 * const x = Interactions.fromDense([[1, 1, 0], [1, 1, 0], [0, 1, 1]]);
 * assert.deepEqual(dropRare(x, { user: 2, item: 2 }).toDense().to2DArray(), [[1, 1], [1, 1]]);
 * ```
 */
export function dropRare(x: Interactions, minimum: MinimumCount): Interactions {
  assertInteractions("drop what is rare", "x", x);
  assertKnown("drop what is rare", minimum, ["user", "item"]);
  const { user = 1, item = 1 } = minimum;
  assertInteger("drop what is rare", "the minimum for users", user, 0);
  assertInteger("drop what is rare", "the minimum for items", item, 0);
  const users = new Uint8Array(x.users).fill(1);
  const items = new Uint8Array(x.items).fill(1);
  while (dropUsers(x, users, items, user) + dropItems(x, users, items, item) > 0);
  const [n, p] = [count(users), count(items)];
  if (n === 0 || p === 0) {
    throw new InputRangeError(
      `Cannot drop what is rare: nothing is left of ${x.users} users with at least ${user} and ` +
        `${x.items} items with at least ${item} interactions`,
    );
  }
  return n === x.users && p === x.items ? x : select(x, users, items);
}

/** Unmarks users with too few items that are marked, and returns how many. */
function dropUsers(x: Interactions, users: Uint8Array, items: Uint8Array, minimum: number): number {
  let dropped = 0;
  for (let u = 0; u < x.users; u++) {
    if (users[u] === 0) continue;
    let left = 0;
    for (let t = x.rowStarts[u]; t < x.rowStarts[u + 1]; t++) left += items[x.columnIndices[t]];
    if (left >= minimum) continue;
    users[u] = 0;
    dropped++;
  }
  return dropped;
}

/** Unmarks items with too few users that are marked, and returns how many. */
function dropItems(x: Interactions, users: Uint8Array, items: Uint8Array, minimum: number): number {
  const left = new Uint32Array(x.items);
  for (let u = 0; u < x.users; u++) {
    if (users[u] === 0) continue;
    for (let t = x.rowStarts[u]; t < x.rowStarts[u + 1]; t++) left[x.columnIndices[t]]++;
  }
  let dropped = 0;
  items.forEach((marked, i) => {
    if (marked === 0 || left[i] >= minimum) return;
    items[i] = 0;
    dropped++;
  });
  return dropped;
}

function select(x: Interactions, users: Uint8Array, items: Uint8Array): Interactions {
  const columns = new Uint32Array(x.items);
  for (let i = 1; i < x.items; i++) columns[i] = columns[i - 1] + items[i - 1];
  const rowStarts = new Uint32Array(count(users) + 1);
  const columnIndices = new Uint32Array(x.nonzeros);
  const values = x.values === null ? null : new Float64Array(x.nonzeros);
  let row = 0, entries = 0;
  for (let u = 0; u < x.users; u++) {
    if (users[u] === 0) continue;
    for (let t = x.rowStarts[u]; t < x.rowStarts[u + 1]; t++) {
      if (items[x.columnIndices[t]] === 0) continue;
      if (values !== null) values[entries] = x.values![t];
      columnIndices[entries++] = columns[x.columnIndices[t]];
    }
    rowStarts[++row] = entries;
  }
  const marked = (ids: readonly Id[], marks: Uint8Array) => ids.filter((_, i) => marks[i] === 1);
  return new Interactions(
    {
      rows: row,
      columns: count(items),
      rowStarts,
      columnIndices: columnIndices.slice(0, entries),
      values: values?.slice(0, entries) ?? null,
    },
    x.userIds === null || x.itemIds === null ? undefined : {
      users: marked(x.userIds, users),
      items: marked(x.itemIds, items),
    },
  );
}

function count(marks: Uint8Array): number {
  return marks.reduce((sum, mark) => sum + mark, 0);
}
