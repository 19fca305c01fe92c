import { type Matrix, SingularValueDecomposition } from "ml-matrix";
import { assertFinite, LARGEST_FACTOR } from "../check/assert_finite.ts";

/** How one set of embeddings follows from another. */
export interface RelativeCondition {
  /** κ of the M with C ≈ BM: 1 for a rotation, which moves no cosine. */
  condition: number;
  /** ‖C − BM‖ / ‖C‖: 0 where C is an invertible map of B, and so as good a solution of Eq. 1. */
  residual: number;
}

/**
 * Computes the κ that lies between two embeddings of the same items: the condition of the M that
 * takes one to the other, by least squares. For two solutions of one training objective it tells
 * how much of the freedom to rescale was used.
 *
 * @param B Embeddings of full column rank, p x k.
 * @param C Others of the same items, p x k.
 * @returns The condition of M, and what M does not explain.
 * @throws {TypeError} If B or C is not a matrix.
 * @throws {RangeError} If one is not finite, they differ in shape, p < k, or B has not full rank.
 *
 * @example
 * ```ts
 * import { relativeCondition } from "cosine-lab/arbitrariness";
 * import { Matrix } from "ml-matrix";
 * import assert from "node:assert/strict";
 *
 * const B = new Matrix([[1, 0], [0, 1], [1, 1]]);
 * const C = new Matrix([[0, 3], [1, 0], [1, 3]]);
 * const { condition, residual } = relativeCondition(B, C);
 * assert(Math.abs(condition - 3) < 1e-12 && residual < 1e-12);
 * ```
 */
export function relativeCondition(B: Matrix, C: Matrix): RelativeCondition {
  assertFinite("compare embeddings", "B", B, LARGEST_FACTOR);
  assertFinite("compare embeddings", "C", C, LARGEST_FACTOR);
  if (B.rows !== C.rows || B.columns !== C.columns || B.rows < B.columns) {
    throw new RangeError(
      "Cannot compare embeddings: B and C must be of one shape with at least as many rows as " +
        `columns, they are ${B.rows} x ${B.columns} and ${C.rows} x ${C.columns}`,
    );
  }
  const svd = new SingularValueDecomposition(B, { autoTranspose: true });
  if (!(svd.diagonal.at(-1)! > svd.diagonal[0] * RANK_TOLERANCE)) {
    throw new RangeError("Cannot compare embeddings: the columns of B must be independent");
  }
  const M = svd.solve(C);
  const [largest, ...others] = new SingularValueDecomposition(M).diagonal;
  return {
    condition: largest / (others.at(-1) ?? largest),
    residual: C.clone().sub(B.mmul(M)).norm() / C.norm(),
  };
}

/** Singular values below this share of the largest are rounding. */
const RANK_TOLERANCE = 1e-12;
