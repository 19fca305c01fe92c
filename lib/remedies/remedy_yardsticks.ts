import type { Matrix } from "ml-matrix";
import { assertInteger } from "../check/assert_integer.ts";
import { assertObject } from "../check/assert_object.ts";
import { rowArrays } from "../linalg/row_arrays.ts";
import {
  assertLabels,
  assertNeighbors,
  assertSimilarity,
} from "../similarity/assert_similarity.ts";
import { nearestNeighbors } from "../similarity/nearest_neighbors.ts";
import { sameClusterAuc } from "../similarity/same_cluster_auc.ts";
import { spearman } from "../similarity/spearman.ts";
import { relativeSimilarity, roundedSimilarity } from "./relative_similarity.ts";

/** A quality over the choices of D that training cannot tell apart. */
export interface OverScalings {
  /** With the choice that is listed first, the embeddings as training returns them. */
  given: number;
  /** The smallest over all choices. */
  min: number;
  /** The largest over all choices. */
  max: number;
}

/** How good the neighbors are, and how arbitrary. */
export interface NeighborYardsticks {
  /** Share of the k nearest that are in the item's own cluster. */
  precision: OverScalings;
  /** The same, of the least popular third of the items alone. */
  rarePrecision: OverScalings;
  /** Rank correlation of an item's popularity and that of its k nearest. */
  popularityBias: OverScalings;
  /** Share of the k nearest that two choices agree on, mean over the pairs of choices; 1 for one. */
  neighborOverlap: number;
  /** The least such share of two choices. */
  leastOverlap: number;
}

/** How good the similarities of a remedy are, and how arbitrary. */
export interface Yardsticks extends NeighborYardsticks {
  /** ROC-AUC of "same cluster". */
  auc: OverScalings;
  /** The neighbors again, more of them: where all of the k nearest are right, these still differ. */
  wide: NeighborYardsticks;
  /** Over the pairs of items, the largest range of a similarity over the choices. */
  largestChange: number;
  /** The mean range. */
  meanChange: number;
}

/** What the similarities are compared with. */
export interface YardstickOptions {
  /** The cluster of each item. */
  labels: ArrayLike<number>;
  /** The popularity of each item. */
  popularity: ArrayLike<number>;
  /** k, how many neighbors. @default {10} */
  k?: number;
  /** How many neighbors in `wide`, at least k. @default {10 k, or p − 1} */
  wideK?: number;
}

/**
 * Measures the similarities of one remedy on one data set: how well they recover the clusters, how far
 * they follow popularity, and how far they move over the choices of D that leave the training loss as it
 * is.
 *
 * Changes are relative to the largest magnitude of the similarities, which for cosines is 1. Before
 * anything is ranked, similarities are rounded to 1e-10 of it, so that rounding decides no rank.
 *
 * @param similarities The similarity matrices, p x p, one for each choice of D: see
 * {@linkcode equivalentEmbeddings}; a single one where there is nothing to choose.
 * @param options The truth, and the number of neighbors.
 * @returns The yardsticks. Those of popularity are NaN where all items, or all neighborhoods, are
 * equally popular.
 * @throws {TypeError} If similarities is no array of matrices, or an option of the wrong kind.
 * @throws {RangeError} If there is no matrix, one is not square or not finite, they differ in size,
 * labels or popularity do not fit, k is no integer between 1 and p − 1, or wideK none between k and p − 1.
 *
 * @example
 * ```ts
 * import { clusterSimilarity } from "cosine-lab";
 * import { remedyYardsticks } from "cosine-lab/remedies";
 * import assert from "node:assert/strict";
 *
 * const labels = [0, 0, 1, 1];
 * const truth = clusterSimilarity(labels);
 * const { auc, largestChange } = remedyYardsticks([truth, truth], {
 *   labels,
 *   popularity: [4, 3, 2, 1],
 *   k: 1,
 * });
 * assert.deepEqual(auc, { given: 1, min: 1, max: 1 });
 * assert.equal(largestChange, 0);
 * ```
 */
export function remedyYardsticks(
  similarities: readonly Matrix[],
  options: YardstickOptions,
): Yardsticks {
  const { labels, popularity, k, wideK } = checked(similarities, options);
  const unit = similarities.map(relativeSimilarity);
  const rounded = unit.map(roundedSimilarity);
  // Nearest first, so that the k nearest are the first k of them.
  const wide = rounded.map((s) => nearestNeighbors(s, wideK));
  const nearest = wide.map((lists) => lists.map((near) => near.subarray(0, k)));
  return {
    auc: overScalings(rounded.map((s) => sameClusterAuc(s, labels))),
    ...neighborYardsticks(nearest, labels, popularity),
    wide: neighborYardsticks(wide, labels, popularity),
    ...changes(unit),
  };
}

function neighborYardsticks(
  neighbors: readonly Uint32Array[][],
  labels: ArrayLike<number>,
  popularity: readonly number[],
): NeighborYardsticks {
  const rare = leastPopularThird(popularity);
  const everything = popularity.map((_, i) => i);
  return {
    precision: overScalings(neighbors.map((n) => precision(n, labels, everything))),
    rarePrecision: overScalings(neighbors.map((n) => precision(n, labels, rare))),
    popularityBias: overScalings(neighbors.map((n) => bias(n, popularity))),
    ...overlaps(neighbors),
  };
}

function checked(similarities: readonly Matrix[], options: YardstickOptions) {
  const action = "measure a remedy";
  if (!Array.isArray(similarities)) {
    throw new TypeError(`Cannot ${action}: similarities must be an array of matrices`);
  }
  if (similarities.length === 0) {
    throw new RangeError(`Cannot ${action}: similarities must have at least one matrix`);
  }
  similarities.forEach((s, i) => assertSimilarity(action, `similarities[${i}]`, s));
  const items = similarities[0].rows;
  const other = similarities.find((s) => s.rows !== items);
  if (other !== undefined) {
    throw new RangeError(
      `Cannot ${action}: similarities must be of the same items, they are of ${items} and ` +
        `${other.rows}`,
    );
  }
  assertObject(action, "options", options);
  const { labels, popularity, k = 10 } = options;
  assertLabels(action, labels, items);
  if (popularity?.length !== items || !Array.from(popularity).every(Number.isFinite)) {
    throw new RangeError(
      `Cannot ${action}: popularity must have a finite number for each of the ${items} items`,
    );
  }
  assertNeighbors(action, k, items);
  const { wideK = Math.min(10 * k, items - 1) } = options;
  assertInteger(action, "wideK", wideK, k, items - 1);
  return { labels, popularity: Array.from(popularity), k, wideK };
}

function overScalings(values: number[]): OverScalings {
  return { given: values[0], min: Math.min(...values), max: Math.max(...values) };
}

/** Of equally popular items the first ones. */
function leastPopularThird(popularity: readonly number[]): number[] {
  const order = popularity.map((_, i) => i).sort((i, j) => popularity[i] - popularity[j] || i - j);
  return order.slice(0, Math.ceil(order.length / 3));
}

function precision(
  neighbors: readonly Uint32Array[],
  labels: ArrayLike<number>,
  items: readonly number[],
): number {
  let same = 0, all = 0;
  for (const item of items) {
    for (const other of neighbors[item]) if (labels[other] === labels[item]) same++;
    all += neighbors[item].length;
  }
  return same / all;
}

function bias(neighbors: readonly Uint32Array[], popularity: readonly number[]): number {
  const around = neighbors.map((near) => near.reduce((sum, other) => sum + popularity[other], 0));
  const constant = (values: readonly number[]) => values.every((value) => value === values[0]);
  if (constant(popularity) || constant(around)) return NaN;
  return spearman(Float64Array.from(popularity), Float64Array.from(around));
}

function overlaps(neighbors: readonly Uint32Array[][]) {
  const items = neighbors[0].length;
  const all = items * neighbors[0][0].length;
  // Whose neighbor an item was last seen to be.
  const seen = new Int32Array(items);
  let sum = 0, pairs = 0, leastOverlap = 1;
  for (let a = 0; a < neighbors.length; a++) {
    for (let b = 0; b < a; b++) {
      let common = 0;
      seen.fill(-1);
      neighbors[a].forEach((near, item) => {
        for (const other of near) seen[other] = item;
        for (const other of neighbors[b][item]) if (seen[other] === item) common++;
      });
      sum += common / all;
      pairs++;
      leastOverlap = Math.min(leastOverlap, common / all);
    }
  }
  return { neighborOverlap: pairs > 0 ? sum / pairs : 1, leastOverlap };
}

function changes(similarities: readonly Matrix[]) {
  const rows = similarities.map(rowArrays);
  const items = rows[0].length;
  let largestChange = 0, sum = 0;
  for (let i = 0; i < items; i++) {
    const at = rows.map((matrix) => matrix[i]);
    for (let j = i + 1; j < items; j++) {
      let low = Infinity, high = -Infinity;
      for (const row of at) {
        low = Math.min(low, row[j]);
        high = Math.max(high, row[j]);
      }
      largestChange = Math.max(largestChange, high - low);
      sum += high - low;
    }
  }
  return { largestChange, meanChange: sum / (items * (items - 1) / 2) };
}
