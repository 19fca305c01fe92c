import type { Matrix } from "ml-matrix";
import { assertSVD } from "../linalg/assert_svd.ts";
import type { SVD } from "../linalg/svd_of_gram.ts";
import { denoisingSpectrum } from "../solvers/denoising_spectrum.ts";
import { assertEmbeddings, type Embeddings } from "../solvers/embeddings.ts";

/**
 * Computes the matrix M, k x k, by which a solution of Eq. 1 differs from the one with D = I:
 * A = V_k·dMat^½·M and B = V_k·dMat^½·M⁻ᵀ, so M = dMat^−½·V_kᵀ·A.
 *
 * Eq. 1 leaves M open as it does D, of which it is the generalization: any invertible matrix gives
 * the same product ABᵀ. Item-item cosines depend on (MMᵀ)⁻¹, so the singular values of M tell how
 * far a solution is from D = I, where all of them are 1.
 *
 * @param svd The singular value decomposition of X.
 * @param e A solution of Eq. 1, p x k; k singular values must not be 0.
 * @param lambda The λ of Eq. 1.
 * @returns M, k x k.
 * @throws {TypeError} If svd is not an SVD, e is not a pair of matrices, or lambda is not a number.
 * @throws {RangeError} If e has not a row for each item, k is above the rank of the SVD, one of
 * the first k singular values is 0, or lambda is negative or not finite.
 *
 * @example
 * ```ts
 * import { denoisingEmbeddings, Interactions, rescale, truncatedSVD } from "cosine-lab";
 * import { mixingMatrix } from "cosine-lab/arbitrariness";
 * import assert from "node:assert/strict";
 *
 * const svd = truncatedSVD(Interactions.fromDense([[1, 1, 0], [0, 1, 1], [1, 1, 1]]), { rank: 2 });
 * const model = rescale(denoisingEmbeddings(svd, { lambda: 1 }), [2, 3]);
 * const M = mixingMatrix(svd, model, 1);
 * assert(Math.abs(M.get(0, 0) - 2) < 1e-12 && Math.abs(M.get(1, 1) - 3) < 1e-12);
 * ```
 */
export function mixingMatrix(svd: SVD, e: Embeddings, lambda: number): Matrix {
  assertSVD("compare solutions", svd);
  assertEmbeddings("compare solutions", e, svd.V.rows);
  const k = e.A.columns;
  if (k > svd.sigma.length) {
    throw new RangeError(
      `Cannot compare solutions: the SVD must have at least the ${k} dimensions of the ` +
        `embeddings, it has ${svd.sigma.length}`,
    );
  }
  const spectrum = denoisingSpectrum(svd, lambda);
  const zero = spectrum.subarray(0, k).indexOf(0);
  if (zero >= 0) {
    throw new RangeError(
      `Cannot compare solutions: the first ${k} singular values must not be 0, entry ${zero} is`,
    );
  }
  const M = svd.V.subMatrix(0, svd.V.rows - 1, 0, k - 1).transpose().mmul(e.A);
  for (let i = 0; i < k; i++) M.mulRow(i, 1 / Math.sqrt(spectrum[i]));
  return M;
}
