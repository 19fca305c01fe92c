import { Matrix } from "ml-matrix";
import { rowArrays } from "../linalg/row_arrays.ts";
import { assertEmbeddings, type Embeddings } from "./embeddings.ts";

/**
 * Rescales the latent dimensions of embeddings by a diagonal matrix D: AD and BD⁻¹ (Eq. 3).
 *
 * The product ABᵀ, and with it every prediction and the loss of Eq. 1, stays what it was; the
 * cosines of the rows do not. The loss of Eq. 2 changes.
 *
 * @param e The embeddings, p x k.
 * @param d The diagonal of D: k entries, finite and not zero.
 * @returns The rescaled embeddings; the given ones are left as they are.
 * @throws {TypeError} If e is not a pair of matrices or d has no length.
 * @throws {RangeError} If d has not k entries, one is zero, NaN or infinite, or a product overflows.
 *
 * @example
 * ```ts
 * import { rescale } from "cosine-lab";
 * import { Matrix } from "ml-matrix";
 * import assert from "node:assert/strict";
 *
 * const B = new Matrix([[1, 1], [1, 0]]);
 * const rescaled = rescale({ A: B, B }, [2, 4]);
 * assert.deepEqual(rescaled.A.to2DArray(), [[2, 4], [2, 0]]);
 * assert.deepEqual(rescaled.B.to2DArray(), [[0.5, 0.25], [0.5, 0]]);
 * ```
 */
export function rescale(e: Embeddings, d: ArrayLike<number>): Embeddings {
  assertEmbeddings("rescale", e);
  const k = e.A.columns;
  if (typeof d?.length !== "number") {
    throw new TypeError("Cannot rescale: d must be an array with the diagonal of D");
  }
  if (d.length !== k) {
    throw new RangeError(
      `Cannot rescale: d must have an entry for each of the ${k} dimensions, it has ${d.length}`,
    );
  }
  for (let i = 0; i < k; i++) {
    if (!Number.isFinite(d[i]) || !Number.isFinite(1 / d[i])) {
      throw new RangeError(
        `Cannot rescale: entries of d must be finite and not zero, entry ${i} is ${d[i]}`,
      );
    }
  }
  return {
    A: scaledColumns(e.A, Float64Array.from(d)),
    B: scaledColumns(e.B, Float64Array.from(d, (entry) => 1 / entry)),
  };
}

function scaledColumns(m: Matrix, factors: Float64Array): Matrix {
  const scaled = new Matrix(m.rows, m.columns);
  const from = rowArrays(m);
  rowArrays(scaled).forEach((row, i) => {
    for (let j = 0; j < factors.length; j++) {
      row[j] = from[i][j] * factors[j];
      if (!Number.isFinite(row[j])) {
        throw new RangeError(
          `Cannot rescale: dimension ${j} overflows where it is multiplied by ${factors[j]}`,
        );
      }
    }
  });
  return scaled;
}
