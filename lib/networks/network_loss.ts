import type { Interactions } from "../interactions/interactions.ts";
import { assertKnown } from "../check/assert_known.ts";
import { assertObject } from "../check/assert_object.ts";
import { assertNumber } from "../check/assert_number.ts";
import type { Network } from "./network.ts";
import { type NetworkRunOptions, runNetwork } from "./run_network.ts";

/** λ of the penalties λ‖W‖², which are added to the loss of a user on average. */
export interface WeightDecay {
  /** For the weights of every hidden layer. @default {0} */
  encoder?: number;
  /** For the outgoing weights of the last one, the item embeddings. @default {0} */
  decoder?: number;
}

/** Options for {@linkcode networkLoss}. */
export interface NetworkLossOptions extends NetworkRunOptions {
  /** The penalties to add. @default {none} */
  weightDecay?: WeightDecay;
}

/**
 * Computes the loss that a network is trained on, without dropout: the negative multinomial
 * log-likelihood −Σ_i x_ui ln softmax(z_u)_i, averaged over the users (Liang et al., 2018, Eq. 2),
 * plus the weight decay.
 *
 * @param network The network.
 * @param x The interactions X, n x p, all of at least 0.
 * @param options The penalties, the precision, and how many threads compute.
 * @returns The loss, in nats per user.
 * @throws {TypeError} If the network or x is of another kind.
 * @throws {RangeError} If shapes do not fit each other, or a value of x or a penalty is negative.
 *
 * @example
 * ```ts
 * import { Interactions } from "cosine-lab";
 * import { networkLoss, trainAutoencoder } from "cosine-lab/networks";
 * import assert from "node:assert/strict";
 *
 * const x = Interactions.fromDense([[1, 1, 0, 0], [0, 0, 1, 1]]);
 * const { network } = trainAutoencoder(x, { hidden: [2], activation: "tanh", epochs: 400, learningRate: 0.05 });
 * // The least that two of four items can cost is 2 ln 2, what a user who likes both pays.
 * assert(networkLoss(network, x) < 2 * Math.log(2) + 0.01);
 * ```
 */
export function networkLoss(
  network: Network,
  x: Interactions,
  options: NetworkLossOptions = {},
): number {
  assertKnown("compute the loss", options, ["precision", "threads", "weightDecay"]);
  const decay = assertWeightDecay("compute the loss", options.weightDecay);
  let sum = 0, penalty = 0;
  runNetwork("compute the loss", network, x, options, ({ scores }, _first, run, batch) => {
    run.tape.multinomialLoss(batch, scores);
    sum += run.tape.loss * batch.size;
    const before = run.tape.loss;
    run.penalize(decay);
    penalty = run.tape.loss - before;
  });
  return sum / x.users + penalty;
}

/** Checks the penalties, and fills in those that are not there. */
export function assertWeightDecay(
  action: string,
  weightDecay: WeightDecay = {},
): Required<WeightDecay> {
  assertObject(action, "weightDecay", weightDecay);
  assertKnown(action, weightDecay, ["encoder", "decoder"]);
  const { encoder = 0, decoder = 0 } = weightDecay;
  assertNumber(action, "weightDecay.encoder", encoder, 0);
  assertNumber(action, "weightDecay.decoder", decoder, 0);
  return { encoder, decoder };
}
