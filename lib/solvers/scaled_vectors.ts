import { Matrix } from "ml-matrix";
import { assertInteger } from "../check/assert_integer.ts";
import { assertNumber } from "../check/assert_number.ts";
import { assertSVD } from "../linalg/assert_svd.ts";
import { rowArrays } from "../linalg/row_arrays.ts";
import type { SVD } from "../linalg/svd_of_gram.ts";

/** What both closed-form solutions depend on, beside the data. */
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

/** Checks the options of a solver, and fills in the rank. */
export function solverOptions(svd: SVD, options: SolverOptions): Required<SolverOptions> {
  assertSVD("solve", svd);
  const { lambda, rank = svd.sigma.length } = options ?? {};
  assertNumber("solve", "lambda", lambda, 0);
  assertInteger("solve", "rank", rank, 1, svd.sigma.length);
  return { lambda, rank };
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
