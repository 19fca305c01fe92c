import { assertSVD, type SVD } from "../linalg/svd.ts";
import type { Matrix } from "ml-matrix";
import { assertFinite, checkedOptions, LARGEST_FACTOR, number } from "../check.ts";
import { scaledVectors, solverChecks } from "./closed_forms.ts";
import { log, power } from "../math/elementary.ts";
import { InputRangeError } from "../errors.ts";

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
  const { lambda, rank, sigma: a, dMat: b } = checkedOptions(action, options, {
    ...solverChecks(action, svd),
    sigma: number(-8, 8),
    dMat: number(-8, 8),
  });
  return scaledVectors(
    svd,
    rank,
    (sigma) => sigma > 0 ? power(sigma, a) * power(1 + lambda / sigma ** 2, -b) : 0,
  );
}

/** Which D item vectors have, as far as they have one; what {@linkcode measuredScaling} finds. */
export interface MeasuredScaling {
  /** The share of the squared lengths that lies in the span of the singular vectors. */
  within: number;
  /** How far dimensions are only scaled and rotated: 1 for V D R, less where they are mixed. */
  diagonal: number;
  /** The scale of each singular direction, Dᵢ: the length of row i of VᵀW. */
  scales: Float64Array;
  /** a in D ≈ c·σᵃ, by least squares on logarithms. */
  exponent: number;
  /** R² of that fit. */
  fit: number;
}

/**
 * Measures which D item vectors of any origin have relative to the singular vectors of X: with
 * T = VᵀW, vectors W = V D R (any rotation R) have TTᵀ = D².
 *
 * @param W The item vectors, p x m, of any rotation.
 * @param svd The singular value decomposition of X, of the rank to compare with; no σ may be 0.
 * @returns The scales, the exponent that fits them, and how far W is V D R at all.
 * @throws {TypeError} If W is not a matrix, or svd is not an SVD.
 * @throws {RangeError} If W is not finite, has not a row for each item or nothing in the span of V, the
 * rank is below 2, all σ are equal, or one is 0.
 *
 * @example
 * ```ts
 * import { Interactions, rotate, truncatedSVD } from "cosine-lab";
 * import { measuredScaling, planeItems } from "cosine-lab/remedies";
 * import assert from "node:assert/strict";
 *
 * const svd = truncatedSVD(Interactions.fromDense([[1, 1, 0], [1, 0, 1], [0, 0, 1]]));
 * const W = planeItems(svd, { lambda: 0, sigma: 0.5, dMat: 0 });
 * assert(Math.abs(measuredScaling(W, svd).exponent - 0.5) < 1e-9);
 * ```
 */
export function measuredScaling(W: Matrix, svd: SVD): MeasuredScaling {
  const action = "measure the scaling";
  assertFinite(action, "W", W, LARGEST_FACTOR);
  assertSVD(action, svd);
  const { sigma, V } = svd;
  if (W.rows !== V.rows) {
    throw new InputRangeError(
      `Cannot ${action}: W must have a row for each of the ${V.rows} items, it has ${W.rows}`,
    );
  }
  if (sigma.length < 2 || sigma.at(-1) === 0 || sigma[0] === sigma.at(-1)) {
    throw new InputRangeError(
      `Cannot ${action}: there must be two singular values or more, above 0 and not all equal`,
    );
  }
  const T = V.transpose().mmul(W);
  const S = T.mmul(T.transpose());
  const squares = Float64Array.from(S.diag());
  if (squares.some((square) => !(square > 0))) {
    throw new InputRangeError(
      `Cannot ${action}: W has nothing in the direction of a singular vector`,
    );
  }
  const scales = squares.map(Math.sqrt);
  const total = squares.reduce((sum, square) => sum + square, 0);
  return {
    within: total / W.norm("frobenius") ** 2,
    diagonal: squares.reduce((sum, square) => sum + square ** 2, 0) / S.norm("frobenius") ** 2,
    scales,
    ...line(sigma.map(log), scales.map(log)),
  };
}

/** The slope of the least-squares line of y on x, and its R²: that of a horizontal line is 1. */
function line(x: Float64Array, y: Float64Array): { exponent: number; fit: number } {
  const mean = (values: Float64Array) => values.reduce((sum, v) => sum + v, 0) / values.length;
  const [meanX, meanY] = [mean(x), mean(y)];
  let xx = 0, xy = 0, yy = 0;
  for (let i = 0; i < x.length; i++) {
    xx += (x[i] - meanX) ** 2;
    xy += (x[i] - meanX) * (y[i] - meanY);
    yy += (y[i] - meanY) ** 2;
  }
  const exponent = xy / xx;
  // Scales that are equal except for rounding, or single precision, lie on a line.
  return { exponent, fit: yy < 1e-6 * x.length ? 1 : xy ** 2 / xx / yy };
}
