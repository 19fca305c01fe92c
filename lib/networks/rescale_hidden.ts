import type { Matrix } from "ml-matrix";
import { assertInteger } from "../check/assert_integer.ts";
import { assertKnown } from "../check/assert_known.ts";
import { assertOneOf } from "../check/assert_one_of.ts";
import { assertNetwork } from "./assert_network.ts";
import type { Network } from "./network.ts";

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
  assertKnown("rescale", options, ["layer", "through"]);
  const last = network.hidden.length - 1;
  const { layer = last, through = "weights" } = options;
  assertInteger("rescale", "layer", layer, 0, last);
  assertOneOf("rescale", "through", through, ["weights", "gain"]);
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
      throw new RangeError("Cannot rescale: the hidden layer has no gain that takes D");
    }
    affine = { ...affine, users: { gain: row(learned.gain), offset: row(learned.offset) } };
  }
  return { ...network, hidden, items, affine };
}

function assertScales(d: ArrayLike<number>, units: number): void {
  if (typeof d?.length !== "number") {
    throw new TypeError("Cannot rescale: d must be an array with the diagonal of D");
  }
  if (d.length !== units) {
    throw new RangeError(
      `Cannot rescale: d must have an entry for each of the ${units} units, it has ${d.length}`,
    );
  }
  for (let i = 0; i < units; i++) {
    if (!(d[i] > 0) || !Number.isFinite(d[i]) || !Number.isFinite(1 / d[i])) {
      throw new RangeError(
        `Cannot rescale: entries of d must be finite and above 0, entry ${i} is ${d[i]}`,
      );
    }
  }
}
