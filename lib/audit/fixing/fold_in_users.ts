import { Matrix } from "ml-matrix";
import { multiply, rowArrays, rowProducts } from "../../linalg/products.ts";
import { whitener } from "../comparing/whitener.ts";
import type { EmbeddingRows } from "../embedding_rows.ts";
import { rowMoments } from "./row_moments.ts";

/** Interactions of users with items. */
export interface UserItems {
  /** What each user is called, once for each interaction. */
  users: readonly string[];
  /** The row of the item. */
  items: ArrayLike<number>;
  weights: ArrayLike<number>;
}

/**
 * Computes users' embeddings where a model's own are not at hand: those whose dot products with the
 * items come closest to the users' interactions, P = XB(BᵀB)⁻¹. They are to P M⁻ᵀ what B is to BM, so
 * that the canonical spectrum they lead to is the same for every invertible M.
 *
 * @param items The item embeddings B.
 * @param interactions X.
 * @param seed The seed of the items that BᵀB is computed on.
 * @returns P, a row for each user.
 */
export function foldInUsers(
  items: EmbeddingRows,
  { users, items: ofUsers, weights }: UserItems,
  seed: string,
): Matrix {
  const { columns: k } = items;
  const rowOf = new Map<string, number>();
  for (const user of users) if (!rowOf.has(user)) rowOf.set(user, rowOf.size);
  const sums = new Matrix(rowOf.size, k);
  const totals = rowArrays(sums);
  const order = Uint32Array.from(users, (_, i) => i).sort((i, j) => ofUsers[i] - ofUsers[j]);
  let next = 0;
  for (const { start, rows, values } of items.blocks()) {
    for (; next < order.length && ofUsers[order[next]] < start + rows; next++) {
      const at = (ofUsers[order[next]] - start) * k;
      const total = totals[rowOf.get(users[order[next]])!];
      for (let c = 0; c < k; c++) total[c] += weights[order[next]] * values[at + c];
    }
  }
  const w = whitener(rowMoments(items, seed).second);
  if (w === null) throw new RangeError("Cannot fold in users: all items are zero");
  return rowProducts(totals, rowArrays(multiply(w, w.transpose()))).div(items.rows);
}
