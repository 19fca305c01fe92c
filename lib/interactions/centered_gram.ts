import type { Matrix } from "ml-matrix";
import { gram } from "../linalg/gram.ts";
import { assertInteractions } from "./assert_interactions.ts";
import type { Interactions } from "./interactions.ts";

/**
 * Computes the Gram matrix of X after means have been subtracted from it, which is how footnote 1
 * introduces bias terms: YᵀY where Y is X less its column means, or less its row and its column means.
 *
 * Subtracting both leaves Y_ui = X_ui − r_u − c_i + m with r_u the mean of row u, c_i that of column
 * i and m that of all. Everything comes from G and from sums over X; Y itself is dense and is not
 * formed.
 *
 * @param x The interactions X, n x p.
 * @param means `"columns"` (the items' popularity), or `"both"` (the users' activity as well).
 * @returns The Gram matrix, p x p.
 * @throws {TypeError} If x is no Interactions.
 * @throws {RangeError} If means is neither.
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
export function centeredGram(x: Interactions, means: "columns" | "both"): Matrix {
  assertInteractions("center", "x", x);
  if (means !== "columns" && means !== "both") {
    throw new RangeError(
      `Cannot center: means must be "columns" or "both", current value is ${JSON.stringify(means)}`,
    );
  }
  const { users: n, items: p, rowStarts, columnIndices, values } = x;
  const rowMeans = new Float64Array(n);
  const columnSums = new Float64Array(p);
  // Xᵀr, of the row means r.
  const withRows = new Float64Array(p);
  const entry = (t: number) => values === null ? 1 : values[t];
  for (let u = 0; u < n; u++) {
    for (let t = rowStarts[u]; t < rowStarts[u + 1]; t++) rowMeans[u] += entry(t) / p;
    for (let t = rowStarts[u]; t < rowStarts[u + 1]; t++) {
      columnSums[columnIndices[t]] += entry(t);
      withRows[columnIndices[t]] += entry(t) * rowMeans[u];
    }
  }
  const g = gram(x);
  if (means === "columns") {
    return g.apply((i, j) => g.set(i, j, g.get(i, j) - columnSums[i] * columnSums[j] / n));
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
