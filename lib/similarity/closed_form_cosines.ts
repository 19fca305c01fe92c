import { assertNumbers, LARGEST_FACTOR } from "../check.ts";
import type { Matrix } from "ml-matrix";
import type { Interactions } from "../interactions/interactions.ts";
import { type Embeddings, rescale, userEmbeddings } from "../solvers/embeddings.ts";
import { rowArrays, rowProducts } from "../linalg/matrices.ts";

/** The three combinations that a cosine can be taken of (section 2.1). */
interface Combinations {
  /** Items against items, p x p. */
  itemItem: Matrix;
  /** Users against users, n x n. */
  userUser: Matrix;
  /** Users against items, n x p. */
  userItem: Matrix;
}

/** The cosines of {@linkcode closedFormCosines}, and what is normalized to get them. */
export interface ClosedFormCosines extends Combinations {
  /** BD⁻²Bᵀ, XAD²(XA)ᵀ and XABᵀ: the formulas without Ω_A(D) and Ω_B(D). */
  unnormalized: Combinations;
}

/**
 * Evaluates the closed formulas of section 2.1 for the cosines of the rescaled embeddings
 * XA^(D) = XAD and B^(D) = BD⁻¹:
 *
 * - items: Ω_B(D)·B·D⁻²·Bᵀ·Ω_B(D)
 * - users: Ω_A(D)·XA·D²·(XA)ᵀ·Ω_A(D)
 * - users and items: Ω_A(D)·XA·Bᵀ·Ω_B(D)
 *
 * where Ω_A(D) and Ω_B(D) have one over the norm of each row of XAD and of BD⁻¹. The first two
 * depend on D directly, the third one through the norms only. A row of zeros has cosine 0 to
 * everything, as in {@linkcode cosineSimilarity}.
 *
 * Users against users are n x n numbers: give a sample of users ({@linkcode selectUsers}) where
 * there are many.
 *
 * @param x The interactions X of the users to compare, n x p.
 * @param e The embeddings A and B, p x k, before they are rescaled.
 * @param d The diagonal of D: k entries, finite and not zero.
 * @returns The cosines, and the matrices that they normalize.
 * @throws {TypeError} If e is not a pair of matrices or d has no length.
 * @throws {RangeError} If A and B have not a row for each item, d has not k entries, or one is
 * zero, NaN or infinite.
 *
 * @example
 * ```ts
 * import { closedFormCosines, cosineSimilarity, Interactions, largestDifference, rescale } from "cosine-lab";
 * import { Matrix } from "ml-matrix";
 * import assert from "node:assert/strict";
 *
 * const x = Interactions.fromDense([[1, 0], [1, 1]]);
 * const e = { A: new Matrix([[1, 2], [3, 1]]), B: new Matrix([[1, 1], [0, 2]]) };
 * const { itemItem } = closedFormCosines(x, e, [2, 5]);
 * assert(largestDifference(itemItem, cosineSimilarity(rescale(e, [2, 5]).B)) < 1e-14);
 * ```
 */
export function closedFormCosines(
  x: Interactions,
  e: Embeddings,
  d: ArrayLike<number>,
): ClosedFormCosines {
  // rescale() checks e and d; its result is not used, so that the formulas stand on their own.
  rescale(e, d);
  assertNumbers("compute cosines", "d", d, -LARGEST_FACTOR, LARGEST_FACTOR);
  const users = userEmbeddings(x, e);
  const squares = Array.from(d, (entry) => entry * entry);
  const unnormalized = {
    itemItem: rowProducts(
      rowArrays(weighted(e.B, squares.map((square) => 1 / square))),
      rowArrays(e.B),
    ),
    userUser: rowProducts(rowArrays(weighted(users, squares)), rowArrays(users)),
    userItem: rowProducts(rowArrays(users), rowArrays(e.B)),
  };
  const omegaA = inverseNorms(unnormalized.userUser);
  const omegaB = inverseNorms(unnormalized.itemItem);
  return {
    itemItem: normalized(unnormalized.itemItem, omegaB, omegaB),
    userUser: normalized(unnormalized.userUser, omegaA, omegaA),
    userItem: normalized(unnormalized.userItem, omegaA, omegaB),
    unnormalized,
  };
}

/** m·dMat(weights). */
function weighted(m: Matrix, weights: readonly number[]): Matrix {
  return m.clone().mulRowVector([...weights]);
}

/** One over the norm of each row, from the dot products of the rows with each other. */
function inverseNorms(products: Matrix): number[] {
  return products.diag().map((square) => square > 0 ? 1 / Math.sqrt(square) : 0);
}

/** dMat(left)·m·dMat(right). */
function normalized(m: Matrix, left: number[], right: number[]): Matrix {
  return m.clone().mulColumnVector(left).mulRowVector(right);
}
