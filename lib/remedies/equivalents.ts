import type { Matrix } from "ml-matrix";
import seedrandom from "seedrandom";
import { InputRangeError, InputTypeError } from "../errors.ts";
import { assertSize, checkedOptions, integer, number, text } from "../check.ts";
import { hypot, power } from "../math/elementary.ts";
import type { Interactions } from "../interactions/interactions.ts";
import { randomRotation } from "../linalg/random_rotation.ts";
import { assertNetwork, type Network } from "../networks/network.ts";
import { networkLoss } from "../networks/run_network.ts";
import { type Embeddings, rescale, rotate } from "../solvers/embeddings.ts";
import { balancedFactors } from "./canonical_items.ts";

/** Options for {@linkcode equivalentEmbeddings}. */
export interface EquivalentOptions {
  /** How many random D there are beside those of the spectrum. @default {3} */
  scalings?: number;
  /** max D / min D of the random ones, which are log-uniform. @default {10} */
  condition?: number;
  /**
   * How many random invertible M there are, too: a rotation, then a D of that condition, which is what
   * is free of the loss; a diagonal D is a part of it.
   *
   * @default {0}
   */
  mixtures?: number;
  /** The seed of the random ones. @default {"equivalent"} */
  seed?: string;
}

const EQUIVALENT_OPTIONS = {
  scalings: integer(0, Infinity, 3),
  condition: number(1, Infinity, 10),
  mixtures: integer(0, Infinity, 0),
  seed: text("equivalent"),
};

/**
 * Lists embeddings that a loss of the dot products cannot tell from the given ones: the same ABᵀ, and so
 * the same predictions and training loss, with other cosines (Eq. 3).
 *
 * These are the choices of D by which all remedies are compared: the embeddings as they are; in the even
 * split of {@linkcode balancedFactors} with spectrum S, D = S^½ (so that B = U) and D = S^−½ (B = US); and
 * random D of bounded condition. For Eq. 1, S is dMat, and the first three are the D of section 2.2.
 * For skip-gram and for mutual information they are B = U·S^e with e = ½, 0 and 1.
 *
 * @param e The embeddings, p x k with k ≤ p.
 * @param options The random D.
 * @returns The embeddings, 3 + `scalings` + `mixtures` of them, the given ones first. Where S has zeros, the others
 * have fewer columns.
 * @throws {TypeError} If e is not a pair of matrices, or an option of the wrong kind.
 * @throws {RangeError} If A and B differ in shape, have more columns than rows or a product of 0, or an
 * option is out of bounds.
 *
 * @example
 * ```ts
 * import { largestDifference } from "cosine-lab";
 * import { equivalentEmbeddings } from "cosine-lab/remedies";
 * import { Matrix } from "ml-matrix";
 * import assert from "node:assert/strict";
 *
 * const e = { A: new Matrix([[1, 2], [3, 1]]), B: new Matrix([[1, 1], [0, 2]]) };
 * const product = e.A.mmul(e.B.transpose());
 * for (const { A, B } of equivalentEmbeddings(e)) {
 *   assert(largestDifference(A.mmul(B.transpose()), product) < 1e-12);
 * }
 * ```
 */
export function equivalentEmbeddings(
  e: Embeddings,
  options: EquivalentOptions = {},
): Embeddings[] {
  const { scalings: count, condition, mixtures, seed } = checkedOptions(
    "rescale",
    options,
    EQUIVALENT_OPTIONS,
  );
  const { embeddings, spectrum } = balancedFactors(e);
  const models = count + mixtures, size = 2 * e.A.rows * e.A.columns;
  assertSize("rescale", `${models} models of ${size} numbers`, models * size);
  const next = seedrandom.alea(seed);
  const randomScaling = () => spectrum.map(() => power(condition, next() - 0.5));
  const scalings = [
    spectrum.map(Math.sqrt),
    spectrum.map((value) => 1 / Math.sqrt(value)),
    ...Array.from({ length: count }, randomScaling),
  ];
  return [
    e,
    ...scalings.map((d) => rescale(embeddings, d)),
    ...Array.from({ length: mixtures }, () => {
      const rotation = randomRotation(spectrum.length, next);
      return rescale(rotate(embeddings, rotation), randomScaling());
    }),
  ];
}

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
  const { rotations, translations, ...scalings } = checkedOptions(action, options, {
    ...EQUIVALENT_OPTIONS,
    rotations: integer(0, Infinity, 2),
    translations: integer(0, Infinity, 2),
  });
  const { seed } = scalings;
  assertNetwork(action, network);
  const networks = rotations + translations, size = 2 * network.items.rows * network.items.columns;
  assertSize(action, `${networks} networks of ${size} weights`, networks * size);
  const loss = (candidate: Network) => networkLoss(candidate, x, { precision: "float64" });
  const given: EquivalentNetwork = { network, change: "nothing", loss: loss(network) };
  const [layer, ...others] = network.hidden;
  if (others.length > 0 || network.architecture.activation !== "linear" || layer.bias !== null) {
    throw new InputRangeError(
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

/**
 * Adds the same vector to the embeddings of all items: B + 1cᵀ.
 *
 * The scores of user u, with the embedding p_u, all rise by the same number ⟨p_u, c⟩. A softmax over the
 * items does not see it: no probability, no loss and no ranking changes, as long as the items' side is
 * not normalized. The cosines of the items do change, and so do the columns of PBᵀ. A squared loss such
 * as Eq. 1 does see it.
 *
 * @param network The network.
 * @param c The vector, an entry for each dimension of the embeddings.
 * @returns The translated network; the given one is left as it is.
 * @throws {TypeError} If the network is of another kind or c has no length.
 * @throws {RangeError} If c has not a finite entry for each dimension.
 *
 * @example
 * ```ts
 * import { Interactions } from "cosine-lab";
 * import { networkLoss, trainAutoencoder } from "cosine-lab/networks";
 * import { translateItems } from "cosine-lab/remedies";
 * import assert from "node:assert/strict";
 *
 * const x = Interactions.fromDense([[1, 1, 0, 0], [0, 0, 1, 1]]);
 * const { network } = trainAutoencoder(x, { hidden: [2], epochs: 5 });
 * const translated = translateItems(network, [10, -5]);
 * assert(Math.abs(networkLoss(translated, x) - networkLoss(network, x)) < 1e-12);
 * ```
 */
export function translateItems(network: Network, c: ArrayLike<number>): Network {
  assertNetwork("translate", network);
  const k = network.items.columns;
  if (typeof c?.length !== "number") {
    throw new InputTypeError("Cannot translate: c must be an array");
  }
  const entries = Array.from(c);
  if (entries.length !== k || !entries.every(Number.isFinite)) {
    throw new InputRangeError(
      `Cannot translate: c must have ${k} finite entries, it is ${entries}`,
    );
  }
  return { ...network, items: network.items.clone().addRowVector(entries) };
}
