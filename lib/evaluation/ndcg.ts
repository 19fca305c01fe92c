import { log2 } from "../math/elementary.ts";
import { InputRangeError, InputTypeError } from "../errors.ts";
import { assertInteger } from "../check.ts";

/**
 * The discount of a position in a ranked list, 1/log₂(position + 2) from 0 on (Järvelin and Kekäläinen,
 * Cumulated gain-based evaluation of IR techniques, 2002). Every NDCG in the library has this one.
 */
function discount(position: number): number {
  return DISCOUNTS[position] ?? computeDiscount(position);
}

const computeDiscount = (position: number) => 1 / log2(position + 2);

/** Of the positions that are asked for again and again. */
const DISCOUNTS = Float64Array.from({ length: 100 }, (_, position) => computeDiscount(position));

/**
 * Computes the NDCG of one ranked list with weights as gains, at the length of the list.
 *
 * @param ranked The items, best first.
 * @param weights The weight of each item that should be found, at least one of them above 0.
 * @returns The normalized discounted cumulative gain, between 0 and 1.
 *
 * @example
 * ```ts
 * import { gradedNdcg } from "./ndcg.ts";
 * import assert from "node:assert/strict";
 *
 * assert.equal(gradedNdcg([4, 1], new Map([[4, 2], [1, 1]])), 1);
 * assert.equal(gradedNdcg([7, 4, 8], new Map([[4, 5]])), 1 / Math.log2(3));
 * ```
 */
export function gradedNdcg(
  ranked: ArrayLike<number>,
  weights: ReadonlyMap<number, number>,
): number {
  const best = [...weights.values()].sort((a, b) => b - a).slice(0, ranked.length);
  return gain(Array.from(ranked, (item) => weights.get(item) ?? 0)) / gain(best);
}

function gain(weights: readonly number[]): number {
  return weights.reduce((sum, weight, position) => sum + weight * discount(position), 0);
}

/**
 * Computes Recall@k of one ranked list: how many of the relevant items are among the first k, as a
 * share of how many could be, min(k, number of relevant items) (the convention of Liang et al.,
 * Variational autoencoders for collaborative filtering, 2018).
 *
 * @param ranked The items, best first.
 * @param relevant The items that should be found, at least one.
 * @param k How many items count.
 * @returns The recall, between 0 and 1.
 * @throws {TypeError} If ranked is not an array, relevant is not a Set or k is not a number.
 * @throws {RangeError} If k is not an integer of at least 1, or nothing is relevant.
 *
 * @example
 * ```ts
 * import { recallAtK } from "cosine-lab/evaluation";
 * import assert from "node:assert/strict";
 *
 * assert.equal(recallAtK([4, 1, 7], new Set([1, 2, 3]), 2), 0.5);
 * ```
 */
export function recallAtK(
  ranked: ArrayLike<number>,
  relevant: ReadonlySet<number>,
  k: number,
): number {
  check(ranked, relevant, k);
  return recallOfHits(hitsOf(ranked, (item) => relevant.has(item)), relevant.size, k);
}

/**
 * Computes NDCG@k of one ranked list with binary relevance: the sum of 1/log₂(position + 1) over the
 * relevant items among the first k, divided by what the best ranking has (Järvelin and Kekäläinen,
 * Cumulated gain-based evaluation of IR techniques, 2002).
 *
 * @param ranked The items, best first.
 * @param relevant The items that should be found, at least one.
 * @param k How many items count.
 * @returns The normalized discounted cumulative gain, between 0 and 1.
 * @throws {TypeError} If ranked is not an array, relevant is not a Set or k is not a number.
 * @throws {RangeError} If k is not an integer of at least 1, or nothing is relevant.
 *
 * @example
 * ```ts
 * import { ndcgAtK } from "cosine-lab/evaluation";
 * import assert from "node:assert/strict";
 *
 * assert.equal(ndcgAtK([4, 1, 7], new Set([4]), 3), 1);
 * assert.equal(ndcgAtK([1, 7, 4], new Set([4]), 3), 0.5);
 * ```
 */
export function ndcgAtK(
  ranked: ArrayLike<number>,
  relevant: ReadonlySet<number>,
  k: number,
): number {
  check(ranked, relevant, k);
  return ndcgOfHits(hitsOf(ranked, (item) => relevant.has(item)), relevant.size, k);
}

/** At which positions of a ranked list, from 0, relevant items are: all that a metric looks at. */
export function hitsOf(
  ranked: ArrayLike<number>,
  isRelevant: (item: number) => boolean,
): number[] {
  const hits: number[] = [];
  for (let i = 0; i < ranked.length; i++) if (isRelevant(ranked[i])) hits.push(i);
  return hits;
}

/** {@linkcode recallAtK} of a list with hits at some positions, where that many items are relevant. */
export function recallOfHits(hits: readonly number[], relevant: number, k: number): number {
  let found = 0;
  while (found < hits.length && hits[found] < k) found++;
  return found / Math.min(k, relevant);
}

/** {@linkcode ndcgAtK} of a list with hits at some positions, where that many items are relevant. */
export function ndcgOfHits(hits: readonly number[], relevant: number, k: number): number {
  let gain = 0, best = 0;
  for (const position of hits) if (position < k) gain += discount(position);
  for (let i = 0; i < Math.min(k, relevant); i++) best += discount(i);
  return gain / best;
}

function check(ranked: ArrayLike<number>, relevant: ReadonlySet<number>, k: number): void {
  if (typeof ranked?.length !== "number" || typeof ranked === "string") {
    throw new InputTypeError(
      "Cannot evaluate a ranking: ranked must be an array of items, best first",
    );
  }
  if (!(relevant instanceof Set)) {
    throw new InputTypeError("Cannot evaluate a ranking: relevant must be a Set of items");
  }
  assertInteger("evaluate a ranking", "k", k, 1);
  for (let i = 0; i < Math.min(k, ranked.length); i++) {
    assertInteger("evaluate a ranking", `ranked[${i}]`, ranked[i], 0);
  }
  for (const item of relevant) assertInteger("evaluate a ranking", "what is relevant", item, 0);
  if (relevant.size === 0) {
    throw new InputRangeError("Cannot evaluate a ranking: at least one item must be relevant");
  }
}
