import type { Matrix } from "ml-matrix";
import { assertInteger } from "../check/assert_integer.ts";
import { assertKnown } from "../check/assert_known.ts";
import { assertOneOf } from "../check/assert_one_of.ts";
import {
  assertHeldOut,
  type RankingAccuracy,
  rankingAccuracy,
} from "../evaluation/ranking_accuracy.ts";
import type { Interactions } from "../interactions/interactions.ts";
import { rowArrays } from "../linalg/row_arrays.ts";
import { assertSimilarity } from "../similarity/assert_similarity.ts";
import { nearestNeighbors } from "../similarity/nearest_neighbors.ts";
import { relativeSimilarity, roundedSimilarity } from "./relative_similarity.ts";

/** Options for {@linkcode neighborRanking}. */
export interface NeighborRankingOptions {
  /** How many neighbors, at most p − 1. @default {50, or p − 1} */
  neighbors?: number;
  /**
   * Whose neighbors count: those of the item that is scored (`"scored"`, Sarwar et al. 2001), or those of
   * the items that the user has (`"given"`, Deshpande and Karypis 2004).
   *
   * @default {"scored"}
   */
  of?: "scored" | "given";
}

/**
 * Measures similarities by what they are used for, without knowing any clusters: items are recommended
 * to users whom nothing was trained on, from the items' nearest neighbors. The score of item j is the
 * sum of its similarities to those of its nearest neighbors that the user has (Sarwar, Karypis, Konstan
 * and Riedl, Item-based collaborative filtering recommendation algorithms, 2001).
 *
 * Similarities are counted in steps of 1e-10 of the largest, so that rounding decides no neighbor and no rank. Of equal
 * scores the item with the lower index comes first.
 *
 * @param similarity The similarities, p x p.
 * @param given What is known of the users, m x p.
 * @param heldOut What should be found, of the same users: m x p.
 * @param options How many neighbors, and whose.
 * @returns Recall@20, Recall@50 and NDCG@100, averaged over the users who have held-out items.
 * @throws {TypeError} If an argument is of the wrong kind, or an option unknown.
 * @throws {RangeError} If shapes do not fit each other, similarities are not finite, fewer than two users
 * have held-out items, or an option is out of bounds.
 *
 * @example
 * ```ts
 * import { Interactions } from "cosine-lab";
 * import { neighborRanking } from "cosine-lab/remedies";
 * import { Matrix } from "ml-matrix";
 * import assert from "node:assert/strict";
 *
 * const similar = new Matrix([[1, 0.9, 0], [0.9, 1, 0.1], [0, 0.1, 1]]);
 * const given = Interactions.fromDense([[1, 0, 0], [0, 0, 1]]);
 * const heldOut = Interactions.fromDense([[0, 1, 0], [0, 1, 0]]);
 * assert.equal(neighborRanking(similar, given, heldOut, { neighbors: 2 }).ndcgAt100.mean, 1);
 * ```
 */
export function neighborRanking(
  similarity: Matrix,
  given: Interactions,
  heldOut: Interactions,
  options: NeighborRankingOptions = {},
): RankingAccuracy {
  const action = "rank by neighbors";
  assertSimilarity(action, "similarity", similarity);
  assertHeldOut(given, heldOut);
  assertKnown(action, options, ["neighbors", "of"]);
  const p = similarity.rows;
  if (given.items !== p) {
    throw new RangeError(
      `Cannot ${action}: similarities and interactions must be of the same items, they are of ${p} ` +
        `and ${given.items}`,
    );
  }
  const { neighbors = Math.min(50, p - 1), of = "scored" } = options;
  assertInteger(action, "neighbors", neighbors, 1, p - 1);
  assertOneOf(action, "of", of, ["scored", "given"]);
  const { starts, items, values } = votesOf(similarity, neighbors, of);
  return rankingAccuracy(
    (user, scores) => {
      scores.fill(0);
      for (let t = given.rowStarts[user]; t < given.rowStarts[user + 1]; t++) {
        const item = given.columnIndices[t];
        for (let n = starts[item]; n < starts[item + 1]; n++) scores[items[n]] += values[n];
      }
    },
    given,
    heldOut,
  );
}

/**
 * To which items an item that a user has adds how much: from `starts` of the item to that of the next,
 * the items and the values.
 */
function votesOf(similarity: Matrix, neighbors: number, of: "scored" | "given") {
  const rounded = roundedSimilarity(relativeSimilarity(similarity));
  // Whole numbers: their sums do not depend on the order.
  const steps = rowArrays(rounded);
  const nearest = nearestNeighbors(rounded, neighbors);
  const starts = new Uint32Array(nearest.length + 1);
  nearest.forEach((near, item) => {
    for (const other of near) starts[(of === "given" ? item : other) + 1]++;
  });
  for (let item = 0; item < nearest.length; item++) starts[item + 1] += starts[item];
  const items = new Uint32Array(starts[nearest.length]), values = new Float64Array(items.length);
  const next = starts.slice();
  nearest.forEach((near, item) => {
    for (const other of near) {
      const at = next[of === "given" ? item : other]++;
      items[at] = of === "given" ? other : item;
      values[at] = steps[item][other];
    }
  });
  return { starts, items, values };
}
