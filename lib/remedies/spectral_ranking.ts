import { assertNumbers } from "../check/assert_numbers.ts";
import { LARGEST_FACTOR } from "../check/assert_finite.ts";
import type { Matrix } from "ml-matrix";
import {
  assertHeldOut,
  type RankingAccuracy,
  rankingAccuracy,
} from "../evaluation/ranking_accuracy.ts";
import { assertObject } from "../check/assert_object.ts";
import type { Interactions } from "../interactions/interactions.ts";
import { assertSVD } from "../linalg/assert_svd.ts";
import { rowArrays } from "../linalg/row_arrays.ts";
import { rowProducts } from "../linalg/row_products.ts";
import type { SVD } from "../linalg/svd_of_gram.ts";
import type { PreparedData } from "./prepared_data.ts";

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
    throw new TypeError(`Cannot ${action}: data must be what prepareData returns`);
  }
  assertNumbers(action, "data.scale", data.scale, 0, LARGEST_FACTOR);
  assertNumbers(action, "data.offset", data.offset, -LARGEST_FACTOR, LARGEST_FACTOR);
  assertSVD(action, svd);
  assertHeldOut(given, heldOut);
  const p = svd.V.rows, k = svd.V.columns;
  if (given.items !== p || data.scale.length !== p || data.offset.length !== p) {
    throw new RangeError(
      `Cannot ${action}: data, V and interactions must be of the same items, they are of ` +
        `${data.scale.length}, ${p} and ${given.items}`,
    );
  }
  const users = foldIn(data, svd.V, given);
  const back = data.scale.map((factor) => factor > 0 ? 1 / factor : 0);
  const items = rowArrays(svd.V.clone().mulColumnVector([...back]));
  return (spectrum) => {
    if (spectrum.length !== k) {
      throw new RangeError(
        `Cannot ${action}: the spectrum must have an entry for each of the ${k} columns of V, it has ` +
          `${spectrum.length}`,
      );
    }
    const weighted = users.map((row) => row.map((value, j) => value * spectrum[j]));
    const scores = rowArrays(rowProducts(weighted, items));
    const largest = scores.reduce((max, row) => Math.max(max, largestMagnitude(row)), 0);
    // Equal but for rounding is equal: items that the same users have, for one.
    const step = (1e-9 * largest) || 1;
    return rankingAccuracy(
      (user, into) => {
        const row = scores[user];
        for (let i = 0; i < p; i++) into[i] = Math.round((row[i] + data.offset[i]) / step);
      },
      given,
      heldOut,
    );
  };
}

/** Y·V of users of whom `given` is known, m x k, but for a factor of each user. */
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
