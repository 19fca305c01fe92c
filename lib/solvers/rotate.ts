import type { Matrix } from "ml-matrix";
import { assertFinite } from "../check/assert_finite.ts";
import { multiply } from "../linalg/multiply.ts";
import { assertEmbeddings, type Embeddings } from "./embeddings.ts";

/**
 * Rotates embeddings by an orthogonal matrix R: AR and BR (section 2.1).
 *
 * The product ABᵀ, both losses and all cosines stay what they were.
 *
 * @param e The embeddings, p x k.
 * @param r R, k x k, with RᵀR = I (to 1e-8).
 * @returns The rotated embeddings.
 * @throws {TypeError} If e is not a pair of matrices or r is not a matrix.
 * @throws {RangeError} If r is not k x k, not finite or not orthogonal.
 *
 * @example
 * ```ts
 * import { rotate } from "cosine-lab";
 * import { Matrix } from "ml-matrix";
 * import assert from "node:assert/strict";
 *
 * const B = new Matrix([[1, 0]]);
 * const quarterTurn = new Matrix([[0, 1], [-1, 0]]);
 * assert.deepEqual(rotate({ A: B, B }, quarterTurn).B.to2DArray(), [[0, 1]]);
 * ```
 */
export function rotate(e: Embeddings, r: Matrix): Embeddings {
  assertEmbeddings("rotate", e);
  assertFinite("rotate", "r", r);
  const k = e.A.columns;
  if (r.rows !== k || r.columns !== k) {
    throw new RangeError(`Cannot rotate: r must be ${k} x ${k}, it is ${r.rows} x ${r.columns}`);
  }
  const product = multiply(r.transpose(), r);
  for (let i = 0; i < k; i++) {
    for (let j = 0; j < k; j++) {
      if (Math.abs(product.get(i, j) - (i === j ? 1 : 0)) > 1e-8) {
        throw new RangeError(
          `Cannot rotate: r must be orthogonal, entry (${i}, ${j}) of RᵀR is ${product.get(i, j)}`,
        );
      }
    }
  }
  return { A: multiply(e.A, r), B: multiply(e.B, r) };
}
