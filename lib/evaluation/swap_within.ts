import seedrandom from "seedrandom";
import { InputRangeError } from "../errors.ts";
import { anything, checkedOptions, text } from "../check.ts";
import { assertInteractions, Interactions } from "../interactions/interactions.ts";
import { assertLabels } from "../similarity/cosine_similarity.ts";

/** How many swaps are tried for each interaction. */
const SWAPS = 20;

/**
 * Swaps items between users, so that who has which items of a group is random, and nothing else: each
 * user keeps the number of items of each group, and each item its number of users. Whatever a measure
 * finds in the data and no longer after the swaps came from items that go together within a group.
 *
 * Two interactions of one group, drawn at random, exchange their items, unless a user has that item
 * already; the number of tries is 20 times that of the interactions (swap randomization: Gionis, Mannila, Mielikäinen
 * and Tsaparas, Assessing data mining results via swap randomization, 2007).
 *
 * @param x The interactions X, n x p, binary.
 * @param options `groups`, the group of each item, length p; `seed`.
 * @returns Swapped interactions of the same users and items.
 * @throws {TypeError} If x is not an Interactions, or an option of the wrong kind.
 * @throws {RangeError} If x has values other than 1, or groups do not fit.
 *
 * @example
 * ```ts
 * import { Interactions } from "cosine-lab";
 * import { swapWithin } from "cosine-lab/evaluation";
 * import assert from "node:assert/strict";
 *
 * const x = Interactions.fromDense([[1, 0, 1, 0], [0, 1, 0, 1], [1, 0, 1, 0]]);
 * const swapped = swapWithin(x, { groups: [0, 0, 1, 1], seed: "example" });
 * const users = swapped.toDense().to2DArray();
 * // Each user has one item of each group, and each item as many users as before.
 * assert(users.every(([a, b, c, d]) => a + b === 1 && c + d === 1));
 * assert.deepEqual(swapped.toDense().sum("column"), x.toDense().sum("column"));
 * ```
 */
export function swapWithin(
  x: Interactions,
  options: { groups: ArrayLike<number>; seed: string },
): Interactions {
  const action = "swap items";
  assertInteractions(action, "x", x);
  const { groups, seed } = checkedOptions(action, options, {
    groups: anything<ArrayLike<number>>(),
    seed: text(),
  });
  assertLabels(action, groups, x.items);
  if (x.values?.some((value) => value !== 1)) {
    throw new InputRangeError(`Cannot ${action}: x must be binary, it has values other than 1`);
  }
  const random = seedrandom.alea(seed);
  const items = Uint32Array.from(x.columnIndices), users = new Uint32Array(items.length);
  const known = new Bits(x.users * x.items);
  const places = new Map<number, number[]>();
  for (let user = 0; user < x.users; user++) {
    for (let t = x.rowStarts[user]; t < x.rowStarts[user + 1]; t++) {
      users[t] = user;
      known.flip(user * x.items + items[t]);
      const group = groups[items[t]];
      if (!places.has(group)) places.set(group, []);
      places.get(group)!.push(t);
    }
  }
  for (const listed of places.values()) {
    const group = Uint32Array.from(listed);
    const draw = () => group[Math.floor(random() * group.length)];
    for (let n = SWAPS * group.length; n > 0; n--) {
      const s = draw(), t = draw();
      const [ofS, ofT] = [users[s] * x.items, users[t] * x.items];
      if (known.has(ofS + items[t]) || known.has(ofT + items[s])) continue;
      for (const item of [items[s], items[t]]) {
        known.flip(ofS + item);
        known.flip(ofT + item);
      }
      [items[s], items[t]] = [items[t], items[s]];
    }
  }
  for (let user = 0; user < x.users; user++) {
    items.subarray(x.rowStarts[user], x.rowStarts[user + 1]).sort();
  }
  const { users: rows, items: columns, rowStarts, userIds, itemIds } = x;
  return new Interactions(
    { rows, columns, rowStarts, columnIndices: items, values: null },
    userIds && itemIds ? { users: userIds, items: itemIds } : undefined,
  );
}

/** A bit for each entry of X: a set of as many numbers would be slow. */
class Bits {
  readonly #bytes: Uint8Array;

  constructor(count: number) {
    this.#bytes = new Uint8Array(Math.ceil(count / 8));
  }

  has(at: number): boolean {
    return (this.#bytes[Math.floor(at / 8)] >> at % 8 & 1) === 1;
  }

  flip(at: number): void {
    this.#bytes[Math.floor(at / 8)] ^= 1 << at % 8;
  }
}
