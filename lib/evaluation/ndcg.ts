import { log2 } from "../math/elementary.ts";

/**
 * The discount of a position in a ranked list, 1/log₂(position + 2) from 0 on (Järvelin and Kekäläinen,
 * Cumulated gain-based evaluation of IR techniques, 2002). Every NDCG in the library has this one.
 */
export function discount(position: number): number {
  return DISCOUNTS[position] ?? 1 / log2(position + 2);
}

const DISCOUNTS = Float64Array.from({ length: 100 }, (_, position) => 1 / log2(position + 2));

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
