import type { SVD } from "../linalg/svd_of_gram.ts";
import { denoisingShrinkage } from "./denoising_spectrum.ts";
import type { Embeddings } from "./embeddings.ts";
import { scaledVectors, type SolverOptions, solverOptions } from "./scaled_vectors.ts";

/**
 * Solves the first training objective (Eq. 1),
 *
 * min ‖X − XABᵀ‖² + λ‖ABᵀ‖²,
 *
 * in closed form: A = B = V_k·dMat(…, 1/(1 + λ/σᵢ²), …)^½ (Eq. 5).
 *
 * Only the product ABᵀ is determined. This is the solution with D = I; every other AD, BD⁻¹ is
 * as good: see {@linkcode rescale}.
 *
 * @param svd The singular value decomposition of X, of at least the rank wanted.
 * @param options λ, and the rank k.
 * @returns A and B, p x k.
 * @throws {TypeError} If svd is not an SVD, or lambda or rank is not a number.
 * @throws {RangeError} If lambda is negative or not finite, or rank is not an integer between 1 and
 * the rank of the SVD.
 *
 * @example
 * ```ts
 * import { denoisingEmbeddings, Interactions, truncatedSVD } from "cosine-lab";
 * import assert from "node:assert/strict";
 *
 * const svd = truncatedSVD(Interactions.fromDense([[3, 0], [0, 1]]));
 * const { A, B } = denoisingEmbeddings(svd, { lambda: 3 });
 * const product = A.mmul(B.transpose());
 * assert(Math.abs(product.get(0, 0) - 0.75) < 1e-12);
 * assert(Math.abs(product.get(1, 1) - 0.25) < 1e-12);
 * ```
 */
export function denoisingEmbeddings(svd: SVD, options: SolverOptions): Embeddings {
  const { lambda, rank } = solverOptions(svd, options);
  const factor = (sigma: number) => Math.sqrt(denoisingShrinkage(sigma, lambda));
  return { A: scaledVectors(svd, rank, factor), B: scaledVectors(svd, rank, factor) };
}
