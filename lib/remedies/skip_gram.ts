import { Matrix } from "ml-matrix";
import seedrandom from "seedrandom";
import { InputRangeError } from "../errors.ts";
import { callback, checkedOptions, integer, number, text } from "../check.ts";
import { exp, log1p } from "../math/elementary.ts";
import { assertInteractions, type Interactions } from "../interactions/interactions.ts";
import { ThreadPool } from "../kernels/thread_pool.ts";
import { rowArrays, rowProducts } from "../linalg/matrices.ts";
import { assertEmbeddings } from "../solvers/embeddings.ts";
import { shuffle } from "../math/random.ts";
import { cooccurrenceCounts, NOISE_EXPONENT, noiseDistribution } from "./pmi.ts";
import skipGramWasm, { type Exports } from "./skip_gram_wasm.ts";

/** What skip-gram with negative sampling learns. */
export interface SkipGramVectors {
  /** W, the input vectors, p x k: the embeddings of the items. */
  inputs: Matrix;
  /** C, the output or context vectors, p x k. */
  outputs: Matrix;
}

/** Vectors that were trained, and how. */
export interface SkipGram extends SkipGramVectors {
  /** How many (item, context) pairs there were steps for. */
  pairs: number;
  /** The mean loss of a pair over each stretch of the training, and the pairs done at its end. */
  losses: { pairs: number; loss: number }[];
}

/** How many times an epoch is interrupted to tell of the progress. */
const STRETCHES = 20;

/** What the learning rate falls to, as a share of where it starts: that of word2vec. */
const LAST_RATE = 1e-4;

/**
 * Trains skip-gram with negative sampling on the users' sets of items: word2vec (Mikolov, Sutskever,
 * Chen, Corrado and Dean, Distributed representations of words and phrases and their
 * compositionality, 2013) with sets in place of windows, which is item2vec (Barkan and Koenigstein,
 * 2016).
 *
 * Each interaction of a user is paired with `contexts` other items of the same user, drawn at random; for
 * each pair (i, j) a gradient step is taken on −log σ(⟨wᵢ, cⱼ⟩) − Σ log σ(−⟨wᵢ, c_m⟩) with negatives m
 * drawn with probabilities proportional to popularity^β. Inputs start uniformly within ±1/(2k), outputs
 * at 0. Users come in a new random order in each epoch; values of the interactions play no role.
 *
 * The loss ({@linkcode skipGramLoss}) depends on WCᵀ alone: WM and CM⁻ᵀ are as good for any invertible
 * M, so that the cosines of W are arbitrary like those of Eq. 1: which of them is found is decided by the
 * start and by the noise of the steps.
 *
 * In single precision and on one thread; the same seed gives the same bits on every machine. A pair with
 * k = 50 and five negatives takes a third of a microsecond or so.
 *
 * @param x The interactions X, n x p.
 * @param options The loss, the rank, and how long to train.
 * @returns Input and output vectors, with the losses on the way.
 * @throws {TypeError} If x is not an Interactions, or an option of the wrong kind.
 * @throws {RangeError} If an option is out of bounds, no user has two items, or the training
 * diverges: a smaller learning rate helps.
 *
 * @example
 * ```ts
 * import { Interactions } from "cosine-lab";
 * import { trainSkipGram } from "cosine-lab/remedies";
 * import assert from "node:assert/strict";
 *
 * // Items 0 and 1 are always together, 0 and 2 never.
 * const x = Interactions.fromDense([[1, 1, 0, 0], [0, 0, 1, 1], [1, 1, 0, 0], [0, 0, 1, 1]]);
 * const { inputs, outputs } = trainSkipGram(x, { rank: 4, negatives: 1, epochs: 2_000 });
 * const scores = inputs.mmul(outputs.transpose());
 * assert(scores.get(0, 1) > 1 && scores.get(0, 2) < -1);
 * ```
 */
export function trainSkipGram(x: Interactions, options: SkipGramOptions = {}): SkipGram {
  assertInteractions("train", "x", x);
  const all = checkedOptions("train", options, TRAINING_OPTIONS);
  const { rank, epochs, contexts, negatives, noiseExponent, learningRate, onProgress } = all;
  const counts = contextCounts("train", x);
  const { thresholds, aliases } = aliasTable(noiseDistribution(counts, noiseExponent));
  const random = seedrandom.alea(all.seed);
  const memory = new SkipGramMemory(x.items, rank, negatives);
  const { pool, bytes, input, output, scratch } = memory;
  const start = new Matrix(x.items, rank);
  memory.write(input, start.apply((i, j) => start.set(i, j, (random() - 0.5) / rank)));
  pool.call("seed", random.int32() >>> 0, random.int32() >>> 0);
  const order = Uint32Array.from({ length: x.users }, (_, u) => u);
  const orderAt = pool.place(order);
  const data = [orderAt, pool.place(x.rowStarts), pool.place(x.columnIndices)] as const;
  const what = [contexts, negatives, x.items, bytes, input, output] as const;
  const noise = [pool.place(thresholds), pool.place(aliases), scratch] as const;
  const total = epochs * contexts * counts.reduce((sum, count) => sum + count, 0);
  const fall = learningRate * (1 - LAST_RATE) / total;
  const losses: SkipGram["losses"] = [];
  let pairs = 0;
  onProgress?.(0, total);
  for (let epoch = 0; epoch < epochs; epoch++) {
    shuffle(order, random);
    pool.uint32(orderAt, order.length).set(order);
    for (let stretch = 0; stretch < STRETCHES; stretch++) {
      const [from, to] = [stretch, stretch + 1].map((s) => Math.floor(s * x.users / STRETCHES));
      const done = contexts * pairedInteractions(x, order.subarray(from, to));
      if (done === 0) continue;
      const rates = [learningRate - fall * pairs, fall] as const;
      const loss = pool.call("trainUsers", from, to, ...data, ...what, ...noise, ...rates) / done;
      pairs += done;
      if (!Number.isFinite(loss)) {
        throw new InputRangeError(
          `Cannot train: the loss diverges after ${pairs} pairs, ` +
            `learningRate must be smaller than ${learningRate}`,
        );
      }
      losses.push({ pairs, loss });
      onProgress?.(pairs, total);
    }
  }
  return { inputs: memory.read(input), outputs: memory.read(output), pairs, losses };
}

/** How many interactions some users have that have another one beside it. */
function pairedInteractions({ rowStarts }: Interactions, users: Uint32Array): number {
  return users.reduce((sum, u) => {
    const count = rowStarts[u + 1] - rowStarts[u];
    return sum + (count > 1 ? count : 0);
  }, 0);
}

/**
 * Evaluates the loss that {@linkcode trainSkipGram} descends: the expectation over (item, context)
 * pairs and their negatives,
 *
 * −Σᵢⱼ P(i, j)·log σ(⟨wᵢ, cⱼ⟩) − κ·Σᵢⱼ P(i)·q(j)·log σ(−⟨wᵢ, cⱼ⟩),
 *
 * with P(i, j) from {@linkcode cooccurrenceCounts}, κ negatives and q ∝ popularity^β. Not sampled:
 * exact to rounding. It depends on WCᵀ alone, and without a bound on the rank it is least where
 * ⟨wᵢ, cⱼ⟩ = log(P(i, j) / (P(i)·q(j))) − log κ: the shifted pointwise mutual information (Levy and
 * Goldberg, Neural word embedding as implicit matrix factorization, 2014). Takes O(p²k), and the counts.
 *
 * @param x The interactions X, n x p.
 * @param vectors W and C, p x k.
 * @param options κ and β.
 * @returns The mean loss of a pair, in nats.
 * @throws {TypeError} If x is not an Interactions, vectors is not a pair of matrices, or an option of the wrong
 * kind.
 * @throws {RangeError} If W and C have not a row for each item, an option is out of bounds, or no user
 * has two items.
 *
 * @example
 * ```ts
 * import { Interactions } from "cosine-lab";
 * import { skipGramLoss } from "cosine-lab/remedies";
 * import { Matrix } from "ml-matrix";
 * import assert from "node:assert/strict";
 *
 * const x = Interactions.fromDense([[1, 1], [1, 1]]);
 * const zeros = { inputs: Matrix.zeros(2, 1), outputs: Matrix.zeros(2, 1) };
 * assert(Math.abs(skipGramLoss(x, zeros, { negatives: 3 }) - 4 * Math.log(2)) < 1e-12);
 * ```
 */
export function skipGramLoss(
  x: Interactions,
  vectors: SkipGramVectors,
  options: NegativeSamplingOptions = {},
): number {
  const action = "evaluate the loss";
  assertInteractions(action, "x", x);
  const { negatives, noiseExponent } = checkedOptions(action, options, LOSS_OPTIONS);
  assertEmbeddings(action, { A: vectors?.inputs, B: vectors?.outputs }, x.items);
  const popularity = contextCounts(action, x);
  const noise = noiseDistribution(popularity, noiseExponent);
  const scores = rowArrays(rowProducts(rowArrays(vectors.inputs), rowArrays(vectors.outputs)));
  const counts = rowArrays(cooccurrenceCounts(x));
  let loss = 0;
  scores.forEach((row, i) => {
    for (let j = 0; j < row.length; j++) {
      loss += counts[i][j] * softplus(-row[j]);
      loss += negatives * popularity[i] * noise[j] * softplus(row[j]);
    }
  });
  return loss / popularity.reduce((sum, count) => sum + count, 0);
}

/** log(1 + e^s) = −log σ(−s), without overflow. */
function softplus(s: number): number {
  return Math.max(s, 0) + log1p(exp(-Math.abs(s)));
}

/** What the loss of skip-gram with negative sampling depends on. */
export interface NegativeSamplingOptions {
  /** How many negatives are drawn for each (item, context) pair, at most 100. @default {5} */
  negatives?: number;
  /**
   * β: negatives are drawn with probabilities proportional to popularity^β. 0 is uniform, 1 is as the
   * items occur.
   *
   * @default {0.75}
   */
  noiseExponent?: number;
}

/** Options for {@linkcode trainSkipGram}. */
export interface SkipGramOptions extends NegativeSamplingOptions {
  /** k, the number of latent dimensions. @default {50} */
  rank?: number;
  /** How often to go through all users. @default {4} */
  epochs?: number;
  /** How many contexts to draw for each interaction in an epoch. @default {1} */
  contexts?: number;
  /** The learning rate of the first pair; it falls linearly, to 0.0001 of it. @default {0.025} */
  learningRate?: number;
  /** The seed of the start, of the order of the users and of what is drawn. @default {"skip-gram"} */
  seed?: string;
  /** Called now and then with the number of pairs done and of those to do. */
  onProgress?: (done: number, total: number) => void;
}

const LOSS_OPTIONS = {
  negatives: integer(1, 100, 5),
  noiseExponent: number(-10, 10, NOISE_EXPONENT),
};

const TRAINING_OPTIONS = {
  ...LOSS_OPTIONS,
  rank: integer(1, Infinity, 50),
  epochs: integer(1, Infinity, 4),
  contexts: integer(1, 2 ** 31 - 1, 1),
  learningRate: number({ above: 0 }, Infinity, 0.025),
  seed: text("skip-gram"),
  onProgress: callback,
};

/**
 * How often each item occurs in the set of a user that has at least two, so that there is a pair.
 *
 * @throws {RangeError} If there is no such user.
 */
function contextCounts(action: string, x: Interactions): Float64Array {
  const counts = new Float64Array(x.items);
  for (let u = 0; u < x.users; u++) {
    const [start, end] = [x.rowStarts[u], x.rowStarts[u + 1]];
    if (end - start < 2) continue;
    for (let t = start; t < end; t++) counts[x.columnIndices[t]]++;
  }
  if (counts.every((count) => count === 0)) {
    throw new InputRangeError(`Cannot ${action}: x must have a user with at least two items`);
  }
  return counts;
}

/**
 * The input and the output vectors in the memory of the kernel, as rows of f32 that are padded to a
 * multiple of eight.
 */
export class SkipGramMemory {
  readonly pool: ThreadPool<Exports> = new ThreadPool(skipGramWasm, 1);
  readonly input: number;
  readonly output: number;
  /** Bytes of a row. */
  readonly bytes: number;
  readonly #scratch: number;

  /**
   * @param items p, the number of rows.
   * @param rank k, the numbers of a row.
   * @param negatives How many there are to a pair at most.
   */
  constructor(readonly items: number, readonly rank: number, negatives: number) {
    this.bytes = Math.ceil(rank / 8) * 32;
    this.input = this.pool.allocate(items * this.bytes);
    this.output = this.pool.allocate(items * this.bytes);
    this.#scratch = this.pool.allocate(2 * 4 * (negatives + 4));
  }

  /** Room for the targets of a pair and their coefficients. */
  get scratch(): number {
    return this.#scratch;
  }

  /** Writes vectors, rounded to f32. */
  write(at: number, vectors: Matrix): void {
    const room = this.#floats(at);
    rowArrays(vectors).forEach((row, i) => room.set(row, i * this.bytes / 4));
  }

  /** Reads vectors, p x k. */
  read(at: number): Matrix {
    const room = this.#floats(at);
    const vectors = new Matrix(this.items, this.rank);
    rowArrays(vectors).forEach((row, i) => {
      for (let j = 0; j < row.length; j++) row[j] = room[i * this.bytes / 4 + j];
    });
    return vectors;
  }

  #floats(at: number): Float32Array {
    const { buffer } = this.pool.uint32(at, 1);
    return new Float32Array(buffer, at, this.items * this.bytes / 4);
  }
}

/** A distribution in a form that is drawn from in constant time: {@linkcode aliasTable}. */
interface AliasTable {
  /** The share of each column that is its own, of 2³². */
  thresholds: Uint32Array;
  /** Whose the rest of each column is. */
  aliases: Uint32Array;
}

/**
 * Builds Walker's alias table of a distribution (Walker, 1977; Vose, 1991): draw one of its p columns
 * uniformly, and then its own index or its alias.
 *
 * @param probabilities At least one, adding up to 1.
 * @returns The table; each probability is met to 2⁻³²/p.
 *
 * @example
 * ```ts
 * import { aliasTable } from "./skip_gram.ts";
 * import assert from "node:assert/strict";
 *
 * const { thresholds, aliases } = aliasTable(Float64Array.of(0.25, 0.75));
 * assert.deepEqual([thresholds[0], aliases[0]], [2 ** 31, 1]);
 * ```
 */
export function aliasTable(probabilities: Float64Array): AliasTable {
  const p = probabilities.length;
  // A column that is all its own has itself for an alias, and needs no threshold of 2³².
  const thresholds = new Uint32Array(p).fill(0xffffffff);
  const aliases = new Uint32Array(p).map((_, i) => i);
  const heights = probabilities.map((probability) => probability * p);
  const low: number[] = [], high: number[] = [];
  heights.forEach((height, i) => (height < 1 ? low : high).push(i));
  while (low.length > 0 && high.length > 0) {
    const short = low.pop()!, tall = high[high.length - 1];
    thresholds[short] = Math.min(0xffffffff, Math.round(heights[short] * 2 ** 32));
    aliases[short] = tall;
    heights[tall] -= 1 - heights[short];
    if (heights[tall] < 1) low.push(high.pop()!);
  }
  return { thresholds, aliases };
}
