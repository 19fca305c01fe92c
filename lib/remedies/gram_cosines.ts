import { Matrix } from "ml-matrix";
import { assertSimilarity } from "../similarity/assert_similarity.ts";

/**
 * Computes the cosine similarity of the columns of X from its Gram matrix alone: the items as they
 * are in the data, without a model, G_ij / √(G_ii·G_jj).
 *
 * A column of zeros has similarity 0 to everything, itself included, as in {@linkcode cosineSimilarity}.
 *
 * @param g The Gram matrix G = XᵀX, p x p.
 * @returns The cosines, p x p, within [−1, 1].
 * @throws {TypeError} If g is no matrix.
 * @throws {RangeError} If g is empty, not square or not finite.
 *
 * @example
 * ```ts
 * import { gram, Interactions } from "cosine-lab";
 * import { gramCosines } from "cosine-lab/remedies";
 * import assert from "node:assert/strict";
 *
 * const x = Interactions.fromDense([[1, 1, 0], [1, 0, 0], [1, 0, 0], [1, 0, 0]]);
 * assert.deepEqual(gramCosines(gram(x)).getRow(0), [1, 0.5, 0]);
 * ```
 */
export function gramCosines(g: Matrix): Matrix {
  assertSimilarity("compare columns", "g", g);
  const norms = g.diag().map(Math.sqrt);
  const cosines = new Matrix(g.rows, g.columns);
  for (let i = 0; i < g.rows; i++) {
    for (let j = 0; j < g.columns; j++) {
      const size = norms[i] * norms[j];
      // Rounding must not take a cosine out of its bounds.
      const cosine = i === j ? 1 : Math.max(-1, Math.min(1, g.get(i, j) / size));
      cosines.set(i, j, size > 0 ? cosine : 0);
    }
  }
  return cosines;
}
