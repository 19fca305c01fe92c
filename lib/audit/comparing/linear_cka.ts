import { rowArrays } from "../../linalg/row_arrays.ts";
import { rowProducts } from "../../linalg/row_products.ts";
import { columnsOf } from "./alignment.ts";

/**
 * Linear centered kernel alignment of two sets of embeddings (Kornblith, Norouzi, Lee and Hinton,
 * Similarity of neural network representations revisited, 2019): ‖AᵀB‖² / (‖AᵀA‖ ‖BᵀB‖) of centered
 * columns.
 *
 * 1 where one is the other, rotated and scaled; no rotation changes it, but an M does. Where there
 * are not many more items than dimensions it is high for unrelated embeddings, too: look at its
 * floor.
 *
 * @param a The rows of A.
 * @param b The rows of B, the same items.
 * @param center Whether to center the columns; uncentered, it is 1 only where no translation is needed.
 * @returns A number between 0 and 1; 0 where one side is constant.
 *
 * @example
 * ```ts
 * import { linearCka } from "./linear_cka.ts";
 * import assert from "node:assert/strict";
 *
 * const a = [[1, 2], [3, 1], [0, 0]].map((row) => Float64Array.from(row));
 * const turned = a.map(([x, y]) => Float64Array.of(-2 * y, 2 * x));
 * assert(Math.abs(linearCka(a, turned) - 1) < 1e-12);
 * ```
 */
export function linearCka(
  a: readonly Float64Array[],
  b: readonly Float64Array[],
  center = true,
): number {
  const [left, right] = [a, b].map((rows) =>
    center ? columnsOf(rows).map(centered) : columnsOf(rows)
  );
  const [cross, ofA, ofB] = [norm(left, right), norm(left), norm(right)];
  return ofA > 0 && ofB > 0 ? Math.min(1, cross / ofA * (cross / ofB)) : 0;
}

function centered(column: Float64Array): Float64Array {
  const mean = column.reduce((sum, entry) => sum + entry, 0) / column.length;
  return column.map((entry) => entry - mean);
}

/** ‖EᵀF‖, of columns. */
function norm(e: Float64Array[], f?: Float64Array[]): number {
  let sum = 0;
  for (const row of rowArrays(rowProducts(e, f))) for (const entry of row) sum += entry * entry;
  return Math.sqrt(sum);
}
