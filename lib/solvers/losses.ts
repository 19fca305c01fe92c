import { type GramData, gramOf } from "../interactions/gram_data.ts";
import type { Interactions } from "../interactions/interactions.ts";
import { assertEmbeddings, type Embeddings, rowByRow } from "./embeddings.ts";
import { GramObjective } from "./gram_objective.ts";
import { assertObjective, type ObjectiveOptions } from "./objective.ts";

/**
 * Evaluates the first training objective, ‖X − XABᵀ‖² + λ‖ABᵀ‖² (Eq. 1).
 *
 * Computed from G = XᵀX and the factors, tr G − 2⟨GA, B⟩ + ⟨AᵀGA, BᵀB⟩ + λ⟨AᵀA, BᵀB⟩: nothing of
 * the size n x p is formed.
 *
 * @param x The interactions X, n x p, or their Gram matrix alone: `{ gram }`.
 * @param e The embeddings, p x k.
 * @param lambda λ ≥ 0, the weight of the regularization.
 * @returns The loss, exact to about 1e-16·‖X‖².
 * @throws {TypeError} If x is not an Interactions, e is not a pair of matrices, or lambda is not a number.
 * @throws {RangeError} If A and B have not a row for each item, or lambda is negative or not finite.
 *
 * @example
 * ```ts
 * import { denoisingLoss, Interactions } from "cosine-lab";
 * import { Matrix } from "ml-matrix";
 * import assert from "node:assert/strict";
 *
 * const x = Interactions.fromDense([[1, 0], [0, 1]]);
 * const half = { A: Matrix.eye(2).mul(0.5), B: Matrix.eye(2) };
 * assert.equal(denoisingLoss(x, half, 1), 2 * 0.25 + 2 * 0.25);
 * ```
 */
export function denoisingLoss(
  x: Interactions | Pick<GramData, "gram">,
  e: Embeddings,
  lambda: number,
): number {
  return loss(x, e, { objective: "denoising", lambda });
}

/**
 * Evaluates the second training objective, ‖X − XABᵀ‖² + λ(‖XA‖² + ‖B‖²) (Eq. 2).
 *
 * Computed from G = XᵀX and the factors, with ‖XA‖² = tr AᵀGA: nothing of the size n x p is formed.
 *
 * @param x The interactions X, n x p, or their Gram matrix alone: `{ gram }`.
 * @param e The embeddings, p x k.
 * @param lambda λ ≥ 0, the weight of the regularization.
 * @returns The loss, exact to about 1e-16·‖X‖².
 * @throws {TypeError} If x is not an Interactions, e is not a pair of matrices, or lambda is not a number.
 * @throws {RangeError} If A and B have not a row for each item, or lambda is negative or not finite.
 *
 * @example
 * ```ts
 * import { Interactions, weightDecayLoss } from "cosine-lab";
 * import { Matrix } from "ml-matrix";
 * import assert from "node:assert/strict";
 *
 * const x = Interactions.fromDense([[1, 0], [0, 1]]);
 * const half = { A: Matrix.eye(2).mul(0.5), B: Matrix.eye(2) };
 * assert.equal(weightDecayLoss(x, half, 1), 2 * 0.25 + (2 * 0.25 + 2));
 * ```
 */
export function weightDecayLoss(
  x: Interactions | Pick<GramData, "gram">,
  e: Embeddings,
  lambda: number,
): number {
  return loss(x, e, { objective: "weightDecay", lambda });
}

function loss(
  x: Interactions | Pick<GramData, "gram">,
  e: Embeddings,
  options: ObjectiveOptions,
): number {
  const g = gramOf("evaluate the loss", x);
  assertEmbeddings("evaluate the loss", e, g.rows);
  assertObjective("evaluate the loss", options);
  const { A, B } = e;
  const objective = new GramObjective(g, options);
  return objective.loss(rowByRow(A), rowByRow(B));
}
