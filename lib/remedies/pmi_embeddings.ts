import { Matrix } from "ml-matrix";
import { assertInteger } from "../check/assert_integer.ts";
import { assertNumber } from "../check/assert_number.ts";
import { assertObject } from "../check/assert_object.ts";
import { power } from "../elementary/power.ts";
import { rowArrays } from "../linalg/row_arrays.ts";
import { rowProducts } from "../linalg/row_products.ts";
import { svdOfGram } from "../linalg/svd_of_gram.ts";
import type { Embeddings } from "../solvers/embeddings.ts";
import { pmiMatrix, type PmiOptions } from "./pmi_matrix.ts";

/** Options for {@linkcode pmiEmbeddings}. */
export interface PmiEmbeddingsOptions extends PmiOptions {
  /** k, the number of latent dimensions, at most p. @default {50, or p} */
  rank?: number;
  /**
   * e in B = U·Σ^e: 1 is the plain SVD, ½ shares Σ out like the training of word2vec does, 0 leaves it
   * out.
   *
   * @default {0.5}
   */
  exponent?: number;
}

/**
 * Factorizes the {@linkcode pmiMatrix} M ≈ UΣVᵀ by truncated singular value decomposition: item
 * embeddings B = U·Σ^e and contexts A = V·Σ^(1−e), so that BAᵀ is the best approximation of rank k (Levy,
 * Goldberg and Dagan, 2015, section 3.3).
 *
 * The exponent e is a D of its own: every e gives the same BAᵀ, hence the same squared error, and other
 * cosines. Levy, Goldberg and Dagan found e = ½ or 0 to work much better than 1 on words, and tune it;
 * what they tune is what Eq. 3 calls arbitrary. A symmetric M has eigenvalues of both signs; Σ are
 * their magnitudes, so that Σ^½ exists, and the signs are in V.
 *
 * @param counts How often item i occurs with context j, p x p: {@linkcode cooccurrenceCounts}.
 * @param options k, e, and what the matrix depends on.
 * @returns B, items, and A, contexts, p x k. Dimensions with a singular value of 0 are 0, for e = 0 too.
 * @throws {TypeError} If counts is no matrix, or an option of the wrong kind.
 * @throws {RangeError} If counts is not square, has a negative or no positive entry, or an option is
 * out of bounds.
 *
 * @example
 * ```ts
 * import { cosineSimilarity } from "cosine-lab";
 * import { pmiEmbeddings } from "cosine-lab/remedies";
 * import { Matrix } from "ml-matrix";
 * import assert from "node:assert/strict";
 *
 * // Items 0 and 1 have the same context, 2; item 2 has them.
 * const counts = new Matrix([[0, 0, 3], [0, 0, 3], [3, 3, 0]]);
 * const { B } = pmiEmbeddings(counts, { rank: 2, smoothing: 1 });
 * assert(cosineSimilarity(B).get(0, 1) > 1 - 1e-12);
 * ```
 */
export function pmiEmbeddings(counts: Matrix, options: PmiEmbeddingsOptions = {}): Embeddings {
  assertObject("factorize mutual information", "options", options);
  const { rank = Math.min(50, counts?.rows ?? 1), exponent = 0.5, ...matrix } = options;
  const m = pmiMatrix(counts, matrix);
  assertInteger("factorize the mutual information", "rank", rank, 1, m.rows);
  assertNumber("factorize the mutual information", "exponent", exponent, 0, 1);
  const { sigma, V: u } = svdOfGram(rowProducts(rowArrays(m)), rank);
  const columns = rowArrays(m.transpose());
  // MᵀU = VΣ.
  const contexts = rowProducts(columns, rowArrays(u.transpose()));
  const scaled = (vectors: Matrix, by: number) =>
    Matrix.mul(vectors, 1).mulRowVector(
      Array.from(sigma, (value) => value > 0 ? power(value, by) : 0),
    );
  return { A: scaled(contexts, -exponent), B: scaled(u, exponent) };
}
