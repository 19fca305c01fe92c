import { meanWithError } from "../statistics/mean_with_error.ts";
import { assertInteractions } from "../interactions/assert_interactions.ts";
import type { Interactions } from "../interactions/interactions.ts";
import { topIndices } from "../linalg/top_indices.ts";
import { hitsOf, ndcgOfHits, recallOfHits } from "./ranking_metrics.ts";

/** A metric averaged over users. */
export interface Estimate {
  mean: number;
  /** The standard error of the mean. */
  standardError: number;
  /** The metric of each user who has held-out items, in order: for a paired comparison. */
  values: readonly number[];
}

/** The accuracy of a model on held-out items: the metrics of Liang et al. (2018). */
export interface RankingAccuracy {
  recallAt20: Estimate;
  recallAt50: Estimate;
  ndcgAt100: Estimate;
}

/**
 * Computes the scores of all items for a user.
 *
 * @param user The row of the user.
 * @param scores Where to write them, length p.
 */
export type Scorer = (user: number, scores: Float64Array) => void;

/**
 * Measures how well scores of any origin find the held-out items: of each user, the items not given
 * are ranked by them. Of equal scores the item with the lower index comes first.
 *
 * @param score Computes the scores of a user, from what is given of the user.
 * @param given What is known of the users, m x p.
 * @param heldOut What should be found, of the same users: m x p.
 * @returns Recall@20, Recall@50 and NDCG@100, averaged over the users who have held-out items.
 * @throws {TypeError} If score is not a function, or given or heldOut is not an Interactions.
 * @throws {RangeError} If the shapes do not fit each other, fewer than two users have held-out
 * items, or a score is NaN.
 *
 * @example
 * ```ts
 * import { Interactions } from "cosine-lab";
 * import { rankingAccuracy } from "cosine-lab/evaluation";
 * import assert from "node:assert/strict";
 *
 * const given = Interactions.fromDense([[1, 0, 0], [0, 0, 1]]);
 * const heldOut = Interactions.fromDense([[0, 1, 0], [1, 0, 0]]);
 * const popularity = (_user: number, scores: Float64Array) => scores.set([3, 2, 1]);
 * assert.equal(rankingAccuracy(popularity, given, heldOut).ndcgAt100.mean, 1);
 * ```
 */
export function rankingAccuracy(
  score: Scorer,
  given: Interactions,
  heldOut: Interactions,
): RankingAccuracy {
  assertHeldOut(given, heldOut);
  if (typeof score !== "function") {
    throw new TypeError("Cannot evaluate the ranking: score must be a function");
  }
  const scores = new Float64Array(given.items), relevant = new Uint8Array(given.items);
  const recall20: number[] = [], recall50: number[] = [], ndcg100: number[] = [];
  for (let u = 0; u < given.users; u++) {
    const toFind = itemsOf(heldOut, u);
    if (toFind.length === 0) continue;
    score(u, scores);
    assertScores(scores, u);
    for (const item of itemsOf(given, u)) scores[item] = -Infinity;
    for (const item of toFind) relevant[item] = 1;
    const hits = hitsOf(topIndices(scores, 100), (item) => relevant[item] === 1);
    for (const item of toFind) relevant[item] = 0;
    recall20.push(recallOfHits(hits, toFind.length, 20));
    recall50.push(recallOfHits(hits, toFind.length, 50));
    ndcg100.push(ndcgOfHits(hits, toFind.length, 100));
  }
  return {
    recallAt20: estimate(recall20),
    recallAt50: estimate(recall50),
    ndcgAt100: estimate(ndcg100),
  };
}

function itemsOf(x: Interactions, user: number): Uint32Array {
  return x.columnIndices.subarray(x.rowStarts[user], x.rowStarts[user + 1]);
}

/** Throws unless both are Interactions of the same users and items. */
export function assertHeldOut(given: Interactions, heldOut: Interactions): void {
  assertInteractions("evaluate the ranking", "given", given);
  assertInteractions("evaluate the ranking", "heldOut", heldOut);
  if (given.users !== heldOut.users || given.items !== heldOut.items) {
    throw new RangeError(
      `Cannot evaluate the ranking: given and heldOut must be of the same users and items, they ` +
        `are ${given.users} x ${given.items} and ${heldOut.users} x ${heldOut.items}`,
    );
  }
}

function assertScores(scores: Float64Array, user: number): void {
  for (let item = 0; item < scores.length; item++) {
    if (!Number.isNaN(scores[item])) continue;
    throw new RangeError(
      `Cannot evaluate the ranking: scores must be numbers, that of user ${user} and item ${item} is NaN`,
    );
  }
}

function estimate(values: readonly number[]): Estimate {
  if (values.length < 2) {
    throw new RangeError(
      `Cannot evaluate the ranking: at least 2 users must have held-out items, ${values.length} have`,
    );
  }
  return { ...meanWithError(values), values };
}
