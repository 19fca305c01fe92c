import type { Matrix } from "ml-matrix";
import { rowArrays, rowProducts } from "../../linalg/products.ts";

/** How many entries of a row are multiplied at once: what is in use stays in the processor's cache. */
const PIECE = 512;

/**
 * {@linkcode rowProducts} of long rows, piece by piece: two to four times as fast as in one.
 *
 * @param e The rows of E, at least one.
 * @param f The rows of F, of the same length; those of E by default.
 * @returns EFᵀ.
 *
 * @example
 * ```ts
 * import { piecewiseProducts } from "./piecewise_products.ts";
 * import assert from "node:assert/strict";
 *
 * const row = new Float64Array(1500).fill(2);
 * assert.deepEqual(piecewiseProducts([row], [row]).to2DArray(), [[6000]]);
 * ```
 */
export function piecewiseProducts(
  e: readonly Float64Array[],
  f?: readonly Float64Array[],
): Matrix {
  const k = e[0].length;
  if (k <= PIECE) return rowProducts(e, f);
  let sum: Matrix | undefined;
  for (let from = 0; from < k; from += PIECE) {
    const piece = (rows: readonly Float64Array[]) =>
      rows.map((row) => row.subarray(from, from + PIECE));
    const part = rowProducts(piece(e), f && piece(f));
    if (sum === undefined) {
      sum = part;
      continue;
    }
    const added = rowArrays(part);
    rowArrays(sum).forEach((row, i) => {
      const more = added[i];
      for (let j = 0; j < row.length; j++) row[j] += more[j];
    });
  }
  return sum!;
}
