import { assertInteger, assertKnown, assertNumber } from "../check.ts";
import { assertPerRow } from "./assert_side.ts";

/** Which items are relevant to which queries: three lists of one length. */
export interface RelevantPairs {
  /** The row of each pair's query. */
  queries: ArrayLike<number>;
  /** The row of its item. */
  items: ArrayLike<number>;
  /** How relevant, above 0; 1 by default. */
  weights?: ArrayLike<number>;
}

/** What the two rows of a pair are called, and of how many rows each is one. */
export type PairSides = Readonly<Record<string, number>>;

/**
 * Throws unless `pairs` is lists of one length, not empty: two of rows and, if any, one of weights.
 *
 * @param action What cannot be done otherwise; the message starts with "Cannot {action}".
 * @param pairs The value to check.
 * @param sides The names of the two lists of rows, and how many rows there are.
 */
export function assertPairs(action: string, pairs: unknown, sides: PairSides): void {
  const names = Object.keys(sides);
  assertKnown(action, pairs as object, [...names, "weights"]);
  const lists = pairs as Record<string, ArrayLike<number>>;
  const length = lists[names[0]]?.length ?? 0;
  for (const name of names) {
    assertPerRow(action, `pairs.${name}`, lists[name], length, "pairs");
    for (let i = 0; i < length; i++) {
      assertInteger(action, `pairs.${name}[${i}]`, lists[name][i], 0, sides[name] - 1);
    }
  }
  if (length === 0) throw new RangeError(`Cannot ${action}: there must be at least one pair`);
  const { weights } = lists;
  if (weights === undefined) return;
  assertPerRow(action, "pairs.weights", weights, length, "pairs");
  for (let i = 0; i < length; i++) {
    assertNumber(action, `pairs.weights[${i}]`, weights[i], { above: 0 }, 1e100);
  }
}
