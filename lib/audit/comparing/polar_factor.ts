import { Matrix } from "ml-matrix";
import { multiply, rowArrays, rowProducts } from "../../linalg/products.ts";
import { symmetricEigen } from "../../linalg/symmetric_eigen.ts";

/** The polar factor of a matrix, and the sum of its singular values. */
export interface PolarFactor {
  /** UVᵀ, m x n, over the singular values that are not negligible. */
  factor: Matrix;
  /** Σσᵢ. */
  nuclearNorm: number;
}

/** Singular values below this share of the largest are found in a round of their own. */
const ROUND = 1e-3;
/** Singular values below this share of the largest are rounding. */
const NEGLIGIBLE = 1e-11;

/**
 * Computes the polar factor UVᵀ of C = UΣVᵀ, which the orthogonal Procrustes problem asks for: of all
 * R with orthonormal columns or rows, it has the largest tr(RᵀC).
 *
 * By the eigenvectors of CᵀC, whose rounding hides small singular values: they are found in further
 * rounds, in what is left of C once the larger ones are taken out.
 *
 * @param c C, m x n.
 * @returns UVᵀ, and Σσᵢ.
 *
 * @example
 * ```ts
 * import { polarFactor } from "./polar_factor.ts";
 * import { Matrix } from "ml-matrix";
 * import assert from "node:assert/strict";
 *
 * const { factor, nuclearNorm } = polarFactor(new Matrix([[0, 3], [-2, 0]]));
 * assert(Math.abs(nuclearNorm - 5) < 1e-12 && Math.abs(factor.get(0, 1) - 1) < 1e-12);
 * ```
 */
export function polarFactor(c: Matrix): PolarFactor {
  const factor = new Matrix(c.rows, c.columns);
  let left = c.clone();
  let nuclearNorm = 0, largest = 0, rank = 0;
  while (rank < Math.min(c.rows, c.columns)) {
    const { values, vectors } = symmetricEigen(rowProducts(rowArrays(left.transpose())));
    if (!(values[0] > (NEGLIGIBLE * largest) ** 2)) break;
    largest = Math.max(largest, Math.sqrt(values[0]));
    const count = Math.min(
      values.filter((value) => value > ROUND ** 2 * values[0]).length,
      Math.min(c.rows, c.columns) - rank,
    );
    const V = vectors.subMatrix(0, c.columns - 1, 0, count - 1);
    const sigma = Array.from(values.subarray(0, count), Math.sqrt);
    const U = multiply(left, V).divRowVector(sigma);
    factor.add(multiply(U, V.transpose()));
    left = left.sub(multiply(U, multiply(U.transpose(), left)));
    left = left.sub(multiply(multiply(left, V), V.transpose()));
    nuclearNorm += sigma.reduce((sum, value) => sum + value, 0);
    rank += count;
  }
  return { factor, nuclearNorm };
}
