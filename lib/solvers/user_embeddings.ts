import { Matrix } from "ml-matrix";
import { assertInteractions } from "../interactions/assert_interactions.ts";
import type { Interactions } from "../interactions/interactions.ts";
import { assertEmbeddings, type Embeddings } from "./embeddings.ts";

/**
 * Computes the user embeddings XA (section 2): each is the sum of the rows aᵢ of A over the items
 * that the user interacted with.
 *
 * @param x The interactions X, n x p.
 * @param e The embeddings, p x k.
 * @returns XA, n x k.
 * @throws {TypeError} If x is not an Interactions, or e is not a pair of matrices.
 * @throws {RangeError} If A has not a row for each item.
 *
 * @example
 * ```ts
 * import { Interactions, userEmbeddings } from "cosine-lab";
 * import { Matrix } from "ml-matrix";
 * import assert from "node:assert/strict";
 *
 * const x = Interactions.fromDense([[1, 1], [0, 1]]);
 * const A = new Matrix([[1, 2], [3, 4]]);
 * assert.deepEqual(userEmbeddings(x, { A, B: A }).to2DArray(), [[4, 6], [3, 4]]);
 * ```
 */
export function userEmbeddings(x: Interactions, e: Embeddings): Matrix {
  assertInteractions("embed users", "x", x);
  assertEmbeddings("embed users", e, x.items);
  const k = e.A.columns;
  const a = Float64Array.from(e.A.to1DArray());
  const p = new Matrix(x.users, k);
  const sum = new Float64Array(k);
  for (let u = 0; u < x.users; u++) {
    sum.fill(0);
    for (let t = x.rowStarts[u]; t < x.rowStarts[u + 1]; t++) {
      const row = x.columnIndices[t] * k;
      const value = x.values === null ? 1 : x.values[t];
      for (let i = 0; i < k; i++) sum[i] += value * a[row + i];
    }
    p.setRow(u, sum);
  }
  return p;
}
