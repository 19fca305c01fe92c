import { assertKnown } from "../check/assert_known.ts";
import type { Interactions } from "../interactions/interactions.ts";
import {
  assertHeldOut,
  type RankingAccuracy,
  rankingAccuracy,
} from "../evaluation/ranking_accuracy.ts";
import { rowArrays } from "../linalg/row_arrays.ts";
import type { Network } from "./network.ts";
import { networkScores } from "./network_embeddings.ts";
import type { NetworkRunOptions } from "./run_network.ts";

/**
 * Measures how well a network finds held-out items, as {@linkcode evaluateRanking} does for a linear
 * model. In single precision, in which networks are trained: it moves hardly a score past another.
 *
 * @param network The network.
 * @param given What is known of the users, m x p.
 * @param heldOut What should be found, of the same users: m x p.
 * @param options The precision (`"float32"` by default) and threads.
 * @returns Recall@20, Recall@50 and NDCG@100, averaged over the users who have held-out items.
 * @throws {TypeError} If the network is of another kind, or given or heldOut is not an Interactions.
 * @throws {RangeError} If shapes do not fit each other, or fewer than two users have held-out items.
 *
 * @example
 * ```ts
 * import { Interactions } from "cosine-lab";
 * import { evaluateNetwork, trainAutoencoder } from "cosine-lab/networks";
 * import assert from "node:assert/strict";
 *
 * const x = Interactions.fromDense([[1, 1, 0, 0], [0, 0, 1, 1]]);
 * const { network } = trainAutoencoder(x, { hidden: [2], activation: "tanh", epochs: 400, learningRate: 0.05 });
 * const given = Interactions.fromDense([[1, 0, 0, 0], [0, 0, 0, 1]]);
 * const heldOut = Interactions.fromDense([[0, 1, 0, 0], [0, 0, 1, 0]]);
 * assert.equal(evaluateNetwork(network, given, heldOut).ndcgAt100.mean, 1);
 * ```
 */
export function evaluateNetwork(
  network: Network,
  given: Interactions,
  heldOut: Interactions,
  options: NetworkRunOptions = {},
): RankingAccuracy {
  assertKnown("evaluate a network", options, ["precision", "threads"]);
  assertHeldOut(given, heldOut);
  const scores = rowArrays(networkScores(network, given, { precision: "float32", ...options }));
  return rankingAccuracy((u, into) => into.set(scores[u]), given, heldOut);
}
