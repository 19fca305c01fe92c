import { rowArrays, rowProducts } from "../../linalg/products.ts";
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
  const [left, right] = [a, b].map((rows) => {
    const columns = columnsOf(rows);
    return center ? columns.map(centered) : columns;
  });
  const [cross, ofA, ofB] = a.length < Math.min(left.length, right.length)
    ? normsByItems(left, right)
    : [norm(left, right), norm(left), norm(right)];
  return ofA > 0 && ofB > 0 ? Math.min(1, cross / ofA * (cross / ofB)) : 0;
}

function centered(column: Float64Array): Float64Array {
  const mean = column.reduce((sum, entry) => sum + entry, 0) / column.length;
  return column.map((entry) => entry - mean);
}

/** ‖AᵀB‖ of matrices that are given by their columns. */
function norm(a: Float64Array[], b?: Float64Array[]): number {
  let sum = 0;
  for (const row of rowArrays(rowProducts(a, b))) for (const entry of row) sum += entry * entry;
  return Math.sqrt(sum);
}

/**
 * ‖AᵀB‖, ‖AᵀA‖ and ‖BᵀB‖ of fewer rows than columns: ‖AᵀB‖² = ⟨AAᵀ, BBᵀ⟩, which takes items x items in
 * place of dimensions x dimensions.
 */
function normsByItems(a: Float64Array[], b: Float64Array[]): number[] {
  const [left, right] = [a, b].map((columns) => rowArrays(rowProducts(columnsOf(columns))));
  return [inner(left, right), inner(left, left), inner(right, right)]
    .map((square) => Math.sqrt(Math.max(0, square)));
}

function inner(left: Float64Array[], right: Float64Array[]): number {
  let sum = 0;
  left.forEach((row, i) => {
    for (let j = 0; j < row.length; j++) sum += row[j] * right[i][j];
  });
  return sum;
}
