import { InputRangeError, InputTypeError } from "../errors.ts";
import { hitsOf, ndcgOfHits, recallOfHits } from "./ndcg.ts";
import { hypot } from "../math/elementary.ts";
import { assertInteractions, type Interactions } from "../interactions/interactions.ts";
import { rowArrays, rowProducts } from "../linalg/matrices.ts";
import { topIndices } from "../math/top_indices.ts";
import { assertEmbeddings, type Embeddings, userEmbeddings } from "../solvers/embeddings.ts";
import { meanWithError } from "../math/mean_and_quantiles.ts";

/** Scores that differ by less than this share of the largest possible one count as equal. */
export const SCORE_TIE = 1e-9;

/** How many users' scores are computed, and held in memory, at a time. */
const BLOCK = 500;

/**
 * Measures how well a model finds the held-out items of users whom it was not trained on: each
 * user's scores are x·A·Bᵀ of what is given of the user (fold-in), and the items not given are
 * ranked by them. Of equal scores the item with the lower index comes first; scores that
 * differ by less than 1e-9 of what the lengths of the embeddings allow count as equal.
 *
 * @param e The embeddings, p x k.
 * @param given What is known of the users, m x p.
 * @param heldOut What should be found, of the same users: m x p.
 * @returns Recall@20, Recall@50 and NDCG@100, averaged over the users who have held-out items.
 * @throws {TypeError} If e is not a pair of matrices, or given or heldOut is not an Interactions.
 * @throws {RangeError} If the shapes do not fit each other, or fewer than two users have held-out
 * items.
 *
 * @example
 * ```ts
 * import { denoisingEmbeddings, simulateInteractions, truncatedSVD } from "cosine-lab";
 * import { evaluateRanking, holdOutItems } from "cosine-lab/evaluation";
 * import assert from "node:assert/strict";
 *
 * const { interactions } = simulateInteractions({ users: 200, items: 40 });
 * const model = denoisingEmbeddings(truncatedSVD(interactions), { lambda: 100, rank: 10 });
 * const { given, heldOut } = holdOutItems(interactions, { share: 0.2, seed: "example" });
 * assert(evaluateRanking(model, given, heldOut).recallAt20.mean > 0.5);
 * ```
 */
export function evaluateRanking(
  e: Embeddings,
  given: Interactions,
  heldOut: Interactions,
): RankingAccuracy {
  assertHeldOut(given, heldOut);
  assertEmbeddings("evaluate the ranking", e, given.items);
  const users = rowArrays(userEmbeddings(given, e));
  const items = rowArrays(e.B);
  const rounding = (SCORE_TIE * longest(users) * longest(items)) || 1;
  let block: Float64Array[] = [];
  let first = 0;
  return rankingAccuracy(
    (u, scores) => {
      if (u < first || u >= first + block.length) {
        first = u;
        block = rowArrays(rowProducts(users.slice(u, u + BLOCK), items));
      }
      // Scores that are equal except for rounding are equal: items that the same users have, for one, or
      // items of which the model knows nothing.
      block[u - first].forEach((score, i) => scores[i] = Math.round(score / rounding));
    },
    given,
    heldOut,
  );
}

function longest(rows: readonly Float64Array[]): number {
  return Math.max(...rows.map((row) => hypot(row)));
}

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
    throw new InputTypeError("Cannot evaluate the ranking: score must be a function");
  }
  const scores = new Float64Array(given.items), relevant = new Uint8Array(given.items);
  const recall20: number[] = [], recall50: number[] = [], ndcg100: number[] = [];
  for (let u = 0; u < given.users; u++) {
    const toFind = itemsOf(heldOut, u);
    if (toFind.length === 0) continue;
    score(u, scores);
    assertScores(scores, u);
    for (const item of itemsOf(given, u)) scores[item] = -Infinity;
    const hits = hitsAmongFirst(100, scores, toFind, relevant);
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

/** Up to this many items to find, each is placed by a pass over the scores; beyond it the scores are sorted. */
const FEW = 12;

/**
 * {@linkcode hitsOf} the first `count` by their scores.
 *
 * @param relevant Zeros, one for each item; they are zeros again afterwards.
 */
function hitsAmongFirst(
  count: number,
  scores: Float64Array,
  toFind: Interactions["columnIndices"],
  relevant: Uint8Array,
): number[] {
  if (toFind.length <= FEW) {
    const positions: number[] = [];
    for (const item of toFind) {
      const position = positionOf(item, scores);
      if (position < count) positions.push(position);
    }
    return positions.sort((a, b) => a - b);
  }
  for (const item of toFind) relevant[item] = 1;
  const hits = hitsOf(topIndices(scores, count), (item) => relevant[item] === 1);
  for (const item of toFind) relevant[item] = 0;
  return hits;
}

/** How many items come before one: those of a larger score, and of an equal one with a lower index. */
function positionOf(item: number, scores: Float64Array): number {
  const own = scores[item];
  let before = 0;
  for (let i = 0; i < item; i++) if (scores[i] >= own) before++;
  for (let i = item + 1; i < scores.length; i++) if (scores[i] > own) before++;
  return before;
}

function itemsOf(x: Interactions, user: number): Interactions["columnIndices"] {
  return x.columnIndices.subarray(x.rowStarts[user], x.rowStarts[user + 1]);
}

/** Throws unless both are Interactions of the same users and items. */
export function assertHeldOut(given: Interactions, heldOut: Interactions): void {
  assertInteractions("evaluate the ranking", "given", given);
  assertInteractions("evaluate the ranking", "heldOut", heldOut);
  if (given.users !== heldOut.users || given.items !== heldOut.items) {
    throw new InputRangeError(
      `Cannot evaluate the ranking: given and heldOut must be of the same users and items, they ` +
        `are ${given.users} x ${given.items} and ${heldOut.users} x ${heldOut.items}`,
    );
  }
}

function assertScores(scores: Float64Array, user: number): void {
  for (let item = 0; item < scores.length; item++) {
    if (!Number.isNaN(scores[item])) continue;
    throw new InputRangeError(
      `Cannot evaluate the ranking: scores must be numbers, that of user ${user} and item ${item} is NaN`,
    );
  }
}

function estimate(values: readonly number[]): Estimate {
  if (values.length < 2) {
    throw new InputRangeError(
      `Cannot evaluate the ranking: at least 2 users must have held-out items, ${values.length} have`,
    );
  }
  return { ...meanWithError(values), values };
}
