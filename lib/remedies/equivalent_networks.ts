import { assertNetwork } from "../networks/assert_network.ts";
import { assertSize } from "../check/assert_size.ts";
import type { Matrix } from "ml-matrix";
import seedrandom from "seedrandom";
import { hypot } from "../elementary/hypot.ts";
import type { Interactions } from "../interactions/interactions.ts";
import { assertInteger } from "../check/assert_integer.ts";
import { assertKnown } from "../check/assert_known.ts";
import { randomRotation } from "../linalg/random_rotation.ts";
import type { Network } from "../networks/network.ts";
import { networkLoss } from "../networks/network_loss.ts";
import { rotate } from "../solvers/rotate.ts";
import { equivalentEmbeddings, type EquivalentOptions } from "./equivalent_embeddings.ts";
import { translateItems } from "./translate_items.ts";

/** Options for {@linkcode equivalentNetworks}. */
export interface EquivalentNetworkOptions extends EquivalentOptions {
  /** How many random rotations there are, too. @default {2} */
  rotations?: number;
  /**
   * How many translations of all items there are, too: the first takes the mean item away, the others
   * are random, as long as an item is (root mean square).
   *
   * @default {2}
   */
  translations?: number;
}

/** A network with the ABᵀ of another one, or with the same vector added to all its items. */
export interface EquivalentNetwork {
  network: Network;
  /** What was done to A and B: AM and BM⁻ᵀ with a diagonal or an orthogonal M, or B + 1cᵀ. */
  change: "nothing" | "scaling" | "rotation" | "translation";
  /** Its loss, in nats per user: {@linkcode networkLoss} in double precision. */
  loss: number;
}

/**
 * Lists linear networks with the same ABᵀ, the product of the weights into and out of their hidden layer,
 * or with B + 1cᵀ in place of B, and the loss of each: whether the loss tells them apart is what decides
 * about the freedom of D, and of c.
 *
 * A score that is a dot product has one loss for all of them. Where it is a cosine, or where the
 * embeddings are layer-normalized, rescalings change it; rotations leave cosines as they are, but not a
 * layer normalization, which also takes away the mean. A softmax does not see c where the items' side is
 * not normalized: {@linkcode translateItems}.
 *
 * @param network The network: one linear hidden layer without a bias, A the weights into it (p x k), B
 * those out of it.
 * @param x The users whose loss is computed, m x p; some hundred are enough to tell losses apart.
 * @param options The rescalings, which are those of {@linkcode equivalentEmbeddings}, the rotations
 * and the translations.
 * @returns The network itself, then the rescaled, the rotated and the translated ones.
 * @throws {TypeError} If the network or x is of another kind, or an option of the wrong kind.
 * @throws {RangeError} If the network has another shape, or an option is out of bounds.
 *
 * @example
 * ```ts
 * import { Interactions } from "cosine-lab";
 * import { trainAutoencoder } from "cosine-lab/networks";
 * import { equivalentNetworks } from "cosine-lab/remedies";
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
  assertKnown(action, options, [
    "scalings",
    "condition",
    "mixtures",
    "seed",
    "rotations",
    "translations",
  ]);
  const { rotations = 2, translations = 2, ...scalings } = options;
  const { seed = "equivalent" } = options;
  assertInteger(action, "rotations", rotations, 0);
  assertInteger(action, "translations", translations, 0);
  assertNetwork(action, network);
  const networks = rotations + translations, size = 2 * network.items.rows * network.items.columns;
  assertSize(action, `${networks} networks of ${size} weights`, networks * size);
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
  const listed = (change: EquivalentNetwork["change"], candidate: Network) => ({
    network: candidate,
    change,
    loss: loss(candidate),
  });
  const withFactors = ({ A, B }: { A: Matrix; B: Matrix }): Network => ({
    ...network,
    hidden: [{ weights: A, bias: null }],
    items: B,
  });
  const [, ...rescaled] = equivalentEmbeddings(e, scalings);
  const rotated = Array.from(
    { length: rotations },
    () => rotate(e, randomRotation(e.B.columns, random)),
  );
  return [
    given,
    ...rescaled.map((other) => listed("scaling", withFactors(other))),
    ...rotated.map((other) => listed("rotation", withFactors(other))),
    ...itemTranslations(e.B, translations, `${seed}/translations`).map((c) =>
      listed("translation", translateItems(network, c))
    ),
  ];
}

/** Minus the mean row, and random vectors of the rows' root mean square length. */
function itemTranslations(b: Matrix, count: number, seed: string): number[][] {
  const random = seedrandom.alea(seed);
  const length = b.norm() / Math.sqrt(b.rows);
  return Array.from({ length: count }, (_, i) => {
    if (i === 0) return b.mean("column").map((mean) => -mean);
    const direction = Array.from({ length: b.columns }, () => random() - 0.5);
    const scale = length / hypot(direction);
    return direction.map((entry) => scale * entry);
  });
}
