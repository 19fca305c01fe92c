import { Matrix, QrDecomposition, SingularValueDecomposition } from "ml-matrix";
import { InputRangeError } from "../errors.ts";
import { assertFinite, checkedOptions, LARGEST_FACTOR, number } from "../check.ts";
import { power } from "../math/elementary.ts";
import { type GramData, gramOf } from "../interactions/centered_gram.ts";
import { rowArrays, rowProducts } from "../linalg/matrices.ts";
import { fixSigns } from "../linalg/svd.ts";
import { gramRoot } from "../linalg/symmetric_eigen.ts";
import { assertEmbeddings, type Embeddings } from "../solvers/embeddings.ts";

/** Where users are not at hand: what embeds them, and the Gram matrix of their interactions. */
export type GramUsers = { A: Matrix } & Pick<GramData, "gram">;

/** Below this share of the largest, a singular value of the predictions counts as 0. */
const NEGLIGIBLE = 1e-10;

/**
 * Computes item vectors that no choice of D can change, nor any other invertible M: with the
 * predictions PBᵀ = U Σ̂ Vᵀ, the rows of V Σ̂ᵃ.
 *
 * A loss of the predictions alone leaves P M and B M⁻ᵀ open for every invertible M (Eq. 3 with M = D),
 * and whatever no M can change is a function of PBᵀ. The exponent a is all that is left to choose:
 *
 * - 1, the original space of section 3: the cosines are those of the columns of PBᵀ;
 * - 0, whitening: B(BᵀB)^−½, which B alone would be enough for;
 * - ½, the even split: U Σ̂^½ and V Σ̂^½ are balanced, as Eq. 2 has them.
 *
 * It is a choice, and changes the cosines. Levy, Goldberg and Dagan (Improving distributional similarity
 * with lessons learned from word embeddings, 2015) tune the same exponent. A softmax over items leaves
 * B + 1cᵀ open, too: subtract the mean row from B first.
 *
 * @param B The item embeddings, p x k.
 * @param users P, the user embeddings, n x k; or A, p x k, with P = XA, and the Gram matrix of X.
 * @param options The `exponent` a, between −4 and 4. @default {1}
 * @returns V Σ̂ᵃ, p x k; the largest entry of a column is positive, and columns whose Σ̂ is below 1e-10
 * of the largest, which predictions do not determine, are 0.
 * @throws {TypeError} If B or users is of the wrong kind, or an option of the wrong kind or unknown.
 * @throws {RangeError} If a matrix is empty or not finite, shapes do not fit each other, or the exponent
 * is out of bounds.
 *
 * @example
 * ```ts
 * import { cosineSimilarity, largestDifference } from "cosine-lab";
 * import { canonicalItems } from "cosine-lab/remedies";
 * import { inverse, Matrix } from "ml-matrix";
 * import assert from "node:assert/strict";
 *
 * const P = new Matrix([[1, 2], [0, 1], [1, 1]]);
 * const B = new Matrix([[2, 1], [1, 3], [0, 1]]);
 * const M = new Matrix([[5, 1], [2, 1]]);
 * const [one, other] = [
 *   canonicalItems(B, P),
 *   canonicalItems(B.mmul(inverse(M).transpose()), P.mmul(M)),
 * ].map((items) => cosineSimilarity(items));
 * assert(largestDifference(one, other) < 1e-12);
 *
 * const columns = cosineSimilarity(P.mmul(B.transpose()).transpose());
 * assert(largestDifference(one, columns) < 1e-12);
 * ```
 */
export function canonicalItems(
  B: Matrix,
  users: Matrix | GramUsers,
  options: { exponent?: number } = {},
): Matrix {
  const action = "make items canonical";
  assertFinite(action, "B", B, LARGEST_FACTOR);
  const { exponent } = checkedOptions(action, options, { exponent: number(-4, 4, 1) });
  const ofItems = gramRoot(rowProducts(rowArrays(B.transpose())));
  const ofUsers = gramRoot(userGram(action, B, users));
  const items = new Matrix(B.rows, B.columns);
  if (ofItems === null || ofUsers === null) return items;
  // With B = Q_B·L_Bᵀ and P = Q_P·L_Pᵀ, BPᵀ is Q_B (L_Bᵀ·L_P) Q_Pᵀ.
  const core = ofItems.root.transpose().mmul(ofUsers.root);
  const { diagonal, leftSingularVectors } = new SingularValueDecomposition(core, {
    autoTranspose: true,
  });
  const kept = diagonal.filter((value) => value > NEGLIGIBLE * diagonal[0]);
  if (kept.length === 0) return items;
  const basis = ofItems.inverse.mmul(
    leftSingularVectors.subMatrixColumn(kept.map((_, j) => j)),
  );
  const V = rowProducts(rowArrays(B), rowArrays(basis.transpose()));
  fixSigns(V);
  return items.setSubMatrix(V.mulRowVector(kept.map((value) => power(value, exponent))), 0, 0);
}

/** PᵀP, k x k. */
function userGram(action: string, B: Matrix, users: Matrix | GramUsers): Matrix {
  if (Matrix.isMatrix(users)) {
    assertFinite(action, "users", users, LARGEST_FACTOR);
    assertColumns(action, "users", users, B);
    return rowProducts(rowArrays(users.transpose()));
  }
  assertFinite(action, "users.A", users?.A, LARGEST_FACTOR);
  const { A } = users;
  const g = gramOf(action, users);
  assertFinite(action, "users.gram", g, LARGEST_FACTOR);
  assertColumns(action, "users.A", A, B);
  if (A.rows !== B.rows || g.rows !== B.rows) {
    throw new InputRangeError(
      `Cannot ${action}: A, B and the Gram matrix must have a row for each item, they have ` +
        `${A.rows}, ${B.rows} and ${g.rows}`,
    );
  }
  const factors = rowArrays(A.transpose());
  return rowProducts(factors, rowArrays(rowProducts(factors, rowArrays(g))));
}

function assertColumns(action: string, name: string, users: Matrix, B: Matrix): void {
  if (users.columns === B.columns) return;
  throw new InputRangeError(
    `Cannot ${action}: ${name} and B must have as many columns, they have ${users.columns} and ` +
      `${B.columns}`,
  );
}

/** The product of two factors, told apart from how it is split into them. */
export interface BalancedFactors {
  /** V·S^½ and U·S^½, p x r, for the singular value decomposition BAᵀ = U·S·Vᵀ. */
  embeddings: Embeddings;
  /** S, the r singular values that are not 0, descending. */
  spectrum: Float64Array;
}

/**
 * Splits the product ABᵀ of embeddings evenly: A = V·S^½ and B = U·S^½, where BAᵀ = U·S·Vᵀ. Of all the
 * factors AM, BM⁻ᵀ that a loss of the product alone cannot tell apart, these are the one with
 * AᵀA = BᵀB = S, up to rotations within equal singular values. In every column of B the entry of largest
 * magnitude is positive.
 *
 * For Eq. 1 this is Eq. 5 itself, with S = dMat(…, 1/(1 + λ/σᵢ²), …); for anything else that is trained
 * by dot products it gives coordinates in which D = S^½ and S^−½ mean what they mean in section 2.2.
 *
 * @param e The embeddings, p x k with k ≤ p.
 * @returns The even split, and the spectrum.
 * @throws {TypeError} If e is not a pair of matrices.
 * @throws {RangeError} If A and B differ in shape, have more columns than rows, or ABᵀ is 0.
 *
 * @example
 * ```ts
 * import { balancedFactors } from "cosine-lab/remedies";
 * import { Matrix } from "ml-matrix";
 * import assert from "node:assert/strict";
 *
 * const { spectrum } = balancedFactors({ A: new Matrix([[0], [8]]), B: new Matrix([[0.5], [0]]) });
 * assert(Math.abs(spectrum[0] - 4) < 1e-12);
 * ```
 */
export function balancedFactors(e: Embeddings): BalancedFactors {
  assertEmbeddings("balance", e);
  const { rows, columns } = e.A;
  if (columns > rows) {
    throw new InputRangeError(
      `Cannot balance: A and B must have at most as many columns as rows, they are ${rows} x ${columns}`,
    );
  }
  const a = new QrDecomposition(e.A);
  const b = new QrDecomposition(e.B);
  const core = b.upperTriangularMatrix.mmul(a.upperTriangularMatrix.transpose());
  // Far below the rounding of the others they would only be divided by, and overflow.
  const negligible = 1e-30 * Math.max(core.max(), -core.min());
  core.apply((i, j) => Math.abs(core.get(i, j)) < negligible && core.set(i, j, 0));
  const svd = new SingularValueDecomposition(core);
  const least = columns * Number.EPSILON * svd.diagonal[0];
  const spectrum = Float64Array.from(svd.diagonal).filter((value) => value > least);
  if (spectrum.length === 0) {
    throw new InputRangeError("Cannot balance: the product of A and B must not be 0");
  }
  const roots = Array.from(spectrum, Math.sqrt);
  const factor = (q: Matrix, vectors: Matrix) =>
    q.mmul(vectors.subMatrix(0, columns - 1, 0, spectrum.length - 1)).mulRowVector(roots);
  const A = factor(a.orthogonalMatrix, svd.rightSingularVectors);
  const B = factor(b.orthogonalMatrix, svd.leftSingularVectors);
  // A mixture of columns depends on their signs, and rounding decides the signs of a decomposition.
  A.mulRowVector(fixSigns(B));
  return { embeddings: { A, B }, spectrum };
}
