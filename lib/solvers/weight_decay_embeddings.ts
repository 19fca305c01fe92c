import type { SVD } from "../linalg/svd_of_gram.ts";
import type { Embeddings } from "./embeddings.ts";
import { scaledVectors, type SolverOptions, solverOptions } from "./scaled_vectors.ts";

/**
 * Solves the second training objective (Eq. 2),
 *
 * min ‖X − XABᵀ‖² + λ(‖XA‖² + ‖B‖²),
 *
 * in closed form: A = V_k·dMat(…, √((1 − λ/σᵢ)₊/σᵢ), …)_k and
 * B = V_k·dMat(…, √(σᵢ·(1 − λ/σᵢ)₊), …)_k (Eq. 6). Unique up to rotation.
 *
 * Dimensions with σᵢ ≤ λ are shrunk to nothing, and stay as columns of zeros.
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
 * import { Interactions, truncatedSVD, weightDecayEmbeddings } from "cosine-lab";
 * import assert from "node:assert/strict";
 *
 * const svd = truncatedSVD(Interactions.fromDense([[4, 0], [0, 1]]));
 * const { B } = weightDecayEmbeddings(svd, { lambda: 1 });
 * assert.deepEqual(B.to2DArray(), [[Math.sqrt(3), 0], [0, 0]]);
 * ```
 */
export function weightDecayEmbeddings(svd: SVD, options: SolverOptions): Embeddings {
  const { lambda, rank } = solverOptions(svd, options);
  return {
    A: scaledVectors(
      svd,
      rank,
      (sigma) => sigma > lambda ? Math.sqrt((1 - lambda / sigma) / sigma) : 0,
    ),
    B: scaledVectors(svd, rank, (sigma) => Math.sqrt(Math.max(sigma - lambda, 0))),
  };
}
