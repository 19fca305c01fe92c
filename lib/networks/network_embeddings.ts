import type { Matrix } from "ml-matrix";
import { Interactions } from "../interactions/interactions.ts";
import { assertInteger } from "../check/assert_integer.ts";
import { assertKnown } from "../check/assert_known.ts";
import { flatMatrix } from "../linalg/flat_matrix.ts";
import { assertNetwork } from "./assert_network.ts";
import type { Network } from "./network.ts";
import type { Activations } from "./network_tape.ts";
import { type NetworkRunOptions, runNetwork } from "./run_network.ts";
import type { Variable } from "./variable.ts";

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
  assertKnown("compute activations", options, ["layer", "precision", "threads"]);
  const { layer = network.hidden.length - 1 } = options;
  assertInteger("compute activations", "layer", layer, 0, network.hidden.length - 1);
  return collect("compute activations", network, x, options, ({ hidden }) => hidden[layer]);
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
  assertKnown("embed users", options, ["precision", "threads"]);
  return collect("embed users", network, x, options, ({ users }) => users);
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
  assertKnown("embed items", options, ["precision"]);
  const p = network.items.rows;
  const nobody = new Interactions({
    rows: 1,
    columns: p,
    rowStarts: new Uint32Array(2),
    columnIndices: new Uint32Array(0),
    values: null,
  });
  let embeddings: Matrix | undefined;
  runNetwork("embed items", network, nobody, options, ({ items }, _first, { tape }) => {
    embeddings = flatMatrix(tape.memory.entries(items), items.columns);
  });
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
  assertKnown("compute scores", options, ["precision", "threads"]);
  return collect("compute scores", network, x, options, ({ scores }) => scores);
}

/** One of the matrices that are computed, with a row for each user. */
function collect(
  action: string,
  network: Network,
  x: Interactions,
  options: NetworkRunOptions,
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
