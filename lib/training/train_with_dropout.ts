import { Matrix } from "ml-matrix";
import seedrandom from "seedrandom";
import { assertInteger } from "../check/assert_integer.ts";
import { assertNumber } from "../check/assert_number.ts";
import { assertKnown } from "../check/assert_known.ts";
import { assertString } from "../check/assert_string.ts";
import { assertInteractions } from "../interactions/assert_interactions.ts";
import type { Interactions } from "../interactions/interactions.ts";
import { rowArrays } from "../linalg/row_arrays.ts";
import type { Embeddings } from "../solvers/embeddings.ts";
import { randomNormal } from "../statistics/random_normal.ts";
import { optimizers } from "./optimizers.ts";

/** Options for {@linkcode trainWithDropout}. */
export interface DropoutTrainingOptions {
  /** q, the probability that an entry of the input is dropped, below 1. */
  rate: number;
  /** k, the number of latent dimensions, between 1 and p. */
  rank: number;
  /** How many steps to take, each with entries dropped anew. @default {5000} */
  steps?: number;
  /** The learning rate of Adam at the start; it falls linearly to 0. @default {0.02} */
  learningRate?: number;
  /** The standard deviation of the entries of A and B at the start. @default {0.3} */
  startScale?: number;
  /** The seed of the start, and of what is dropped. @default {"start"} */
  seed?: string;
}

/**
 * Trains a linear autoencoder X ≈ X̃ABᵀ the way networks are trained with dropout: by Adam on the
 * plain squared error, without a penalty, where X̃ is X with each entry dropped with probability q, anew
 * in every step, and the others divided by 1 − q. All users are in each step.
 *
 * @param x The interactions X, n x p.
 * @param options The rate of dropout, the rank, and how to train.
 * @returns A and B, p x k, at the end.
 * @throws {TypeError} If x is not an Interactions, or an option is of the wrong kind.
 * @throws {RangeError} If an option is out of bounds.
 *
 * @example
 * ```ts
 * import { type Embeddings, Interactions } from "cosine-lab";
 * import { dropoutEmbeddings, dropoutLoss, trainWithDropout } from "cosine-lab/training";
 * import assert from "node:assert/strict";
 *
 * const x = Interactions.fromDense([[1, 1, 0], [0, 1, 1], [1, 0, 1], [1, 1, 1]]);
 * const options = { rate: 0.3, rank: 2 };
 * const loss = (e: Embeddings) => dropoutLoss(x, e, { rate: options.rate });
 * const trained = loss(trainWithDropout(x, options));
 * assert(trained < 1.01 * loss(dropoutEmbeddings(x, options)));
 * ```
 */
export function trainWithDropout(x: Interactions, options: DropoutTrainingOptions): Embeddings {
  const action = "train with dropout";
  assertInteractions(action, "x", x);
  assertKnown(action, options, ["rate", "rank", "steps", "learningRate", "startScale", "seed"]);
  const { rate, rank: k, seed = "start" } = options;
  const { steps = 5000, learningRate = 0.02, startScale = 0.3 } = options;
  assertNumber(action, "rate", rate, 0, 1);
  if (rate === 1) {
    throw new RangeError(`Cannot ${action}: rate must be below 1, current value is 1`);
  }
  assertInteger(action, "rank", k, 1, x.items);
  assertInteger(action, "steps", steps, 1);
  assertNumber(action, "learningRate", learningRate, { above: 0 });
  assertNumber(action, "startScale", startScale, { above: 0 });
  assertString(action, "seed", seed);
  const half = x.items * k;
  const random = seedrandom.alea(seed);
  const normal = randomNormal(random, { deviation: startScale });
  const parameters = Float64Array.from({ length: 2 * half }, () => normal());
  const gradient = new Float64Array(2 * half);
  const step = optimizers.adam({ learningRate, parameters: 2 * half, maxSteps: steps });
  const factors = () => ({
    A: Matrix.from1DArray(x.items, k, parameters.slice(0, half)),
    B: Matrix.from1DArray(x.items, k, parameters.slice(half)),
  });
  for (let count = 0; count < steps; count++) {
    const { A, B } = factors();
    const { input, cross } = dropped(x, rate, random);
    const ga = input.mmul(A);
    gradient.set(ga.mmul(B.transpose().mmul(B)).sub(cross.mmul(B)).mul(2).to1DArray());
    const byB = B.mmul(A.transpose().mmul(ga)).sub(cross.transpose().mmul(A)).mul(2);
    gradient.set(byB.to1DArray(), half);
    step(parameters, gradient, 1);
  }
  if (!parameters.every(Number.isFinite)) {
    throw new RangeError(
      `Cannot ${action}: it diverges with learningRate ${learningRate} and startScale ${startScale}`,
    );
  }
  return factors();
}

/** X̃ᵀX̃ and X̃ᵀX for one draw of X̃. */
function dropped(x: Interactions, rate: number, random: () => number) {
  const [input, cross] = [new Matrix(x.items, x.items), new Matrix(x.items, x.items)];
  const [inputRows, crossRows] = [rowArrays(input), rowArrays(cross)];
  for (let u = 0; u < x.users; u++) {
    const kept: number[] = [];
    for (let t = x.rowStarts[u]; t < x.rowStarts[u + 1]; t++) if (random() >= rate) kept.push(t);
    const value = (t: number) => x.values === null ? 1 : x.values[t];
    for (const t of kept) {
      const weight = value(t) / (1 - rate);
      const item = x.columnIndices[t];
      for (const other of kept) {
        inputRows[item][x.columnIndices[other]] += weight * value(other) / (1 - rate);
      }
      for (let other = x.rowStarts[u]; other < x.rowStarts[u + 1]; other++) {
        crossRows[item][x.columnIndices[other]] += weight * value(other);
      }
    }
  }
  return { input, cross };
}
