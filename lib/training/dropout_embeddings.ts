import { CholeskyDecomposition, Matrix } from "ml-matrix";
import { assertInteger } from "../check/assert_integer.ts";
import { assertNumber } from "../check/assert_number.ts";
import { assertKnown } from "../check/assert_known.ts";
import { type GramData, gramOf } from "../interactions/gram_data.ts";
import type { Interactions } from "../interactions/interactions.ts";
import { symmetricEigen } from "../linalg/symmetric_eigen.ts";
import type { Embeddings } from "../solvers/embeddings.ts";

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
 * @throws {TypeError} If x is not an Interactions, or an option no number.
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
  assertKnown(action, options, ["rate", "rank"]);
  const { rate, rank } = options;
  assertNumber(action, "rate", rate, { above: 0 }, 1);
  if (rate === 1) {
    throw new RangeError(`Cannot ${action}: rate must be below 1, current value is 1`);
  }
  assertInteger(action, "rank", rank, 1, g.rows);
  const empty = g.diag().findIndex((square) => !(square > 0));
  if (empty >= 0) throw new RangeError(`Cannot ${action}: item ${empty} has no interactions`);
  const regularized = Matrix.add(g, Matrix.diag(g.diag()).mul(rate / (1 - rate)));
  const regression = new CholeskyDecomposition(regularized).solve(g);
  const explained = g.mmul(regression);
  const symmetric = Matrix.add(explained, explained.transpose()).div(2);
  const B = symmetricEigen(symmetric, rank).vectors;
  return { A: regression.mmul(B), B };
}
