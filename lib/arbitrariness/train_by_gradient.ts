import { Matrix } from "ml-matrix";
import seedrandom from "seedrandom";
import type { Interactions } from "../interactions/interactions.ts";
import { assertInteger } from "../linalg/assert_integer.ts";
import { assertNumber } from "../linalg/assert_number.ts";
import { gram } from "../linalg/gram.ts";
import type { Embeddings } from "../solvers/embeddings.ts";

/** Options for {@linkcode trainByGradient}. */
export interface GradientOptions {
  /** Which objective to minimize: Eq. 1 or Eq. 2. */
  objective: "denoising" | "weightDecay";
  /** λ ≥ 0, the weight of the regularization. */
  lambda: number;
  /** k, the number of latent dimensions. */
  rank: number;
  /** The size of the random entries to start from, by those of a unit vector. @default {1} */
  scale?: number;
  /** How many steps to take. @default {1500} */
  steps?: number;
  /** Where to start from. @default {"cosine-lab"} */
  seed?: string;
  /** Called some hundred times with how many of the steps are done. */
  onProgress?: (done: number, total: number) => void;
}

/**
 * Trains embeddings as deep models are: from a random start, by gradient steps (Adam, with a
 * learning rate that falls to zero). Uses the whole of X in each step, by its Gram matrix G:
 *
 *     Eq. 1:  ∂A/2 = −GB + (GA + λA)·BᵀB,   ∂B/2 = −GA + B·(AᵀGA + λAᵀA)
 *     Eq. 2:  ∂A/2 = −GB + GA·(BᵀB + λI),   ∂B/2 = −GA + B·(AᵀGA + λI)
 *
 * The solution of Eq. 1 that it ends in depends on the start: nothing in the objective decides
 * between AM and BM⁻ᵀ. For the exact solutions see {@linkcode denoisingEmbeddings} and
 * {@linkcode weightDecayEmbeddings}.
 *
 * @param x The interactions X, n x p.
 * @param options The objective, λ, k, and where to start.
 * @returns A and B, p x k; the same for the same seed, to the last digit.
 * @throws {TypeError} If an option is no number.
 * @throws {RangeError} If an option is out of bounds.
 *
 * @example
 * ```ts
 * import { Interactions, trainByGradient, weightDecayLoss } from "cosine-lab";
 * import assert from "node:assert/strict";
 *
 * const x = Interactions.fromDense([[1, 1, 0], [1, 1, 0], [0, 1, 1]]);
 * const e = trainByGradient(x, { objective: "weightDecay", lambda: 0.5, rank: 2 });
 * assert(weightDecayLoss(x, e, 0.5) < 3.3);
 * ```
 */
export function trainByGradient(x: Interactions, options: GradientOptions): Embeddings {
  const { objective, lambda, rank, scale = 1, steps = 1500, seed = "cosine-lab" } = options;
  assertNumber("train", "lambda", lambda, 0);
  assertInteger("train", "rank", rank, 1, x.items);
  assertNumber("train", "scale", scale, Number.MIN_VALUE);
  assertInteger("train", "steps", steps, 1);
  if (objective !== "denoising" && objective !== "weightDecay") {
    throw new RangeError(
      `Cannot train: objective must be "denoising" or "weightDecay", current value is "${objective}"`,
    );
  }
  const random = seedrandom.alea(seed);
  // In units of X in which ‖X‖ = 1, solutions of both objectives have entries like unit vectors.
  const G = gram(x);
  const norm = Math.sqrt(G.trace());
  if (norm > 0) G.div(norm * norm);
  const weight = lambda / Math.max(norm, Number.MIN_VALUE) ** (objective === "denoising" ? 2 : 1);
  const gradients = objective === "denoising" ? denoisingGradients : weightDecayGradients;
  const start = scale / Math.sqrt(x.items);
  const draw = () =>
    new Matrix(
      Array.from({ length: x.items }, () =>
        Array.from({ length: rank }, () => start * (2 * random() - 1) * Math.sqrt(3))),
    );
  const A = draw(), B = draw();
  const moveA = adam(A), moveB = adam(B);
  const every = Math.ceil(steps / 100);
  for (let step = 1; step <= steps; step++) {
    const { dA, dB } = gradients(G, A, B, weight);
    const rate = FIRST_RATE / Math.sqrt(x.items) * (1 - (step - 1) / steps);
    moveA(dA, rate, step);
    moveB(dB, rate, step);
    if (step % every === 0 || step === steps) options.onProgress?.(step, steps);
  }
  return objective === "denoising"
    ? { A, B }
    : { A: A.div(Math.sqrt(norm)), B: B.mul(Math.sqrt(norm)) };
}

/** The first step of an entry, by that of a unit vector. */
const FIRST_RATE = 0.05;

function denoisingGradients(G: Matrix, A: Matrix, B: Matrix, lambda: number) {
  const GA = G.mmul(A);
  const penalized = Matrix.add(GA, Matrix.mul(A, lambda));
  return {
    dA: Matrix.sub(penalized.mmul(B.transpose().mmul(B)), G.mmul(B)),
    dB: Matrix.sub(B.mmul(A.transpose().mmul(penalized)), GA),
  };
}

function weightDecayGradients(G: Matrix, A: Matrix, B: Matrix, lambda: number) {
  const GA = G.mmul(A);
  const penalty = Matrix.eye(A.columns).mul(lambda);
  return {
    dA: Matrix.sub(GA.mmul(B.transpose().mmul(B).add(penalty)), G.mmul(B)),
    dB: Matrix.sub(B.mmul(A.transpose().mmul(GA).add(penalty)), GA),
  };
}

/** Adam (Kingma and Ba, 2015) on a matrix, which it changes. */
function adam(parameters: Matrix): (gradient: Matrix, rate: number, step: number) => void {
  const { rows, columns } = parameters;
  const first = new Float64Array(rows * columns), second = new Float64Array(rows * columns);
  return (gradient, rate, step) => {
    for (let i = 0, at = 0; i < rows; i++) {
      for (let c = 0; c < columns; c++, at++) {
        const g = gradient.get(i, c);
        first[at] = 0.9 * first[at] + 0.1 * g;
        second[at] = 0.999 * second[at] + 0.001 * g * g;
        if (second[at] === 0) continue;
        const mean = first[at] / (1 - 0.9 ** step);
        const size = Math.sqrt(second[at] / (1 - 0.999 ** step));
        parameters.set(i, c, parameters.get(i, c) - rate * mean / size);
      }
    }
  };
}
