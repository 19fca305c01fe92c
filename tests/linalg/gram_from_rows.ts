import type { Matrix } from "ml-matrix";
import type { CompressedRows } from "cosine-lab";
import { GramSum } from "../../lib/linalg/gram.ts";

/** The Gram matrix of a sparse matrix, n x p, as the sum of the outer products of its rows. */
export function gramFromRows(x: CompressedRows): Matrix {
  const sum = new GramSum(x.columns);
  sum.addRows(x);
  return sum.total();
}
