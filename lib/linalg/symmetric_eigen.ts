import { EigenvalueDecomposition, Matrix } from "ml-matrix";

/** The spectral decomposition of a symmetric matrix. */
export interface SymmetricEigen {
  /** The eigenvalues, in descending order. */
  values: Float64Array;
  /** The eigenvectors as columns, orthonormal, in the order of the eigenvalues. */
  vectors: Matrix;
}

/**
 * Solves the full symmetric eigenproblem, by Householder tridiagonalization and implicit QL
 * (ml-matrix).
 *
 * The only place that knows which eigensolver is used.
 *
 * @param a A symmetric matrix, p x p.
 * @returns All p eigenpairs, eigenvalues in descending order.
 *
 * @example
 * ```ts
 * import { symmetricEigen } from "./symmetric_eigen.ts";
 * import { Matrix } from "ml-matrix";
 *
 * const { values } = symmetricEigen(new Matrix([[2, 1], [1, 2]]));
 * console.log(values); // 3 and 1
 * ```
 */
export function symmetricEigen(a: Matrix): SymmetricEigen {
  const { realEigenvalues, eigenvectorMatrix } = new EigenvalueDecomposition(a, {
    assumeSymmetric: true,
  });
  const p = a.rows;
  const order = Array.from(realEigenvalues.keys()).sort((i, j) =>
    realEigenvalues[j] - realEigenvalues[i]
  );
  const vectors = new Matrix(p, p);
  for (let row = 0; row < p; row++) {
    for (let column = 0; column < p; column++) {
      vectors.set(row, column, eigenvectorMatrix.get(row, order[column]));
    }
  }
  return { values: Float64Array.from(order, (i) => realEigenvalues[i]), vectors };
}
