import { type MeanWithError, meanWithError } from "../statistics/mean_with_error.ts";
import seedrandom from "seedrandom";
import { assertInteractions } from "../interactions/assert_interactions.ts";
import { type GramData, gramOf } from "../interactions/gram_data.ts";
import type { Interactions } from "../interactions/interactions.ts";
import { assertInteger } from "../check/assert_integer.ts";
import { assertNumber } from "../check/assert_number.ts";
import { assertKnown } from "../check/assert_known.ts";
import { assertString } from "../check/assert_string.ts";
import { assertEmbeddings, type Embeddings, rowByRow } from "../solvers/embeddings.ts";
import { GramObjective } from "../solvers/gram_objective.ts";

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
  const rate = checkedRate(g.rows, e, options, ["rate"]);
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
  const rate = checkedRate(x.items, e, options, ["rate", "samples", "seed"]);
  assertInteger("sample the loss", "samples", options.samples, 2);
  assertString("sample the loss", "seed", options.seed);
  const random = seedrandom.alea(options.seed);
  return meanWithError(
    Array.from({ length: options.samples }, () => dropOnce(x, e, rate, random)),
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

function checkedRate(
  items: number,
  e: Embeddings,
  options: { rate: number },
  known: string[],
): number {
  assertEmbeddings("evaluate dropout", e, items);
  assertKnown("evaluate dropout", options, known);
  const { rate } = options;
  assertNumber("evaluate dropout", "rate", rate, 0, 1);
  if (rate === 1) {
    throw new RangeError("Cannot evaluate dropout: rate must be below 1, current value is 1");
  }
  return rate;
}
