import { assertOneOf } from "../check/assert_one_of.ts";
import type { Matrix } from "ml-matrix";
import { type ColumnMoments, columnMoments } from "./column_moments.ts";
import { Interactions } from "./interactions.ts";

/**
 * Computes the Gram matrix of X after means have been subtracted from it, which is how footnote 1
 * introduces bias terms: YᵀY where Y is X less its column means, or less its row and its column means.
 *
 * Subtracting both leaves Y_ui = X_ui − r_u − c_i + m with r_u the mean of row u, c_i that of column
 * i and m that of all. Everything comes from G and from sums over X; Y itself is dense and is not
 * formed.
 *
 * @param x The interactions X, n x p; for `"columns"` their Gram matrix, column sums and number of
 * users will do: `{ gram, columnSums, users }`.
 * @param means `"columns"` (the items' popularity), or `"both"` (the users' activity as well).
 * @returns The Gram matrix, p x p.
 * @throws {TypeError} If x is neither.
 * @throws {RangeError} If means is neither, or "both" of data whose rows are not at hand.
 *
 * @example
 * ```ts
 * import { centeredGram, Interactions } from "cosine-lab";
 * import assert from "node:assert/strict";
 *
 * const x = Interactions.fromDense([[1, 0], [0, 0]]);
 * assert.deepEqual(centeredGram(x, "columns").to2DArray(), [[0.5, 0], [0, 0]]);
 * ```
 */
export function centeredGram(
  x: Interactions | ColumnMoments,
  means: "columns" | "both",
): Matrix {
  const { gram, columnSums, users: n } = columnMoments("center", x);
  const p = columnSums.length;
  assertOneOf("center", "means", means, ["columns", "both"]);
  const g = gram.clone();
  if (means === "columns") {
    return g.apply((i, j) => g.set(i, j, g.get(i, j) - columnSums[i] * columnSums[j] / n));
  }
  if (!(x instanceof Interactions)) {
    throw new RangeError(
      'Cannot center: means must be "columns" where x is a Gram matrix, which knows no rows',
    );
  }
  const { rowStarts, columnIndices, values } = x;
  const rowMeans = new Float64Array(n);
  // Xᵀr, of the row means r.
  const withRows = new Float64Array(p);
  const entry = (t: number) => values === null ? 1 : values[t];
  for (let u = 0; u < n; u++) {
    for (let t = rowStarts[u]; t < rowStarts[u + 1]; t++) rowMeans[u] += entry(t) / p;
    for (let t = rowStarts[u]; t < rowStarts[u + 1]; t++) {
      withRows[columnIndices[t]] += entry(t) * rowMeans[u];
    }
  }
  const rowSquares = rowMeans.reduce((sum, mean) => sum + mean * mean, 0);
  const rowSum = rowMeans.reduce((sum, mean) => sum + mean, 0);
  // Less the row means, X has these column sums, which are then subtracted as means.
  const sums = columnSums.map((sum) => sum - rowSum);
  return g.apply((i, j) =>
    g.set(
      i,
      j,
      g.get(i, j) - withRows[i] - withRows[j] + rowSquares - sums[i] * sums[j] / n,
    )
  );
}
