import type { Matrix } from "ml-matrix";
import { assertEqualShapes, assertFinite, checkedOptions, integer, number } from "../check.ts";
import { topIndices } from "../math/top_indices.ts";

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
  assertEqualShapes("compare rankings", { s, t });
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
