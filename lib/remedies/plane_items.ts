import type { Matrix } from "ml-matrix";
import { assertKnown } from "../check/assert_known.ts";
import { assertNumber } from "../check/assert_number.ts";
import { power } from "../elementary/power.ts";
import type { SVD } from "../linalg/svd_of_gram.ts";
import { scaledVectors, solverOptions } from "../solvers/scaled_vectors.ts";

/** A point of the plane of {@linkcode planeItems}. */
export interface PlanePoint {
  /** a, the exponent of σ. */
  sigma: number;
  /** b, the exponent of dMat. */
  dMat: number;
}

/**
 * Computes the items of Eq. 1 under a D that is a power of σ times a power of dMat: V σᵃ dMatᵇ, which is
 * B·D⁻¹ of Eq. 5 for D = σ^−a dMat^(½−b).
 *
 * Every choice of the paper is a point (a, b) of this plane: D = dMat^½ and whitening (0, 0); D = I (0, ½);
 * D = dMat^−½ (0, 1); D = dMat(√(1/σ)), the analogue of Eq. 2, (½, ½); the original space (1, 1); a D
 * anti-correlated with σ (−1, ½). On its diagonal are the {@linkcode canonicalItems}, V Σ̂ᵃ, since the
 * predictions of Eq. 1 are U σ dMat Vᵀ.
 *
 * @param svd The singular value decomposition of X.
 * @param options λ of Eq. 1, the exponents `sigma` and `dMat`, between −8 and 8, and the rank k, that of
 * the SVD by default.
 * @returns V σᵃ dMatᵇ, p x k. A dimension of σ = 0, which the model does not have, is 0.
 * @throws {TypeError} If svd is none, or an option of the wrong kind or unknown.
 * @throws {RangeError} If an option is out of bounds.
 *
 * @example
 * ```ts
 * import { denoisingEmbeddings, largestDifference, simulateInteractions, truncatedSVD } from "cosine-lab";
 * import { planeItems } from "cosine-lab/remedies";
 * import assert from "node:assert/strict";
 *
 * const { interactions } = simulateInteractions({ users: 300, items: 40 });
 * const svd = truncatedSVD(interactions, { rank: 8 });
 * const { B } = denoisingEmbeddings(svd, { lambda: 100 });
 * const same = planeItems(svd, { lambda: 100, sigma: 0, dMat: 0.5 });
 * assert(largestDifference(same, B) < 1e-12);
 * ```
 */
export function planeItems(
  svd: SVD,
  options: PlanePoint & { lambda: number; rank?: number },
): Matrix {
  const action = "place items";
  assertKnown(action, options, ["lambda", "rank", "sigma", "dMat"]);
  const { lambda, rank } = solverOptions(svd, options);
  const { sigma: a, dMat: b } = options;
  assertNumber(action, "sigma", a, -8, 8);
  assertNumber(action, "dMat", b, -8, 8);
  return scaledVectors(
    svd,
    rank,
    (sigma) => sigma > 0 ? power(sigma, a) * power(1 + lambda / sigma ** 2, -b) : 0,
  );
}
