import type { Matrix } from "ml-matrix";
import { rowArrays } from "./row_arrays.ts";
import { rowProducts } from "./row_products.ts";

/**
 * The product of two matrices, by the kernel of {@linkcode rowProducts}.
 *
 * @param a A matrix, m x k.
 * @param b A matrix, k x n.
 * @returns AB, m x n.
 *
 * @example
 * ```ts
 * import { multiply } from "./multiply.ts";
 * import { Matrix } from "ml-matrix";
 * import assert from "node:assert/strict";
 *
 * assert.deepEqual(multiply(new Matrix([[1, 2]]), new Matrix([[3], [4]])).to2DArray(), [[11]]);
 * ```
 */
export function multiply(a: Matrix, b: Matrix): Matrix {
  return rowProducts(rowArrays(a), rowArrays(b.transpose()));
}
