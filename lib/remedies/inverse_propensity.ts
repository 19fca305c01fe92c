import { power } from "../elementary/power.ts";
import { assertInteractions } from "../interactions/assert_interactions.ts";
import { Interactions } from "../interactions/interactions.ts";
import { assertNumber } from "../check/assert_number.ts";
import { assertKnown } from "../check/assert_known.ts";

/** Options for {@linkcode inversePropensityScaling}. */
export interface InversePropensityOptions {
  /** η in the propensity of an item, popularity^η. @default {0.5} */
  itemExponent?: number;
  /** ζ in the propensity of a user, activity^ζ. @default {0} */
  userExponent?: number;
}

/**
 * Scales interactions by one over their propensity, θ_ui ∝ (popularity of i)^η·(activity of u)^ζ, the
 * chance that an interaction that is wanted takes place and is seen: X_ui/θ_ui.
 *
 * Why scaling the data is inverse propensity weighting: Schnabel et al. (Recommendations as
 * treatments, 2016) weigh the loss of what was observed by 1/θ. For implicit feedback, where a 0 may be
 * unseen rather than unwanted, Saito et al. (Unbiased recommender learning from missing-not-at-random
 * implicit feedback, 2020) take (X/θ)·ℓ(1, s) + (1 − X/θ)·ℓ(0, s) over all pairs, whose expectation is
 * the loss on what is wanted. With squared loss that is (s − X/θ)² and a constant: the least squares
 * of Eq. 2 fitted to X/θ. For Eq. 1, which also reads X, both sides are scaled. Popularity^½ is Saito's
 * propensity of items, and that of users is the analogue which section 3 mentions; Liang, Charlin and
 * Blei (Causal inference for recommendation, 2016) fit propensities by popularity, too.
 *
 * A common factor of all propensities only changes what λ means; here it is such that ‖X‖² stays, the
 * same λ means the same share of it (a self-normalized estimate). The result is diag(v)·X·diag(w), so for
 * items its Gram matrix is diag(w)·XᵀX·diag(w). Where D is free it stays free.
 *
 * @param x The interactions X, n x p.
 * @param options The exponents; 0 leaves that side as it is.
 * @returns The scaled interactions, n x p, with values. Popularity and activity are the numbers of
 * interactions of an item and of a user.
 * @throws {TypeError} If x is no Interactions, or an option no number.
 * @throws {RangeError} If an exponent is not between −4 and 4, or x has no interaction.
 *
 * @example
 * ```ts
 * import { Interactions } from "cosine-lab";
 * import { inversePropensityScaling } from "cosine-lab/remedies";
 * import assert from "node:assert/strict";
 *
 * // Item 0 is four times as popular as item 1.
 * const x = Interactions.fromDense([[1, 1], [1, 0], [1, 0], [1, 0]]);
 * const { values } = inversePropensityScaling(x, { itemExponent: 0.5 });
 * assert(Math.abs(values![1] / values![0] - 2) < 1e-12);
 * ```
 */
export function inversePropensityScaling(
  x: Interactions,
  options: InversePropensityOptions = {},
): Interactions {
  const action = "scale by propensities";
  assertInteractions(action, "x", x);
  assertKnown(action, options, ["itemExponent", "userExponent"]);
  const { itemExponent = 0.5, userExponent = 0 } = options;
  assertNumber(action, "itemExponent", itemExponent, -4, 4);
  assertNumber(action, "userExponent", userExponent, -4, 4);
  if (x.nonzeros === 0) {
    throw new RangeError(`Cannot ${action}: x must have at least one interaction`);
  }
  const popularity = new Float64Array(x.items);
  for (const item of x.columnIndices) popularity[item]++;
  const byItem = popularity.map((count) => count > 0 ? power(count, -itemExponent) : 0);
  const values = new Float64Array(x.nonzeros);
  let before = 0, after = 0;
  for (let u = 0; u < x.users; u++) {
    const [start, end] = [x.rowStarts[u], x.rowStarts[u + 1]];
    const byUser = power(end - start, -userExponent);
    for (let t = start; t < end; t++) {
      const value = x.values === null ? 1 : x.values[t];
      values[t] = value * byUser * byItem[x.columnIndices[t]];
      before += value * value;
      after += values[t] * values[t];
    }
  }
  const scale = after > 0 ? Math.sqrt(before / after) : 1;
  for (let t = 0; t < values.length; t++) values[t] *= scale;
  const { rows, columns, rowStarts, columnIndices, userIds, itemIds } = x;
  const ids = userIds && itemIds ? { users: userIds, items: itemIds } : undefined;
  return new Interactions({ rows, columns, rowStarts, columnIndices, values }, ids);
}
