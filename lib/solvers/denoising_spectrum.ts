import { assertNumber } from "../check/assert_number.ts";
import { assertSVD } from "../linalg/assert_svd.ts";
import type { SVD } from "../linalg/svd_of_gram.ts";

/**
 * Computes the spectrum of the solution of Eq. 1, 1 / (1 + λ/σᵢ²): the diagonal that section 2.2
 * writes as dMat(…, 1/(1 + λ/σᵢ²), …).
 *
 * A direction that the data does not have (σ = 0) gets 0, for λ = 0 too: the solution of least
 * norm.
 *
 * @param svd The singular value decomposition of X.
 * @param lambda λ ≥ 0, the weight of the regularization.
 * @returns One entry for each singular value, between 0 and 1, descending.
 * @throws {TypeError} If svd is not an SVD, or lambda is not a number.
 * @throws {RangeError} If lambda is negative or not finite.
 *
 * @example
 * ```ts
 * import { denoisingSpectrum, Interactions, truncatedSVD } from "cosine-lab";
 * import assert from "node:assert/strict";
 *
 * const svd = truncatedSVD(Interactions.fromDense([[3, 0], [0, 1]]));
 * assert.deepEqual([...denoisingSpectrum(svd, 3)], [0.75, 0.25]);
 * ```
 */
export function denoisingSpectrum(svd: SVD, lambda: number): Float64Array {
  assertSVD("shrink", svd);
  assertNumber("shrink", "lambda", lambda, 0);
  return svd.sigma.map((sigma) => denoisingShrinkage(sigma, lambda));
}

/** 1 / (1 + λ/σ²), written so that σ = 0 gives 0 and σ² does not overflow. */
export function denoisingShrinkage(sigma: number, lambda: number): number {
  return sigma === 0 ? 0 : 1 / (1 + lambda / sigma / sigma);
}
