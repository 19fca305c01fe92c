import { assertInteger } from "../check/assert_integer.ts";
import { assertKnown } from "../check/assert_known.ts";
import type { HeldOutUsers } from "../evaluation/choose_lambda.ts";
import { assertHeldOut, type RankingAccuracy } from "../evaluation/ranking_accuracy.ts";
import type { Interactions } from "../interactions/interactions.ts";
import { type SVD, svdOfGram } from "../linalg/svd_of_gram.ts";
import { denoisingEmbeddings } from "../solvers/denoising_embeddings.ts";
import { denoisingSpectrum } from "../solvers/denoising_spectrum.ts";
import type { Embeddings } from "../solvers/embeddings.ts";
import { weightDecayEmbeddings } from "../solvers/weight_decay_embeddings.ts";
import { type Preparation, prepareData, type PreparedData } from "./prepared_data.ts";
import { type LambdaSearch, searchLambda } from "./search_lambda.ts";
import { spectralRanking } from "./spectral_ranking.ts";

/** One of the two models, with the λ that ranks held-out items best. */
export interface TunedModel {
  /** Which one. */
  name: "Eq. 1" | "Eq. 2";
  /** Its λ. */
  lambda: number;
  /** The λ that were tried, with their NDCG@100. */
  search: LambdaSearch;
  /** Its embeddings of Eq. 5 or 6. */
  embeddings: Embeddings;
  /** Ranks what was held out of any users by the model's predictions of X. */
  rank(users: HeldOutUsers): RankingAccuracy;
}

/** Both models of prepared data. */
export interface TunedModels {
  /** The prepared data. */
  data: PreparedData;
  /** Their singular value decomposition. */
  svd: SVD;
  denoising: TunedModel;
  weightDecay: TunedModel;
}

/**
 * Fits both models to prepared data, each with the λ of the largest NDCG@100 on held-out items of other
 * users: {@linkcode prepareData}, {@linkcode searchLambda}.
 *
 * @param train The interactions of the users for training, n x p.
 * @param validation Other users.
 * @param options How the data are prepared, `"as it is"` by default; the rank k, 50 by default.
 * @returns The models; what they share is computed once.
 * @throws {TypeError} If an argument is of the wrong kind, or an option unknown.
 * @throws {RangeError} If shapes do not fit each other, or an option is out of bounds.
 *
 * @example
 * ```ts
 * import { simulateInteractions } from "cosine-lab";
 * import { holdOutItems, splitUsers } from "cosine-lab/evaluation";
 * import { tuneModels } from "cosine-lab/remedies";
 * import assert from "node:assert/strict";
 *
 * const { interactions } = simulateInteractions({ users: 300, items: 40 });
 * const { train, validation } = splitUsers(interactions, { validation: 50, test: 50, seed: "s" });
 * const held = holdOutItems(validation, { share: 0.2, seed: "s" });
 * const { denoising } = tuneModels(train, held, { rank: 8 });
 * const { ndcgAt100 } = denoising.rank(held);
 * assert.equal(ndcgAt100.mean, denoising.search.accuracy);
 * ```
 */
export function tuneModels(
  train: Interactions,
  validation: HeldOutUsers,
  options: { preparation?: Preparation; rank?: number } = {},
): TunedModels {
  assertKnown("tune models", options, ["preparation", "rank"]);
  assertHeldOut(validation?.given, validation?.heldOut);
  const { preparation = "as it is", rank = 50 } = options;
  const data = prepareData(train, preparation);
  assertInteger("tune models", "rank", rank, 1, train.items);
  const svd = svdOfGram(data.gram, rank);
  const { sigma } = svd;
  const smallest = sigma[rank - 1] || sigma[0] / 100 || 1;
  const rankValidation = spectralRanking(data, svd, validation.given, validation.heldOut);
  const tuned = (
    name: TunedModel["name"],
    start: number,
    spectrum: (lambda: number) => Float64Array,
    solve: typeof denoisingEmbeddings,
  ): TunedModel => {
    const search = searchLambda(
      (lambda) => rankValidation(spectrum(lambda)).ndcgAt100.mean,
      { start },
    );
    const { lambda } = search;
    return {
      name,
      lambda,
      search,
      embeddings: solve(svd, { lambda }),
      rank: ({ given, heldOut }) => spectralRanking(data, svd, given, heldOut)(spectrum(lambda)),
    };
  };
  return {
    data,
    svd,
    denoising: tuned(
      "Eq. 1",
      4 * smallest ** 2,
      (lambda) => denoisingSpectrum(svd, lambda),
      denoisingEmbeddings,
    ),
    weightDecay: tuned(
      "Eq. 2",
      smallest,
      (lambda) => sigma.map((value) => value > 0 ? Math.max(0, 1 - lambda / value) : 0),
      weightDecayEmbeddings,
    ),
  };
}
