import { Matrix } from "ml-matrix";
import { InputRangeError, InputTypeError } from "../errors.ts";
import { anything, checkedOptions } from "../check.ts";
import { largestDifference, rowArrays } from "../linalg/matrices.ts";
import { sameClusterAuc } from "../similarity/same_cluster_auc.ts";
import { assertLabels, assertSimilarity, cosineOf } from "../similarity/cosine_similarity.ts";
import { chancePrecision, nearestNeighbors, sharedNeighbors } from "../similarity/neighbors.ts";
import { bootstrapMean, type MeanInterval } from "../evaluation/bootstrap.ts";
import { sameClusterAucInterval } from "../evaluation/item_intervals.ts";

/** What similarities are compared with. */
export interface YardstickOptions {
  /** The cluster of each item, length p. */
  labels: ArrayLike<number>;
  /** The popularity of each item, length p. */
  popularity: ArrayLike<number>;
}

/** How well similarities recover clusters: a row of a table. */
export interface SimilarityYardsticks {
  /** ROC-AUC of "same cluster". */
  auc: number;
  /** The share of the 10 nearest neighbors, or all, that are of the item's own cluster. */
  precisionAt10: number;
  /** The same of the 100 nearest. */
  precisionAt100: number;
  /** The same as `precisionAt10`, of the least popular third of the items. */
  rarePrecisionAt10: number;
  /** The same as `precisionAt100`, of the least popular third of the items. */
  rarePrecisionAt100: number;
}

/**
 * Measures by how much similarities recover known clusters: of all pairs, of near neighbors, and of those
 * of rare items.
 *
 * Similarities are counted in steps of 1e-10 of the largest, so that rounding decides no rank. Of equal
 * similarities, and of equal popularities, the item with the lower index comes first.
 *
 * @param s The similarities, p x p.
 * @param options The cluster and the popularity of each item.
 * @returns The yardsticks, each between 0 and 1.
 * @throws {TypeError} If s is not a matrix, or an option of the wrong kind or unknown.
 * @throws {RangeError} If s is not square or not finite, or labels or popularity do not fit.
 *
 * @example
 * ```ts
 * import { clusterSimilarity } from "cosine-lab";
 * import { similarityYardsticks } from "cosine-lab/remedies";
 * import assert from "node:assert/strict";
 *
 * const labels = [0, 0, 1, 1];
 * const { auc, precisionAt10 } = similarityYardsticks(clusterSimilarity(labels), {
 *   labels,
 *   popularity: [4, 3, 2, 1],
 * });
 * assert.equal(auc, 1);
 * // Of each item's three neighbors one is of its cluster.
 * assert.equal(precisionAt10, 1 / 3);
 * ```
 */
export function similarityYardsticks(s: Matrix, options: YardstickOptions): SimilarityYardsticks {
  const action = "measure similarities";
  assertSimilarity(action, "s", s);
  const { labels, popularity } = checkedOptions(action, options, {
    labels: anything<YardstickOptions["labels"]>(),
    popularity: anything<YardstickOptions["popularity"]>(),
  });
  assertLabels(action, labels, s.rows);
  if (popularity?.length !== s.rows || !Array.from(popularity).every(Number.isFinite)) {
    throw new InputRangeError(
      `Cannot ${action}: popularity must have a finite number for each of the ${s.rows} items`,
    );
  }
  const rounded = roundedSimilarity(relativeSimilarity(s));
  const nearest = nearestNeighbors(rounded, Math.min(100, s.rows - 1));
  const all = nearest.map((_, item) => item);
  const rare = leastPopularThird(popularity);
  const precision = (items: readonly number[], k: number) => {
    let same = 0, count = 0;
    for (const item of items) {
      for (const other of nearest[item].subarray(0, k)) {
        count++;
        if (labels[other] === labels[item]) same++;
      }
    }
    return same / count;
  };
  return {
    auc: sameClusterAuc(rounded, labels),
    precisionAt10: precision(all, 10),
    precisionAt100: precision(all, 100),
    rarePrecisionAt10: precision(rare, 10),
    rarePrecisionAt100: precision(rare, 100),
  };
}

function leastPopularThird(popularity: ArrayLike<number>): number[] {
  const order = Array.from({ length: popularity.length }, (_, i) => i)
    .sort((i, j) => popularity[i] - popularity[j] || i - j);
  return order.slice(0, Math.ceil(order.length / 3));
}

/** How far the cosines of one model move over choices that its loss cannot tell apart. */
export interface SimilaritySpread {
  /** The smallest ROC-AUC of "same cluster". */
  leastAuc: number;
  /** The largest. */
  mostAuc: number;
  /** The largest change of a cosine, of the choices after the first against the first. */
  largestChange: number;
  /** The share of the 10 nearest neighbors that two choices agree on, mean over the pairs; 1 for one. */
  neighborsKept: number;
}

/**
 * Measures how arbitrary cosines are, over choices such as those of {@linkcode equivalentEmbeddings}.
 *
 * Where a remedy closes what is free, all of them are the same except for rounding: `largestChange` is below
 * 1e-9 and all neighbors are kept (cosines are counted in steps of 1e-10 before they are ranked).
 *
 * @param cosines The cosines under each choice, p x p, p at least 11.
 * @param labels The cluster of each item, length p.
 * @returns The range of the AUC, and how far cosines and neighbors move.
 * @throws {TypeError} If cosines is not an array of matrices, or labels is not an array.
 * @throws {RangeError} If there is none, shapes do not fit each other, or there are fewer than 11 items.
 *
 * @example
 * ```ts
 * import { clusterSimilarity } from "cosine-lab";
 * import { similaritySpread } from "cosine-lab/remedies";
 * import assert from "node:assert/strict";
 *
 * const labels = Array.from({ length: 12 }, (_, i) => i % 2);
 * const truth = clusterSimilarity(labels);
 * const spread = similaritySpread([truth, truth], labels);
 * assert.deepEqual(spread, { leastAuc: 1, mostAuc: 1, largestChange: 0, neighborsKept: 1 });
 * ```
 */
export function similaritySpread(
  cosines: readonly Matrix[],
  labels: ArrayLike<number>,
): SimilaritySpread {
  if (!Array.isArray(cosines)) {
    throw new InputTypeError("Cannot measure the spread: cosines must be an array of matrices");
  }
  if (cosines.length === 0) {
    throw new InputRangeError(
      "Cannot measure the spread: there must be cosines of at least one choice",
    );
  }
  cosines.forEach((s, i) => assertSimilarity("measure the spread", `cosines[${i}]`, s));
  const rounded = cosines.map(roundedSimilarity);
  const aucs = rounded.map((s) => sameClusterAuc(s, labels));
  const neighbors = rounded.map((s) => nearestNeighbors(s, 10));
  const pairs = neighbors.flatMap((s, i) => neighbors.slice(i + 1).map((t) => [s, t]));
  const kept = pairs.map(([s, t]) => sharedNeighbors(s, t));
  return {
    leastAuc: Math.min(...aucs),
    mostAuc: Math.max(...aucs),
    largestChange: Math.max(...cosines.map((s) => largestDifference(s, cosines[0]))),
    neighborsKept: kept.length === 0 ? 1 : kept.reduce((sum, share) => sum + share) / kept.length,
  };
}

/**
 * Divides similarities by their largest magnitude, so that dot products, which have a unit, can be
 * compared with cosines, which stay what they are where an item is similar to itself.
 *
 * @param s The similarities.
 * @returns The similarities within [−1, 1]; s itself where there is nothing to divide.
 *
 * @example
 * ```ts
 * import { relativeSimilarity } from "./yardsticks.ts";
 * import { Matrix } from "ml-matrix";
 * import assert from "node:assert/strict";
 *
 * assert.deepEqual(relativeSimilarity(new Matrix([[4, -2]])).to2DArray(), [[1, -0.5]]);
 * ```
 */
export function relativeSimilarity(s: Matrix): Matrix {
  let largest = 0;
  for (const row of rowArrays(s)) {
    for (let j = 0; j < row.length; j++) largest = Math.max(largest, Math.abs(row[j]));
  }
  if (largest === 0 || largest === 1) return s;
  const result = Matrix.zeros(s.rows, s.columns), from = rowArrays(s);
  rowArrays(result).forEach((row, i) => {
    for (let j = 0; j < row.length; j++) row[j] = from[i][j] / largest;
  });
  return result;
}

/**
 * Counts similarities in steps of 1e-10, so that those which only rounding tells apart are equal, and
 * ranked alike on every machine.
 *
 * @param s The similarities, within [−1, 1].
 * @returns Integers.
 *
 * @example
 * ```ts
 * import { roundedSimilarity } from "./yardsticks.ts";
 * import { Matrix } from "ml-matrix";
 * import assert from "node:assert/strict";
 *
 * const rounded = roundedSimilarity(new Matrix([[0.1 + 0.2, 0.3]]));
 * assert.equal(rounded.get(0, 0), rounded.get(0, 1));
 * ```
 */
export function roundedSimilarity(s: Matrix): Matrix {
  const result = Matrix.zeros(s.rows, s.columns), from = rowArrays(s);
  rowArrays(result).forEach((row, i) => {
    for (let j = 0; j < row.length; j++) row[j] = roundFast(from[i][j] * 1e10);
  });
  return result;
}

const ROUNDER = 1.5 * 2 ** 52;

/** Rounds a number below 2^51 to an integer, several times as fast as Math.round. */
export function roundFast(value: number): number {
  return value + ROUNDER - ROUNDER;
}

/**
 * Computes the cosine similarity of the columns of X from its Gram matrix alone: the items as they
 * are in the data, without a model, G_ij / √(G_ii·G_jj).
 *
 * A column of zeros has similarity 0 to everything, itself included, as in {@linkcode cosineSimilarity}.
 *
 * @param g The Gram matrix G = XᵀX, p x p.
 * @returns The cosines, p x p, within [−1, 1].
 * @throws {TypeError} If g is not a matrix.
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
      // Rounding must not take a cosine out of its bounds, nor that of a column with itself from 1.
      const product = i === j ? norms[i] * norms[j] : g.get(i, j);
      cosines.set(i, j, Math.max(-1, Math.min(1, cosineOf(product, norms[i] * norms[j]))));
    }
  }
  return cosines;
}

/** What is known of the kinds of items. */
export interface KnownKinds {
  /** The kind of each item, length p. */
  labels: ArrayLike<number>;
  /** The items that count: neighbors and pairs are among them. @default {all} */
  items?: readonly number[];
}

/** How well similarities recognize kinds. */
export interface KindYardsticks {
  /** ROC-AUC of "same kind" over all pairs, with a 95% interval over items. */
  auc: MeanInterval;
  /** The share of the ten nearest neighbors that are of an item's own kind, bootstrapped over items. */
  precisionAt10: MeanInterval;
  /** The mean of `precisionAt10` over the kinds, each with the same weight; single items are left out. */
  macroPrecisionAt10: number;
}

/**
 * Measures how well similarities recognize the kind of items: over all pairs, and by the ten nearest
 * neighbors. Similarities count in steps of 1e-10, so that rounding decides no rank.
 *
 * @param similarity The similarities, p x p.
 * @param known The kinds, and which items count (at least eleven).
 * @returns The yardsticks.
 * @throws {TypeError} If similarity is not a matrix, or labels is not an array.
 * @throws {RangeError} If shapes do not fit, or there is nothing to tell apart.
 *
 * @example
 * ```ts
 * import { clusterSimilarity } from "cosine-lab";
 * import { kindYardsticks } from "cosine-lab/remedies";
 * import assert from "node:assert/strict";
 *
 * const labels = Array.from({ length: 24 }, (_, i) => i % 2);
 * const { auc, precisionAt10 } = kindYardsticks(clusterSimilarity(labels), { labels });
 * assert.deepEqual([auc.mean, precisionAt10.mean], [1, 1]);
 * ```
 */
export function kindYardsticks(similarity: Matrix, known: KnownKinds): KindYardsticks {
  const { items } = known;
  const rounded = roundedSimilarity(relativeSimilarity(similarity));
  const s = items === undefined ? rounded : rounded.selection([...items], [...items]);
  const labels = items === undefined ? known.labels : items.map((item) => known.labels[item]);
  const auc = sameClusterAucInterval(s, labels);
  const shares = nearestNeighbors(s, 10).map((near, item) =>
    near.filter((other) => labels[other] === labels[item]).length / 10
  );
  const kinds = new Map<number, number[]>();
  shares.forEach((share, item) =>
    kinds.set(labels[item], [...kinds.get(labels[item]) ?? [], share])
  );
  const means = [...kinds.values()].filter((each) => each.length > 1)
    .map((each) => each.reduce((sum, share) => sum + share, 0) / each.length);
  return {
    auc,
    precisionAt10: bootstrapMean(shares, { seed: "items" }),
    macroPrecisionAt10: means.reduce((sum, mean) => sum + mean, 0) / means.length,
  };
}

/** The chance level of {@linkcode kindYardsticks}' precision. */
export function chanceOf({ labels, items }: KnownKinds): number {
  return chancePrecision(items === undefined ? labels : items.map((item) => labels[item]));
}
