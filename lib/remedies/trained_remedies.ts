import { holdOutItems, splitUsers } from "../evaluation/hold_out.ts";
import type { Interactions } from "../interactions/interactions.ts";
import { selectUsers } from "../interactions/select_users.ts";
import { assertObject } from "../check/assert_object.ts";
import { assertOneOf } from "../check/assert_one_of.ts";
import { assertNumber } from "../check/assert_number.ts";
import type { AutoencoderOptions } from "../networks/autoencoder_options.ts";
import { networkItemEmbeddings } from "../networks/network_embeddings.ts";
import { type AutoencoderTraining, trainAutoencoder } from "../networks/train_autoencoder.ts";
import { cosineSimilarity } from "../similarity/cosine_similarity.ts";
import type { Remedy } from "./compare_remedies.ts";
import { type EquivalentNetworkOptions, equivalentNetworks } from "./equivalent_networks.ts";

/**
 * What is done to embeddings while they are trained: nothing, so that scores are dot products; their
 * norms are divided out, so that scores are cosines times a learned number; or they are
 * layer-normalized, without gain, and scores are the dot products of that: both sides, or the users alone.
 */
export type TrainedNormalization = "none" | "cosine" | "layer" | "userLayer";

/** Options for {@linkcode trainNormalized}. */
export interface TrainNormalizedOptions extends
  Pick<
    AutoencoderOptions,
    "learningRate" | "batchSize" | "epochs" | "patience" | "seed" | "threads" | "onProgress"
  > {
  /** k, the number of latent dimensions. @default {50} */
  rank?: number;
  /** The share of the users who are not trained on, and decide when training stops. @default {0.05} */
  validation?: number;
}

/** Options for {@linkcode trainedRemedies}. */
export interface TrainedRemediesOptions extends TrainNormalizedOptions {
  /** The D, rotations and translations to choose from. */
  equivalent?: EquivalentNetworkOptions;
  /** Called with each training. */
  onTraining?: (normalization: TrainedNormalization, training: AutoencoderTraining) => void;
}

/** How far losses of equal models may be apart by rounding, relative to them. */
const ROUNDING = 1e-9;

/** How many users tell whether two models have the same loss. */
const SAMPLE = 500;

/**
 * Trains a linear model by a softmax loss on the items of each user, with the normalization that
 * section 3 proposes, or without: the scores of user u are s(x_u·A, B), and the loss is
 * −Σᵢ x_ui log softmax(scores)ᵢ (Liang, Krishnan, Hoffman and Jebara, Variational autoencoders for
 * collaborative filtering, 2018).
 *
 * - `"cosine"`: s is e^τ·cos(x_u·A, bᵢ), τ learned, as the temperature of contrastive losses is (Radford
 *   et al., Learning transferable visual models from natural language supervision, 2021).
 * - `"layer"`: user and item embeddings have their mean subtracted and are divided by their standard
 *   deviation (Ba, Kiros and Hinton, Layer normalization, 2016), without gain, which would give the
 *   freedom of D back. Scores are k times a cosine, the temperature is fixed; items have a bias.
 * - `"userLayer"`: the same of users alone; item embeddings are as they are.
 * - `"none"`: s is the dot product; items have a bias.
 *
 * By Adam, on mini-batches; training ends when NDCG@100 on held-out items of other users has not risen
 * for `patience` epochs, and the best network is returned. The same seed gives the same digits.
 *
 * @param x The interactions X, n x p.
 * @param normalization What is done to the embeddings.
 * @param options How to train; of {@linkcode trainAutoencoder}, with defaults that suit these models:
 * learning rate 0.02, at most 20 epochs, patience 3.
 * @returns The best network, and the history of the training.
 * @throws {TypeError} If x is no Interactions, or an option of the wrong kind.
 * @throws {RangeError} If an option is out of bounds, there are too few users to hold some out, or the
 * loss diverges.
 *
 * @example
 * ```ts
 * import { simulateInteractions } from "cosine-lab";
 * import { trainNormalized } from "cosine-lab/remedies";
 * import assert from "node:assert/strict";
 *
 * const { interactions } = simulateInteractions({ users: 400, items: 40 });
 * const { history, bestEpoch } = trainNormalized(interactions, "cosine", { rank: 8, batchSize: 50 });
 * assert(history[bestEpoch].ndcg! > history[0].ndcg!);
 * ```
 */
export function trainNormalized(
  x: Interactions,
  normalization: TrainedNormalization,
  options: TrainNormalizedOptions = {},
): AutoencoderTraining {
  const action = "train with normalization";
  assertOneOf(action, "normalization", normalization, [
    "none",
    "cosine",
    "layer",
    "userLayer",
  ]);
  assertObject(action, "options", options);
  const { rank = 50, validation = 0.05, ...training } = options;
  assertNumber(action, "validation", validation, { above: 0 }, 0.5);
  const held = Math.max(2, Math.round(validation * (x?.users ?? 0)));
  // Nobody is needed for a test.
  const split = splitUsers(x, { validation: held, test: 1, seed: "validation" });
  return trainAutoencoder(split.train, {
    learningRate: 0.02,
    epochs: 20,
    patience: 3,
    ...training,
    hidden: [rank],
    activation: "linear",
    biases: { hidden: false },
    output: normalization === "cosine" ? "cosine" : "dot",
    layerNormalization: {
      users: normalization === "layer" || normalization === "userLayer",
      items: normalization === "layer",
    },
    validation: holdOutItems(split.validation, { share: 0.2, seed: "validation" }),
  });
}

/**
 * Lists the remedies of section 3 that are trained by gradients, and the same model without, to be
 * compared by {@linkcode compareRemedies}: {@linkcode trainNormalized}.
 *
 * What each leaves open is measured, not assumed: of {@linkcode equivalentNetworks} those whose loss is
 * that of the trained one, to rounding, are its choices: for dot products D and translations of all
 * items, for layer normalization of users translations alone.
 *
 * @param options How to train, and the choices of D.
 * @returns The remedies: dot product, cosine, layer normalization of both sides, and of users alone.
 * @throws {TypeError} If an option is of the wrong kind.
 *
 * @example
 * ```ts
 * import { simulateInteractions } from "cosine-lab";
 * import { compareRemedies, trainedRemedies } from "cosine-lab/remedies";
 * import assert from "node:assert/strict";
 *
 * const data = simulateInteractions({ users: 500, items: 40, seed: "example" });
 * const remedies = trainedRemedies({ rank: 8, batchSize: 50, epochs: 5 });
 * const [dot, cosine] = compareRemedies(remedies, [data]).map(({ mean }) => mean);
 * assert(dot.largestChange > 0.1);
 * assert(cosine.largestChange < 1e-12);
 * ```
 */
export function trainedRemedies(options: TrainedRemediesOptions = {}): Remedy[] {
  assertObject("list remedies", "options", options);
  const { equivalent, onTraining, ...training } = options;
  const remedy = (
    name: string,
    normalization: TrainedNormalization,
    freedom: Remedy["freedom"],
  ): Remedy => ({
    name,
    freedom,
    similarities: (x) => {
      const trained = trainNormalized(x, normalization, training);
      onTraining?.(normalization, trained);
      const [given, ...others] = equivalentNetworks(
        trained.network,
        firstUsers(x),
        equivalent,
      );
      const choices = others.filter(({ loss }) => Math.abs(loss / given.loss - 1) < ROUNDING);
      return [given, ...choices].map(({ network }) =>
        cosineSimilarity(networkItemEmbeddings(network, { precision: "float64" }))
      );
    },
  });
  return [
    remedy("trained by dot product", "none", "scaling"),
    remedy("trained by cosine", "cosine", "rotation"),
    remedy("trained with layer normalization", "layer", "nothing"),
    remedy("trained with layer normalization of users", "userLayer", "translation"),
  ];
}

function firstUsers(x: Interactions): Interactions {
  const users = Math.min(SAMPLE, x.users);
  return selectUsers(x, Uint32Array.from({ length: users }, (_, u) => u));
}
