import type { Matrix } from "ml-matrix";
import { assertFinite, assertNumber, assertNumbers, LARGEST_FACTOR } from "../check.ts";
import { InputRangeError, InputTypeError } from "../errors.ts";
import type { Interactions } from "../interactions/interactions.ts";
import { flatMatrix, rowArrays, rowProducts } from "../linalg/matrices.ts";
import { type Embeddings, rescale, userEmbeddings } from "../solvers/embeddings.ts";

/**
 * Computes the cosine similarity of rows against rows: ⟨eᵢ, fⱼ⟩ / (‖eᵢ‖·‖fⱼ‖), the matrix that the
 * paper writes as cosSim(E, F) = Ω_E·E·Fᵀ·Ω_F (section 2.1).
 *
 * A row of zeros has similarity 0 to everything, itself included (scikit-learn's convention).
 * Rows are normalized without overflow or underflow; rounding never takes a cosine out of
 * [−1, 1]. Where e is compared with itself, a nonzero row has exactly 1 with itself.
 *
 * @param e Embeddings as rows, m x k.
 * @param f The embeddings to compare with, q x k; e itself by default.
 * @returns The cosines, m x q; symmetric where f is e or left out.
 * @throws {TypeError} If e or f is not a matrix.
 * @throws {RangeError} If one is empty or not finite, or they differ in their number of columns.
 *
 * @example
 * ```ts
 * import { cosineSimilarity } from "cosine-lab";
 * import { Matrix } from "ml-matrix";
 * import assert from "node:assert/strict";
 *
 * const s = cosineSimilarity(new Matrix([[1, 0], [3, 3], [0, 0]]));
 * assert.equal(s.get(0, 0), 1);
 * assert(Math.abs(s.get(0, 1) - Math.SQRT1_2) < 1e-15);
 * assert.equal(s.get(2, 2), 0);
 * ```
 */
export function cosineSimilarity(e: Matrix, f?: Matrix): Matrix {
  assertFinite("compare rows", "e", e);
  const left = normalizedRows(e);
  if (f === undefined || f === e) return withOwnDiagonal(rowProducts(left, undefined, 1), left);
  assertFinite("compare rows", "f", f);
  if (e.columns !== f.columns) {
    throw new InputRangeError(
      `Cannot compare rows: e and f must have as many columns, they have ${e.columns} and ${f.columns}`,
    );
  }
  return rowProducts(left, normalizedRows(f), 1);
}

/** The rows of e, each divided by its norm; rows of zeros stay. */
function normalizedRows(e: Matrix): Float64Array[] {
  const normalized = rowArrays(flatMatrix(new Float64Array(e.rows * e.columns), e.columns));
  rowArrays(e).forEach((row, i) => {
    let largest = 0;
    for (let j = 0; j < row.length; j++) largest = Math.max(largest, Math.abs(row[j]));
    if (largest === 0) return;
    let squares = 0;
    for (let j = 0; j < row.length; j++) squares += (row[j] / largest) ** 2;
    const norm = Math.sqrt(squares);
    for (let j = 0; j < row.length; j++) normalized[i][j] = row[j] / largest / norm;
  });
  return normalized;
}

function withOwnDiagonal(s: Matrix, rows: readonly Float64Array[]): Matrix {
  rows.forEach((row, i) => s.set(i, i, selfCosine(row)));
  return s;
}

/** A row's cosine with itself: exactly 1 whatever the rounding of its norm, and 0 for a row of zeros. */
export function selfCosine(row: Float64Array): number {
  return row.some((entry) => entry !== 0) ? 1 : 0;
}

/**
 * The cosine of two rows from their dot product and the product of their norms. It is 0 where one of them
 * is a row of zeros, as in {@linkcode cosineSimilarity}; functions that compute cosines one by one use it.
 */
export function cosineOf(product: number, norms: number): number {
  return norms === 0 ? 0 : product / norms;
}

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
 * @throws {RangeError} If A and B have not a row for each item, d does not have k entries, or one is
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

/**
 * Throws unless `s` is a finite square matrix of at least two rows.
 *
 * @param action What cannot be done otherwise; the message starts with "Cannot {action}".
 * @param name The name of the matrix, as the caller knows it.
 * @param s The similarity matrix to check.
 */
export function assertSimilarity(action: string, name: string, s: Matrix): void {
  assertFinite(action, name, s);
  if (s.rows !== s.columns || s.rows < 2) {
    throw new InputRangeError(
      `Cannot ${action}: ${name} must be square with at least 2 rows, its shape is ${s.rows} x ${s.columns}`,
    );
  }
}

/** Throws unless there is a label, a finite number, for each of the items. */
export function assertLabels(action: string, labels: ArrayLike<number>, items: number): void {
  if (typeof labels?.length !== "number") {
    throw new InputTypeError(
      `Cannot ${action}: labels must be an array with a number for each item`,
    );
  }
  if (labels.length !== items) {
    throw new InputRangeError(
      `Cannot ${action}: there must be a label for each of the ${items} items, there are ${labels.length}`,
    );
  }
  for (let i = 0; i < items; i++) {
    assertNumber(action, `the label of item ${i}`, labels[i]);
  }
}

/** Throws unless `s` and `t` are similarity matrices of as many items. */
export function assertSameItems(action: string, s: Matrix, t: Matrix): void {
  assertSimilarity(action, "s", s);
  assertSimilarity(action, "t", t);
  if (s.rows !== t.rows) {
    throw new InputRangeError(
      `Cannot ${action}: s and t must be of the same items, they are ${s.rows} x ${s.rows} and ` +
        `${t.rows} x ${t.rows}`,
    );
  }
}
