import { Matrix } from "ml-matrix";
import { InputRangeError } from "../errors.ts";
import { assertNumber, checkedOptions, integer, number } from "../check.ts";
import { rowArrays } from "../linalg/matrices.ts";
import { assertSVD, type SVD } from "../linalg/svd.ts";
import { type Embeddings, rescale } from "./embeddings.ts";

/**
 * Computes the spectrum of the solution of Eq. 1, 1 / (1 + λ/σᵢ²): the diagonal that section 2.2
 * writes as dMat(…, 1/(1 + λ/σᵢ²), …).
 *
 * A direction that is absent from the data (σ = 0) gets 0, for λ = 0 too: the solution of least norm.
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
function denoisingShrinkage(sigma: number, lambda: number): number {
  return sigma === 0 ? 0 : 1 / (1 + lambda / sigma / sigma);
}

/**
 * Solves the first training objective (Eq. 1),
 *
 * min ‖X − XABᵀ‖² + λ‖ABᵀ‖²,
 *
 * in closed form: A = B = V_k·dMat(…, 1/(1 + λ/σᵢ²), …)^½ (Eq. 5).
 *
 * Only the product ABᵀ is determined. This is the solution with D = I; every other AD, BD⁻¹ has the same
 * loss: see {@linkcode rescale}.
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
  const { lambda, rank } = checkedOptions("solve", options, solverChecks("solve", svd));
  const factor = (sigma: number) => Math.sqrt(denoisingShrinkage(sigma, lambda));
  return { A: scaledVectors(svd, rank, factor), B: scaledVectors(svd, rank, factor) };
}

/**
 * Solves the second training objective (Eq. 2),
 *
 * min ‖X − XABᵀ‖² + λ(‖XA‖² + ‖B‖²),
 *
 * in closed form: A = V_k·dMat(…, √((1 − λ/σᵢ)₊/σᵢ), …)_k and
 * B = V_k·dMat(…, √(σᵢ·(1 − λ/σᵢ)₊), …)_k (Eq. 6). Unique up to rotation.
 *
 * Dimensions with σᵢ ≤ λ are shrunk to zero, and stay as columns of zeros.
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
  const { lambda, rank } = checkedOptions("solve", options, solverChecks("solve", svd));
  return {
    A: scaledVectors(
      svd,
      rank,
      (sigma) => sigma > lambda ? Math.sqrt((1 - lambda / sigma) / sigma) : 0,
    ),
    B: scaledVectors(svd, rank, (sigma) => Math.sqrt(Math.max(sigma - lambda, 0))),
  };
}

/** One of the ways to get embeddings that the paper compares. */
interface ModelingChoice {
  /** A label: the training objective, and D where it is arbitrary; `^{…}` marks a superscript. */
  name: string;
  /** The item embeddings in terms of the singular vectors. */
  formula: string;
  /** The factors. */
  embeddings: Embeddings;
}

/** Options for {@linkcode modelingChoices}. */
export interface ModelingChoicesOptions {
  /** λ of Eq. 1. @default {10000} */
  denoising?: number;
  /** λ of Eq. 2. @default {100} */
  weightDecay?: number;
  /** k, the number of latent dimensions, at most the rank of the SVD. @default {50, or that rank} */
  rank?: number;
}

/** The choices by name: Eq. 1 with one of several D, or Eq. 2. */
export interface ModelingChoices {
  /** Eq. 1 with D = dMat^½, so that B = V_k (section 2.2). */
  root: ModelingChoice;
  /** Eq. 1 with D = I (Eq. 5). */
  identity: ModelingChoice;
  /** Eq. 1 with D = dMat^−½, so that B = V_k·dMat (section 2.2). */
  inverse: ModelingChoice;
  /** Eq. 1 with D = dMat(√(1/σ)), the analogue of Eq. 2 (section 2.3). */
  analogue: ModelingChoice;
  /** Eq. 2 (Eq. 6), which has no free D. */
  weightDecay: ModelingChoice;
}

/**
 * Computes the embeddings that Figure 1 compares, and one more: training by Eq. 1 with
 * D = dMat^½, I and dMat^−½ (section 2.2), with D = dMat(√(1/σ)) (section 2.3, the analogue of
 * Eq. 2), and training by Eq. 2. All but the last are the same model: they make the same predictions.
 *
 * @param svd The singular value decomposition of X; its first k singular values must not be 0.
 * @param options The regularization of both, and the rank: by default those of section 4.
 * @returns The five choices by name, `Object.values()` in this order.
 * @throws {TypeError} If svd is not an SVD, or an option is not a number.
 * @throws {RangeError} If a λ is negative or not finite, the rank is not an integer between 1 and that
 * of the SVD, or one of the first k singular values is 0, so that D is not invertible.
 *
 * @example
 * ```ts
 * import { Interactions, modelingChoices, truncatedSVD } from "cosine-lab";
 * import assert from "node:assert/strict";
 *
 * const svd = truncatedSVD(Interactions.fromDense([[1, 1, 0], [1, 0, 1], [0, 0, 1]]));
 * const { identity, weightDecay } = modelingChoices(svd, { denoising: 1, weightDecay: 0.5 });
 * assert.equal(identity.name, "Eq. 1, D = I");
 * assert.equal(weightDecay.embeddings.B.columns, 3);
 * ```
 */
export function modelingChoices(svd: SVD, options: ModelingChoicesOptions = {}): ModelingChoices {
  assertSVD("compare modeling choices", svd);
  const { denoising, weightDecay, rank } = checkedOptions("compare modeling choices", options, {
    denoising: number(0, Infinity, 10_000),
    weightDecay: number(0, Infinity, 100),
    rank: integer(1, svd.sigma.length, Math.min(50, svd.sigma.length)),
  });
  const nonzero = svd.sigma.filter((sigma) => sigma > 0).length;
  if (rank > nonzero) {
    throw new InputRangeError(
      "Cannot compare modeling choices: rank must be at most the number of singular values that " +
        `are not 0, which is ${nonzero}, current value is ${rank} (D is not invertible where one is 0)`,
    );
  }
  const spectrum = denoisingSpectrum(svd, denoising).subarray(0, rank);
  const model = denoisingEmbeddings(svd, { lambda: denoising, rank });
  return {
    root: {
      name: "Eq. 1, D = dMat^{1/2}",
      formula: "B = V_{k}",
      embeddings: rescale(model, spectrum.map(Math.sqrt)),
    },
    identity: { name: "Eq. 1, D = I", formula: "B = V_{k} dMat^{1/2}", embeddings: model },
    inverse: {
      name: "Eq. 1, D = dMat^{−1/2}",
      formula: "B = V_{k} dMat",
      embeddings: rescale(model, spectrum.map((entry) => 1 / Math.sqrt(entry))),
    },
    analogue: {
      name: "Eq. 1, D = dMat(√(1/σ))",
      formula: "B = V_{k} dMat^{1/2} dMat(√σ)",
      embeddings: rescale(model, svd.sigma.subarray(0, rank).map((sigma) => 1 / Math.sqrt(sigma))),
    },
    weightDecay: {
      name: "Eq. 2",
      formula: "B = V_{k} dMat(√(σ−λ)_{+})",
      embeddings: weightDecayEmbeddings(svd, { lambda: weightDecay, rank }),
    },
  };
}

/** Options of both closed-form solutions. */
export interface SolverOptions {
  /** λ ≥ 0, the weight of the regularization. */
  lambda: number;
  /**
   * k, the number of latent dimensions, between 1 and the rank of the SVD.
   *
   * @default {svd.sigma.length}
   */
  rank?: number;
}

/** The table of checks of {@linkcode SolverOptions}, for a decomposition that is checked first. */
export function solverChecks(action: string, svd: SVD) {
  assertSVD(action, svd);
  return { lambda: number(0), rank: integer(1, svd.sigma.length, svd.sigma.length) };
}

/** V_k·dMat(…, f(σᵢ), …)_k: the first k right singular vectors, each scaled by f of its σ. */
export function scaledVectors(svd: SVD, rank: number, f: (sigma: number) => number): Matrix {
  const factors = svd.sigma.subarray(0, rank).map((sigma) => f(sigma));
  const scaled = new Matrix(svd.V.rows, rank);
  const from = rowArrays(svd.V);
  rowArrays(scaled).forEach((row, i) => {
    for (let j = 0; j < rank; j++) row[j] = from[i][j] * factors[j];
  });
  return scaled;
}
