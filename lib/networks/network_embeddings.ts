import type { Matrix } from "ml-matrix";
import { InputRangeError, InputTypeError } from "../errors.ts";
import { checkedOptions, integer, oneOf } from "../check.ts";
import { assertHeldOut, type RankingAccuracy, rankingAccuracy } from "../evaluation/ranking.ts";
import { Interactions } from "../interactions/interactions.ts";
import { flatMatrix, rowArrays } from "../linalg/matrices.ts";
import { assertNetwork, type Network, precision, type Variable } from "./network.ts";
import {
  type Activations,
  type NetworkRunOptions,
  RUN_OPTIONS,
  runNetwork,
  type RunOptions,
} from "./run_network.ts";

/**
 * Computes the activations of a hidden layer, before any normalization of embeddings.
 *
 * @param network The network.
 * @param x The interactions X, n x p.
 * @param options Which `layer`, from 0; the last by default. The precision and threads.
 * @returns The activations, n x units.
 * @throws {TypeError} If the network or x is of another kind.
 * @throws {RangeError} If shapes do not fit each other, or there is no such layer.
 *
 * @example
 * ```ts
 * import { Interactions } from "cosine-lab";
 * import { hiddenActivations, trainAutoencoder } from "cosine-lab/networks";
 * import assert from "node:assert/strict";
 *
 * const x = Interactions.fromDense([[1, 1, 0, 0], [0, 0, 1, 1]]);
 * const { network } = trainAutoencoder(x, { hidden: [3, 2], activation: "relu", epochs: 5 });
 * const h = hiddenActivations(network, x, { layer: 0 });
 * assert.deepEqual([h.rows, h.columns], [2, 3]);
 * assert(h.min() >= 0);
 * ```
 */
export function hiddenActivations(
  network: Network,
  x: Interactions,
  options: NetworkRunOptions & { layer?: number } = {},
): Matrix {
  assertNetwork("compute activations", network);
  const last = network.hidden.length - 1;
  const { layer, ...run } = checkedOptions("compute activations", options, {
    layer: integer(0, last, last),
    ...RUN_OPTIONS,
  });
  return collect("compute activations", network, x, run, ({ hidden }) => hidden[layer]);
}

/**
 * Computes the embeddings of users as they enter the product: the last hidden layer, normalized if
 * the network does so.
 *
 * @param network The network.
 * @param x The interactions X, n x p.
 * @param options The precision and threads.
 * @returns The embeddings, n x k.
 * @throws {TypeError} If the network or x is of another kind.
 * @throws {RangeError} If shapes do not fit each other.
 *
 * @example
 * ```ts
 * import { Interactions } from "cosine-lab";
 * import { networkUserEmbeddings, trainAutoencoder } from "cosine-lab/networks";
 * import assert from "node:assert/strict";
 *
 * const x = Interactions.fromDense([[1, 1, 0, 0], [0, 0, 1, 1]]);
 * const { network } = trainAutoencoder(x, { hidden: [2], activation: "tanh", output: "cosine", epochs: 5 });
 * const u = networkUserEmbeddings(network, x);
 * assert(Math.abs(Math.hypot(...u.getRow(0)) - 1) < 1e-12);
 * ```
 */
export function networkUserEmbeddings(
  network: Network,
  x: Interactions,
  options: NetworkRunOptions = {},
): Matrix {
  const run = checkedOptions("embed users", options, RUN_OPTIONS);
  return collect("embed users", network, x, run, ({ users }) => users);
}

/**
 * Computes the embeddings of items as they enter the product: `network.items`, normalized if the
 * network does so.
 *
 * @param network The network.
 * @param options The precision.
 * @returns The embeddings, p x k.
 * @throws {TypeError} If the network is of another kind.
 * @throws {RangeError} If its shapes do not fit each other.
 *
 * @example
 * ```ts
 * import { Interactions } from "cosine-lab";
 * import { networkItemEmbeddings, trainAutoencoder } from "cosine-lab/networks";
 * import assert from "node:assert/strict";
 *
 * const x = Interactions.fromDense([[1, 1, 0, 0], [0, 0, 1, 1]]);
 * const { network } = trainAutoencoder(x, { hidden: [2], epochs: 5 });
 * assert.deepEqual(networkItemEmbeddings(network).to2DArray(), network.items.to2DArray());
 * ```
 */
export function networkItemEmbeddings(
  network: Network,
  options: Pick<NetworkRunOptions, "precision"> = {},
): Matrix {
  assertNetwork("embed items", network);
  const { precision } = checkedOptions("embed items", options, {
    precision: RUN_OPTIONS.precision,
  });
  const p = network.items.rows;
  const nobody = new Interactions({
    rows: 1,
    columns: p,
    rowStarts: new Uint32Array(2),
    columnIndices: new Uint32Array(0),
    values: null,
  });
  let embeddings: Matrix | undefined;
  runNetwork(
    "embed items",
    network,
    nobody,
    { precision, threads: 1 },
    ({ items }, _first, { tape }) => {
      embeddings = flatMatrix(tape.memory.entries(items), items.columns);
    },
  );
  return embeddings!;
}

/**
 * Computes what a network predicts: the scores before the softmax.
 *
 * @param network The network.
 * @param x The interactions X, n x p.
 * @param options The precision and threads.
 * @returns The scores, n x p; that is 160 MB for 20,000 x 1,000.
 * @throws {TypeError} If the network or x is of another kind.
 * @throws {RangeError} If shapes do not fit each other.
 *
 * @example
 * ```ts
 * import { Interactions } from "cosine-lab";
 * import { networkScores, trainAutoencoder } from "cosine-lab/networks";
 * import assert from "node:assert/strict";
 *
 * const x = Interactions.fromDense([[1, 1, 0, 0], [0, 0, 1, 1]]);
 * const { network } = trainAutoencoder(x, { hidden: [2], activation: "tanh", epochs: 400, learningRate: 0.05 });
 * const scores = networkScores(network, x);
 * assert(scores.get(0, 0) > scores.get(0, 2) && scores.get(1, 0) < scores.get(1, 2));
 * ```
 */
export function networkScores(
  network: Network,
  x: Interactions,
  options: NetworkRunOptions = {},
): Matrix {
  const run = checkedOptions("compute scores", options, RUN_OPTIONS);
  return collect("compute scores", network, x, run, ({ scores }) => scores);
}

/** One of the matrices that are computed, with a row for each user. */
function collect(
  action: string,
  network: Network,
  x: Interactions,
  options: RunOptions,
  choose: (computed: Activations) => Variable,
): Matrix {
  let all = new Float64Array();
  let columns = 1;
  runNetwork(action, network, x, options, (computed, first, { tape }) => {
    const chosen = choose(computed);
    columns = chosen.columns;
    if (first === 0) all = new Float64Array(x.users * columns);
    all.set(tape.memory.entries(chosen), first * columns);
  });
  return flatMatrix(all, columns);
}

/** Options for {@linkcode rescaleHidden}. */
export interface RescaleHiddenOptions {
  /** Which hidden layer, from 0. @default {the last one, which embeds users} */
  layer?: number;
  /**
   * What takes D: the `"weights"` into the layer and its bias, or the `"gain"` and offset of the
   * users' layer normalization, where they are learned.
   *
   * @default {"weights"}
   */
  through?: "weights" | "gain";
}

/**
 * Rescales the units of a hidden layer by a diagonal matrix D: the weights into unit i and its bias
 * times d_i, the weights out of it divided by d_i.
 *
 * relu and the identity are positively homogeneous, so that with d > 0 no score changes, and D is as
 * arbitrary as in Eq. 3 of the paper. With tanh, layer normalization or an output of cosines it is
 * another model. The function rescales in any case: compare scores, or the loss, to see.
 *
 * @param network The network.
 * @param d The diagonal of D: an entry above 0 for each unit.
 * @param options Which layer, and what takes D.
 * @returns The rescaled network; the given one is left as it is.
 * @throws {TypeError} If the network is of another kind or d has no length.
 * @throws {RangeError} If d has not an entry for each unit, one is not a positive finite number, there
 * is no such layer, or there is no gain.
 *
 * @example
 * ```ts
 * import { Interactions, largestDifference } from "cosine-lab";
 * import { networkScores, rescaleHidden, trainAutoencoder } from "cosine-lab/networks";
 * import assert from "node:assert/strict";
 *
 * const x = Interactions.fromDense([[1, 1, 0, 0], [0, 0, 1, 1]]);
 * const { network } = trainAutoencoder(x, { hidden: [2], activation: "relu", epochs: 5 });
 * const rescaled = rescaleHidden(network, [10, 0.1]);
 * assert(largestDifference(networkScores(network, x), networkScores(rescaled, x)) < 1e-12);
 * ```
 */
export function rescaleHidden(
  network: Network,
  d: ArrayLike<number>,
  options: RescaleHiddenOptions = {},
): Network {
  assertNetwork("rescale", network);
  const last = network.hidden.length - 1;
  const { layer, through } = checkedOptions("rescale", options, {
    layer: integer(0, last, last),
    through: oneOf(["weights", "gain"], "weights"),
  });
  assertScales(d, network.hidden[layer].weights.columns);
  const times = Float64Array.from(d), over = times.map((entry) => 1 / entry);
  const row = (entries: Float64Array) => entries.map((entry, i) => entry * times[i]);
  const columns = (m: Matrix) => m.clone().mulRowVector(times);
  const hidden = [...network.hidden];
  let { items, affine } = network;
  if (layer === last) items = items.clone().mulRowVector(over);
  else {
    const next = hidden[layer + 1];
    hidden[layer + 1] = { ...next, weights: next.weights.clone().mulColumnVector(over) };
  }
  if (through === "weights") {
    const { weights, bias } = hidden[layer];
    hidden[layer] = { weights: columns(weights), bias: bias && row(bias) };
  } else {
    const learned = affine.users;
    if (layer !== last || learned === null) {
      throw new InputRangeError("Cannot rescale: the hidden layer has no gain that takes D");
    }
    affine = { ...affine, users: { gain: row(learned.gain), offset: row(learned.offset) } };
  }
  return { ...network, hidden, items, affine };
}

function assertScales(d: ArrayLike<number>, units: number): void {
  if (typeof d?.length !== "number") {
    throw new InputTypeError("Cannot rescale: d must be an array with the diagonal of D");
  }
  if (d.length !== units) {
    throw new InputRangeError(
      `Cannot rescale: d must have an entry for each of the ${units} units, it has ${d.length}`,
    );
  }
  for (let i = 0; i < units; i++) {
    if (!(d[i] > 0) || !Number.isFinite(d[i]) || !Number.isFinite(1 / d[i])) {
      throw new InputRangeError(
        `Cannot rescale: entries of d must be finite and above 0, entry ${i} is ${d[i]}`,
      );
    }
  }
}

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
  const run = checkedOptions("evaluate a network", options, {
    ...RUN_OPTIONS,
    precision: precision("float32"),
  });
  assertHeldOut(given, heldOut);
  const scores = rowArrays(networkScores(network, given, run));
  return rankingAccuracy((u, into) => into.set(scores[u]), given, heldOut);
}
