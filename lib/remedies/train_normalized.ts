import { anything, assertOneOf, callback, checkedOptions } from "../check.ts";
import type { Interactions } from "../interactions/interactions.ts";
import {
  type AutoencoderOptions,
  type AutoencoderTraining,
  trainAutoencoder,
} from "../networks/train_autoencoder.ts";

/** What is done to embeddings while they are trained: {@linkcode trainNormalized}. */
export type TrainedNormalization = "none" | "cosine" | "layer" | "userLayer";

/** Options for {@linkcode trainNormalized}: some of those of {@linkcode trainAutoencoder}. */
export interface TrainNormalizedOptions extends
  Pick<
    AutoencoderOptions,
    "learningRate" | "batchSize" | "epochs" | "patience" | "validation" | "seed" | "onProgress"
  > {
  /** k, the number of latent dimensions. @default {50} */
  rank?: number;
}

/**
 * Trains a linear model by a softmax loss on the items of each user, with the normalization that
 * section 3 proposes, or without: the scores of user u are s(x_u·A, B) + bias, and the loss is
 * −Σᵢ x_ui log softmax(scores)ᵢ (Liang, Krishnan, Hoffman and Jebara, Variational autoencoders for
 * collaborative filtering, 2018). The models differ in s alone:
 *
 * - `"none"`: the dot product, the baseline of the others;
 * - `"cosine"`: e^τ·cos(x_u·A, bᵢ), τ learned, as the temperature of contrastive losses is (Radford et al.,
 *   Learning transferable visual models from natural language supervision, 2021);
 * - `"layer"`: user and item embeddings have their mean subtracted and are divided by their standard
 *   deviation (Ba, Kiros and Hinton, Layer normalization, 2016), without gain, which would give the
 *   freedom of D back; then s is a cosine times a number, and this number is learned, too: e^τ;
 * - `"userLayer"`: the dot product, with layer normalization of users alone.
 *
 * By Adam, on mini-batches, in float32. With `validation`, training ends when NDCG@100 on its held-out
 * items has not risen for `patience` epochs, and the best network is returned. The same seed gives the
 * same digits.
 *
 * @param x The interactions X, n x p.
 * @param normalization What is done to the embeddings.
 * @param options How to train; of {@linkcode trainAutoencoder}, with defaults that suit these models:
 * learning rate 0.02, batches of 250 users, at most 30 epochs, patience 3 where there is a validation.
 * @returns The best network, and the history of the training.
 * @throws {TypeError} If x is not an Interactions, or an option of the wrong kind or unknown.
 * @throws {RangeError} If an option is out of bounds, or the loss diverges.
 *
 * @example
 * ```ts
 * import { simulateInteractions } from "cosine-lab";
 * import { trainNormalized } from "cosine-lab/remedies";
 * import assert from "node:assert/strict";
 *
 * const { interactions } = simulateInteractions({ users: 400, items: 40 });
 * const { history } = trainNormalized(interactions, "cosine", { rank: 8, batchSize: 50, epochs: 5 });
 * assert(history.at(-1)!.loss < history[0].loss);
 * ```
 */
export function trainNormalized(
  x: Interactions,
  normalization: TrainedNormalization,
  options: TrainNormalizedOptions = {},
): AutoencoderTraining {
  const action = "train with normalization";
  assertOneOf(action, "normalization", normalization, ["none", "cosine", "layer", "userLayer"]);
  // All but the rank are checked by trainAutoencoder.
  const { rank, ...training } = checkedOptions(action, options, {
    rank: anything(50),
    learningRate: anything(0.02),
    batchSize: anything(250),
    epochs: anything(30),
    validation: anything<TrainNormalizedOptions["validation"]>(),
    patience: anything<number | undefined>(options?.validation === undefined ? undefined : 3),
    seed: anything("start"),
    onProgress: callback,
  });
  const cosine = normalization === "cosine" || normalization === "layer";
  return trainAutoencoder(x, {
    ...training,
    hidden: [rank],
    activation: "linear",
    biases: { hidden: false, output: true },
    output: cosine ? "cosine" : "dot",
    layerNormalization: {
      users: normalization === "layer" || normalization === "userLayer",
      items: normalization === "layer",
    },
  });
}
