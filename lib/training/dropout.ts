import { CholeskyDecomposition, Matrix } from "ml-matrix";
import seedrandom from "seedrandom";
import { InputRangeError } from "../errors.ts";
import {
  assertNumber,
  checkedOptions,
  integer,
  type LowerBound,
  number,
  type OptionCheck,
  text,
} from "../check.ts";
import { assertInteractions, type Interactions } from "../interactions/interactions.ts";
import { type GramData, gramOf } from "../interactions/centered_gram.ts";
import { symmetricEigen } from "../linalg/symmetric_eigen.ts";
import { assertEmbeddings, type Embeddings, rowByRow } from "../solvers/embeddings.ts";
import { GramObjective } from "../solvers/losses.ts";
import { type MeanWithError, meanWithError } from "../math/mean_and_quantiles.ts";
import { randomNormal } from "../math/random.ts";
import { optimizers } from "./train_embeddings.ts";

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
  const all = checkedOptions(action, options, {
    rate: rateFrom(0),
    rank: integer(1, x.items),
    steps: integer(1, Infinity, 5000),
    learningRate: number({ above: 0 }, Infinity, 0.02),
    startScale: number({ above: 0 }, Infinity, 0.3),
    seed: text("start"),
  });
  const { rate, rank: k, steps, learningRate, startScale, seed } = all;
  const half = x.items * k;
  const random = seedrandom.alea(seed);
  const normal = randomNormal(random, { deviation: startScale });
  const parameters = Float64Array.from({ length: 2 * half }, () => normal());
  const gradient = new Float64Array(2 * half);
  const step = optimizers.adam({ learningRate, parameters: 2 * half, maxSteps: steps });
  const [a, b] = [parameters.subarray(0, half), parameters.subarray(half)];
  for (let count = 0; count < steps; count++) {
    droppedGradient(x, a, b, { rate, k, random, into: gradient });
    step(parameters, gradient, 1);
  }
  if (!parameters.every(Number.isFinite)) {
    throw new InputRangeError(
      `Cannot ${action}: it diverges with learningRate ${learningRate} and startScale ${startScale}`,
    );
  }
  return { A: Matrix.from1DArray(x.items, k, a), B: Matrix.from1DArray(x.items, k, b) };
}

/**
 * The gradient of ‖X − X̃ABᵀ‖² for one draw of X̃, user by user: with H = X̃A it is 2X̃ᵀ(HBᵀB − XB) by A
 * and 2(BHᵀH − XᵀH) by B.
 */
function droppedGradient(
  x: Interactions,
  a: Float64Array,
  b: Float64Array,
  { rate, k, random, into }: {
    rate: number;
    k: number;
    random: () => number;
    into: Float64Array;
  },
): void {
  const byA = into.fill(0).subarray(0, a.length), byB = into.subarray(a.length);
  const bb = innerProducts(b, k), hh = new Float64Array(k * k);
  const h = new Float64Array(k), residual = new Float64Array(k);
  const weights = new Float64Array(x.items);
  for (let u = 0; u < x.users; u++) {
    const start = x.rowStarts[u], end = x.rowStarts[u + 1];
    h.fill(0);
    residual.fill(0);
    for (let t = start; t < end; t++) {
      const at = x.columnIndices[t] * k, value = x.values === null ? 1 : x.values[t];
      const weight = random() < rate ? 0 : value / (1 - rate);
      weights[t - start] = weight;
      for (let j = 0; j < k; j++) {
        h[j] += weight * a[at + j];
        residual[j] -= value * b[at + j];
      }
    }
    for (let i = 0; i < k; i++) {
      for (let j = 0; j < k; j++) {
        hh[i * k + j] += h[i] * h[j];
        residual[i] += bb[i * k + j] * h[j];
      }
    }
    for (let t = start; t < end; t++) {
      const at = x.columnIndices[t] * k, value = x.values === null ? 1 : x.values[t];
      const weight = weights[t - start];
      for (let j = 0; j < k; j++) {
        byA[at + j] += 2 * weight * residual[j];
        byB[at + j] -= 2 * value * h[j];
      }
    }
  }
  for (let at = 0; at < b.length; at += k) {
    for (let i = 0; i < k; i++) {
      for (let j = 0; j < k; j++) byB[at + i] += 2 * hh[i * k + j] * b[at + j];
    }
  }
}

/** BᵀB of rows of k entries that are stored one after another. */
function innerProducts(rows: Float64Array, k: number): Float64Array {
  const products = new Float64Array(k * k);
  for (let at = 0; at < rows.length; at += k) {
    for (let i = 0; i < k; i++) {
      for (let j = 0; j < k; j++) products[i * k + j] += rows[at + i] * rows[at + j];
    }
  }
  return products;
}

/**
 * Computes the embeddings that minimize the expected loss of a model trained with dropout in its input,
 * {@linkcode dropoutLoss}. It is a reduced-rank regression: with L = G + q/(1 − q)·dMat(G_ii), the
 * minimizer of rank k is ABᵀ = L⁻¹GV_kV_kᵀ, where V_k has the leading eigenvectors of GL⁻¹G.
 *
 * As in Eq. 1, only the product is determined: this is the solution with B = V_k.
 *
 * @param x The interactions X, n x p, or their Gram matrix alone: `{ gram }`.
 * @param options `rate`, the probability q of dropping an entry, above 0 and below 1; `rank`, k.
 * @returns A and B, p x k.
 * @throws {TypeError} If x is not an Interactions, or an option is not a number.
 * @throws {RangeError} If an option is out of bounds, or an item has no interactions.
 *
 * @example
 * ```ts
 * import { denoisingEmbeddings, Interactions, largestDifference, truncatedSVD } from "cosine-lab";
 * import { dropoutEmbeddings } from "cosine-lab/training";
 * import assert from "node:assert/strict";
 *
 * // All items are as popular, so that it is Eq. 1 with λ = q/(1 − q)·2.
 * const x = Interactions.fromDense([[1, 1, 0], [0, 1, 1], [1, 0, 1]]);
 * const { A, B } = dropoutEmbeddings(x, { rate: 0.5, rank: 1 });
 * const model = denoisingEmbeddings(truncatedSVD(x), { lambda: 2, rank: 1 });
 * const product = model.A.mmul(model.B.transpose());
 * assert(largestDifference(A.mmul(B.transpose()), product) < 1e-12);
 * ```
 */
export function dropoutEmbeddings(
  x: Interactions | Pick<GramData, "gram">,
  options: { rate: number; rank: number },
): Embeddings {
  const action = "solve for dropout";
  const g = gramOf(action, x);
  const { rate, rank } = checkedOptions(action, options, {
    rate: rateFrom({ above: 0 }),
    rank: integer(1, g.rows),
  });
  const empty = g.diag().findIndex((square) => !(square > 0));
  if (empty >= 0) throw new InputRangeError(`Cannot ${action}: item ${empty} has no interactions`);
  const regularized = Matrix.add(g, Matrix.diag(g.diag()).mul(rate / (1 - rate)));
  const regression = new CholeskyDecomposition(regularized).solve(g);
  const explained = g.mmul(regression);
  const symmetric = Matrix.add(explained, explained.transpose()).div(2);
  const B = symmetricEigen(symmetric, rank).vectors;
  return { A: regression.mmul(B), B };
}

/**
 * Evaluates the expected loss of a linear autoencoder that is trained with dropout in its input,
 * E‖X − X̃ABᵀ‖², where X̃ sets each entry of X to 0 with probability q and divides the others by 1 − q.
 *
 * It is exactly ‖X − XABᵀ‖² + q/(1 − q)·Σᵢ Gᵢᵢ·‖(ABᵀ)ᵢ‖²: a penalty on ABᵀ that weighs the row of
 * item i by its second moment Gᵢᵢ. Eq. 1, with λ‖ABᵀ‖², is the case of equal second moments (compare
 * Steck, Autoencoders that don't overfit towards the identity, 2020, reference [6] of the paper).
 *
 * @param x The interactions X, n x p, or their Gram matrix alone: `{ gram }`.
 * @param e The embeddings, p x k.
 * @param options `rate`, the probability q of dropping an entry, at least 0 and below 1.
 * @returns The expected loss.
 * @throws {TypeError} If x is not an Interactions, e is not a pair of matrices, or rate is not a number.
 * @throws {RangeError} If A and B have not a row for each item, or rate is out of bounds.
 *
 * @example
 * ```ts
 * import { Interactions } from "cosine-lab";
 * import { dropoutLoss } from "cosine-lab/training";
 * import { Matrix } from "ml-matrix";
 * import assert from "node:assert/strict";
 *
 * // One user, one item, ABᵀ = 1: the input is 0 or 2, and so is the output, for an input of 1.
 * const x = Interactions.fromDense([[1]]);
 * assert.equal(dropoutLoss(x, { A: Matrix.eye(1), B: Matrix.eye(1) }, { rate: 0.5 }), 1);
 * ```
 */
export function dropoutLoss(
  x: Interactions | Pick<GramData, "gram">,
  e: Embeddings,
  options: { rate: number },
): number {
  const g = gramOf("evaluate dropout", x);
  assertEmbeddings("evaluate dropout", e, g.rows);
  const { rate } = checkedOptions("evaluate dropout", options, { rate: rateFrom(0) });
  const plain = new GramObjective(g, { objective: "denoising", lambda: 0 })
    .loss(rowByRow(e.A), rowByRow(e.B));
  const bb = e.B.transpose().mmul(e.B);
  const abb = e.A.mmul(bb);
  let penalty = 0;
  for (let i = 0; i < g.rows; i++) {
    let squaredNorm = 0;
    for (let j = 0; j < e.A.columns; j++) squaredNorm += abb.get(i, j) * e.A.get(i, j);
    penalty += g.get(i, i) * squaredNorm;
  }
  return plain + rate / (1 - rate) * penalty;
}

/**
 * Estimates the loss of {@linkcode dropoutLoss} by actually dropping entries.
 *
 * @param x The interactions X, n x p.
 * @param e The embeddings, p x k.
 * @param options `rate`, the probability of dropping an entry; `samples`, how often X̃ is drawn (at
 * least 2); `seed`.
 * @returns The mean loss over the samples, and its standard error.
 * @throws {TypeError} If x is not an Interactions, e is not a pair of matrices, or an option of the wrong kind.
 * @throws {RangeError} If A and B have not a row for each item, or an option is out of bounds.
 *
 * @example
 * ```ts
 * import { Interactions } from "cosine-lab";
 * import { sampledDropoutLoss } from "cosine-lab/training";
 * import { Matrix } from "ml-matrix";
 * import assert from "node:assert/strict";
 *
 * const x = Interactions.fromDense([[1]]);
 * const e = { A: Matrix.eye(1), B: Matrix.eye(1) };
 * const { mean, standardError } = sampledDropoutLoss(x, e, { rate: 0.5, samples: 4, seed: "s" });
 * assert.deepEqual([mean, standardError], [1, 0]);
 * ```
 */
export function sampledDropoutLoss(
  x: Interactions,
  e: Embeddings,
  options: { rate: number; samples: number; seed: string },
): MeanWithError {
  assertInteractions("sample the loss", "x", x);
  assertEmbeddings("evaluate dropout", e, x.items);
  const { rate, samples, seed } = checkedOptions("evaluate dropout", options, {
    rate: rateFrom(0),
    samples: integer(2),
    seed: text(),
  });
  const random = seedrandom.alea(seed);
  return meanWithError(
    Array.from({ length: samples }, () => dropOnce(x, e, rate, random)),
  );
}

/** ‖X − X̃ABᵀ‖² for one draw of X̃, user by user. */
function dropOnce(x: Interactions, e: Embeddings, rate: number, random: () => number): number {
  const [a, b] = [rowByRow(e.A), rowByRow(e.B)];
  const k = e.A.columns;
  const embedding = new Float64Array(k);
  const target = new Float64Array(x.items);
  let loss = 0;
  for (let u = 0; u < x.users; u++) {
    embedding.fill(0);
    target.fill(0);
    for (let t = x.rowStarts[u]; t < x.rowStarts[u + 1]; t++) {
      const item = x.columnIndices[t];
      const value = x.values === null ? 1 : x.values[t];
      target[item] = value;
      if (random() < rate) continue;
      for (let j = 0; j < k; j++) embedding[j] += value / (1 - rate) * a[item * k + j];
    }
    for (let i = 0; i < x.items; i++) {
      let score = 0;
      for (let j = 0; j < k; j++) score += embedding[j] * b[i * k + j];
      loss += (target[i] - score) ** 2;
    }
  }
  return loss;
}

/** The rate of dropout, below 1. */
function rateFrom(min: LowerBound): OptionCheck<number> {
  return {
    check: (action, name, rate) => {
      assertNumber(action, name, rate, min, 1);
      if (rate < 1) return;
      throw new InputRangeError(`Cannot ${action}: ${name} must be below 1, current value is 1`);
    },
    fallback: undefined as unknown as number,
  };
}
