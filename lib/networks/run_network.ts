import type { Matrix } from "ml-matrix";
import {
  anything,
  assertKnown,
  assertNumber,
  assertObject,
  type Checked,
  checkedOptions,
} from "../check.ts";
import type { Interactions } from "../interactions/interactions.ts";
import { kernelModule } from "../kernels/kernels.ts";
import { ThreadPool, threadsFor } from "../kernels/thread_pool.ts";
import { flatMatrix } from "../linalg/matrices.ts";
import {
  type Affine,
  assertInput,
  assertNetwork,
  type Network,
  type Precision,
  precision,
  threadCount,
  type Variable,
} from "./network.ts";
import float32Wasm, { type Exports } from "./network_float32_wasm.ts";
import float64Wasm from "./network_float64_wasm.ts";
import { Tape, type UserBatch, UserBatches } from "./tape.ts";

/** Options of what computes a network without training it. */
export interface NetworkRunOptions {
  /** @default {"float64"} */
  precision?: Precision;
  /** How many threads compute; by default the work decides, as for all kernels (`threadsFor` in lib/kernels/thread_pool.ts). No result depends on it. */
  threads?: number;
}

/** The table of checks of {@linkcode NetworkRunOptions}. */
export const RUN_OPTIONS = { precision: precision("float64"), threads: threadCount };

/** The options with every default filled in. */
export type RunOptions = Checked<typeof RUN_OPTIONS>;

/** How many users are computed at once. */
const BATCH = 512;

/**
 * Computes a network for all users, batch after batch.
 *
 * @param use What to do with each batch, and the number of its first user; it must copy what it keeps.
 */
export function runNetwork(
  action: string,
  network: Network,
  x: Interactions,
  { precision, threads }: RunOptions,
  use: (computed: Activations, first: number, run: NetworkTape, batch: UserBatch) => void,
): void {
  assertNetwork(action, network);
  assertInput(action, x, network.items.rows);
  using pool = networkPool(precision, threads ?? networkThreads(network, x.users));
  const run = new NetworkTape(pool, precision, network);
  const batches = new UserBatches(pool, run.tape.memory.bytes, x);
  const normalize = network.architecture.normalizeInput;
  for (let first = 0; first < x.users; first += BATCH) {
    const size = Math.min(BATCH, x.users - first);
    const users = Uint32Array.from({ length: size }, (_, r) => first + r);
    run.tape.begin();
    const batch = batches.take(users, { normalize, dropout: 0, key: 0 });
    use(run.forward(batch), first, run, batch);
  }
  pool.release();
}

/** λ of the penalties λ‖W‖², which are added to the loss of a user on average. */
export interface WeightDecay {
  /** For the weights of every hidden layer. @default {0} */
  encoder?: number;
  /** For the outgoing weights of the last one, the item embeddings. @default {0} */
  decoder?: number;
}

/** Options for {@linkcode networkLoss}. */
export interface NetworkLossOptions extends NetworkRunOptions {
  /** The penalties to add. @default {none} */
  weightDecay?: WeightDecay;
}

/**
 * Computes the loss that a network is trained on, without dropout: the negative multinomial
 * log-likelihood −Σ_i x_ui ln softmax(z_u)_i, averaged over the users (Liang et al., 2018, Eq. 2),
 * plus the weight decay.
 *
 * @param network The network.
 * @param x The interactions X, n x p, all of at least 0.
 * @param options The penalties, the precision, and how many threads compute.
 * @returns The loss, in nats per user.
 * @throws {TypeError} If the network or x is of another kind.
 * @throws {RangeError} If shapes do not fit each other, or a value of x or a penalty is negative.
 *
 * @example
 * ```ts
 * import { Interactions } from "cosine-lab";
 * import { networkLoss, trainAutoencoder } from "cosine-lab/networks";
 * import assert from "node:assert/strict";
 *
 * const x = Interactions.fromDense([[1, 1, 0, 0], [0, 0, 1, 1]]);
 * const { network } = trainAutoencoder(x, { hidden: [2], activation: "tanh", epochs: 400, learningRate: 0.05 });
 * // The least that two of four items can cost is 2 ln 2, what a user who likes both pays.
 * assert(networkLoss(network, x) < 2 * Math.log(2) + 0.01);
 * ```
 */
export function networkLoss(
  network: Network,
  x: Interactions,
  options: NetworkLossOptions = {},
): number {
  const all = checkedOptions("compute the loss", options, {
    ...RUN_OPTIONS,
    weightDecay: anything<WeightDecay | undefined>(),
  });
  const decay = assertWeightDecay("compute the loss", all.weightDecay);
  let sum = 0, penalty = 0;
  runNetwork("compute the loss", network, x, all, ({ scores }, _first, run, batch) => {
    run.tape.multinomialLoss(batch, scores);
    sum += run.tape.loss * batch.size;
    const before = run.tape.loss;
    run.penalize(decay);
    penalty = run.tape.loss - before;
  });
  return sum / x.users + penalty;
}

/** Checks the penalties, and fills in those that are not there. */
export function assertWeightDecay(
  action: string,
  weightDecay: WeightDecay = {},
): Required<WeightDecay> {
  assertObject(action, "weightDecay", weightDecay);
  assertKnown(action, weightDecay, ["encoder", "decoder"]);
  const { encoder = 0, decoder = 0 } = weightDecay;
  assertNumber(action, "weightDecay.encoder", encoder, 0);
  assertNumber(action, "weightDecay.decoder", decoder, 0);
  return { encoder, decoder };
}

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

/** How long the kernels take to add a product of a user's and an item's embedding, in nanoseconds. */
const PRODUCT_NS = 0.3;

/**
 * How many threads are worth it by default.
 *
 * @param passes How many users the network is computed for, each as often as it is.
 */
export function networkThreads({ items }: Network, passes: number): number {
  return threadsFor(passes * items.rows * items.columns * PRODUCT_NS);
}

/** Starts a pool with the kernels of a precision. */
export function networkPool(precision: Precision, threads: number): ThreadPool<Exports> {
  return new ThreadPool(kernelModule(precision === "float64" ? float64Wasm : float32Wasm), threads);
}

/** What a network computes of a batch. */
export interface Activations {
  /** Each hidden layer, users x units. */
  hidden: Variable[];
  /** The embeddings as they enter the product. */
  users: Variable;
  items: Variable;
  /** Users x items. */
  scores: Variable;
}

/** The parameters of a network on a tape, and what is computed with them. */
export class NetworkTape {
  readonly tape: Tape;
  /** All parameters, in a fixed order. */
  readonly parameters: Variable[] = [];
  readonly #network: Network;
  readonly #hidden: { weights: Variable; bias: Variable | null }[];
  readonly #items: Variable;
  readonly #itemBias: Variable | null;
  readonly #affine: Record<"users" | "items", { gain: Variable; offset: Variable } | null>;
  readonly #logScale: Variable | null;

  constructor(pool: ThreadPool<Exports>, precision: Precision, network: Network) {
    this.tape = new Tape(pool, precision);
    this.#network = network;
    this.#hidden = network.hidden.map(({ weights, bias }) => ({
      weights: this.#matrix(weights),
      bias: this.#row(bias),
    }));
    this.#items = this.#matrix(network.items);
    this.#itemBias = this.#row(network.itemBias);
    const affine = (a: Affine | null) =>
      a && { gain: this.#row(a.gain)!, offset: this.#row(a.offset)! };
    this.#affine = {
      users: affine(network.affine.users),
      items: affine(network.affine.items),
    };
    this.#logScale = this.#row(network.logScale === null ? null : [network.logScale]);
  }

  /** Computes the scores of a batch; the tape must have been cleared. */
  forward(batch: UserBatch): Activations {
    const { tape } = this;
    const { activation, output, layerNormalization } = this.#network.architecture;
    const hidden: Variable[] = [];
    for (const { weights, bias } of this.#hidden) {
      const below = hidden.at(-1);
      let h = below === undefined ? tape.gather(batch, weights) : tape.product(below, weights);
      if (bias !== null) h = tape.addRow(h, bias);
      hidden.push(activation === "linear" ? h : tape.activate(h, activation));
    }
    const embed = (side: "users" | "items", x: Variable) => {
      if (layerNormalization[side]) {
        x = tape.normalizeRows(x, "zero mean, unit variance");
        const affine = this.#affine[side];
        if (affine !== null) x = tape.addRow(tape.scaleColumns(x, affine.gain), affine.offset);
      }
      return output === "cosine" ? tape.normalizeRows(x, "unit length") : x;
    };
    const users = embed("users", hidden.at(-1)!);
    const items = embed("items", this.#items);
    const scaled = this.#logScale === null ? users : tape.temper(users, this.#logScale);
    const scores = tape.productTransposed(scaled, items);
    if (this.#itemBias !== null) tape.addRow(scores, this.#itemBias);
    return { hidden, users, items, scores };
  }

  /** Adds λ‖W‖² for the weights of all hidden layers and for the outgoing weights to the loss. */
  penalize({ encoder, decoder }: { encoder: number; decoder: number }): void {
    if (encoder > 0) {
      for (const { weights } of this.#hidden) {
        this.tape.penalty(weights, encoder);
      }
    }
    if (decoder > 0) this.tape.penalty(this.#items, decoder);
  }

  /** The network with the parameters as they are now, or with the gradient in their place. */
  read(what: "value" | "gradient" = "value"): Network {
    const row = (v: Variable | null) => v && this.tape.memory.entries(v, what);
    const matrix = (v: Variable): Matrix =>
      flatMatrix(this.tape.memory.entries(v, what), v.columns);
    const affine = (side: "users" | "items") => {
      const a = this.#affine[side];
      return a && { gain: row(a.gain)!, offset: row(a.offset)! };
    };
    return {
      architecture: this.#network.architecture,
      hidden: this.#hidden.map(({ weights, bias }) => ({
        weights: matrix(weights),
        bias: row(bias),
      })),
      items: matrix(this.#items),
      itemBias: row(this.#itemBias),
      affine: { users: affine("users"), items: affine("items") },
      logScale: this.#logScale && this.tape.memory.entries(this.#logScale, what)[0],
    };
  }

  #row(entries: ArrayLike<number> | null): Variable | null {
    return entries && this.#keep(1, entries.length, entries);
  }

  #matrix(m: Matrix): Variable {
    return this.#keep(m.rows, m.columns, m.to1DArray());
  }

  #keep(rows: number, columns: number, entries: ArrayLike<number>): Variable {
    const variable = this.tape.parameter(rows, columns, entries);
    this.parameters.push(variable);
    return variable;
  }
}
