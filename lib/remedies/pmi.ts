import { Matrix } from "ml-matrix";
import { InputRangeError } from "../errors.ts";
import { assertFinite, assertOneOf, checkedOptions, flag, integer, number } from "../check.ts";
import { log, power } from "../math/elementary.ts";
import { assertInteractions, Interactions } from "../interactions/interactions.ts";
import { gram } from "../linalg/gram.ts";
import { rowArrays, rowProducts } from "../linalg/matrices.ts";
import { svdOfGram } from "../linalg/svd.ts";
import type { Embeddings } from "../solvers/embeddings.ts";

/** Options for {@linkcode pmiMatrix}. */
export interface PmiOptions {
  /**
   * β, context distribution smoothing: contexts are taken to occur with probabilities proportional to
   * their counts to this power. The counterpart of the noise exponent of negative sampling.
   *
   * @default {0.75}
   */
  smoothing?: number;
  /**
   * κ: log κ is subtracted, which is what κ negatives for each pair do. In dense data, where few items
   * are much more often together than by chance, a κ above 1 leaves almost nothing that is positive.
   *
   * @default {1}
   */
  shift?: number;
  /**
   * Whether negative values become 0 (positive PMI). A pair that never occurs is 0 in any case.
   *
   * @default {true}
   */
  positive?: boolean;
}

/** The exponent of popularity by which word2vec draws negatives, and by which contexts are smoothed. */
export const NOISE_EXPONENT = 0.75;

const PMI_OPTIONS = {
  smoothing: number(-10, 10, NOISE_EXPONENT),
  shift: number({ above: 0 }, Infinity, 1),
  positive: flag(true),
};

/**
 * Computes the shifted, positive pointwise mutual information of items and contexts with context
 * distribution smoothing, max(0, log(P(i, j) / (P(i)·P_β(j))) − log κ). Skip-gram with κ negatives from
 * popularity^β factorizes it implicitly without the 0, with −∞ for a pair that never occurs (Levy and
 * Goldberg, Neural word embedding as implicit matrix factorization, 2014); clipped, it is another model,
 * which can be factorized in closed form (Levy, Goldberg and Dagan, Improving distributional similarity
 * with lessons learned from word embeddings, 2015).
 *
 * With β = 1 it is symmetric where the counts are, otherwise it is not.
 *
 * @param counts How often item i occurs with context j, p x p: {@linkcode cooccurrenceCounts}.
 * @param options β, κ, and what becomes of negative values.
 * @returns The matrix, p x p: rows are items, columns contexts; 0 where the count is 0.
 * @throws {TypeError} If counts is not a matrix, or an option of the wrong kind.
 * @throws {RangeError} If counts is not square, has a negative or no positive entry, or one that is not
 * finite, or an option is out of bounds.
 *
 * @example
 * ```ts
 * import { pmiMatrix } from "cosine-lab/remedies";
 * import { Matrix } from "ml-matrix";
 * import assert from "node:assert/strict";
 *
 * // Items 0 and 1 are together twice as often as by chance, 2 and 3 as well.
 * const counts = new Matrix([[0, 3, 0, 0], [3, 0, 0, 0], [0, 0, 0, 3], [0, 0, 3, 0]]);
 * assert(Math.abs(pmiMatrix(counts).get(0, 1) - Math.log(4)) < 1e-12);
 * assert.equal(pmiMatrix(counts).get(0, 2), 0);
 * ```
 */
export function pmiMatrix(counts: Matrix, options: PmiOptions = {}): Matrix {
  const action = "compute the mutual information";
  assertCounts(action, counts);
  const { smoothing, shift, positive } = checkedOptions(action, options, PMI_OPTIONS);
  const byContext = noiseDistribution(counts.sum("column"), smoothing);
  const pmi = new Matrix(counts.rows, counts.columns);
  const from = rowArrays(counts);
  rowArrays(pmi).forEach((row, i) => {
    const total = from[i].reduce((sum, count) => sum + count, 0);
    for (let j = 0; j < row.length; j++) {
      if (from[i][j] === 0) continue;
      const value = log(from[i][j] / total / byContext[j] / shift);
      row[j] = positive ? Math.max(0, value) : value;
    }
  });
  return pmi;
}

function assertCounts(action: string, counts: Matrix): void {
  assertFinite(action, "counts", counts);
  if (counts.rows !== counts.columns) {
    throw new InputRangeError(
      `Cannot ${action}: counts must be square, its shape is ${counts.rows} x ${counts.columns}`,
    );
  }
  if (!(counts.min() >= 0) || counts.max() === 0) {
    throw new InputRangeError(
      `Cannot ${action}: counts must not be negative, and not all 0, they are between ` +
        `${counts.min()} and ${counts.max()}`,
    );
  }
}

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
 * @throws {TypeError} If counts is not a matrix, or an option of the wrong kind.
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
  const action = "factorize the mutual information";
  assertCounts(action, counts);
  const { rank, exponent, ...matrix } = checkedOptions(action, options, {
    ...PMI_OPTIONS,
    rank: integer(1, counts.rows, Math.min(50, counts.rows)),
    exponent: number(0, 1, 0.5),
  });
  const m = pmiMatrix(counts, matrix);
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

/**
 * The distribution that negatives are drawn from: popularity to the power of β, the unigram distribution
 * of word2vec with β = 3/4 (Mikolov et al., 2013b). What never occurs is never drawn, for β = 0 too.
 *
 * @param counts How often each item occurs as a context.
 * @param exponent β.
 * @returns A probability for each item.
 *
 * @example
 * ```ts
 * import { noiseDistribution } from "./pmi.ts";
 * import assert from "node:assert/strict";
 *
 * assert.deepEqual([...noiseDistribution([4, 1, 0], 0.5)], [2 / 3, 1 / 3, 0]);
 * ```
 */
export function noiseDistribution(counts: ArrayLike<number>, exponent: number): Float64Array {
  const weights = Float64Array.from(counts, (count) => count > 0 ? power(count, exponent) : 0);
  const total = weights.reduce((sum, weight) => sum + weight, 0);
  return weights.map((weight) => weight / total);
}

/** How much the pairs of a user's items count: see {@linkcode cooccurrenceCounts}. */
export type PairWeighting = "contexts" | "pairs";

/**
 * Counts how often two different items are in the set of one user, as (item, context) pairs.
 *
 * - `"contexts"`: each item of a user is paired with one other item of the same user, drawn at random,
 *   and the expected number of pairs is counted: 1/(k_u − 1) for a user with k_u items. A row adds up to
 *   the number of users who interacted with the item, its popularity. This is what
 *   {@linkcode trainSkipGram} samples from.
 * - `"pairs"`: every ordered pair counts 1, so that a user with k_u items counts k_u(k_u − 1) times: G
 *   without its diagonal. The most active users dominate.
 *
 * An item is no context of itself: the diagonal is 0. Users with fewer than two items have no pair, and
 * the values of weighted interactions play no role.
 *
 * @param x The interactions X, n x p.
 * @param weighting `"contexts"` by default.
 * @returns The counts, p x p, symmetric.
 * @throws {TypeError} If x is not an Interactions.
 * @throws {RangeError} If weighting is neither.
 *
 * @example
 * ```ts
 * import { Interactions } from "cosine-lab";
 * import { cooccurrenceCounts } from "cosine-lab/remedies";
 * import assert from "node:assert/strict";
 *
 * const x = Interactions.fromDense([[1, 1, 0], [1, 1, 1]]);
 * assert.deepEqual(cooccurrenceCounts(x, "pairs").getRow(0), [0, 2, 1]);
 * assert.deepEqual(cooccurrenceCounts(x).getRow(0).map((n) => n.toFixed(2)), ["0.00", "1.50", "0.50"]);
 * ```
 */
export function cooccurrenceCounts(x: Interactions, weighting: PairWeighting = "contexts"): Matrix {
  assertInteractions("count pairs", "x", x);
  assertOneOf("count pairs", "weighting", weighting, ["contexts", "pairs"]);
  const counts = gram(weighting === "contexts" ? sharedOut(x) : binary(x));
  rowArrays(counts).forEach((row, i) => row[i] = 0);
  return counts;
}

function binary(x: Interactions): Interactions {
  return x.values === null ? x : withValues(x, null);
}

/** X with each row divided by √(k_u − 1), so that its Gram matrix shares the contexts out. */
function sharedOut(x: Interactions): Interactions {
  const values = new Float64Array(x.nonzeros);
  for (let u = 0; u < x.users; u++) {
    const others = x.rowStarts[u + 1] - x.rowStarts[u] - 1;
    if (others > 0) values.fill(1 / Math.sqrt(others), x.rowStarts[u], x.rowStarts[u + 1]);
  }
  return withValues(x, values);
}

function withValues(x: Interactions, values: Float64Array | null): Interactions {
  const { rows, columns, rowStarts, columnIndices } = x;
  return new Interactions({ rows, columns, rowStarts, columnIndices, values });
}
