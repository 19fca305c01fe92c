import type { Matrix } from "ml-matrix";
import { InputRangeError, InputTypeError } from "../errors.ts";
import { dot, rowArrays } from "../linalg/matrices.ts";
import { sortNumbers } from "../math/sort_numbers.ts";
import { assertSameItems } from "./cosine_similarity.ts";

/**
 * Computes Spearman's rank correlation of two similarities over the pairs i < j, ties averaged.
 *
 * @param s One similarity, p x p; only what is above the diagonal is read.
 * @param t Another similarity of the same items, p x p.
 * @returns The rank correlation, between −1 and 1.
 * @throws {TypeError} If s or t is not a matrix.
 * @throws {RangeError} If s or t is not square or not finite, their shapes differ, or one of them
 * is the same for all pairs, so that it has no ranks.
 *
 * @example
 * ```ts
 * import { rankCorrelation } from "cosine-lab";
 * import { Matrix } from "ml-matrix";
 * import assert from "node:assert/strict";
 *
 * const s = new Matrix([[1, 0.2, 0.9], [0.2, 1, 0.1], [0.9, 0.1, 1]]);
 * assert(rankCorrelation(s, Matrix.mul(s, 3)) > 1 - 1e-12);
 * assert(rankCorrelation(s, Matrix.mul(s, -1)) < -1 + 1e-12);
 * ```
 */
export function rankCorrelation(s: Matrix, t: Matrix): number {
  assertSameItems("compute the rank correlation", s, t);
  return spearman(pairsOf(s), pairsOf(t));
}

function pairsOf(s: Matrix): Float64Array {
  const pairs = new Float64Array(s.rows * (s.rows - 1) / 2);
  let at = 0;
  rowArrays(s).forEach((row, i) => {
    for (let j = i + 1; j < row.length; j++) pairs[at++] = row[j];
  });
  return pairs;
}

/**
 * Computes Spearman's rank correlation of two lists, ties averaged.
 *
 * @param values Numbers.
 * @param others As many numbers.
 * @returns The correlation, between −1 and 1.
 * @throws {TypeError} If one is not a list.
 * @throws {RangeError} If they are not as long, a value is not finite, or one of them has the same value
 * everywhere, so that it has no ranks.
 *
 * @example
 * ```ts
 * import { spearman } from "cosine-lab/evaluation";
 * import assert from "node:assert/strict";
 *
 * assert(Math.abs(spearman([1, 2, 30], [0.1, 0.2, 0.3]) - 1) < 1e-15);
 * ```
 */
export function spearman(values: ArrayLike<number>, others: ArrayLike<number>): number {
  const action = "compute the rank correlation";
  if (typeof values?.length !== "number" || typeof others?.length !== "number") {
    throw new InputTypeError(`Cannot ${action}: both must be lists of numbers`);
  }
  if (values.length !== others.length) {
    throw new InputRangeError(
      `Cannot ${action}: both must be as long, they have ${values.length} and ${others.length}`,
    );
  }
  const [first, second] = [Float64Array.from(values), Float64Array.from(others)];
  if (![first, second].every((list) => list.every(Number.isFinite))) {
    throw new InputRangeError(`Cannot ${action}: values must be finite numbers`);
  }
  const a = centeredRanks(first);
  const b = centeredRanks(second);
  const spread = Math.sqrt(dot(a, a)) * Math.sqrt(dot(b, b));
  if (spread === 0) {
    throw new InputRangeError(
      "Cannot compute the rank correlation: values must differ, one list is the same for all",
    );
  }
  return Math.max(-1, Math.min(1, dot(a, b) / spread));
}

/** The rank of each value less the mean rank; equal values share the mean of their ranks. */
export function centeredRanks(values: Float64Array): Float64Array {
  const sorted = sortNumbers(values.slice());
  // In place, since there are at most as many different values: they, and the rank of each.
  const ranks = new Float64Array(values.length);
  const middle = (values.length - 1) / 2;
  let different = 0;
  for (let start = 0; start < sorted.length;) {
    const value = sorted[start];
    let end = start + 1;
    while (end < sorted.length && sorted[end] === value) end++;
    ranks[different] = (start + end - 1) / 2 - middle;
    sorted[different++] = value;
    start = end;
  }
  return values.map((value) => {
    let low = 0, high = different - 1;
    while (low < high) {
      const between = (low + high) >>> 1;
      if (sorted[between] < value) low = between + 1;
      else high = between;
    }
    return ranks[low];
  });
}
