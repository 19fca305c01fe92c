import { Matrix } from "ml-matrix";
import { assertOneOf } from "../check/assert_one_of.ts";
import { power } from "../elementary/power.ts";
import { assertInteractions } from "../interactions/assert_interactions.ts";
import { centeredGram } from "../interactions/centered_gram.ts";
import { columnMoments } from "../interactions/column_moments.ts";
import type { Interactions } from "../interactions/interactions.ts";
import { gram } from "../linalg/gram.ts";
import { rowArrays } from "../linalg/row_arrays.ts";
import { inversePropensityScaling } from "./inverse_propensity.ts";
import { standardizedGram } from "./standardized_gram.ts";

/** What section 3 does to the data before learning; `"less means"` is footnote 1. */
export type Preparation =
  | "as it is"
  | "standardized"
  | "less means"
  | "item propensity"
  | "item and user propensity";

/**
 * What a model of prepared data needs: its Gram matrix, and how a user's row becomes one of Y and a
 * prediction of Y one of X: Y_ui = (X_ui − offsetᵢ − r_u)·scaleᵢ, but for a factor of the user's own.
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
 * @throws {TypeError} If x is no Interactions.
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
    throw new RangeError("Cannot prepare data: x must have at least one interaction");
  }
  const unit = g.trace() / trace;
  rowArrays(scaled).forEach((row, i) => {
    for (let j = 0; j < row.length; j++) row[j] = from[i][j] * scale[i] * scale[j] * unit;
  });
  return scaled;
}
