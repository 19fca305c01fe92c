import { Matrix } from "ml-matrix";
import seedrandom from "seedrandom";
import { InputRangeError, InputTypeError } from "../errors.ts";
import {
  assertBoolean,
  assertFinite,
  assertNumbers,
  assertObject,
  assertOneOf,
  integer,
  LARGEST_FACTOR,
  oneOf,
  optional,
  type OptionCheck,
} from "../check.ts";
import { log } from "../math/elementary.ts";
import { assertInteractions, type Interactions } from "../interactions/interactions.ts";

/** What is done to a hidden layer's weighted input. */
export type Activation = "relu" | "tanh" | "linear";

/** Which embeddings are layer-normalized where they enter the product, and how. */
export interface LayerNormalization {
  /** The users', the last hidden layer. @default {true} */
  users?: boolean;
  /** The items', the outgoing weights. @default {false} */
  items?: boolean;
  /**
   * Whether a gain and an offset are learned for each dimension, as most libraries do. They give
   * back the freedom that normalization took: gain·D and outgoing weights / D are the same model.
   *
   * @default {false}
   */
  gain?: boolean;
}

/** What a network computes, apart from its weights. */
export interface Architecture {
  /** Of every hidden layer. */
  activation: Activation;
  /**
   * How scores are made of the user's embedding u and the item's b: u·b, or e^s·cos(u, b) with a
   * learned s, the inverse temperature's logarithm.
   */
  output: "dot" | "cosine";
  /** Whether embeddings are layer-normalized (Ba, Kiros and Hinton, 2016) before the product. */
  layerNormalization: Required<LayerNormalization>;
  /** Whether a user's interactions are divided by their Euclidean length, as in Mult-DAE. */
  normalizeInput: boolean;
}

/** A hidden layer: h = activation(x·weights + bias). */
export interface HiddenLayer {
  /** A column for each unit, a row for each unit of the layer below or each item. */
  weights: Matrix;
  /** An entry for each unit, or null. */
  bias: Float64Array | null;
}

/** The learned affine map after a layer normalization. */
export interface Affine {
  /** An entry for each dimension. */
  gain: Float64Array;
  offset: Float64Array;
}

/**
 * An autoencoder of users' interactions, Mult-DAE (Liang et al., Variational autoencoders for
 * collaborative filtering, 2018) and its relatives: from the interactions x of a user to the last
 * hidden layer, k numbers that embed the user; from there to a score for each item, whose
 * softmax is the probability that the user's next interaction is with the item.
 */
export interface Network {
  readonly architecture: Architecture;
  /** At least one; the weights of the first are p x h, the last has k units. */
  readonly hidden: readonly HiddenLayer[];
  /** The outgoing weights of the last hidden layer, p x k: the rows embed the items. */
  readonly items: Matrix;
  /** Added to the scores, length p, or null. */
  readonly itemBias: Float64Array | null;
  /** What follows the layer normalization of users and of items, where it is learned. */
  readonly affine: { readonly users: Affine | null; readonly items: Affine | null };
  /** The logarithm of what cosines are multiplied by, or null where the output is a dot product. */
  readonly logScale: number | null;
}

/** What a network looks like before it is trained. */
export interface Shape {
  /** p. */
  items: number;
  /** The units of each hidden layer. */
  hidden: readonly number[];
  architecture: Architecture;
  biases: { hidden: boolean; output: boolean };
  seed: string;
}

/** What cosines are multiplied by at the start. */
const SCALE = 10;

/**
 * Makes a network with random weights, uniform within ±√(6 / (units below + units above)) (Glorot and
 * Bengio, 2010); biases and offsets are 0, gains 1.
 */
export function startNetwork({ items: p, hidden, architecture, biases, seed }: Shape): Network {
  const random = seedrandom.alea(seed);
  const draw = (rows: number, columns: number) => {
    const weights = new Matrix(rows, columns);
    const bound = Math.sqrt(6 / (rows + columns));
    return weights.apply((i, j) => weights.set(i, j, bound * (2 * random() - 1)));
  };
  const k = hidden.at(-1)!;
  const { layerNormalization: normalization, output } = architecture;
  const affine = (normalized: boolean): Affine | null =>
    normalized && normalization.gain
      ? { gain: new Float64Array(k).fill(1), offset: new Float64Array(k) }
      : null;
  return {
    architecture,
    hidden: hidden.map((units, layer) => ({
      weights: draw(layer === 0 ? p : hidden[layer - 1], units),
      bias: biases.hidden ? new Float64Array(units) : null,
    })),
    items: draw(p, k),
    itemBias: biases.output ? new Float64Array(p) : null,
    affine: { users: affine(normalization.users), items: affine(normalization.items) },
    logScale: output === "cosine" ? log(SCALE) : null,
  };
}

/** The precision of a network's numbers. */
export type Precision = "float32" | "float64";

/**
 * A matrix in the memory of a pool, with the gradient of the loss by it. Rows are padded with zeros
 * to a multiple of 16 bytes.
 */
export interface Variable {
  readonly rows: number;
  readonly columns: number;
  /** The bytes of a row. */
  readonly width: number;
  /** Where the entries are. */
  readonly value: number;
  /** Where the gradient is; 0 until something needs it. */
  gradient: number;
  /** Whether the gradient was written as a whole on the way forward. */
  written: boolean;
}

/**
 * Throws unless `network` is one whose shapes fit together.
 *
 * @param action What cannot be done otherwise; the message starts with "Cannot {action}".
 */
export function assertNetwork(action: string, network: Network): void {
  assertObject(action, "network", network);
  assertObject(action, "network.architecture", network.architecture);
  const { activation, output, normalizeInput } = network.architecture;
  assertOneOf(action, "activation", activation, ["relu", "tanh", "linear"]);
  assertOneOf(action, "output", output, ["dot", "cosine"]);
  assertBoolean(action, "normalizeInput", normalizeInput);
  if (!Array.isArray(network.hidden) || network.hidden.length === 0) {
    throw new InputTypeError(
      `Cannot ${action}: network.hidden must be an array of at least one layer`,
    );
  }
  assertFinite(action, "network.items", network.items, LARGEST_FACTOR);
  const { rows: p, columns: k } = network.items;
  let below = p;
  network.hidden.forEach((hidden: HiddenLayer, layer) => {
    assertObject(action, `hidden layer ${layer}`, hidden);
    const { weights, bias } = hidden;
    assertFinite(action, `the weights of hidden layer ${layer}`, weights, LARGEST_FACTOR);
    assertShape(
      action,
      `the weights of hidden layer ${layer} must have as many rows as there are inputs:`,
      weights.rows,
      below,
    );
    assertLength(action, `the bias of hidden layer ${layer}`, bias, weights.columns);
    below = weights.columns;
  });
  assertShape(
    action,
    "the last hidden layer must have as many units as items has columns:",
    below,
    k,
  );
  assertLength(action, "network.itemBias", network.itemBias, p);
  for (const affine of [network.affine?.users, network.affine?.items]) {
    assertLength(action, "a gain", affine?.gain ?? null, k);
    assertLength(action, "an offset", affine?.offset ?? null, k);
  }
}

/** Throws unless `x` is Interactions with the items of the network, and none is negative. */
export function assertInput(
  action: string,
  x: Interactions,
  items: number,
  name = "x",
): void {
  assertInteractions(action, name, x);
  if (x.items !== items) {
    throw new InputRangeError(
      `Cannot ${action}: ${name} must have the ${items} items of the network, it has ${x.items}`,
    );
  }
  assertCounts(action, x, name);
}

/** Throws where an interaction is negative: the multinomial likelihood takes them for counts. */
function assertCounts(action: string, x: Interactions, name = "x"): void {
  const negative = x.values?.find((value) => value < 0);
  if (negative !== undefined) {
    throw new InputRangeError(
      `Cannot ${action}: ${name} must have no negative values, one is ${negative}`,
    );
  }
}

function assertShape(action: string, what: string, actual: number, expected: number): void {
  if (actual === expected) return;
  throw new InputRangeError(`Cannot ${action}: ${what} ${expected}, current value is ${actual}`);
}

function assertLength(
  action: string,
  name: string,
  row: Float64Array | null,
  length: number,
): void {
  if (row === null) return;
  if (!(row instanceof Float64Array)) {
    throw new InputTypeError(`Cannot ${action}: ${name} must be a Float64Array or null`);
  }
  if (row.length !== length) {
    throw new InputRangeError(
      `Cannot ${action}: ${name} must have ${length} entries, it has ${row.length}`,
    );
  }
  assertNumbers(action, name, row, -LARGEST_FACTOR, LARGEST_FACTOR);
}

/** The most threads that a caller can ask for: as many as the largest machines have cores, since more do not help. */
const MOST_REQUESTED_THREADS = 256;

/** The number of threads to compute with; where it is not given, `threadsFor` decides by the work. */
export const threadCount: OptionCheck<number | undefined> = optional(
  integer(1, MOST_REQUESTED_THREADS),
);

/** The precision to compute in. */
export const precision = (fallback: Precision): OptionCheck<Precision> =>
  oneOf(["float32", "float64"], fallback);
