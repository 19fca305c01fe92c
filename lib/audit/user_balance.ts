import { Matrix } from "ml-matrix";
import type { EmbeddingRows } from "./embedding_rows.ts";
import { InputError } from "./input_error.ts";
import { type NormSummary, normSummary } from "./norm_summary.ts";
import { scanRows } from "./scan_rows.ts";

/**
 * How the two sides of a model compare.
 *
 * Wherever the gradient of L(PQᵀ) + λ_P‖P‖² + λ_Q‖Q‖² vanishes, whatever the loss L of the dot
 * products, PᵀP and QᵀQ are proportional: from PᵀGQ = −λ_P·PᵀP and QᵀGᵀP = −λ_Q·QᵀQ, with G the
 * gradient of L, one side being the transpose of the other. So two sides that are out of balance
 * are no solution of Eq. 2, nor of any model with weight decay on each side alone that has
 * converged. Balanced sides are no proof of it: small random starts lead there too.
 */
export interface UserBalance {
  users: number;
  /** How many rows of users are zero. */
  zeroRows: number;
  norms: NormSummary;
  /**
   * ‖PᵀP − QᵀQ‖ over the larger of the two norms (Frobenius), both scaled to trace 1. 0 where the
   * sides are balanced.
   */
  imbalance: number;
  /** max D / min D of the diagonal D that gives both sides the same column norms. */
  condition: number;
}

/**
 * Compares the users of a model with its items; also gives PᵀP of the users P, to trace 1.
 *
 * @param itemNorms The norm of each item.
 * @throws {InputError} If the users have not as many columns as the items, or are the items: A in
 * the place of XA would pass for balanced, where A = B.
 */
export function userBalance(
  items: EmbeddingRows,
  users: EmbeddingRows,
  itemNorms: Float64Array,
): { balance: UserBalance; userMoments: Matrix } {
  if (users.columns !== items.columns) {
    throw new InputError(
      `users must have as many columns as the items, ${items.columns}, they have ${users.columns}`,
    );
  }
  const { norms, zeroRows } = scanRows("users", users);
  if (norms.length === itemNorms.length && norms.every((norm, i) => norm === itemNorms[i])) {
    throw new InputError(
      "users must not be the items themselves: the users' embeddings are the rows of XA, not of A",
    );
  }
  const P = momentsOf(users), Q = momentsOf(items);
  let smallest = Infinity, largest = 0;
  for (let i = 0; i < P.rows; i++) {
    const p = P.get(i, i), q = Q.get(i, i);
    if (p === 0 || q === 0) continue;
    smallest = Math.min(smallest, q / p);
    largest = Math.max(largest, q / p);
  }
  const balance = {
    users: users.rows,
    zeroRows,
    norms: normSummary(norms),
    imbalance: Matrix.sub(P, Q).norm() / Math.max(P.norm(), Q.norm()),
    condition: (largest / smallest) ** 0.25,
  };
  return { balance, userMoments: P };
}

/** Rows beyond this many multiplications are read at even distances. */
const MOST_WORK = 4e9;

/** Σ xxᵀ over the rows x, scaled to trace 1. */
function momentsOf(source: EmbeddingRows): Matrix {
  const { rows, columns: k } = source;
  const stride = Math.ceil(rows * k * k / 2 / MOST_WORK);
  const upper = new Float64Array(k * k);
  for (const { start, rows: count, values } of source.blocks()) {
    for (let row = (stride - start % stride) % stride; row < count; row += stride) {
      const at = row * k;
      for (let i = 0; i < k; i++) {
        const x = values[at + i], to = i * k;
        if (x === 0) continue;
        for (let j = i; j < k; j++) upper[to + j] += x * values[at + j];
      }
    }
  }
  let trace = 0;
  for (let i = 0; i < k; i++) trace += upper[i * k + i];
  const moments = new Matrix(k, k);
  for (let i = 0; i < k; i++) {
    for (let j = i; j < k; j++) {
      moments.set(i, j, upper[i * k + j] / trace);
      moments.set(j, i, upper[i * k + j] / trace);
    }
  }
  return moments;
}
