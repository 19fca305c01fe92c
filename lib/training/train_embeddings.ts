import { Matrix } from "ml-matrix";
import seedrandom from "seedrandom";
import { type GramData, gramOf } from "../interactions/gram_data.ts";
import type { Interactions } from "../interactions/interactions.ts";
import { assertInteger } from "../check/assert_integer.ts";
import { assertNumber } from "../check/assert_number.ts";
import { assertKnown } from "../check/assert_known.ts";
import { assertString } from "../check/assert_string.ts";
import { type Embeddings, rowByRow } from "../solvers/embeddings.ts";
import { GramObjective } from "../solvers/gram_objective.ts";
import { assertObjective, type ObjectiveOptions } from "../solvers/objective.ts";
import { randomNormal } from "../statistics/random_normal.ts";
import { type Optimizer, optimizers } from "./optimizers.ts";

/** Options for {@linkcode trainEmbeddings}. */
export interface TrainingOptions extends ObjectiveOptions {
  /** k, the number of latent dimensions, between 1 and p. */
  rank: number;
  /** How a step follows from the gradient. @default {"gradientDescent"} */
  optimizer?: Optimizer;
  /**
   * The size of a step: for gradient descent and momentum relative to one over the curvature of the
   * loss, for Adam in units of the entries of A and B.
   *
   * @default {1 for gradient descent, 1 for momentum, 0.02 for Adam}
   */
  learningRate?: number;
  /** The standard deviation of the entries of A and B at the start. @default {0.01} */
  startScale?: number;
  /** The ratio of the entries of A to those of B at the start. @default {1} */
  startBalance?: number;
  /** The seed of the start. @default {"start"} */
  seed?: string;
  /** The most steps to take. @default {20000} */
  maxSteps?: number;
  /** Training ends when the norm of the gradient is below this share of ‖G‖. @default {1e-10} */
  tolerance?: number;
  /** Called now and then with the number of steps taken and the most that may be. */
  onProgress?: (done: number, total: number) => void;
}

/** Embeddings that were trained, and how. */
export interface Training {
  /** A and B at the end. */
  embeddings: Embeddings;
  /** A and B at the start. */
  start: Embeddings;
  /** How many steps were taken. */
  steps: number;
  /** Whether the gradient fell below the tolerance. */
  converged: boolean;
  /** The loss after some of the steps, ever more sparsely: points of a curve. */
  losses: { step: number; loss: number }[];
}

const OPTIONS = [
  "objective",
  "lambda",
  "rank",
  "optimizer",
  "learningRate",
  "startScale",
  "startBalance",
  "seed",
  "maxSteps",
  "tolerance",
  "onProgress",
] as const satisfies (keyof TrainingOptions)[];

const LEARNING_RATE: Record<Optimizer, number> = {
  gradientDescent: 1,
  momentum: 1,
  adam: 0.02,
};

/**
 * Trains A and B by gradient steps on the whole of Eq. 1 or Eq. 2, from a random start.
 *
 * For Eq. 2 every minimum has the same cosines. For Eq. 1, AM and BM⁻ᵀ are a minimum for any
 * invertible k x k matrix M, and the start and the optimizer decide which one is found: gradient
 * flow keeps AᵀA − BᵀB as it was at the start, so that a small start ends near the balanced
 * solution, D = I, and a large or unbalanced one, or Adam, does not.
 *
 * A step takes O(p²k).
 *
 * @param x The interactions X, n x p, or their Gram matrix alone: `{ gram }`.
 * @param options The objective, the start and the optimizer.
 * @returns The embeddings, with the losses on the way.
 * @throws {TypeError} If x is not an Interactions, or an option is of the wrong kind.
 * @throws {RangeError} If an option is out of bounds, or the loss diverges: the message names the
 * step, and a smaller learning rate helps.
 *
 * @example
 * ```ts
 * import { denoisingEmbeddings, denoisingLoss, Interactions, truncatedSVD } from "cosine-lab";
 * import { trainEmbeddings } from "cosine-lab/training";
 * import assert from "node:assert/strict";
 *
 * const x = Interactions.fromDense([[1, 1, 0], [0, 1, 1], [1, 1, 1], [1, 0, 0]]);
 * const { embeddings } = trainEmbeddings(x, { objective: "denoising", lambda: 1, rank: 2 });
 * const best = denoisingEmbeddings(truncatedSVD(x), { lambda: 1, rank: 2 });
 * assert(Math.abs(denoisingLoss(x, embeddings, 1) - denoisingLoss(x, best, 1)) < 1e-9);
 * ```
 */
export function trainEmbeddings(
  x: Interactions | Pick<GramData, "gram">,
  options: TrainingOptions,
): Training {
  const g = gramOf("train", x);
  const items = g.rows;
  const all = trainingOptions(items, options);
  const { maxSteps, tolerance, learningRate } = all;
  const objective = new GramObjective(g, all);
  const start = randomStart(items, all);
  const parameters = Float64Array.from([...rowByRow(start.A), ...rowByRow(start.B)]);
  const half = parameters.length / 2;
  const gradient = new Float64Array(parameters.length);
  const step = optimizers[all.optimizer]({ learningRate, parameters: parameters.length, maxSteps });
  const losses: Training["losses"] = [];
  for (let steps = 0, next = 0;; steps++) {
    const value = objective.evaluate(parameters.subarray(0, half), parameters.subarray(half));
    gradient.set(value.byA);
    gradient.set(value.byB, half);
    const norm = Math.sqrt(gradient.reduce((sum, entry) => sum + entry * entry, 0));
    if (!Number.isFinite(norm)) {
      throw new RangeError(
        `Cannot train: the loss diverges at step ${steps}, ` +
          `learningRate must be smaller than ${learningRate}`,
      );
    }
    const converged = norm <= tolerance * objective.norm;
    const last = converged || steps === maxSteps;
    if (last || steps === next) {
      losses.push({ step: steps, loss: value.loss });
      next = Math.ceil(1.1 * steps + 1);
      all.onProgress?.(steps, maxSteps);
    }
    if (last) {
      const factor = (entries: Float64Array) => Matrix.from1DArray(items, all.rank, entries);
      const embeddings = {
        A: factor(parameters.slice(0, half)),
        B: factor(parameters.slice(half)),
      };
      return { embeddings, start, steps, converged, losses };
    }
    step(parameters, gradient, value.curvature);
  }
}

function trainingOptions(items: number, options: TrainingOptions) {
  assertKnown("train", options, OPTIONS);
  const { optimizer = "gradientDescent" } = options;
  if (!Object.hasOwn(optimizers, optimizer)) {
    const known = Object.keys(optimizers).map((name) => `"${name}"`).join(", ");
    throw new RangeError(`Cannot train: optimizer must be one of ${known}, it is "${optimizer}"`);
  }
  const all = {
    learningRate: LEARNING_RATE[optimizer],
    startScale: 0.01,
    startBalance: 1,
    seed: "start",
    maxSteps: 20_000,
    tolerance: 1e-10,
    ...given(options),
    optimizer,
  };
  assertObjective("train", all);
  assertInteger("train", "rank", all.rank, 1, items);
  assertInteger("train", "maxSteps", all.maxSteps, 1);
  for (const name of ["learningRate", "startScale", "startBalance"] as const) {
    assertNumber("train", name, all[name], { above: 0 });
  }
  assertNumber("train", "tolerance", all.tolerance, 0);
  assertString("train", "seed", all.seed);
  return all;
}

/** The options without those that are there but undefined, which leave the default as it is. */
function given(options: TrainingOptions): TrainingOptions {
  const entries = Object.entries(options).filter(([, value]) => value !== undefined);
  return Object.fromEntries(entries) as unknown as TrainingOptions;
}

function randomStart(
  items: number,
  { rank, startScale, startBalance, seed }: Required<
    Pick<TrainingOptions, "rank" | "startScale" | "startBalance" | "seed">
  >,
): Embeddings {
  const normal = randomNormal(seedrandom.alea(seed), { deviation: startScale });
  const draw = (scale: number) => {
    const m = new Matrix(items, rank);
    return m.apply((i, j) => m.set(i, j, scale * normal()));
  };
  return { A: draw(Math.sqrt(startBalance)), B: draw(1 / Math.sqrt(startBalance)) };
}
