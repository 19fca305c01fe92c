import { shuffle } from "../statistics/shuffle.ts";
import { Matrix } from "ml-matrix";
import seedrandom from "seedrandom";
import type { Interactions } from "../interactions/interactions.ts";
import { aliasTable } from "./alias_table.ts";
import { noiseDistribution } from "./noise_distribution.ts";
import { SkipGramMemory } from "./skip_gram_memory.ts";
import { contextCounts, type SkipGramOptions, skipGramOptions } from "./skip_gram_options.ts";

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
 * @throws {TypeError} If x is no Interactions, or an option of the wrong kind.
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
  const all = skipGramOptions(x, options);
  const { rank, epochs, contexts, negatives, noiseExponent, learningRate, onProgress } = all;
  const counts = contextCounts("train", x);
  const { thresholds, aliases } = aliasTable(noiseDistribution(counts, noiseExponent));
  const random = seedrandom.alea(all.seed);
  const memory = new SkipGramMemory(x.items, rank, negatives);
  const { crew, bytes, input, output, scratch } = memory;
  const start = new Matrix(x.items, rank);
  memory.write(input, start.apply((i, j) => start.set(i, j, (random() - 0.5) / rank)));
  crew.call("seed", random.int32() >>> 0, random.int32() >>> 0);
  const order = Uint32Array.from({ length: x.users }, (_, u) => u);
  const orderAt = crew.place(order);
  const data = [orderAt, crew.place(x.rowStarts), crew.place(x.columnIndices)] as const;
  const what = [contexts, negatives, x.items, bytes, input, output] as const;
  const noise = [crew.place(thresholds), crew.place(aliases), scratch] as const;
  const total = epochs * contexts * counts.reduce((sum, count) => sum + count, 0);
  const fall = learningRate * (1 - LAST_RATE) / total;
  const losses: SkipGram["losses"] = [];
  let pairs = 0;
  onProgress?.(0, total);
  for (let epoch = 0; epoch < epochs; epoch++) {
    shuffle(order, random);
    crew.uint32(orderAt, order.length).set(order);
    for (let stretch = 0; stretch < STRETCHES; stretch++) {
      const [from, to] = [stretch, stretch + 1].map((s) => Math.floor(s * x.users / STRETCHES));
      const done = contexts * pairedInteractions(x, order.subarray(from, to));
      if (done === 0) continue;
      const rates = [learningRate - fall * pairs, fall] as const;
      const loss = crew.call("trainUsers", from, to, ...data, ...what, ...noise, ...rates) / done;
      pairs += done;
      if (!Number.isFinite(loss)) {
        throw new RangeError(
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
