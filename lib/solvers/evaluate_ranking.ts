import type { Matrix } from "ml-matrix";
import { assertInteractions } from "../interactions/assert_interactions.ts";
import type { Interactions } from "../interactions/interactions.ts";
import { assertEmbeddings, type Embeddings, rowByRow } from "./embeddings.ts";
import { ndcgAtK, recallAtK } from "./ranking_metrics.ts";
import { userEmbeddings } from "./user_embeddings.ts";

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
 * Measures how well a model finds the held-out items of users whom it was not trained on: each
 * user's scores are x·A·Bᵀ of what is given of the user (fold-in), and the items not given are
 * ranked by them. Of equal scores the item with the lower index comes first; scores that
 * differ by less than 1e-9 of what the lengths of the embeddings allow count as equal.
 *
 * @param e The embeddings, p x k.
 * @param given What is known of the users, m x p.
 * @param heldOut What should be found, of the same users: m x p.
 * @returns Recall@20, Recall@50 and NDCG@100, averaged over the users who have held-out items.
 * @throws {TypeError} If e is no pair of matrices, or given or heldOut no Interactions.
 * @throws {RangeError} If the shapes do not fit each other, or fewer than two users have held-out
 * items.
 *
 * @example
 * ```ts
 * import { denoisingEmbeddings, evaluateRanking, holdOutItems, simulateInteractions, truncatedSVD } from "cosine-lab";
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
  assertInteractions("evaluate the ranking", "given", given);
  assertInteractions("evaluate the ranking", "heldOut", heldOut);
  assertEmbeddings("evaluate the ranking", e, given.items);
  if (given.users !== heldOut.users || given.items !== heldOut.items) {
    throw new RangeError(
      `Cannot evaluate the ranking: given and heldOut must be of the same users and items, they ` +
        `are ${given.users} x ${given.items} and ${heldOut.users} x ${heldOut.items}`,
    );
  }
  const users = userEmbeddings(given, e);
  const b = rowByRow(e.B);
  const rounding = (1e-9 * longestRow(users) * longestRow(e.B)) || 1;
  const scores = new Float64Array(given.items);
  const recall20: number[] = [], recall50: number[] = [], ndcg100: number[] = [];
  for (let u = 0; u < given.users; u++) {
    const relevant = new Set(
      heldOut.columnIndices.subarray(heldOut.rowStarts[u], heldOut.rowStarts[u + 1]),
    );
    if (relevant.size === 0) continue;
    score(Float64Array.from(users.getRow(u)), b, rounding, scores);
    for (let t = given.rowStarts[u]; t < given.rowStarts[u + 1]; t++) {
      scores[given.columnIndices[t]] = -Infinity;
    }
    const ranked = best(scores, 100);
    recall20.push(recallAtK(ranked, relevant, 20));
    recall50.push(recallAtK(ranked, relevant, 50));
    ndcg100.push(ndcgAtK(ranked, relevant, 100));
  }
  return {
    recallAt20: estimate(recall20),
    recallAt50: estimate(recall50),
    ndcgAt100: estimate(ndcg100),
  };
}

function score(
  user: Float64Array,
  b: Float64Array,
  rounding: number,
  scores: Float64Array,
): void {
  const k = user.length;
  for (let i = 0; i < scores.length; i++) {
    let sum = 0;
    for (let j = 0; j < k; j++) sum += user[j] * b[i * k + j];
    scores[i] = sum;
  }
  // Scores that are equal but for rounding are equal: items that the same users have, for one, or
  // items of which the model knows nothing.
  for (let i = 0; i < scores.length; i++) scores[i] = Math.round(scores[i] / rounding);
}

function longestRow(m: Matrix): number {
  return Math.max(...m.to2DArray().map((row) => Math.hypot(...row)));
}

/** The items of the highest scores, best first. */
function best(scores: Float64Array, count: number): number[] {
  const lowest = scores.slice().sort()[Math.max(0, scores.length - count)];
  const items: number[] = [];
  scores.forEach((score, i) => {
    if (score >= lowest) items.push(i);
  });
  return items.sort((i, j) => scores[j] - scores[i] || i - j).slice(0, count);
}

function estimate(values: readonly number[]): Estimate {
  if (values.length < 2) {
    throw new RangeError(
      `Cannot evaluate the ranking: at least 2 users must have held-out items, ${values.length} have`,
    );
  }
  const mean = values.reduce((sum, value) => sum + value, 0) / values.length;
  const squares = values.reduce((sum, value) => sum + (value - mean) ** 2, 0);
  return { mean, standardError: Math.sqrt(squares / (values.length - 1) / values.length), values };
}
