import type { Interactions } from "../interactions/interactions.ts";
import { type AutoencoderOptions, completeOptions } from "./autoencoder_options.ts";
import type { Network } from "./network.ts";
import { startNetwork } from "./start_network.ts";

/**
 * Makes the network that {@linkcode trainAutoencoder} starts from: random weights, uniform within
 * ±√(6 / (units below + units above)) (Glorot and Bengio, Understanding the difficulty of training
 * deep feedforward neural networks, 2010), biases and offsets 0, gains 1.
 *
 * @param x The interactions X, n x p.
 * @param options Those of the training; `hidden`, the architecture and `seed` matter.
 * @returns The network, untrained.
 * @throws As {@linkcode trainAutoencoder} does.
 *
 * @example
 * ```ts
 * import { Interactions } from "cosine-lab";
 * import { networkLoss, startAutoencoder, trainAutoencoder } from "cosine-lab/networks";
 * import assert from "node:assert/strict";
 *
 * const x = Interactions.fromDense([[1, 1, 0, 0], [0, 0, 1, 1]]);
 * const options = { hidden: [3], epochs: 5, precision: "float64" as const };
 * const start = startAutoencoder(x, options);
 * assert(networkLoss(trainAutoencoder(x, { ...options, start }).network, x) < networkLoss(start, x));
 * ```
 */
export function startAutoencoder(x: Interactions, options: AutoencoderOptions): Network {
  const complete = completeOptions(x, options);
  return startNetwork({ items: x.items, ...complete });
}
