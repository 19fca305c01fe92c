import type { Matrix } from "ml-matrix";
import type { CompressedRows } from "./compressed_rows.ts";
import { GramSum } from "./gram.ts";

/**
 * The Gram matrix of a sparse matrix as the sum of the outer products of its rows. Takes
 * Σ kᵤ²/2 multiplications, where kᵤ is the number of nonzeros of row u.
 *
 * @param x A matrix, n x p, with or without values.
 * @returns G = XᵀX, p x p.
 */
export function gramFromRows(x: CompressedRows): Matrix {
  const sum = new GramSum(x.columns);
  sum.addRows(x);
  return sum.total();
}
