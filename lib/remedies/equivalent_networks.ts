import type { Matrix } from "ml-matrix";
import seedrandom from "seedrandom";
import type { Interactions } from "../interactions/interactions.ts";
import { assertInteger } from "../linalg/assert_integer.ts";
import { assertObject } from "../linalg/assert_object.ts";
import { randomRotation } from "../linalg/random_rotation.ts";
import type { Network } from "../networks/network.ts";
import { networkLoss } from "../networks/network_loss.ts";
import { rotate } from "../solvers/rotate.ts";
import { equivalentEmbeddings, type EquivalentOptions } from "./equivalent_embeddings.ts";

/** Options for {@linkcode equivalentNetworks}. */
export interface EquivalentNetworkOptions extends EquivalentOptions {
  /** How many random rotations there are, too. @default {2} */
  rotations?: number;
}

/** A network with the ABᵀ of another one. */
export interface EquivalentNetwork {
  network: Network;
  /** What was done to A and B. */
  change: "nothing" | "scaling" | "rotation";
  /** Its loss, in nats per user: {@linkcode networkLoss} in double precision. */
  loss: number;
}

/**
 * Lists linear networks with the same ABᵀ, the product of the weights into and out of their hidden layer,
 * and the loss of each: whether the loss tells them apart is what decides about the freedom of D.
 *
 * A score that is a dot product has one loss for all of them. Where it is a cosine, or where the
 * embeddings are layer-normalized, rescalings change it; rotations leave cosines as they are, but not a
 * layer normalization, which also takes away the mean.
 *
 * @param network The network: one linear hidden layer without a bias, A the weights into it (p x k), B
 * those out of it.
 * @param x The users whose loss is computed, m x p; some hundred are enough to tell losses apart.
 * @param options The rescalings, which are those of {@linkcode equivalentEmbeddings}, and the rotations.
 * @returns The network itself, then the rescaled and the rotated ones.
 * @throws {TypeError} If the network or x is of another kind, or an option of the wrong kind.
 * @throws {RangeError} If the network has another shape, or an option is out of bounds.
 *
 * @example
 * ```ts
 * import { equivalentNetworks, Interactions, trainAutoencoder } from "cosine-lab";
 * import assert from "node:assert/strict";
 *
 * const x = Interactions.fromDense([[1, 1, 0, 0], [0, 0, 1, 1]]);
 * const linear = { hidden: [2], activation: "linear" as const, biases: { hidden: false }, epochs: 20 };
 * const spread = (output: "dot" | "cosine") => {
 *   const { network } = trainAutoencoder(x, { ...linear, output });
 *   const losses = equivalentNetworks(network, x).map(({ loss }) => loss);
 *   return Math.max(...losses) - Math.min(...losses);
 * };
 * assert(spread("dot") < 1e-12);
 * assert(spread("cosine") > 1e-3);
 * ```
 */
export function equivalentNetworks(
  network: Network,
  x: Interactions,
  options: EquivalentNetworkOptions = {},
): EquivalentNetwork[] {
  const action = "list equivalent networks";
  assertObject(action, "options", options);
  const { rotations = 2, seed = "equivalent" } = options;
  assertInteger(action, "rotations", rotations, 0);
  const loss = (candidate: Network) => networkLoss(candidate, x, { precision: "float64" });
  const given: EquivalentNetwork = { network, change: "nothing", loss: loss(network) };
  const [layer, ...others] = network.hidden;
  if (others.length > 0 || network.architecture.activation !== "linear" || layer.bias !== null) {
    throw new RangeError(
      `Cannot ${action}: the network must have one linear hidden layer without a bias`,
    );
  }
  const e = { A: layer.weights, B: network.items };
  const random = seedrandom.alea(`${seed}/rotations`);
  const listed = (
    change: EquivalentNetwork["change"],
    { A, B }: { A: Matrix; B: Matrix },
  ): EquivalentNetwork => {
    const candidate = { ...network, hidden: [{ weights: A, bias: null }], items: B };
    return { network: candidate, change, loss: loss(candidate) };
  };
  const [, ...rescaled] = equivalentEmbeddings(e, options);
  const rotated = Array.from(
    { length: rotations },
    () => rotate(e, randomRotation(e.B.columns, random)),
  );
  return [
    given,
    ...rescaled.map((other) => listed("scaling", other)),
    ...rotated.map((other) => listed("rotation", other)),
  ];
}
