import type { Matrix } from "ml-matrix";
import { rowArrays } from "../linalg/row_arrays.ts";
import { assertLabels, assertSimilarity } from "./assert_similarity.ts";
import { rankAmong } from "./rank_among.ts";
import { sortNumbers } from "./sort_numbers.ts";

/**
 * Computes the ROC-AUC of the similarity as a predictor of "same cluster", over the pairs i < j:
 * the probability that a random pair within a cluster is more similar than a random pair between
 * clusters. Ties count half.
 *
 * @param s The similarities, p x p; only those above the diagonal are read.
 * @param labels The cluster of each item, length p.
 * @returns The ROC-AUC: 1 where the similarity tells the clusters apart, 0.5 where it knows nothing.
 * @throws {TypeError} If s is not a matrix or labels is not an array of numbers.
 * @throws {RangeError} If s is not square or not finite, labels has not p finite entries, or all pairs are
 * within clusters or none is, so that there is nothing to tell apart.
 *
 * @example
 * ```ts
 * import { sameClusterAuc } from "cosine-lab";
 * import { Matrix } from "ml-matrix";
 * import assert from "node:assert/strict";
 *
 * const s = new Matrix([[1, 0.5, 0.9], [0.5, 1, 0.5], [0.9, 0.5, 1]]);
 * assert.equal(sameClusterAuc(s, [0, 1, 0]), 1);
 * assert.equal(sameClusterAuc(s, [0, 0, 1]), 0.25);
 * ```
 */
export function sameClusterAuc(s: Matrix, labels: ArrayLike<number>): number {
  assertSimilarity("compute the ROC-AUC", "s", s);
  assertLabels("compute the ROC-AUC", labels, s.rows);
  const rows = rowArrays(s);
  const within = sortNumbers(pairsWithin(rows, labels));
  const between = s.rows * (s.rows - 1) / 2 - within.length;
  if (within.length === 0 || between === 0) {
    throw new RangeError(
      "Cannot compute the ROC-AUC: labels must put some pairs in one cluster and others in two, " +
        `they put ${within.length} in one and ${between} in two`,
    );
  }
  const twiceRank = rankAmong(within);
  // How often the pair between clusters is more similar, doubled, so that a tie counts one.
  let lost = 0;
  for (let i = 0; i < rows.length; i++) {
    const row = rows[i], own = labels[i];
    for (let j = i + 1; j < row.length; j++) {
      if (labels[j] !== own) lost += twiceRank(row[j]);
    }
  }
  const all = 2 * within.length * between;
  return (all - lost) / all;
}

/** The similarities of the pairs within a cluster. */
function pairsWithin(rows: readonly Float64Array[], labels: ArrayLike<number>): Float64Array {
  const pairs = new Float64Array(rows.length * (rows.length - 1) / 2);
  let count = 0;
  for (let i = 0; i < rows.length; i++) {
    const row = rows[i], own = labels[i];
    for (let j = i + 1; j < row.length; j++) if (labels[j] === own) pairs[count++] = row[j];
  }
  return pairs.subarray(0, count);
}
