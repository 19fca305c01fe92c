import { Matrix } from "ml-matrix";
import { rowArrays } from "../../linalg/products.ts";
import { symmetricEigen } from "../../linalg/symmetric_eigen.ts";
import type { CanonicalSample } from "./canonical_sample.ts";

/** The directions along which a sample varies about its mean, in its canonical coordinates. */
export interface CenteredAxes {
  mean: Float64Array;
  /** The variance along each axis, descending; rounding is set to 0. */
  variances: Float64Array;
  /** The axes as rows, orthonormal. */
  axes: readonly Float64Array[];
}

/** Computes them: in canonical coordinates the covariance is dMat(variances) less the mean's part. */
export function centeredAxes({ values, rank, variances }: CanonicalSample): CenteredAxes {
  const mean = new Float64Array(rank);
  for (let at = 0; at < values.length; at++) mean[at % rank] += values[at];
  for (let c = 0; c < rank; c++) mean[c] *= rank / values.length;
  const covariance = Array.from(mean, (a, i) => {
    const row = mean.map((b) => -a * b);
    row[i] += variances[i];
    return row;
  });
  const { values: found, vectors } = symmetricEigen(new Matrix(covariance));
  const least = 1e-12 * variances[0];
  return {
    mean,
    variances: found.map((variance) => variance > least ? variance : 0),
    axes: rowArrays(vectors.transpose()),
  };
}
