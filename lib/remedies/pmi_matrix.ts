import { Matrix } from "ml-matrix";
import { assertFinite } from "../check/assert_finite.ts";
import { assertNumber } from "../check/assert_number.ts";
import { assertKnown } from "../check/assert_known.ts";
import { log } from "../elementary/log.ts";
import { rowArrays } from "../linalg/row_arrays.ts";
import { noiseDistribution } from "./noise_distribution.ts";

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
 * @throws {TypeError} If counts is no matrix, or an option of the wrong kind.
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
  assertKnown(action, options, ["smoothing", "shift", "positive"]);
  const { smoothing = 0.75, shift = 1, positive = true } = options;
  assertNumber(action, "smoothing", smoothing, -10, 10);
  assertNumber(action, "shift", shift, { above: 0 });
  if (typeof positive !== "boolean") {
    throw new TypeError(`Cannot ${action}: positive must be true or false`);
  }
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
    throw new RangeError(
      `Cannot ${action}: counts must be square, its shape is ${counts.rows} x ${counts.columns}`,
    );
  }
  if (!(counts.min() >= 0) || counts.max() === 0) {
    throw new RangeError(
      `Cannot ${action}: counts must not be negative, and not all 0, they are between ` +
        `${counts.min()} and ${counts.max()}`,
    );
  }
}
