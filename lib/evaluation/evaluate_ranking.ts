import { hypot } from "../elementary/hypot.ts";
import type { Interactions } from "../interactions/interactions.ts";
import { rowArrays } from "../linalg/row_arrays.ts";
import { rowProducts } from "../linalg/row_products.ts";
import { assertEmbeddings, type Embeddings } from "../solvers/embeddings.ts";
import { assertHeldOut, type RankingAccuracy, rankingAccuracy } from "./ranking_accuracy.ts";
import { userEmbeddings } from "../solvers/user_embeddings.ts";

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
  const rounding = (1e-9 * longest(users) * longest(items)) || 1;
  let block: Float64Array[] = [];
  let first = 0;
  return rankingAccuracy(
    (u, scores) => {
      if (u < first || u >= first + block.length) {
        first = u;
        block = rowArrays(rowProducts(users.slice(u, u + BLOCK), items));
      }
      // Scores that are equal but for rounding are equal: items that the same users have, for one, or
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
