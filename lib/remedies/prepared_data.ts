import { Matrix } from "ml-matrix";
import { InputRangeError } from "../errors.ts";
import { assertOneOf, checkedOptions, number } from "../check.ts";
import { power } from "../math/elementary.ts";
import { assertInteractions, Interactions } from "../interactions/interactions.ts";
import { centeredGram, type ColumnMoments, columnMoments } from "../interactions/centered_gram.ts";
import { gram } from "../linalg/gram.ts";
import { rowArrays } from "../linalg/matrices.ts";

/** What section 3 does to the data before learning; `"less means"` is footnote 1. */
export type Preparation =
  | "as it is"
  | "standardized"
  | "less means"
  | "item propensity"
  | "item and user propensity";

/**
 * What a model of prepared data needs: its Gram matrix, and how a user's row becomes one of Y and a
 * prediction of Y one of X: Y_ui = (X_ui − offsetᵢ − r_u)·scaleᵢ, up to a factor of the user's own.
 */
export interface PreparedData {
  /** YᵀY, p x p. */
  gram: Matrix;
  /** What a column is multiplied by, length p; 0 for a column that says nothing. */
  scale: Float64Array;
  /** What is subtracted from a column before, length p. */
  offset: Float64Array;
  /** Whether the mean of the user's row, r_u, is subtracted, too. */
  rowMeans: boolean;
}

const PREPARATIONS: readonly Preparation[] = [
  "as it is",
  "standardized",
  "less means",
  "item propensity",
  "item and user propensity",
];

/**
 * Prepares data in one of the ways of section 3, so that any of the models can be fitted to it:
 * `svdOfGram(prepareData(x, preparation).gram, rank)`; and so that what a model of it predicts can be
 * compared with X again: {@linkcode spectralRanking}.
 *
 * - `"standardized"`: columns have mean 0 and variance 1, {@linkcode standardizedGram}.
 * - `"less means"`: row and column means are subtracted, {@linkcode centeredGram}.
 * - `"item propensity"`: columns are divided by popularity^½, {@linkcode inversePropensityScaling};
 *   `"item and user propensity"`: and rows by activity^½.
 *
 * @param x The interactions X, n x p.
 * @param preparation What is done.
 * @returns The Gram matrix of the prepared data, and how to prepare one more user.
 * @throws {TypeError} If x is not an Interactions.
 * @throws {RangeError} If there is no such preparation, or x has no interaction.
 *
 * @example
 * ```ts
 * import { Interactions } from "cosine-lab";
 * import { prepareData } from "cosine-lab/remedies";
 * import assert from "node:assert/strict";
 *
 * const x = Interactions.fromDense([[1, 1], [1, 0]]);
 * const { gram, scale, offset } = prepareData(x, "standardized");
 * assert.deepEqual(gram.to2DArray(), [[0, 0], [0, 2]]);
 * assert.deepEqual([...scale], [0, 2]);
 * assert.deepEqual([...offset], [1, 0.5]);
 * ```
 */
export function prepareData(x: Interactions, preparation: Preparation): PreparedData {
  const action = "prepare data";
  assertInteractions(action, "x", x);
  assertOneOf(action, "preparation", preparation, PREPARATIONS);
  const { gram: g, columnSums: sums, users: n } = columnMoments(action, x);
  const ones = new Float64Array(x.items).fill(1), zeros = new Float64Array(x.items);
  if (preparation === "as it is") return { gram: g, scale: ones, offset: zeros, rowMeans: false };
  const means = sums.map((sum) => sum / n);
  if (preparation === "less means") {
    const mean = means.reduce((sum, value) => sum + value, 0) / x.items;
    const offset = means.map((value) => value - mean);
    return { gram: centeredGram(x, "both"), scale: ones, offset, rowMeans: true };
  }
  if (preparation === "standardized") {
    const standardized = standardizedGram(x);
    const scale = means.map((value, i) =>
      standardized.get(i, i) > 0 ? 1 / Math.sqrt(g.get(i, i) / n - value ** 2) : 0
    );
    return { gram: standardized, scale, offset: means, rowMeans: false };
  }
  const popularity = new Float64Array(x.items);
  for (const item of x.columnIndices) popularity[item]++;
  const scale = popularity.map((count) => count > 0 ? power(count, -0.5) : 0);
  const scaled = preparation === "item propensity"
    ? scaledGram(g, scale)
    : gram(inversePropensityScaling(x, { itemExponent: 0.5, userExponent: 0.5 }));
  return { gram: scaled, scale, offset: zeros, rowMeans: false };
}

/** The Gram matrix of X·diag(scale), of the trace that G has, as of {@linkcode inversePropensityScaling}. */
function scaledGram(g: Matrix, scale: Float64Array): Matrix {
  const scaled = new Matrix(g.rows, g.columns);
  const from = rowArrays(g);
  const trace = scale.reduce((sum, factor, i) => sum + factor ** 2 * from[i][i], 0);
  if (trace === 0) {
    throw new InputRangeError("Cannot prepare data: x must have at least one interaction");
  }
  const unit = g.trace() / trace;
  rowArrays(scaled).forEach((row, i) => {
    for (let j = 0; j < row.length; j++) row[j] = from[i][j] * scale[i] * scale[j] * unit;
  });
  return scaled;
}

/**
 * Computes the Gram matrix of X after its columns have been standardized to zero mean and unit variance,
 * the "default approach in statistics" of section 3: YᵀY with Y_ui = (X_ui − c_i)/s_i, c_i the mean of
 * column i and s_i its standard deviation (dividing by n). Divided by n it is the correlation matrix.
 *
 * Everything comes from G and the column sums, (G_ij − n·c_i·c_j)/(s_i·s_j); Y is dense and is not
 * formed. A column that is the same for all users has no variance to scale to 1: it becomes a column of
 * zeros, as scikit-learn's StandardScaler has it, and its embedding is 0.
 *
 * For both models of the standardized data: `svdOfGram(standardizedGram(x), k)`. It leaves the freedom
 * of Eq. 1 as it was; and it changes what λ means, because every item now has the same norm √n.
 *
 * @param x The interactions X, n x p, or their Gram matrix, column sums and number of users:
 * `{ gram, columnSums, users }`.
 * @returns The Gram matrix, p x p; its diagonal is n, or 0 for a column without variance.
 * @throws {TypeError} If x is neither.
 *
 * @example
 * ```ts
 * import { Interactions } from "cosine-lab";
 * import { standardizedGram } from "cosine-lab/remedies";
 * import assert from "node:assert/strict";
 *
 * const x = Interactions.fromDense([[1, 0, 1], [1, 1, 0]]);
 * assert.deepEqual(standardizedGram(x).to2DArray(), [[0, 0, 0], [0, 2, -2], [0, -2, 2]]);
 * ```
 */
export function standardizedGram(x: Interactions | ColumnMoments): Matrix {
  const { gram, columnSums: sums, users: n } = columnMoments("standardize", x);
  const g = rowArrays(gram);
  // n² times the covariance: of binary data an integer, without rounding.
  const covariance = (i: number, j: number) => n * g[i][j] - sums[i] * sums[j];
  const inverse = g.map((row, i) => {
    const variance = covariance(i, i);
    // What is left of a constant column is the rounding of n additions.
    const constant = variance <= n * Number.EPSILON * n * row[i];
    return constant ? 0 : 1 / Math.sqrt(variance);
  });
  const standardized = new Matrix(g.length, g.length);
  rowArrays(standardized).forEach((row, i) => {
    for (let j = 0; j < row.length; j++) {
      // Adding 0 makes 0 of -0; rounding must not take a correlation out of its bounds.
      const correlation = covariance(i, j) * inverse[i] * inverse[j] + 0;
      row[j] = n * (i === j && inverse[i] > 0 ? 1 : Math.max(-1, Math.min(1, correlation)));
    }
  });
  return standardized;
}

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
 * @throws {TypeError} If x is not an Interactions, or an option is not a number.
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
  const { itemExponent, userExponent } = checkedOptions(action, options, {
    itemExponent: number(-4, 4, 0.5),
    userExponent: number(-4, 4, 0),
  });
  if (x.nonzeros === 0) {
    throw new InputRangeError(`Cannot ${action}: x must have at least one interaction`);
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
