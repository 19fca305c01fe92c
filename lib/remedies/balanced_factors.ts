import { type Matrix, QrDecomposition, SingularValueDecomposition } from "ml-matrix";
import { fixSigns } from "../linalg/svd_of_gram.ts";
import { assertEmbeddings, type Embeddings } from "../solvers/embeddings.ts";

/** The product of two factors, told apart from how it is split into them. */
export interface BalancedFactors {
  /** V·S^½ and U·S^½, p x r, for the singular value decomposition BAᵀ = U·S·Vᵀ. */
  embeddings: Embeddings;
  /** S, the r singular values that are not 0, descending. */
  spectrum: Float64Array;
}

/**
 * Splits the product ABᵀ of embeddings evenly: A = V·S^½ and B = U·S^½, where BAᵀ = U·S·Vᵀ. Of all the
 * factors AM, BM⁻ᵀ that a loss of the product alone cannot tell apart, these are the one with
 * AᵀA = BᵀB = S, up to rotations within equal singular values. In every column of B the entry of largest
 * magnitude is positive.
 *
 * For Eq. 1 this is Eq. 5 itself, with S = dMat(…, 1/(1 + λ/σᵢ²), …); for anything else that is trained
 * by dot products it gives coordinates in which D = S^½ and S^−½ mean what they mean in section 2.2.
 *
 * @param e The embeddings, p x k with k ≤ p.
 * @returns The even split, and the spectrum.
 * @throws {TypeError} If e is no pair of matrices.
 * @throws {RangeError} If A and B differ in shape, have more columns than rows, or ABᵀ is 0.
 *
 * @example
 * ```ts
 * import { balancedFactors } from "cosine-lab/remedies";
 * import { Matrix } from "ml-matrix";
 * import assert from "node:assert/strict";
 *
 * const { spectrum } = balancedFactors({ A: new Matrix([[0], [8]]), B: new Matrix([[0.5], [0]]) });
 * assert(Math.abs(spectrum[0] - 4) < 1e-12);
 * ```
 */
export function balancedFactors(e: Embeddings): BalancedFactors {
  assertEmbeddings("balance", e);
  const { rows, columns } = e.A;
  if (columns > rows) {
    throw new RangeError(
      `Cannot balance: A and B must have at most as many columns as rows, they are ${rows} x ${columns}`,
    );
  }
  const a = new QrDecomposition(e.A);
  const b = new QrDecomposition(e.B);
  const core = b.upperTriangularMatrix.mmul(a.upperTriangularMatrix.transpose());
  // Far below the rounding of the others they would only be divided by, and overflow.
  const negligible = 1e-30 * Math.max(core.max(), -core.min());
  core.apply((i, j) => Math.abs(core.get(i, j)) < negligible && core.set(i, j, 0));
  const svd = new SingularValueDecomposition(core);
  const least = columns * Number.EPSILON * svd.diagonal[0];
  const spectrum = Float64Array.from(svd.diagonal).filter((value) => value > least);
  if (spectrum.length === 0) {
    throw new RangeError("Cannot balance: the product of A and B must not be 0");
  }
  const roots = Array.from(spectrum, Math.sqrt);
  const factor = (q: Matrix, vectors: Matrix) =>
    q.mmul(vectors.subMatrix(0, columns - 1, 0, spectrum.length - 1)).mulRowVector(roots);
  const A = factor(a.orthogonalMatrix, svd.rightSingularVectors);
  const B = factor(b.orthogonalMatrix, svd.leftSingularVectors);
  // A mixture of columns hangs on their signs, and those of a decomposition on rounding.
  A.mulRowVector(fixSigns(B));
  return { embeddings: { A, B }, spectrum };
}
