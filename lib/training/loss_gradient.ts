import { Matrix } from "ml-matrix";
import { assertKnown } from "../check/assert_known.ts";
import { type GramData, gramOf } from "../interactions/gram_data.ts";
import type { Interactions } from "../interactions/interactions.ts";
import { assertEmbeddings, type Embeddings, rowByRow } from "../solvers/embeddings.ts";
import { GramObjective } from "../solvers/gram_objective.ts";
import { assertObjective, type ObjectiveOptions } from "../solvers/objective.ts";

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
  assertKnown("differentiate the loss", options, ["objective", "lambda"]);
  assertObjective("differentiate the loss", options);
  const { rows, columns } = e.A;
  const objective = new GramObjective(g, options);
  const { byA, byB } = objective.evaluate(rowByRow(e.A), rowByRow(e.B));
  return {
    A: Matrix.from1DArray(rows, columns, byA),
    B: Matrix.from1DArray(rows, columns, byB),
  };
}
