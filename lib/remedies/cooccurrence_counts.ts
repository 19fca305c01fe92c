import { assertOneOf } from "../check/assert_one_of.ts";
import type { Matrix } from "ml-matrix";
import { assertInteractions } from "../interactions/assert_interactions.ts";
import { Interactions } from "../interactions/interactions.ts";
import { gram } from "../linalg/gram.ts";
import { rowArrays } from "../linalg/row_arrays.ts";

/** How much the pairs of a user's items count: see {@linkcode cooccurrenceCounts}. */
export type PairWeighting = "contexts" | "pairs";

/**
 * Counts how often two different items are in the set of one user, as (item, context) pairs.
 *
 * - `"contexts"`: each item of a user is paired with one other item of the same user, drawn at random,
 *   and the expected number of pairs is counted: 1/(k_u − 1) for a user with k_u items. A row adds up to
 *   the number of users who interacted with the item, its popularity. This is what
 *   {@linkcode trainSkipGram} samples from.
 * - `"pairs"`: every ordered pair counts 1, so that a user with k_u items counts k_u(k_u − 1) times: G
 *   without its diagonal. The most active users dominate.
 *
 * An item is no context of itself: the diagonal is 0. Users with fewer than two items have no pair, and
 * the values of weighted interactions play no role.
 *
 * @param x The interactions X, n x p.
 * @param weighting `"contexts"` by default.
 * @returns The counts, p x p, symmetric.
 * @throws {TypeError} If x is no Interactions.
 * @throws {RangeError} If weighting is neither.
 *
 * @example
 * ```ts
 * import { Interactions } from "cosine-lab";
 * import { cooccurrenceCounts } from "cosine-lab/remedies";
 * import assert from "node:assert/strict";
 *
 * const x = Interactions.fromDense([[1, 1, 0], [1, 1, 1]]);
 * assert.deepEqual(cooccurrenceCounts(x, "pairs").getRow(0), [0, 2, 1]);
 * assert.deepEqual(cooccurrenceCounts(x).getRow(0).map((n) => n.toFixed(2)), ["0.00", "1.50", "0.50"]);
 * ```
 */
export function cooccurrenceCounts(x: Interactions, weighting: PairWeighting = "contexts"): Matrix {
  assertInteractions("count pairs", "x", x);
  assertOneOf("count pairs", "weighting", weighting, ["contexts", "pairs"]);
  const counts = gram(weighting === "contexts" ? sharedOut(x) : binary(x));
  rowArrays(counts).forEach((row, i) => row[i] = 0);
  return counts;
}

function binary(x: Interactions): Interactions {
  return x.values === null ? x : withValues(x, null);
}

/** X with each row divided by √(k_u − 1), so that its Gram matrix shares the contexts out. */
function sharedOut(x: Interactions): Interactions {
  const values = new Float64Array(x.nonzeros);
  for (let u = 0; u < x.users; u++) {
    const others = x.rowStarts[u + 1] - x.rowStarts[u] - 1;
    if (others > 0) values.fill(1 / Math.sqrt(others), x.rowStarts[u], x.rowStarts[u + 1]);
  }
  return withValues(x, values);
}

function withValues(x: Interactions, values: Float64Array | null): Interactions {
  const { rows, columns, rowStarts, columnIndices } = x;
  return new Interactions({ rows, columns, rowStarts, columnIndices, values });
}
