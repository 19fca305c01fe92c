import { type Matrix, SingularValueDecomposition } from "ml-matrix";
import seedrandom from "seedrandom";
import { InputRangeError, InputTypeError } from "../errors.ts";
import {
  assertFinite,
  assertInteger,
  assertSize,
  callback,
  checkedOptions,
  LARGEST_FACTOR,
  oneOf,
  type OptionCheck,
  text,
} from "../check.ts";
import { power } from "../math/elementary.ts";
import { rowArrays, rowProducts } from "../linalg/matrices.ts";
import { assertSVD, type SVD } from "../linalg/svd.ts";
import { denoisingSpectrum } from "../solvers/closed_forms.ts";
import { assertEmbeddings, type Embeddings } from "../solvers/embeddings.ts";

/**
 * What a training objective leaves undetermined. Predictions and training loss are the same for
 * every choice within it.
 *
 * - `"nothing"`: the embeddings are unique.
 * - `"rotation"`: a rotation R, as in A·R and B·R. What Eq. 2 leaves open; it moves no cosine.
 * - `"scaling"`: a diagonal D, as in A·D and B·D⁻¹ (Eq. 3), in the coordinates in which the
 *   embeddings are given.
 * - `"linear"`: any invertible M, as in A·M and B·M⁻ᵀ. What the objective of Eq. 1 truly leaves
 *   open: it depends on A·Bᵀ alone, and rotations before and after a D make up every M.
 * - `"translation"`: one vector added to all items, B + 1cᵀ. What a softmax leaves open.
 */
export type Freedom = "nothing" | "rotation" | "scaling" | "linear" | "translation";

/** How far embeddings may be mapped. */
export interface FreedomOptions {
  /**
   * κ ≥ 1, how unequal the scales may be: max D / min D ≤ κ, or the condition of M. 1 leaves no
   * freedom, `Infinity` no bound.
   */
  condition: number;
  /** Which transformations are free; κ does not bound a translation. @default {"scaling"} */
  freedom?: Exclude<Freedom, "translation">;
}

/**
 * Checks the options of what bounds a cosine, and fills in the default.
 *
 * @param action What cannot be done otherwise; the message starts with "Cannot {action}".
 * @param options The options as given.
 * @returns The condition and the freedom; a rotation has condition 1, since it rescales nothing.
 * @throws {TypeError} If condition is not a number.
 * @throws {RangeError} If condition is NaN or less than 1, or freedom is unknown.
 *
 * @example
 * ```ts
 * import { freedomOptions } from "./freedom.ts";
 * import assert from "node:assert/strict";
 *
 * assert.deepEqual(freedomOptions("rescale", { condition: 2 }), {
 *   condition: 2,
 *   freedom: "scaling",
 * });
 * assert.equal(freedomOptions("rescale", { condition: 2, freedom: "rotation" }).condition, 1);
 * ```
 */
export function freedomOptions(action: string, options: FreedomOptions): Required<FreedomOptions> {
  const { condition, freedom } = checkedOptions(action, options, {
    condition: { check: assertCondition, fallback: undefined as unknown as number },
    freedom: oneOf(["scaling", "linear", "rotation", "nothing"], "scaling"),
    onProgress: callback,
  });
  const moves = freedom === "scaling" || freedom === "linear";
  return { condition: moves ? condition : 1, freedom };
}

/** Throws unless κ is a number of at least 1; `Infinity` is one. */
function assertCondition(
  action: string,
  name: string,
  condition: unknown,
): asserts condition is number {
  const message =
    `Cannot ${action}: ${name} must be a number of at least 1, current value is ${condition}`;
  if (typeof condition !== "number") throw new InputTypeError(message);
  if (!(condition >= 1)) throw new InputRangeError(message);
}

/** κ where it has to be finite, too: a search looks for a D that exists, not for a limit. */
export const finiteCondition: OptionCheck<number> = {
  check: assertFiniteCondition,
  fallback: undefined as unknown as number,
};

function assertFiniteCondition(action: string, name: string, condition: unknown): void {
  assertCondition(action, name, condition);
  if (condition <= LARGEST_FACTOR) return;
  const allowed = condition === Infinity
    ? "a finite number of at least 1"
    : `at most ${LARGEST_FACTOR}`;
  throw new InputRangeError(
    `Cannot ${action}: ${name} must be ${allowed}, current value is ${condition}`,
  );
}

/** Options for {@linkcode randomScaling}. */
export interface RandomScalingOptions {
  /** κ ≥ 1: entries are between 1 and κ. */
  condition: number;
  /** The same seed gives the same D. @default {"cosine-lab"} */
  seed?: string;
}

/**
 * Draws the diagonal of a D that nobody has searched for: what an extreme D is to be compared with.
 * Entries are independent and log-uniform between 1 and κ.
 *
 * @param k How many dimensions.
 * @param options κ, and the seed.
 * @returns The diagonal, k entries.
 * @throws {TypeError} If k, condition or seed is of the wrong kind.
 * @throws {RangeError} If k is less than 1, or condition less than 1 or not finite.
 *
 * @example
 * ```ts
 * import { randomScaling } from "cosine-lab/arbitrariness";
 * import assert from "node:assert/strict";
 *
 * const d = randomScaling(50, { condition: 2, seed: "D" });
 * assert(Math.min(...d) >= 1 && Math.max(...d) <= 2);
 * assert.deepEqual(randomScaling(50, { condition: 2, seed: "D" }), d);
 * ```
 */
export function randomScaling(k: number, options: RandomScalingOptions): Float64Array {
  const action = "draw a scaling";
  assertInteger(action, "k", k, 1);
  assertSize(action, `${k} scales`, k);
  const { condition, seed } = checkedOptions(action, options, {
    condition: finiteCondition,
    seed: text("cosine-lab"),
  });
  const random = seedrandom.alea(seed);
  return Float64Array.from({ length: k }, () => power(condition, random()));
}

/**
 * Computes the matrix M, k x k, by which a solution of Eq. 1 differs from the one with D = I:
 * A = V_k·dMat^½·M and B = V_k·dMat^½·M⁻ᵀ, so M = dMat^−½·V_kᵀ·A.
 *
 * Eq. 1 leaves M open as it does D, of which it is the generalization: any invertible matrix gives
 * the same product ABᵀ. Item-item cosines depend on (MMᵀ)⁻¹, so the singular values of M tell how
 * far a solution is from D = I, where all of them are 1.
 *
 * @param svd The singular value decomposition of X.
 * @param e A solution of Eq. 1, p x k; k singular values must not be 0.
 * @param lambda The λ of Eq. 1.
 * @returns M, k x k.
 * @throws {TypeError} If svd is not an SVD, e is not a pair of matrices, or lambda is not a number.
 * @throws {RangeError} If e has not a row for each item, k is above the rank of the SVD, one of
 * the first k singular values is 0, or lambda is negative or not finite.
 *
 * @example
 * ```ts
 * import { denoisingEmbeddings, Interactions, rescale, truncatedSVD } from "cosine-lab";
 * import { mixingMatrix } from "cosine-lab/arbitrariness";
 * import assert from "node:assert/strict";
 *
 * const svd = truncatedSVD(Interactions.fromDense([[1, 1, 0], [0, 1, 1], [1, 1, 1]]), { rank: 2 });
 * const model = rescale(denoisingEmbeddings(svd, { lambda: 1 }), [2, 3]);
 * const M = mixingMatrix(svd, model, 1);
 * assert(Math.abs(M.get(0, 0) - 2) < 1e-12 && Math.abs(M.get(1, 1) - 3) < 1e-12);
 * ```
 */
export function mixingMatrix(svd: SVD, e: Embeddings, lambda: number): Matrix {
  assertSVD("compare solutions", svd);
  assertEmbeddings("compare solutions", e, svd.V.rows);
  const k = e.A.columns;
  if (k > svd.sigma.length) {
    throw new InputRangeError(
      `Cannot compare solutions: the SVD must have at least the ${k} dimensions of the ` +
        `embeddings, it has ${svd.sigma.length}`,
    );
  }
  const spectrum = denoisingSpectrum(svd, lambda);
  const zero = spectrum.subarray(0, k).indexOf(0);
  if (zero >= 0) {
    throw new InputRangeError(
      `Cannot compare solutions: the first ${k} singular values must not be 0, entry ${zero} is`,
    );
  }
  const M = svd.V.subMatrix(0, svd.V.rows - 1, 0, k - 1).transpose().mmul(e.A);
  for (let i = 0; i < k; i++) M.mulRow(i, 1 / Math.sqrt(spectrum[i]));
  return M;
}

/** How one set of embeddings follows from another. */
export interface RelativeCondition {
  /** κ of the M with C ≈ BM: 1 for a rotation, which moves no cosine. */
  condition: number;
  /** ‖C − BM‖ / ‖C‖: 0 where C is an invertible map of B, and so as good a solution of Eq. 1. */
  residual: number;
}

/**
 * Computes the κ that lies between two embeddings of the same items: the condition of the M that
 * takes one to the other, by least squares. For two solutions of one training objective it tells
 * how much of the freedom to rescale was used.
 *
 * @param B Embeddings of full column rank, p x k.
 * @param C Others of the same items, p x k.
 * @returns The condition of M, and what M does not explain.
 * @throws {TypeError} If B or C is not a matrix.
 * @throws {RangeError} If one is not finite, they differ in shape, p < k, or B has not full rank.
 *
 * @example
 * ```ts
 * import { relativeCondition } from "cosine-lab/arbitrariness";
 * import { Matrix } from "ml-matrix";
 * import assert from "node:assert/strict";
 *
 * const B = new Matrix([[1, 0], [0, 1], [1, 1]]);
 * const C = new Matrix([[0, 3], [1, 0], [1, 3]]);
 * const { condition, residual } = relativeCondition(B, C);
 * assert(Math.abs(condition - 3) < 1e-12 && residual < 1e-12);
 * ```
 */
export function relativeCondition(B: Matrix, C: Matrix): RelativeCondition {
  assertFinite("compare embeddings", "B", B, LARGEST_FACTOR);
  assertFinite("compare embeddings", "C", C, LARGEST_FACTOR);
  if (B.rows !== C.rows || B.columns !== C.columns || B.rows < B.columns) {
    throw new InputRangeError(
      "Cannot compare embeddings: B and C must be of one shape with at least as many rows as " +
        `columns, they are ${B.rows} x ${B.columns} and ${C.rows} x ${C.columns}`,
    );
  }
  const svd = new SingularValueDecomposition(B, { autoTranspose: true });
  if (!(svd.diagonal.at(-1)! > svd.diagonal[0] * RANK_TOLERANCE)) {
    throw new InputRangeError("Cannot compare embeddings: the columns of B must be independent");
  }
  const M = svd.solve(C);
  const [largest, ...others] = new SingularValueDecomposition(M).diagonal;
  return {
    condition: largest / (others.at(-1) ?? largest),
    residual: C.clone().sub(B.mmul(M)).norm() / C.norm(),
  };
}

/** Singular values below this share of the largest are rounding. */
const RANK_TOLERANCE = 1e-12;

/**
 * Computes ABᵀ, by which the interactions are multiplied to get the predictions XABᵀ: what no D of
 * Eq. 3 changes, and no other invertible M in A·M and B·M⁻ᵀ.
 *
 * @param e The embeddings, p x k.
 * @returns ABᵀ, p x p.
 * @throws {TypeError} If e is not a pair of matrices.
 * @throws {RangeError} If A and B are of different shapes, or have entries that are not finite.
 *
 * @example
 * ```ts
 * import { rescale } from "cosine-lab";
 * import { invariantProduct } from "cosine-lab/arbitrariness";
 * import { Matrix } from "ml-matrix";
 * import assert from "node:assert/strict";
 *
 * const e = { A: new Matrix([[1, 2], [3, 4]]), B: new Matrix([[1, 0], [0, 1]]) };
 * assert.deepEqual(invariantProduct(e), invariantProduct(rescale(e, [2, -8])));
 * ```
 */
export function invariantProduct(e: Embeddings): Matrix {
  assertEmbeddings("multiply the embeddings", e);
  return rowProducts(rowArrays(e.A), rowArrays(e.B));
}
