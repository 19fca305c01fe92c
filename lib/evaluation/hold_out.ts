import { InputRangeError } from "../errors.ts";
import { shuffle } from "../math/random.ts";
import seedrandom from "seedrandom";
import { checkedOptions, integer, number, text } from "../check.ts";
import { assertInteractions, Interactions } from "../interactions/interactions.ts";
import { selectUsers } from "../interactions/select.ts";

/** Users of whom a part is known, and the rest is held out. */
export interface HeldOutUsers {
  /** The interactions that are known, m x p. */
  given: Interactions;
  /** The interactions that should be found, of the same users, m x p. */
  heldOut: Interactions;
}

/**
 * Splits interactions by users: some are held out for validation, some for testing.
 *
 * @param x The interactions X, n x p.
 * @param options How many users to hold out for `validation` and for `test`, at least 1 each and
 * together fewer than n; `seed`.
 * @returns Three sets of interactions with disjoint users and the same p items.
 * @throws {TypeError} If x is not an Interactions, or an option is of the wrong kind.
 * @throws {RangeError} If too many or too few users are to be held out.
 *
 * @example
 * ```ts
 * import { simulateInteractions } from "cosine-lab";
 * import { splitUsers } from "cosine-lab/evaluation";
 * import assert from "node:assert/strict";
 *
 * const { interactions } = simulateInteractions({ users: 100, items: 20 });
 * const { train, validation, test } = splitUsers(interactions, { validation: 10, test: 20, seed: "s" });
 * assert.deepEqual([train.users, validation.users, test.users], [70, 10, 20]);
 * ```
 */
export function splitUsers(
  x: Interactions,
  options: { validation: number; test: number; seed: string },
): { train: Interactions; validation: Interactions; test: Interactions } {
  assertInteractions("split users", "x", x);
  const { validation, test, seed } = checkedOptions("split users", options, {
    validation: integer(1, x.users - 2),
    test: integer(1, x.users - (options?.validation ?? 1) - 1),
    seed: text(),
  });
  const order = shuffle(Uint32Array.from({ length: x.users }, (_, u) => u), seedrandom.alea(seed));
  const part = (start: number, end: number) => selectUsers(x, order.slice(start, end).sort());
  return {
    validation: part(0, validation),
    test: part(validation, validation + test),
    train: part(validation + test, x.users),
  };
}

/**
 * Holds out some of each user's items, to see whether a model finds them from the others.
 *
 * Users with fewer than two items have nothing to hold out and are left out.
 *
 * @param x The interactions X, n x p.
 * @param options `share`, the share of a user's items that is held out, between 0 and 1 (rounded,
 * at least one item and not all of them); `seed`.
 * @returns What the model is given, and what it should find: the same users and items.
 * @throws {TypeError} If x is not an Interactions, or an option is of the wrong kind.
 * @throws {RangeError} If the share is out of bounds, or no user has two items.
 *
 * @example
 * ```ts
 * import { Interactions } from "cosine-lab";
 * import { holdOutItems } from "cosine-lab/evaluation";
 * import assert from "node:assert/strict";
 *
 * const x = Interactions.fromDense([[1, 1, 1, 1, 1], [0, 1, 0, 0, 0]]);
 * const { given, heldOut } = holdOutItems(x, { share: 0.2, seed: "s" });
 * assert.deepEqual([given.users, given.nonzeros, heldOut.nonzeros], [1, 4, 1]);
 * ```
 */
export function holdOutItems(
  x: Interactions,
  options: { share: number; seed: string },
): HeldOutUsers {
  assertInteractions("hold out items", "x", x);
  const { share, seed } = checkedOptions("hold out items", options, {
    share: number(0, 1),
    seed: text(),
  });
  const random = seedrandom.alea(seed);
  const heldOut = new Uint8Array(x.nonzeros);
  const users: number[] = [];
  for (let u = 0; u < x.users; u++) {
    const [start, end] = [x.rowStarts[u], x.rowStarts[u + 1]];
    const size = end - start;
    if (size < 2) continue;
    users.push(u);
    const count = Math.min(size - 1, Math.max(1, Math.round(share * size)));
    const order = shuffle(Uint32Array.from({ length: size }, (_, t) => start + t), random);
    for (const t of order.subarray(0, count)) heldOut[t] = 1;
  }
  if (users.length === 0) {
    throw new InputRangeError("Cannot hold out items: no user has two items or more");
  }
  return {
    given: selectEntries(x, users, heldOut, 0),
    heldOut: selectEntries(x, users, heldOut, 1),
  };
}

/** The entries of some users whose part is the one that is wanted. */
function selectEntries(
  x: Interactions,
  users: ArrayLike<number>,
  parts: Uint8Array,
  wanted: number,
): Interactions {
  const rowStarts = new Uint32Array(users.length + 1);
  const entries = new Uint32Array(x.nonzeros);
  let count = 0;
  for (let row = 0; row < users.length; row++) {
    for (let t = x.rowStarts[users[row]]; t < x.rowStarts[users[row] + 1]; t++) {
      if (parts[t] === wanted) entries[count++] = t;
    }
    rowStarts[row + 1] = count;
  }
  const kept = entries.subarray(0, count);
  return new Interactions({
    rows: users.length,
    columns: x.items,
    rowStarts,
    columnIndices: kept.map((t) => x.columnIndices[t]),
    values: x.values === null ? null : Float64Array.from(kept, (t) => x.values![t]),
  });
}
