import { EigenvalueDecomposition, Matrix } from "ml-matrix";
import type { SymmetricEigen } from "./symmetric_eigen.ts";

/**
 * Solves the symmetric eigenproblem by Householder tridiagonalization and implicit QL (ml-matrix).
 *
 * @param a A symmetric matrix, p x p.
 * @param rank How many leading eigenpairs to return.
 * @returns They, in descending order.
 */
export function portableEigen(a: Matrix, rank: number): SymmetricEigen {
  const { realEigenvalues, eigenvectorMatrix } = new EigenvalueDecomposition(a, {
    assumeSymmetric: true,
  });
  const order = Array.from(realEigenvalues.keys())
    .sort((i, j) => realEigenvalues[j] - realEigenvalues[i])
    .slice(0, rank);
  const vectors = new Matrix(a.rows, rank);
  for (let row = 0; row < a.rows; row++) {
    order.forEach((from, to) => vectors.set(row, to, eigenvectorMatrix.get(row, from)));
  }
  return { values: Float64Array.from(order, (i) => realEigenvalues[i]), vectors };
}
