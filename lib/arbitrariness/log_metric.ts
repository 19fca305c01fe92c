import type { Matrix } from "ml-matrix";

/** ln W of a metric W, k x k, symmetric, with its eigenvalues and eigenvectors. */
export interface LogMetric {
  matrix: Matrix;
  values: Float64Array;
  vectors: Matrix;
}
