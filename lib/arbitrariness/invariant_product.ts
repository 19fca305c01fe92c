import type { Matrix } from "ml-matrix";
import { rowArrays } from "../linalg/row_arrays.ts";
import { rowProducts } from "../linalg/row_products.ts";
import { assertEmbeddings, type Embeddings } from "../solvers/embeddings.ts";

/**
 * Computes ABᵀ, by which the interactions are multiplied to get the predictions XABᵀ: what no D of
 * Eq. 3 changes, and no other invertible M in A·M and B·M⁻ᵀ.
 *
 * @param e The embeddings, p x k.
 * @returns ABᵀ, p x p.
 * @throws {TypeError} If e is not a pair of matrices.
 * @throws {RangeError} If A and B are of different shapes, or have entries that are not finite.
 *
 * @example
 * ```ts
 * import { rescale } from "cosine-lab";
 * import { invariantProduct } from "cosine-lab/arbitrariness";
 * import { Matrix } from "ml-matrix";
 * import assert from "node:assert/strict";
 *
 * const e = { A: new Matrix([[1, 2], [3, 4]]), B: new Matrix([[1, 0], [0, 1]]) };
 * assert.deepEqual(invariantProduct(e), invariantProduct(rescale(e, [2, -8])));
 * ```
 */
export function invariantProduct(e: Embeddings): Matrix {
  assertEmbeddings("multiply the embeddings", e);
  return rowProducts(rowArrays(e.A), rowArrays(e.B));
}
