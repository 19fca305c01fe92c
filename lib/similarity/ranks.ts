import type { Matrix } from "ml-matrix";
import { InputRangeError, InputTypeError } from "../errors.ts";
import { assertFinite, checkedOptions, integer, number } from "../check.ts";
import { dot, rowArrays } from "../linalg/matrices.ts";
import { topIndices } from "../math/top_indices.ts";
import { assertSameShape } from "./cosine_similarity.ts";

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
  assertSameShape("compute the rank correlation", s, t);
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

/** Options for {@linkcode rankingAgreement}. */
export interface RankingAgreementOptions {
  /**
   * Scores of s that differ by no more than this share of the largest magnitude in their row are
   * tied: rounding may put them either way around.
   *
   * @default {1e-12}
   */
  tolerance?: number;
  /** How many items are the top of a ranking. @default {10, or all where there are fewer} */
  top?: number;
}

/** How many rows two scores rank alike; the three counts add up to the number of rows. */
export interface RankingAgreement {
  /** Rows in which no pair of items is the other way around. */
  same: number;
  /** Rows in which only pairs that are tied in s are the other way around. */
  tied: number;
  /** Rows in which a pair that is not tied is the other way around. */
  different: number;
  /** The mean share of the top of the ranking by s that is in the top of the ranking by t, too. */
  overlap: number;
}

/**
 * Compares how two scores rank the columns in each row: say, the items for each user by dot product
 * and by cosine (section 2.2).
 *
 * A pair of columns is the other way around if sᵢ > sⱼ and tᵢ < tⱼ. All pairs are considered, not
 * only neighbors in the ranking. At the top, of equal scores the column with the lower index comes
 * first.
 *
 * @param s Scores, one row per user, one column per item.
 * @param t Other scores of the same shape.
 * @param options What counts as tied, and how long the top is.
 * @returns How many rows agree, and the overlap at the top.
 * @throws {TypeError} If s or t is not a matrix, or an option is not a number.
 * @throws {RangeError} If s or t is not finite, their shapes differ, or an option is out of bounds.
 *
 * @example
 * ```ts
 * import { rankingAgreement } from "cosine-lab";
 * import { Matrix } from "ml-matrix";
 * import assert from "node:assert/strict";
 *
 * const s = new Matrix([[3, 2, 1], [3, 2, 1], [1 + 1e-15, 1, 0]]);
 * const t = new Matrix([[0.3, 0.2, 0.1], [0.1, 0.2, 0.3], [1, 2, 0]]);
 * const agreement = rankingAgreement(s, t, { top: 1 });
 * assert.deepEqual(agreement, { same: 1, tied: 1, different: 1, overlap: 1 / 3 });
 * ```
 */
export function rankingAgreement(
  s: Matrix,
  t: Matrix,
  options: RankingAgreementOptions = {},
): RankingAgreement {
  assertFinite("compare rankings", "s", s);
  assertFinite("compare rankings", "t", t);
  if (s.rows !== t.rows || s.columns !== t.columns) {
    throw new InputRangeError(
      `Cannot compare rankings: s and t must have the same shape, ` +
        `they are ${s.rows} x ${s.columns} and ${t.rows} x ${t.columns}`,
    );
  }
  const { tolerance, top } = checkedOptions("compare rankings", options, {
    tolerance: number(0, Infinity, 1e-12),
    top: integer(1, s.columns, Math.min(10, s.columns)),
  });
  const agreement = { same: 0, tied: 0, different: 0, overlap: 0 };
  for (let row = 0; row < s.rows; row++) {
    const [a, b] = [Float64Array.from(s.getRow(row)), Float64Array.from(t.getRow(row))];
    const orderA = topIndices(a, a.length);
    const gap = largestInversion(a, b, orderA);
    const scale = Math.max(Math.abs(a[orderA[0]]), Math.abs(a[orderA[orderA.length - 1]]));
    if (gap === 0) agreement.same++;
    else if (gap <= tolerance * scale) agreement.tied++;
    else agreement.different++;
    const best = highest(b, top);
    agreement.overlap += orderA.subarray(0, top).filter((item) => best.has(item)).length;
  }
  agreement.overlap /= s.rows * top;
  return agreement;
}

/** The `count` columns of highest score: a sort of all of them would take most of the time. */
function highest(scores: Float64Array, count: number): Set<number> {
  const best: number[] = [];
  for (let i = 0; i < scores.length; i++) {
    if (best.length === count && scores[i] <= scores[best[count - 1]]) continue;
    let place = best.length < count ? best.length : count - 1;
    for (; place > 0 && scores[best[place - 1]] < scores[i]; place--) best[place] = best[place - 1];
    best[place] = i;
  }
  return new Set(best);
}

/**
 * The largest aᵢ − aⱼ of a pair with bᵢ < bⱼ, or 0 where there is none: `order` sorts a descending,
 * so for each j it is the first i with bᵢ < bⱼ, found by bisection in the running minimum of b. Only
 * where one of those that are further apart than the largest so far has such a b.
 */
function largestInversion(a: Float64Array, b: Float64Array, order: Uint32Array): number {
  const minimum = new Float64Array(order.length);
  let largest = 0, further = 0;
  for (let place = 0; place < order.length; place++) {
    const j = order[place];
    while (further < place && a[order[further]] - a[j] > largest) further++;
    if (further > 0 && minimum[further - 1] < b[j]) {
      let low = 0, high = further - 1;
      while (low < high) {
        const middle = (low + high) >>> 1;
        if (minimum[middle] < b[j]) high = middle;
        else low = middle + 1;
      }
      largest = a[order[low]] - a[j];
      further = low;
      while (further > 0 && a[order[further - 1]] - a[j] <= largest) further--;
    }
    minimum[place] = place === 0 ? b[j] : Math.min(minimum[place - 1], b[j]);
  }
  return largest;
}

/** Buckets with more numbers than this are sorted by the engine. */
const SMALL = 24;

/**
 * Sorts many finite numbers in ascending order, in place: into as many buckets of equal width as there
 * are numbers, and then within each. Three times as fast as the engine's sort where the numbers are
 * spread like similarities are, and never much slower.
 *
 * @param values The numbers.
 * @returns The same array, sorted.
 *
 * @example
 * ```ts
 * import { sortNumbers } from "./ranks.ts";
 * import assert from "node:assert/strict";
 *
 * assert.deepEqual([...sortNumbers(new Float64Array([3, -1, 2]))], [-1, 2, 3]);
 * ```
 */
export function sortNumbers(values: Float64Array): Float64Array {
  const n = values.length;
  let low = Infinity, high = -Infinity;
  for (let i = 0; i < n; i++) {
    if (values[i] < low) low = values[i];
    if (values[i] > high) high = values[i];
  }
  const scale = (n - 1) / (high - low);
  // Fewer than two different numbers, or so close or so far that their width is not a number.
  if (!(scale > 0) || !Number.isFinite(scale)) return values.sort();
  const starts = new Uint32Array(n + 1);
  const buckets = new Uint32Array(n);
  for (let i = 0; i < n; i++) {
    const bucket = (values[i] - low) * scale >>> 0;
    buckets[i] = bucket;
    starts[bucket + 1]++;
  }
  for (let b = 0; b < n; b++) starts[b + 1] += starts[b];
  const unsorted = values.slice();
  const next = starts.slice();
  for (let i = 0; i < n; i++) values[next[buckets[i]]++] = unsorted[i];
  for (let b = 0; b < n; b++) sortBetween(values, starts[b], starts[b + 1]);
  return values;
}

function sortBetween(values: Float64Array, start: number, end: number): void {
  if (end - start > SMALL) {
    values.subarray(start, end).sort();
    return;
  }
  for (let i = start + 1; i < end; i++) {
    const value = values[i];
    let place = i;
    for (; place > start && values[place - 1] > value; place--) values[place] = values[place - 1];
    values[place] = value;
  }
}
