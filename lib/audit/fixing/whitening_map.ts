import type { Matrix } from "ml-matrix";
import { symmetricEigen } from "../../linalg/symmetric_eigen.ts";
import { multiply } from "../../linalg/products.ts";

/** The largest ratio of variances that whitening levels: beyond it, directions are rounding or noise. */
export const LARGEST_CONDITION = 1e6;

/**
 * Computes Σ^−½, which gives every direction the same variance and stays as close to the coordinates
 * as whitening can (ZCA). An ill-conditioned Σ is shrunk towards t·I, t its mean variance, by the
 * least share that keeps the ratio of its variances at 1e6.
 *
 * @param covariance Σ, k x k.
 * @returns Σ^−½, scaled so that a Σ of t·I is left as it is, and the share.
 */
export function whiteningMap(covariance: Matrix): { matrix: Matrix; shrinkage: number } {
  const { values, vectors } = symmetricEigen(covariance);
  const mean = values.reduce((sum, value) => sum + value, 0) / values.length;
  if (!(mean > 0)) {
    throw new RangeError("Cannot fit a correction: all items have the same vector");
  }
  const most = values[0], least = Math.max(0, values[values.length - 1]);
  // (1 − s)·most + s·mean = condition · ((1 − s)·least + s·mean)
  const excess = most - LARGEST_CONDITION * least;
  const shrinkage = excess <= 0 ? 0 : excess / (excess + (LARGEST_CONDITION - 1) * mean);
  const factors = Array.from(
    values,
    (value) => Math.sqrt(mean / ((1 - shrinkage) * Math.max(0, value) + shrinkage * mean)),
  );
  return {
    matrix: multiply(vectors.clone().mulRowVector(factors), vectors.transpose()),
    shrinkage,
  };
}
