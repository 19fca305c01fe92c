import { Matrix } from "ml-matrix";
import seedrandom from "seedrandom";
import { Interactions, simulateInteractions } from "cosine-lab";
import { holdOutItems, splitUsers } from "cosine-lab/evaluation";
import type { Architecture, AutoencoderOptions, Network } from "cosine-lab/networks";

const { interactions } = simulateInteractions({ users: 600, items: 50, seed: "networks" });

/** Users who train, choose and judge a small autoencoder. */
export const parts = splitUsers(interactions, { validation: 80, test: 20, seed: "split" });

/** What those who choose show, and what they hide. */
export const validation = holdOutItems(parts.validation, { share: 0.2, seed: "held out" });

/** A small autoencoder with all that training can have. */
export const small: AutoencoderOptions = {
  hidden: [8],
  epochs: 3,
  learningRate: 0.01,
  batchSize: 64,
  dropout: 0.3,
  weightDecay: { encoder: 0.1, decoder: 0.1 },
  validation,
};

/** Random interactions of some users with some items, a third of the pairs. */
export function randomInteractions(
  users: number,
  items: number,
  { seed = "x", values = false }: { seed?: string; values?: boolean } = {},
): Interactions {
  const random = seedrandom.alea(seed);
  return Interactions.fromDense(
    Array.from(
      { length: users },
      () =>
        Array.from(
          { length: items },
          () => random() < 0.35 ? (values ? 0.5 + 2 * random() : 1) : 0,
        ),
    ),
  );
}

/** What a random network is made of. */
interface RandomNetwork {
  hidden?: number[];
  architecture?: Partial<Architecture>;
  biases?: boolean;
  seed?: string;
}

/** A network of normal size with no entry 0, biases and affine maps included. */
export function randomNetwork(
  items: number,
  { hidden = [3], architecture = {}, biases = true, seed = "network" }: RandomNetwork = {},
): Network {
  const random = seedrandom.alea(seed);
  const entry = () => 1.6 * random() - 0.8;
  const matrix = (rows: number, columns: number) => {
    const m = new Matrix(rows, columns);
    return m.apply((i, j) => m.set(i, j, entry()));
  };
  const row = (length: number) => Float64Array.from({ length }, entry);
  const complete: Architecture = {
    activation: "relu",
    output: "dot",
    layerNormalization: { users: false, items: false, gain: false },
    normalizeInput: true,
    ...architecture,
  };
  const k = hidden.at(-1)!;
  const { users, items: ofItems, gain } = complete.layerNormalization;
  const affine = () => ({ gain: row(k), offset: row(k) });
  return {
    architecture: complete,
    hidden: hidden.map((units, layer) => ({
      weights: matrix(layer === 0 ? items : hidden[layer - 1], units),
      bias: biases ? row(units) : null,
    })),
    items: matrix(items, k),
    itemBias: biases ? row(items) : null,
    affine: { users: users && gain ? affine() : null, items: ofItems && gain ? affine() : null },
    logScale: complete.output === "cosine" ? 1.3 : null,
  };
}
