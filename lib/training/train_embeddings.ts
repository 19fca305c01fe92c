import { Matrix } from "ml-matrix";
import seedrandom from "seedrandom";
import { InputRangeError } from "../errors.ts";
import { callback, checkedOptions, integer, number, text } from "../check.ts";
import { power } from "../math/elementary.ts";
import type { Interactions } from "../interactions/interactions.ts";
import { type GramData, gramOf } from "../interactions/centered_gram.ts";
import { rowArrays } from "../linalg/matrices.ts";
import { assertEmbeddings, type Embeddings, rowByRow } from "../solvers/embeddings.ts";
import { GramObjective, OBJECTIVE_OPTIONS, type ObjectiveOptions } from "../solvers/losses.ts";
import { randomNormal } from "../math/random.ts";

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
      throw new InputRangeError(
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
  const optimizer = options?.optimizer ?? "gradientDescent";
  return checkedOptions("train", options, {
    optimizer: { check: assertOptimizer, fallback: optimizer },
    ...OBJECTIVE_OPTIONS,
    rank: integer(1, items),
    maxSteps: integer(1, Infinity, 20_000),
    learningRate: number({ above: 0 }, Infinity, LEARNING_RATE[optimizer]),
    startScale: number({ above: 0 }, Infinity, 0.01),
    startBalance: number({ above: 0 }, Infinity, 1),
    tolerance: number(0, Infinity, 1e-10),
    seed: text("start"),
    onProgress: callback,
  });
}

function assertOptimizer(action: string, name: string, optimizer: unknown): void {
  if (Object.hasOwn(optimizers, optimizer as PropertyKey)) return;
  const known = Object.keys(optimizers).map((each) => `"${each}"`).join(", ");
  throw new InputRangeError(
    `Cannot ${action}: ${name} must be one of ${known}, it is "${optimizer}"`,
  );
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

/** How a step follows from the gradient. */
export type Optimizer = "gradientDescent" | "momentum" | "adam";

/** Makes one step: changes the parameters, given the gradient and the curvature there. */
type Step = (parameters: Float64Array, gradient: Float64Array, curvature: number) => void;

/** What an optimizer has to know of the training. */
interface StepOptions {
  /** The size of a step. */
  learningRate: number;
  /** How many parameters there are. */
  parameters: number;
  /** How many steps there will be at the most. */
  maxSteps: number;
}

/**
 * The optimizers by name: gradient descent; gradient descent with momentum 0.9 (Polyak, 1964); and
 * Adam (Kingma and Ba, 2015), whose learning rate falls linearly to 0 so that it comes to rest.
 * The first two measure a step in units of one over the curvature.
 */
export const optimizers: Record<Optimizer, (options: StepOptions) => Step> = {
  gradientDescent({ learningRate }) {
    return (parameters, gradient, curvature) => {
      const rate = learningRate / curvature;
      for (let i = 0; i < parameters.length; i++) parameters[i] -= rate * gradient[i];
    };
  },

  momentum({ learningRate, parameters: count }) {
    const velocity = new Float64Array(count);
    return (parameters, gradient, curvature) => {
      const rate = learningRate / curvature;
      for (let i = 0; i < parameters.length; i++) {
        velocity[i] = 0.9 * velocity[i] + rate * gradient[i];
        parameters[i] -= velocity[i];
      }
    };
  },

  adam({ learningRate, parameters: count, maxSteps }) {
    const mean = new Float64Array(count);
    const square = new Float64Array(count);
    let steps = 0;
    return (parameters, gradient) => {
      const rate = learningRate * (1 - steps / maxSteps);
      steps++;
      const meanBias = 1 - power(0.9, steps);
      const squareBias = 1 - power(0.999, steps);
      for (let i = 0; i < parameters.length; i++) {
        mean[i] = 0.9 * mean[i] + 0.1 * gradient[i];
        square[i] = 0.999 * square[i] + 0.001 * gradient[i] ** 2;
        parameters[i] -= rate * mean[i] / meanBias / (Math.sqrt(square[i] / squareBias) + 1e-8);
      }
    };
  },
};

/**
 * Computes the gradient of a training objective (Eq. 1 or Eq. 2) with respect to A and B.
 *
 * @param x The interactions X, n x p, or their Gram matrix alone: `{ gram }`.
 * @param e The embeddings, p x k.
 * @param options The objective and λ.
 * @returns The derivatives by A and by B, p x k each.
 * @throws {TypeError} If x is not an Interactions, e is not a pair of matrices, or lambda is not a number.
 * @throws {RangeError} If A and B have not a row for each item, lambda is negative or not finite,
 * or the objective is unknown.
 *
 * @example
 * ```ts
 * import { denoisingEmbeddings, Interactions, truncatedSVD } from "cosine-lab";
 * import { lossGradient } from "cosine-lab/training";
 * import assert from "node:assert/strict";
 *
 * const x = Interactions.fromDense([[1, 1, 0], [0, 1, 1], [1, 1, 1]]);
 * const minimum = denoisingEmbeddings(truncatedSVD(x), { lambda: 1 });
 * const { A, B } = lossGradient(x, minimum, { objective: "denoising", lambda: 1 });
 * assert(A.norm("frobenius") < 1e-12 && B.norm("frobenius") < 1e-12);
 * ```
 */
export function lossGradient(
  x: Interactions | Pick<GramData, "gram">,
  e: Embeddings,
  options: ObjectiveOptions,
): Embeddings {
  const g = gramOf("differentiate the loss", x);
  assertEmbeddings("differentiate the loss", e, g.rows);
  checkedOptions("differentiate the loss", options, OBJECTIVE_OPTIONS);
  const { rows, columns } = e.A;
  const objective = new GramObjective(g, options);
  const { byA, byB } = objective.evaluate(rowByRow(e.A), rowByRow(e.B));
  return {
    A: Matrix.from1DArray(rows, columns, byA),
    B: Matrix.from1DArray(rows, columns, byB),
  };
}

/**
 * Computes the second derivatives of a training objective (Eq. 1 or Eq. 2) by the entries of A and B.
 *
 * Where the gradient is 0, its eigenvalues tell a minimum from a saddle, which has a negative one; and
 * how many are 0 is the number of directions in which the minimum is flat: k² for Eq. 1, one for each
 * entry of an invertible M in AM, BM⁻ᵀ, and k(k − 1)/2 for Eq. 2, those of a rotation, as long as all k
 * dimensions are kept and G is invertible.
 *
 * Takes O(p³k²) operations and 4p²k² numbers: for small models.
 *
 * @param x The interactions X, n x p, or their Gram matrix alone: `{ gram }`.
 * @param e The embeddings, p x k.
 * @param options The objective and λ.
 * @returns The Hessian, 2pk x 2pk, symmetric: first the entries of A row by row, then those of B.
 * @throws {TypeError} If x is not an Interactions, e is not a pair of matrices, or lambda is not a number.
 * @throws {RangeError} If A and B have not a row for each item, lambda is negative or not finite,
 * or the objective is unknown.
 *
 * @example
 * ```ts
 * import { denoisingEmbeddings, Interactions, truncatedSVD } from "cosine-lab";
 * import { lossHessian } from "cosine-lab/training";
 * import { EigenvalueDecomposition } from "ml-matrix";
 * import assert from "node:assert/strict";
 *
 * const x = Interactions.fromDense([[1, 1, 0], [0, 1, 1], [1, 1, 1]]);
 * const minimum = denoisingEmbeddings(truncatedSVD(x), { lambda: 1, rank: 2 });
 * const hessian = lossHessian(x, minimum, { objective: "denoising", lambda: 1 });
 * const values = new EigenvalueDecomposition(hessian, { assumeSymmetric: true }).realEigenvalues;
 * assert.equal(values.filter((value) => Math.abs(value) < 1e-10).length, 2 ** 2);
 * assert(values.every((value) => value > -1e-10));
 * ```
 */
export function lossHessian(
  x: Interactions | Pick<GramData, "gram">,
  e: Embeddings,
  options: ObjectiveOptions,
): Matrix {
  const g = gramOf("differentiate the loss", x);
  assertEmbeddings("differentiate the loss", e, g.rows);
  checkedOptions("differentiate the loss", options, OBJECTIVE_OPTIONS);
  const { rows: p, columns: k } = e.A;
  const derivative = directionalDerivative(g, e, options);
  const hessian = new Matrix(2 * p * k, 2 * p * k);
  const entries = rowArrays(hessian);
  for (let column = 0; column < 2 * p * k; column++) {
    const direction = { A: new Matrix(p, k), B: new Matrix(p, k) };
    const half = column < p * k ? direction.A : direction.B;
    const at = column % (p * k);
    half.set(Math.floor(at / k), at % k, 1);
    const { A, B } = derivative(direction);
    entries[column].set(A.to1DArray());
    entries[column].set(B.to1DArray(), p * k);
  }
  return hessian;
}

/** How the gradient changes along a direction. */
function directionalDerivative(g: Matrix, { A, B }: Embeddings, options: ObjectiveOptions) {
  const { objective, lambda } = options;
  const denoising = objective === "denoising";
  const k = A.columns;
  const decay = Matrix.eye(k).mul(denoising ? 0 : lambda);
  // The penalty of Eq. 1 acts like a larger G, that of Eq. 2 like larger k x k matrices.
  const penalized = denoising ? Matrix.add(g, Matrix.eye(g.rows).mul(lambda)) : g;
  const left = penalized.mmul(A);
  const outer = B.transpose().mmul(B).add(decay);
  const inner = A.transpose().mmul(left).add(decay);
  return ({ A: u, B: v }: Embeddings): Embeddings => {
    const vb = v.transpose().mmul(B);
    const ua = u.transpose().mmul(left);
    return {
      A: penalized.mmul(u).mmul(outer)
        .add(left.mmul(Matrix.add(vb, vb.transpose()))).sub(g.mmul(v)).mul(2),
      B: v.mmul(inner).add(B.mmul(Matrix.add(ua, ua.transpose()))).sub(g.mmul(u)).mul(2),
    };
  };
}
