import type { Matrix } from "ml-matrix";
import { InputRangeError } from "../errors.ts";
import { rowArrays } from "../linalg/matrices.ts";
import {
  assertLabels,
  assertSameItems,
  assertSimilarity,
} from "../similarity/cosine_similarity.ts";
import { centeredRanks } from "../similarity/rank_correlation.ts";
import { sortNumbers } from "../math/sort_numbers.ts";
import { rankAmong } from "../similarity/same_cluster_auc.ts";
import type { MeanInterval } from "./bootstrap.ts";

/** How many standard errors a 95% interval extends to either side. */
const WIDTH = 1.96;

/**
 * Computes the ROC-AUC of "same cluster" over all pairs, as {@linkcode sameClusterAuc} does, with a 95%
 * interval over items: how much it would vary with other items of the same kind.
 *
 * Pairs that share an item are not independent, so the interval is of items and not of pairs: 1.96
 * standard errors by the influence of each item (the infinitesimal jackknife of Efron, 1982, which for
 * independent pairs is the interval of DeLong, DeLong and Clarke-Pearson, 1988).
 *
 * @param s The similarities, p x p; only those above the diagonal are read.
 * @param labels The cluster of each item, length p.
 * @returns The AUC, as `mean`, and the interval.
 * @throws {TypeError} If s is not a matrix, or labels is not an array of numbers.
 * @throws {RangeError} If s is not square or not finite, labels do not fit, or all pairs are within
 * clusters or none is.
 *
 * @example
 * ```ts
 * import { sameClusterAucInterval } from "cosine-lab/evaluation";
 * import { Matrix } from "ml-matrix";
 * import assert from "node:assert/strict";
 *
 * const s = new Matrix([[1, 0.5, 0.9], [0.5, 1, 0.5], [0.9, 0.5, 1]]);
 * assert.equal(sameClusterAucInterval(s, [0, 0, 1]).mean, 0.25);
 * ```
 */
export function sameClusterAucInterval(s: Matrix, labels: ArrayLike<number>): MeanInterval {
  const action = "compute the ROC-AUC";
  assertSimilarity(action, "s", s);
  assertLabels(action, labels, s.rows);
  const rows = rowArrays(s), p = s.rows;
  const [within, between] = [true, false].map((same) => {
    const values = new Float64Array(p * (p - 1) / 2);
    let count = 0;
    for (let i = 0; i < p; i++) {
      const row = rows[i], own = labels[i];
      for (let j = i + 1; j < p; j++) if ((labels[j] === own) === same) values[count++] = row[j];
    }
    return sortNumbers(values.subarray(0, count));
  });
  if (within.length === 0 || between.length === 0) {
    throw new InputRangeError(
      `Cannot ${action}: labels must put some pairs in one cluster and others in two, they put ` +
        `${within.length} in one and ${between.length} in two`,
    );
  }
  const [rankWithin, rankBetween] = [rankAmong(within), rankAmong(between)];
  // Of each item, the wins of its pairs, and how many pairs of either kind it has.
  const wins = new Float64Array(p), losses = new Float64Array(p);
  const own = new Uint32Array(p), others = new Uint32Array(p);
  let total = 0;
  for (let i = 0; i < p; i++) {
    const row = rows[i];
    for (let j = i + 1; j < p; j++) {
      if (labels[i] === labels[j]) {
        const won = rankBetween(row[j]) / 2 / between.length;
        total += won;
        wins[i] += won;
        wins[j] += won;
        own[i]++;
        own[j]++;
      } else {
        const won = 1 - rankWithin(row[j]) / 2 / within.length;
        losses[i] += won;
        losses[j] += won;
        others[i]++;
        others[j]++;
      }
    }
  }
  const auc = total / within.length;
  const influence = wins.map((won, i) =>
    (won - own[i] * auc) / within.length + (losses[i] - others[i] * auc) / between.length
  );
  return interval(auc, influence);
}

/**
 * Computes Spearman's rank correlation of two similarities over the pairs of items, as
 * {@linkcode rankCorrelation} does, with a 95% interval over items by the influence of each, as of
 * {@linkcode sameClusterAucInterval}.
 *
 * @param s Similarities, p x p; only those above the diagonal are read.
 * @param t Others of the same items, such as {@linkcode wuPalmerSimilarity}.
 * @returns The correlation, as `mean`, and the interval.
 * @throws {TypeError} If one is not a matrix.
 * @throws {RangeError} If one is not square or not finite, they are not of the same items, or one is the
 * same for all pairs.
 *
 * @example
 * ```ts
 * import { rankCorrelationInterval } from "cosine-lab/evaluation";
 * import { Matrix } from "ml-matrix";
 * import assert from "node:assert/strict";
 *
 * const s = new Matrix([[1, 0.1, 0.2], [0.1, 1, 0.3], [0.2, 0.3, 1]]);
 * const { mean, low, high } = rankCorrelationInterval(s, Matrix.mul(s, 3));
 * assert(Math.abs(mean - 1) < 1e-12 && high - low < 1e-6);
 * ```
 */
export function rankCorrelationInterval(s: Matrix, t: Matrix): MeanInterval {
  const action = "compute the rank correlation";
  assertSameItems(action, s, t);
  const p = s.rows, pairs = p * (p - 1) / 2;
  const [a, b] = [s, t].map((matrix) => {
    const values = new Float64Array(pairs);
    let at = 0;
    rowArrays(matrix).forEach((row, i) => {
      for (let j = i + 1; j < p; j++) values[at++] = row[j];
    });
    const ranks = centeredRanks(values);
    const size = Math.sqrt(ranks.reduce((sum, rank) => sum + rank * rank, 0) / pairs);
    if (size === 0) {
      throw new InputRangeError(
        `Cannot ${action}: values must differ, one list is the same for all`,
      );
    }
    return ranks.map((rank) => rank / size);
  });
  const correlation = a.reduce((sum, value, at) => sum + value * b[at], 0) / pairs;
  const influence = new Float64Array(p);
  let at = 0;
  for (let i = 0; i < p; i++) {
    for (let j = i + 1; j < p; j++, at++) {
      const part = a[at] * b[at] - correlation * (a[at] * a[at] + b[at] * b[at]) / 2;
      influence[i] += part / pairs;
      influence[j] += part / pairs;
    }
  }
  return interval(Math.max(-1, Math.min(1, correlation)), influence);
}

function interval(mean: number, influence: Float64Array): MeanInterval {
  const n = influence.length;
  const squares = influence.reduce((sum, value) => sum + value * value, 0);
  const error = WIDTH * Math.sqrt(squares * n / (n - 1));
  return { mean, low: mean - error, high: mean + error };
}
