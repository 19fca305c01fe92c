import type { Matrix } from "ml-matrix";
import type { Interactions } from "../interactions/interactions.ts";
import { assertNumber } from "../linalg/assert_number.ts";
import { gram } from "../linalg/gram.ts";
import { assertEmbeddings, type Embeddings } from "./embeddings.ts";

/**
 * Evaluates the first training objective, ‖X − XABᵀ‖² + λ‖ABᵀ‖² (Eq. 1).
 *
 * Computed from G = XᵀX and the factors, tr G − 2⟨GA, B⟩ + ⟨AᵀGA, BᵀB⟩ + λ⟨AᵀA, BᵀB⟩: nothing of
 * the size n x p is formed.
 *
 * @param x The interactions X, n x p.
 * @param e The embeddings, p x k.
 * @param lambda λ ≥ 0, the weight of the regularization.
 * @returns The loss, exact to about 1e-16·‖X‖².
 * @throws {TypeError} If e is no pair of matrices or lambda no number.
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
export function denoisingLoss(x: Interactions, e: Embeddings, lambda: number): number {
  const { error, itemGram } = reconstruction(x, e, lambda);
  return error + lambda * dot(e.A.transpose().mmul(e.A), itemGram);
}

/**
 * Evaluates the second training objective, ‖X − XABᵀ‖² + λ(‖XA‖² + ‖B‖²) (Eq. 2).
 *
 * Computed from G = XᵀX and the factors, with ‖XA‖² = tr AᵀGA: nothing of the size n x p is formed.
 *
 * @param x The interactions X, n x p.
 * @param e The embeddings, p x k.
 * @param lambda λ ≥ 0, the weight of the regularization.
 * @returns The loss, exact to about 1e-16·‖X‖².
 * @throws {TypeError} If e is no pair of matrices or lambda no number.
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
export function weightDecayLoss(x: Interactions, e: Embeddings, lambda: number): number {
  const { error, itemGram, userGram } = reconstruction(x, e, lambda);
  return error + lambda * (userGram.trace() + itemGram.trace());
}

/** ‖X − XABᵀ‖², with what it took: AᵀGA = (XA)ᵀ(XA) and BᵀB. */
function reconstruction(x: Interactions, e: Embeddings, lambda: number) {
  assertEmbeddings("evaluate the loss", e, x.items);
  assertNumber("evaluate the loss", "lambda", lambda, 0);
  const g = gram(x);
  const ga = g.mmul(e.A);
  const userGram = e.A.transpose().mmul(ga);
  const itemGram = e.B.transpose().mmul(e.B);
  return { error: g.trace() - 2 * dot(ga, e.B) + dot(userGram, itemGram), userGram, itemGram };
}

/** ⟨a, b⟩, the sum of the products of corresponding entries. */
function dot(a: Matrix, b: Matrix): number {
  let sum = 0;
  for (let i = 0; i < a.rows; i++) {
    for (let j = 0; j < a.columns; j++) sum += a.get(i, j) * b.get(i, j);
  }
  return sum;
}
