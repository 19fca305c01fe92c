import { Matrix } from "ml-matrix";
import { assertKnown } from "../check/assert_known.ts";
import { type GramData, gramOf } from "../interactions/gram_data.ts";
import type { Interactions } from "../interactions/interactions.ts";
import { rowArrays } from "../linalg/row_arrays.ts";
import { assertEmbeddings, type Embeddings } from "../solvers/embeddings.ts";
import { assertObjective, type ObjectiveOptions } from "../solvers/objective.ts";

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
  assertKnown("differentiate the loss", options, ["objective", "lambda"]);
  assertObjective("differentiate the loss", options);
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
