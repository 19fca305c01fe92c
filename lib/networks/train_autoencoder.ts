import seedrandom from "seedrandom";
import { InputRangeError, InputTypeError } from "../errors.ts";
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
  text,
} from "../check.ts";
import { assertHeldOut, type Estimate, rankingAccuracy } from "../evaluation/ranking.ts";
import type { Interactions } from "../interactions/interactions.ts";
import type { ThreadPool } from "../kernels/thread_pool.ts";
import { shuffle } from "../math/random.ts";
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
  startNetwork,
  threadCount,
  type Variable,
} from "./network.ts";
import type { Exports } from "./network_float32_wasm.ts";
import {
  assertWeightDecay,
  type HiddenNorms,
  hiddenNorms,
  networkPool,
  NetworkTape,
  networkThreads,
  type WeightDecay,
} from "./run_network.ts";
import { type Tape, UserBatches } from "./tape.ts";

/** A network after some epochs. */
export interface Epoch {
  /** How many epochs of training are done. 0 is the start. */
  epoch: number;
  /**
   * The loss in nats per user, averaged over the epoch's batches as they were trained on: with
   * dropout and penalties, and while the weights moved. At the start that of the first batch.
   */
  loss: number;
  /** NDCG@100 on the held-out items, or null where there are none. */
  ndcg: number | null;
  /** The standard error of its mean over the users. */
  ndcgError: number | null;
  /** The learned logarithm of what cosines are multiplied by, or null where scores are dot products. */
  logScale: number | null;
  /** The norms of the weights into and out of each unit, for each hidden layer. */
  norms: HiddenNorms[];
}

/** A network that was trained, and how. */
export interface AutoencoderTraining {
  /** The network of the best epoch. */
  network: Network;
  /** Which that is: the one of the highest NDCG@100, or the last one where nothing is held out. */
  bestEpoch: number;
  /** The start, and each epoch. */
  history: Epoch[];
}

/**
 * Trains an autoencoder of users' interactions by Adam on mini-batches: see {@linkcode Network}. At
 * 20,000 x 1,000 and k = 50 an epoch takes about half a second on two cores.
 *
 * The same seed gives the same digits, on every machine and for every number of threads.
 *
 * @param x The interactions X, n x p, all of at least 0.
 * @param options The network, its regularization, and how to train it.
 * @returns The best network, and the history of the training.
 * @throws {TypeError} If x is not an Interactions, or an option is of the wrong kind.
 * @throws {RangeError} If an option is out of bounds, x has negative values, validation is of other
 * items, or the loss diverges: the message names the step, and a smaller learning rate helps.
 *
 * @example
 * ```ts
 * import { simulateInteractions } from "cosine-lab";
 * import { holdOutItems, splitUsers } from "cosine-lab/evaluation";
 * import { trainAutoencoder } from "cosine-lab/networks";
 * import assert from "node:assert/strict";
 *
 * const { interactions } = simulateInteractions({ users: 400, items: 40 });
 * const { train, validation } = splitUsers(interactions, { validation: 50, test: 50, seed: "split" });
 * const { network, history, bestEpoch } = trainAutoencoder(train, {
 *   hidden: [8],
 *   dropout: 0.5,
 *   epochs: 30,
 *   learningRate: 0.01,
 *   batchSize: 50,
 *   validation: holdOutItems(validation, { share: 0.2, seed: "held out" }),
 *   patience: 5,
 * });
 * assert(history[bestEpoch].ndcg! > history[0].ndcg!);
 * assert.deepEqual([network.items.rows, network.items.columns], [40, 8]);
 * ```
 */
export function trainAutoencoder(
  x: Interactions,
  options: AutoencoderOptions,
): AutoencoderTraining {
  const all = completeOptions(x, options);
  const start = all.start ?? startNetwork({ items: x.items, ...all });
  // Every user is computed once forward and twice backward in every epoch.
  const threads = options.threads ?? networkThreads(start, 3 * x.users * all.epochs);
  using pool = networkPool(all.precision, threads);
  const run = new NetworkTape(pool, all.precision, start);
  const batches = new UserBatches(pool, run.tape.memory.bytes, x);
  const adam = new Adam(run.tape, run.parameters);
  const evaluate = validator(pool, run, all);
  const random = seedrandom.alea(`${all.seed}/batches`);
  const order = Uint32Array.from({ length: x.users }, (_, u) => u);
  const steps = Math.ceil(x.users / all.batchSize);
  const history: Epoch[] = [];
  let best: { network: Network; epoch: number; ndcg: number } | undefined;

  const record = (loss: number) => {
    const network = run.read();
    const ndcg = evaluate?.();
    const epoch = history.length;
    history.push({
      epoch,
      loss,
      ndcg: ndcg?.mean ?? null,
      ndcgError: ndcg?.standardError ?? null,
      logScale: network.logScale,
      norms: hiddenNorms(network),
    });
    if (best === undefined || ndcg === undefined || ndcg.mean > best.ndcg) {
      best = { network, epoch, ndcg: ndcg?.mean ?? 0 };
    }
    return best;
  };

  for (let epoch = 0, patient = true; epoch < all.epochs && patient; epoch++) {
    shuffle(order, random);
    let sum = 0;
    for (let step = 0; step < steps; step++) {
      const users = order.subarray(step * all.batchSize, (step + 1) * all.batchSize);
      const loss = computeGradient(run, batches, users, all, random.int32());
      if (!Number.isFinite(loss)) throw diverged(epoch * steps + step, all.learningRate);
      if (history.length === 0) record(loss);
      // Evaluating cleared the tape: only the gradient is left, and all that is needed.
      adam.step(all.learningRate);
      sum += loss * users.length;
      options.onProgress?.(epoch * steps + step + 1, all.epochs * steps);
    }
    const { epoch: bestEpoch } = record(sum / x.users);
    patient = history.length - 1 - bestEpoch < all.patience;
  }
  pool.release();
  return { network: best!.network, bestEpoch: best!.epoch, history };
}

/** Computes the loss of some users, and its gradient. */
function computeGradient(
  run: NetworkTape,
  batches: UserBatches,
  users: Uint32Array,
  { normalizeInput, dropout, weightDecay }: CompleteOptions,
  key: number,
): number {
  run.tape.begin();
  const batch = batches.take(users, { normalize: normalizeInput, dropout, key });
  const { scores } = run.forward(batch);
  run.tape.multinomialLoss(batch, scores);
  run.penalize(weightDecay);
  if (Number.isFinite(run.tape.loss)) run.tape.backward();
  return run.tape.loss;
}

/** What measures NDCG@100 with the parameters as they are, if items are held out. */
function validator(
  pool: ThreadPool<Exports>,
  run: NetworkTape,
  { validation, normalizeInput }: CompleteOptions,
): (() => Estimate) | undefined {
  if (validation === undefined) return undefined;
  const { given, heldOut } = validation;
  const batches = new UserBatches(pool, run.tape.memory.bytes, given);
  const size = 500;
  return () => {
    let first = -1;
    let scores: Float64Array = new Float64Array();
    return rankingAccuracy(
      (user, into) => {
        if (first < 0 || user >= first + size) {
          first = user;
          const count = Math.min(size, given.users - first);
          const users = Uint32Array.from({ length: count }, (_, r) => first + r);
          run.tape.begin();
          const batch = batches.take(users, { normalize: normalizeInput, dropout: 0, key: 0 });
          scores = run.tape.memory.entries(run.forward(batch).scores);
        }
        const at = (user - first) * given.items;
        into.set(scores.subarray(at, at + given.items));
      },
      given,
      heldOut,
    ).ndcgAt100;
  };
}

function diverged(step: number, learningRate: number): RangeError {
  return new InputRangeError(
    `Cannot train an autoencoder: the loss diverges at step ${step}, learningRate must be smaller ` +
      `than ${learningRate}`,
  );
}

/**
 * Makes the network that {@linkcode trainAutoencoder} starts from: random weights, uniform within
 * ±√(6 / (units below + units above)) (Glorot and Bengio, Understanding the difficulty of training
 * deep feedforward neural networks, 2010), biases and offsets 0, gains 1.
 *
 * @param x The interactions X, n x p.
 * @param options Those of the training; `hidden`, the architecture and `seed` matter.
 * @returns The network, untrained.
 * @throws As {@linkcode trainAutoencoder} does.
 *
 * @example
 * ```ts
 * import { Interactions } from "cosine-lab";
 * import { networkLoss, startAutoencoder, trainAutoencoder } from "cosine-lab/networks";
 * import assert from "node:assert/strict";
 *
 * const x = Interactions.fromDense([[1, 1, 0, 0], [0, 0, 1, 1]]);
 * const options = { hidden: [3], epochs: 5, precision: "float64" as const };
 * const start = startAutoencoder(x, options);
 * assert(networkLoss(trainAutoencoder(x, { ...options, start }).network, x) < networkLoss(start, x));
 * ```
 */
export function startAutoencoder(x: Interactions, options: AutoencoderOptions): Network {
  const complete = completeOptions(x, options);
  return startNetwork({ items: x.items, ...complete });
}

/** How many bytes of a parameter a thread takes at once. */
const CHUNK = 1 << 17;

/** Adam (Kingma and Ba, 2015) with its usual β₁ = 0.9 and β₂ = 0.999, on the parameters of a tape. */
class Adam {
  readonly #tape: Tape;
  readonly #parameters: readonly { parameter: Variable; mean: number; square: number }[];
  #meanLeft = 1;
  #squareLeft = 1;

  constructor(tape: Tape, parameters: readonly Variable[]) {
    this.#tape = tape;
    this.#parameters = parameters.map((parameter) => {
      const bytes = parameter.rows * parameter.width;
      const { pool } = tape;
      return { parameter, mean: pool.allocate(bytes), square: pool.allocate(bytes) };
    });
  }

  /** Changes every parameter by a step along its gradient. */
  step(learningRate: number): void {
    this.#meanLeft *= 0.9;
    this.#squareLeft *= 0.999;
    const rate = learningRate / (1 - this.#meanLeft);
    const correction = 1 / (1 - this.#squareLeft);
    for (const { parameter: { rows, width, value, gradient }, mean, square } of this.#parameters) {
      const all = rows * width;
      const where = [value, gradient, mean, square] as const;
      const chunks = Math.ceil(all / CHUNK);
      this.#tape.pool.run("adam", chunks, CHUNK, all, ...where, rate, correction);
    }
  }
}

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
  /** Training ends when NDCG@100 has not risen for this many epochs. @default {Infinity} */
  patience?: number;
  /** The network to start from, for instance one that was rescaled. @default {random weights} */
  start?: Network;
  /** The seed of the weights, of the order of users, and of dropout. @default {"start"} */
  seed?: string;
  /** The precision of all numbers. @default {"float32"} */
  precision?: Precision;
  /** How many threads compute; by default the work decides, as for all kernels (`threadsFor` in lib/kernels/thread_pool.ts). No result depends on it. */
  threads?: number;
  /** Called after each step with how many are done, and how many there will be at the most. */
  onProgress?: (done: number, total: number) => void;
}

/** The options with every default filled in. */
interface CompleteOptions
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
    patience: anything(Infinity),
    start: anything<Network | undefined>(),
    seed: text("start"),
    precision: precision("float32"),
    threads: threadCount,
    onProgress: callback,
  });
  // No result depends on these two.
  const { threads: _threads, onProgress: _onProgress, ...decisive } = all;
  const { hidden, activation, output, normalizeInput, validation, patience, start } = decisive;
  if (patience !== Infinity) assertInteger(action, "patience", patience, 1);
  if (!Array.isArray(hidden)) {
    throw new InputTypeError(
      `Cannot ${action}: hidden must be an array with the number of units of each hidden layer`,
    );
  }
  if (hidden.length === 0) {
    throw new InputRangeError(`Cannot ${action}: hidden must have at least one layer`);
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
    throw new InputRangeError(`Cannot ${action}: patience needs validation, which is not given`);
  }
  const layerNormalization = completeNormalization(action, all.layerNormalization);
  if (all.biases !== undefined) assertKnown(action, all.biases, ["hidden", "output"]);
  const biases = { hidden: true, output: output === "dot", ...all.biases };
  const architecture = { activation, output, layerNormalization, normalizeInput };
  if (start !== undefined) assertStart(action, start, { items: x.items, hidden, architecture });
  return {
    ...decisive,
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
    throw new InputRangeError(
      `Cannot ${action}: start must be a network of ${shape(items, hidden)}, it is of ${actual}`,
    );
  }
  for (const key of ["activation", "output", "normalizeInput", "layerNormalization"] as const) {
    const [given, wanted] = [start.architecture[key], architecture[key]].map(sortedJson);
    if (given === wanted) continue;
    throw new InputRangeError(
      `Cannot ${action}: ${key} of start must be ${wanted}, it is ${given}`,
    );
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
