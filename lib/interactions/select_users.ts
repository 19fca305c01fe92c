import { assertInteractions } from "./assert_interactions.ts";
import { assertInteger } from "../check/assert_integer.ts";
import type { Id } from "./index_ids.ts";
import { Interactions } from "./interactions.ts";

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
    throw new TypeError("Cannot select users: users must be an array of row numbers");
  }
  if (users.length === 0) {
    throw new RangeError("Cannot select users: there must be at least one user");
  }
  const rowStarts = new Uint32Array(users.length + 1);
  for (let row = 0; row < users.length; row++) {
    const user = users[row];
    assertInteger("select users", `users[${row}]`, user, 0, x.users - 1);
    rowStarts[row + 1] = rowStarts[row] + x.rowStarts[user + 1] - x.rowStarts[user];
  }
  return rowStarts;
}
