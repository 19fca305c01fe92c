import type { Matrix } from "ml-matrix";
import { assertNetwork } from "./assert_network.ts";
import type { Network } from "./network.ts";

/** The Euclidean norms of the weights of each unit of a hidden layer. */
export interface HiddenNorms {
  /** Of the weights into the unit, without the bias. */
  incoming: Float64Array;
  /** Of the weights out of the unit. */
  outgoing: Float64Array;
}

/**
 * Computes the norms of the weights into and out of the units of each hidden layer. Their ratio is
 * what a rescaling by D changes: by the square of its entry.
 *
 * @param network The network.
 * @returns The norms of each hidden layer.
 *
 * @example
 * ```ts
 * import { Interactions } from "cosine-lab";
 * import { hiddenNorms, trainAutoencoder } from "cosine-lab/networks";
 * import assert from "node:assert/strict";
 *
 * const x = Interactions.fromDense([[1, 1, 0, 0], [0, 0, 1, 1]]);
 * const { network } = trainAutoencoder(x, { hidden: [3, 2], epochs: 5 });
 * const [first, last] = hiddenNorms(network);
 * assert.deepEqual([first.incoming.length, last.outgoing.length], [3, 2]);
 * ```
 */
export function hiddenNorms(network: Network): HiddenNorms[] {
  assertNetwork("measure the hidden units", network);
  const { hidden, items } = network;
  return hidden.map(({ weights }, layer) => {
    const next = hidden[layer + 1]?.weights.transpose() ?? items;
    return { incoming: columnNorms(weights), outgoing: columnNorms(next) };
  });
}

function columnNorms(m: Matrix): Float64Array {
  const squares = new Float64Array(m.columns);
  for (const row of m.to2DArray()) {
    for (let j = 0; j < row.length; j++) squares[j] += row[j] * row[j];
  }
  return squares.map(Math.sqrt);
}
