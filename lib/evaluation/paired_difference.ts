import { assertNumbers } from "../check/assert_numbers.ts";
import { LARGEST_FACTOR } from "../check/assert_finite.ts";
import { meanWithError } from "../statistics/mean_with_error.ts";
import type { Estimate } from "./ranking_accuracy.ts";

/**
 * Compares two estimates of the same users, user by user: what all users have in common, easy ones and
 * hard ones, cancels.
 *
 * @param a An estimate, for instance `evaluateRanking(…).ndcgAt100`.
 * @param b What it is compared with, of the same users in the same order.
 * @returns How much larger a is, and the standard error of that.
 * @throws {TypeError} If one has no values.
 * @throws {RangeError} If they are of fewer than two users, or not of as many.
 *
 * @example
 * ```ts
 * import { pairedDifference } from "cosine-lab/evaluation";
 * import assert from "node:assert/strict";
 *
 * const difference = pairedDifference({ values: [0.5, 0.7] }, { values: [0.4, 0.6] });
 * assert(Math.abs(difference.mean - 0.1) < 1e-12 && difference.standardError < 1e-12);
 * ```
 */
export function pairedDifference(
  a: Pick<Estimate, "values">,
  b: Pick<Estimate, "values">,
): { mean: number; standardError: number } {
  const action = "compare estimates";
  if (!Array.isArray(a?.values) || !Array.isArray(b?.values)) {
    throw new TypeError(`Cannot ${action}: both must have the values of the users`);
  }
  const n = a.values.length;
  if (n !== b.values.length || n < 2) {
    throw new RangeError(
      `Cannot ${action}: they must be of the same users, at least 2, they are of ${n} and ${b.values.length}`,
    );
  }
  assertNumbers(action, "the values of the first", a.values, -LARGEST_FACTOR, LARGEST_FACTOR);
  assertNumbers(action, "the values of the second", b.values, -LARGEST_FACTOR, LARGEST_FACTOR);
  const differences = a.values.map((value, u) => value - b.values[u]);
  return meanWithError(differences);
}
