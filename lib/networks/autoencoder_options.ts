import {
  type Activation,
  type Architecture,
  assertInput,
  assertNetwork,
  type LayerNormalization,
  type Network,
  type Precision,
  precision,
  type Shape,
  threadCount,
} from "./network.ts";
import {
  anything,
  assertInteger,
  assertKnown,
  assertObject,
  assertSize,
  callback,
  checkedOptions,
  flag,
  integer,
  LARGEST_KERNEL,
  number,
  oneOf,
  optional,
  text,
} from "../check.ts";
import type { Interactions } from "../interactions/interactions.ts";
import { assertHeldOut } from "../evaluation/ranking.ts";
import { assertWeightDecay, type WeightDecay } from "./run_network.ts";

/** Options for {@linkcode trainAutoencoder}. */
export interface AutoencoderOptions {
  /** How many units each hidden layer has; the last number is k, the dimensions of the embeddings. */
  hidden: readonly number[];
  /** The activation of every hidden layer. @default {"relu"} */
  activation?: Activation;
  /** Whether scores are dot products or scaled cosines of embeddings. @default {"dot"} */
  output?: "dot" | "cosine";
  /** Which embeddings are layer-normalized; `true` is both, without gain. @default {none} */
  layerNormalization?: boolean | LayerNormalization;
  /**
   * Whether hidden units and scores have biases.
   *
   * @default {hidden units have, and scores that are dot products}
   */
  biases?: { hidden?: boolean; output?: boolean };
  /** Whether a user's interactions are divided by their Euclidean length. @default {true} */
  normalizeInput?: boolean;
  /**
   * The share of a user's interactions that the input leaves out, other ones in every epoch; what is
   * left is divided by what remains. @default {0}
   */
  dropout?: number;
  /** The penalties in the loss, which is that of a user on average. @default {none} */
  weightDecay?: WeightDecay;
  /** The learning rate of Adam. @default {0.001} */
  learningRate?: number;
  /** How many users make a mini-batch. @default {500} */
  batchSize?: number;
  /** How often all users are gone through, at the most. @default {20} */
  epochs?: number;
  /** Held-out items of other users, by whose NDCG@100 the best weights are chosen. @default {none} */
  validation?: { given: Interactions; heldOut: Interactions };
  /** Training ends when NDCG@100 has not risen for so many epochs. @default {Infinity} */
  patience?: number;
  /** The network to start from, for instance one that was rescaled. @default {random weights} */
  start?: Network;
  /** The seed of the weights, of the order of users, and of dropout. @default {"start"} */
  seed?: string;
  /** The precision of all numbers. @default {"float32"} */
  precision?: Precision;
  /** How many threads compute; one for each core by default. No result depends on it. */
  threads?: number;
  /** Called after each step with how many are done, and how many there will be at the most. */
  onProgress?: (done: number, total: number) => void;
}

/** The options with every default filled in. */
export interface CompleteOptions
  extends Required<Omit<AutoencoderOptions, "validation" | "start" | "threads" | "onProgress">> {
  layerNormalization: Required<LayerNormalization>;
  biases: { hidden: boolean; output: boolean };
  weightDecay: Required<WeightDecay>;
  architecture: Architecture;
  validation: AutoencoderOptions["validation"];
  start: AutoencoderOptions["start"];
}

/** Checks the options, and fills in the defaults. */
export function completeOptions(x: Interactions, options: AutoencoderOptions): CompleteOptions {
  const action = "train an autoencoder";
  assertInput(action, x, x?.items);
  const all = checkedOptions(action, options, {
    hidden: anything<readonly number[]>(),
    activation: oneOf(["relu", "tanh", "linear"], "relu"),
    output: oneOf(["dot", "cosine"], "dot"),
    layerNormalization: anything<AutoencoderOptions["layerNormalization"]>(),
    biases: anything<AutoencoderOptions["biases"]>(),
    normalizeInput: flag(true),
    dropout: number(0, 0.99, 0),
    weightDecay: anything<WeightDecay | undefined>(),
    learningRate: number({ above: 0 }, Infinity, 0.001),
    batchSize: integer(1, Infinity, 500),
    epochs: integer(1, Infinity, 20),
    validation: anything<AutoencoderOptions["validation"]>(),
    patience: options?.patience === Infinity ? anything(Infinity) : optional(integer(1)),
    start: anything<Network | undefined>(),
    seed: text("start"),
    precision: precision("float32"),
    threads: threadCount,
    onProgress: callback,
  });
  // No result depends on these two.
  const { threads: _threads, onProgress: _onProgress, ...decisive } = all;
  const { hidden, activation, output, normalizeInput, validation, start } = decisive;
  const patience = all.patience ?? Infinity;
  if (!Array.isArray(hidden)) {
    throw new TypeError(
      `Cannot ${action}: hidden must be an array with the number of units of each hidden layer`,
    );
  }
  if (hidden.length === 0) {
    throw new RangeError(`Cannot ${action}: hidden must have at least one layer`);
  }
  hidden.forEach((units, layer) => assertInteger(action, `hidden[${layer}]`, units, 1));
  const widths = [x.items, ...hidden, x.items];
  const weights = hidden.reduce(
    (sum, units, l) => sum + widths[l] * units,
    hidden.at(-1)! * x.items,
  );
  assertSize(action, `${weights} weights`, weights, LARGEST_KERNEL);
  if (validation !== undefined) {
    assertObject(action, "validation", validation);
    assertHeldOut(validation.given, validation.heldOut);
    assertInput(action, validation.given, x.items, "validation.given");
  } else if (patience !== Infinity) {
    throw new RangeError(`Cannot ${action}: patience needs validation, which is not given`);
  }
  const layerNormalization = completeNormalization(action, all.layerNormalization);
  if (all.biases !== undefined) assertKnown(action, all.biases, ["hidden", "output"]);
  const biases = { hidden: true, output: output === "dot", ...all.biases };
  const architecture = { activation, output, layerNormalization, normalizeInput };
  if (start !== undefined) assertStart(action, start, { items: x.items, hidden, architecture });
  return {
    ...decisive,
    patience,
    layerNormalization,
    biases,
    weightDecay: assertWeightDecay(action, all.weightDecay),
    architecture,
  };
}

function assertStart(
  action: string,
  start: Network,
  { items, hidden, architecture }: Pick<Shape, "items" | "hidden" | "architecture">,
): void {
  assertNetwork(action, start);
  const shape = (p: number, units: readonly number[]) => `${p} items, hidden ${units.join(", ")}`;
  const actual = shape(start.items.rows, start.hidden.map(({ weights }) => weights.columns));
  if (actual !== shape(items, hidden)) {
    throw new RangeError(
      `Cannot ${action}: start must be a network of ${shape(items, hidden)}, it is of ${actual}`,
    );
  }
  for (const key of ["activation", "output", "normalizeInput", "layerNormalization"] as const) {
    const [given, wanted] = [start.architecture[key], architecture[key]].map(sortedJson);
    if (given === wanted) continue;
    throw new RangeError(`Cannot ${action}: ${key} of start must be ${wanted}, it is ${given}`);
  }
}

function sortedJson(value: unknown): string {
  return JSON.stringify(value, Object.keys(Object(value)).sort());
}

function completeNormalization(
  action: string,
  normalization: boolean | LayerNormalization = false,
): Required<LayerNormalization> {
  if (typeof normalization === "boolean") {
    return { users: normalization, items: normalization, gain: false };
  }
  assertObject(action, "layerNormalization", normalization);
  assertKnown(action, normalization, ["users", "items", "gain"]);
  return { users: true, items: false, gain: false, ...normalization };
}
