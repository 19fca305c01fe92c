import type { Matrix } from "ml-matrix";
import type { Interactions } from "../interactions/interactions.ts";
import { assertEmbeddings, type Embeddings, rowByRow } from "../solvers/embeddings.ts";
import { assertHeldOut, type RankingAccuracy, rankingAccuracy } from "./ranking_accuracy.ts";
import { userEmbeddings } from "../solvers/user_embeddings.ts";

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
  const users = userEmbeddings(given, e);
  const b = rowByRow(e.B);
  const rounding = (1e-9 * longestRow(users) * longestRow(e.B)) || 1;
  return rankingAccuracy(
    (u, scores) => score(Float64Array.from(users.getRow(u)), b, rounding, scores),
    given,
    heldOut,
  );
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
