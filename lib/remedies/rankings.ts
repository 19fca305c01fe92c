import type { Matrix } from "ml-matrix";
import { InputRangeError, InputTypeError } from "../errors.ts";
import {
  anything,
  assertNumbers,
  assertObject,
  checkedOptions,
  flag,
  integer,
  LARGEST_FACTOR,
  oneOf,
} from "../check.ts";
import {
  assertHeldOut,
  type RankingAccuracy,
  rankingAccuracy,
  SCORE_TIE,
} from "../evaluation/ranking.ts";
import type { Interactions } from "../interactions/interactions.ts";
import { rowArrays, rowProducts } from "../linalg/matrices.ts";
import { assertSVD, type SVD } from "../linalg/svd.ts";
import { assertSimilarity } from "../similarity/cosine_similarity.ts";
import { nearestNeighbors } from "../similarity/neighbors.ts";
import type { PreparedData } from "./prepared_data.ts";
import { relativeSimilarity, roundedSimilarity, roundFast } from "./yardsticks.ts";

/** Options for {@linkcode neighborRanking}. */
export interface NeighborRankingOptions {
  /** How many neighbors, at most p − 1. @default {50, or p − 1} */
  neighbors?: number;
  /**
   * Whose neighbors count: those of the item that is scored (`"scored"`, Sarwar et al. 2001), or those of
   * the items that the user has (`"given"`, Deshpande and Karypis 2004).
   *
   * @default {"scored"}
   */
  of?: "scored" | "given";
  /**
   * Whether the score of an item is divided by the sum of the magnitudes of its similarities to its
   * neighbors, |s|, as Sarwar et al. divide a rating. Only for the neighbors of the item that is scored.
   *
   * @default {false}
   */
  normalize?: boolean;
  /**
   * What the score of each item is multiplied by, length p, such as √popularity: cosines have divided it
   * out.
   *
   * @default {1 for all}
   */
  weights?: ArrayLike<number>;
}

/**
 * Measures similarities by what they are used for, without knowing any clusters: items are recommended
 * to users whom nothing was trained on, from the items' nearest neighbors. The score of item j is the
 * sum of its similarities to those of its nearest neighbors that the user has (Sarwar, Karypis, Konstan
 * and Riedl, Item-based collaborative filtering recommendation algorithms, 2001).
 *
 * Similarities are counted in steps of 1e-10 of the largest, so that rounding decides no neighbor and no rank. Of equal
 * scores the item with the lower index comes first.
 *
 * @param similarity The similarities, p x p.
 * @param given What is known of the users, m x p.
 * @param heldOut What should be found, of the same users: m x p.
 * @param options How many neighbors, and whose.
 * @returns Recall@20, Recall@50 and NDCG@100, averaged over the users who have held-out items.
 * @throws {TypeError} If an argument is of the wrong kind, or an option unknown.
 * @throws {RangeError} If shapes do not fit each other, similarities are not finite, fewer than two users
 * have held-out items, or an option is out of bounds.
 *
 * @example
 * ```ts
 * import { Interactions } from "cosine-lab";
 * import { neighborRanking } from "cosine-lab/remedies";
 * import { Matrix } from "ml-matrix";
 * import assert from "node:assert/strict";
 *
 * const similar = new Matrix([[1, 0.9, 0], [0.9, 1, 0.1], [0, 0.1, 1]]);
 * const given = Interactions.fromDense([[1, 0, 0], [0, 0, 1]]);
 * const heldOut = Interactions.fromDense([[0, 1, 0], [0, 1, 0]]);
 * assert.equal(neighborRanking(similar, given, heldOut, { neighbors: 2 }).ndcgAt100.mean, 1);
 * ```
 */
export function neighborRanking(
  similarity: Matrix,
  given: Interactions,
  heldOut: Interactions,
  options: NeighborRankingOptions = {},
): RankingAccuracy {
  const action = "rank by neighbors";
  assertSimilarity(action, "similarity", similarity);
  assertHeldOut(given, heldOut);
  const p = similarity.rows;
  const { neighbors, of, normalize, weights } = checkedOptions(action, options, {
    neighbors: integer(1, p - 1, Math.min(50, p - 1)),
    of: oneOf(["scored", "given"], "scored"),
    normalize: flag(false),
    weights: anything<ArrayLike<number> | undefined>(),
  });
  if (weights !== undefined) {
    if (weights.length !== p) {
      throw new InputRangeError(
        `Cannot ${action}: there must be a weight for each of the ${p} items, there are ${weights.length}`,
      );
    }
    assertNumbers(action, "weights", weights, 0, LARGEST_FACTOR);
  }
  if (normalize && of === "given") {
    throw new InputRangeError(
      `Cannot ${action}: only scores from the neighbors of the item that is scored can be normalized, ` +
        'of must be "scored"',
    );
  }
  if (given.items !== p) {
    throw new InputRangeError(
      `Cannot ${action}: similarities and interactions must be of the same items, they are of ${p} ` +
        `and ${given.items}`,
    );
  }
  const { starts, items, values } = votesOf(similarity, neighbors, of);
  const sizes = new Float64Array(p);
  for (let n = 0; n < items.length; n++) sizes[items[n]] += Math.abs(values[n]);
  return rankingAccuracy(
    (user, scores) => {
      scores.fill(0);
      for (let t = given.rowStarts[user]; t < given.rowStarts[user + 1]; t++) {
        const item = given.columnIndices[t];
        for (let n = starts[item]; n < starts[item + 1]; n++) scores[items[n]] += values[n];
      }
      if (normalize) { for (let item = 0; item < p; item++) scores[item] /= sizes[item] || 1; }
      if (weights) { for (let item = 0; item < p; item++) scores[item] *= weights[item]; }
    },
    given,
    heldOut,
  );
}

/**
 * To which items an item that a user has adds how much: from `starts` of the item to that of the next,
 * the items and the values.
 */
function votesOf(similarity: Matrix, neighbors: number, of: "scored" | "given") {
  const rounded = roundedSimilarity(relativeSimilarity(similarity));
  // Whole numbers: their sums do not depend on the order.
  const steps = rowArrays(rounded);
  const nearest = nearestNeighbors(rounded, neighbors);
  const starts = new Uint32Array(nearest.length + 1);
  nearest.forEach((near, item) => {
    for (const other of near) starts[(of === "given" ? item : other) + 1]++;
  });
  for (let item = 0; item < nearest.length; item++) starts[item + 1] += starts[item];
  const items = new Uint32Array(starts[nearest.length]), values = new Float64Array(items.length);
  const next = starts.slice();
  nearest.forEach((near, item) => {
    for (const other of near) {
      const at = next[of === "given" ? item : other]++;
      items[at] = of === "given" ? other : item;
      values[at] = steps[item][other];
    }
  });
  return { starts, items, values };
}

/**
 * Prepares to measure, for one spectrum after another, how well Y ≈ Y·V·dMat(spectrum)·Vᵀ finds what was
 * held out, where Y is X prepared as by {@linkcode prepareData}. The predictions are those of X: what
 * was divided out is multiplied in again, what was subtracted added. The spectrum of Eq. 1 is dMat, that
 * of Eq. 2 (1 − λ/σ)₊.
 *
 * What does not depend on the spectrum is computed once, so that trying many λ costs little.
 *
 * @param data The prepared data of the users for training.
 * @param svd The singular value decomposition of Y.
 * @param given What is known of other users, m x p.
 * @param heldOut What should be found, of the same users: m x p.
 * @returns A function of the spectrum, an entry for each column of V: Recall@20, Recall@50, NDCG@100.
 * @throws {TypeError} If an argument is of the wrong kind.
 * @throws {RangeError} If shapes do not fit each other.
 *
 * @example
 * ```ts
 * import { denoisingEmbeddings, denoisingSpectrum, simulateInteractions, svdOfGram } from "cosine-lab";
 * import { evaluateRanking, holdOutItems } from "cosine-lab/evaluation";
 * import { prepareData, spectralRanking } from "cosine-lab/remedies";
 * import assert from "node:assert/strict";
 *
 * const { interactions } = simulateInteractions({ users: 200, items: 40 });
 * const { given, heldOut } = holdOutItems(interactions, { share: 0.2, seed: "example" });
 * const data = prepareData(given, "as it is");
 * const svd = svdOfGram(data.gram, 10);
 * const rank = spectralRanking(data, svd, given, heldOut);
 * const { mean } = rank(denoisingSpectrum(svd, 100)).ndcgAt100;
 * const model = denoisingEmbeddings(svd, { lambda: 100 });
 * assert(Math.abs(mean - evaluateRanking(model, given, heldOut).ndcgAt100.mean) < 1e-12);
 * ```
 */
export function spectralRanking(
  data: PreparedData,
  svd: SVD,
  given: Interactions,
  heldOut: Interactions,
): (spectrum: ArrayLike<number>) => RankingAccuracy {
  const action = "rank by a spectrum";
  assertObject(action, "data", data);
  if (!(data.scale instanceof Float64Array && data.offset instanceof Float64Array)) {
    throw new InputTypeError(`Cannot ${action}: data must be what prepareData returns`);
  }
  assertNumbers(action, "data.scale", data.scale, 0, LARGEST_FACTOR);
  assertNumbers(action, "data.offset", data.offset, -LARGEST_FACTOR, LARGEST_FACTOR);
  assertSVD(action, svd);
  assertHeldOut(given, heldOut);
  const p = svd.V.rows, k = svd.V.columns;
  if (given.items !== p || data.scale.length !== p || data.offset.length !== p) {
    throw new InputRangeError(
      `Cannot ${action}: data, V and interactions must be of the same items, they are of ` +
        `${data.scale.length}, ${p} and ${given.items}`,
    );
  }
  const users = foldIn(data, svd.V, given);
  const back = data.scale.map((factor) => factor > 0 ? 1 / factor : 0);
  const items = rowArrays(svd.V.clone().mulColumnVector([...back]));
  return (spectrum) => {
    if (spectrum.length !== k) {
      throw new InputRangeError(
        `Cannot ${action}: the spectrum must have an entry for each of the ${k} columns of V, it has ` +
          `${spectrum.length}`,
      );
    }
    // Directions behind the last that counts, as those of Eq. 2 with σ below λ, cost nothing.
    let used = k;
    while (used > 1 && spectrum[used - 1] === 0) used--;
    const weighted = users.map((row) =>
      row.subarray(0, used).map((value, j) => value * spectrum[j])
    );
    const scores = rowArrays(rowProducts(weighted, items.map((row) => row.subarray(0, used))));
    const largest = scores.reduce((max, row) => Math.max(max, largestMagnitude(row)), 0);
    // Equal except for rounding is equal: items that the same users have, for one.
    const stepsPerUnit = 1 / ((SCORE_TIE * largest) || 1);
    const { offset } = data;
    return rankingAccuracy(
      (user, into) => {
        const row = scores[user];
        for (let i = 0; i < p; i++) into[i] = roundFast((row[i] + offset[i]) * stepsPerUnit);
      },
      given,
      heldOut,
    );
  };
}

/** Y·V of users of whom `given` is known, m x k, up to a factor of each user. */
function foldIn(data: PreparedData, V: Matrix, given: Interactions): Float64Array[] {
  const { scale, offset, rowMeans } = data;
  const scaled = rowArrays(V.clone().mulColumnVector([...scale]));
  const sum = (weight: (i: number) => number) =>
    scaled.reduce((total, row, i) => add(total, row, weight(i)), new Float64Array(V.columns));
  const offsets = sum((i) => offset[i]), ones = sum(() => 1);
  return Array.from({ length: given.users }, (_, u) => {
    const user = new Float64Array(V.columns);
    let total = 0;
    for (let t = given.rowStarts[u]; t < given.rowStarts[u + 1]; t++) {
      const value = given.values === null ? 1 : given.values[t];
      add(user, scaled[given.columnIndices[t]], value);
      total += value;
    }
    add(user, offsets, -1);
    return rowMeans ? add(user, ones, -total / given.items) : user;
  });
}

function add(to: Float64Array, row: Float64Array, weight: number): Float64Array {
  for (let j = 0; j < row.length; j++) to[j] += weight * row[j];
  return to;
}

function largestMagnitude(row: Float64Array): number {
  let largest = 0;
  for (let i = 0; i < row.length; i++) largest = Math.max(largest, Math.abs(row[i]));
  return largest;
}
