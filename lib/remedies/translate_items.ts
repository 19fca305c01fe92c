import type { Network } from "../networks/network.ts";
import { assertNetwork } from "../networks/assert_network.ts";

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
  if (typeof c?.length !== "number") throw new TypeError("Cannot translate: c must be an array");
  const entries = Array.from(c);
  if (entries.length !== k || !entries.every(Number.isFinite)) {
    throw new RangeError(`Cannot translate: c must have ${k} finite entries, it is ${entries}`);
  }
  return { ...network, items: network.items.clone().addRowVector(entries) };
}
