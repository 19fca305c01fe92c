import { Matrix } from "ml-matrix";
import { InputRangeError, InputTypeError } from "../errors.ts";
import {
  anything,
  assertFinite,
  assertInteger,
  assertNumbers,
  assertObject,
  callback,
  checkedOptions,
  LARGEST_FACTOR,
  number,
  oneOf,
  optional,
} from "../check.ts";
import { log2, power } from "../math/elementary.ts";
import { assertCompressed, type CompressedRows } from "./compressed_rows.ts";
import { assertSymmetric, cachedGram, gramOfDense } from "./gram.ts";
import { blockLanczos, fitsLanczos } from "./lanczos.ts";
import { rowArrays } from "./matrices.ts";
import { type SymmetricEigen, symmetricEigen } from "./symmetric_eigen.ts";

/** Options for {@linkcode truncatedSVD}. */
export interface TruncatedSVDOptions {
  /**
   * How many singular values and vectors to compute, between 1 and min(n, p).
   *
   * @default {min(n, p)}
   */
  rank?: number;
  /**
   * How to compute them: `"gram"` takes all of XᵀX, p x p, and gives residuals at rounding;
   * `"lanczos"` takes products with a sparse X alone, and p x (2.5·rank + 136) numbers. By default
   * the latter for more than 2,000 columns and a rank of up to a tenth of them. A matrix too small
   * for the basis of `"lanczos"` is factorized by `"gram"` all the same.
   */
  method?: "gram" | "lanczos";
  /**
   * For `"lanczos"`, the largest relative residual ‖XᵀXv − σ²v‖/σ² of a singular vector v. Residuals
   * below 1e-14·σ₁² count as rounding.
   *
   * @default {1e-9}
   */
  tolerance?: number;
  /** Called with the number of singular vectors that are accurate so far, and the rank. */
  onProgress?: (done: number, total: number) => void;
}

/** Up to this many columns, XᵀX and its eigenvectors take about a second at most. */
const FEW_COLUMNS = 2_000;

/**
 * Computes the leading singular values and right singular vectors of X = UΣVᵀ (section 2.2), as
 * the eigenvalues σ² and eigenvectors of the Gram matrix G = XᵀX. G is not formed for a sparse X with
 * many columns: see `method`.
 *
 * Singular vectors are unique up to sign only; here the entry of largest magnitude in each is
 * positive (the first of several that are equal up to rounding). For repeated singular values
 * any orthonormal basis of their space is valid, and one of them is returned. Since G squares the
 * condition number, a singular value is known to about 1e-16·σ₁²/σᵢ; values below the rounding of G
 * (σᵢ² ≤ 1e-16·p·σ₁²) are returned as exactly 0. Entries may have any magnitude: their squares
 * neither overflow nor underflow.
 *
 * @param x The matrix X, n x p: an {@linkcode Interactions} or a dense `Matrix`; or, if X itself is not
 * available, an object with its Gram matrix as `gram`.
 * @param options The rank, and how to compute.
 * @returns The singular values, descending, and V, p x rank.
 * @throws {TypeError} If x is neither, or rank or tolerance is not a number.
 * @throws {RangeError} If x is empty or has an entry that is not finite, rank is not an integer
 * between 1 and min(n, p), tolerance is out of bounds, method is unknown or `"lanczos"` for a
 * dense matrix, or a singular value overflows.
 *
 * @example
 * ```ts
 * import { Interactions, truncatedSVD } from "cosine-lab";
 * import assert from "node:assert/strict";
 *
 * const x = Interactions.fromDense([[1, 1, 0], [0, 0, 1]]);
 * const { sigma, V } = truncatedSVD(x);
 * assert(Math.abs(sigma[0] - Math.SQRT2) < 1e-12);
 * assert.deepEqual([V.rows, V.columns], [3, 2]);
 * ```
 */
export function truncatedSVD(
  x: CompressedRows | Matrix | { gram: Matrix },
  options: TruncatedSVDOptions = {},
): SVD {
  // The largest rank depends on x, which is checked first.
  const all = checkedOptions("factorize", options, {
    rank: anything<number | undefined>(),
    method: optional(oneOf(["gram", "lanczos"])),
    tolerance: number(1e-12, 1, 1e-9),
    onProgress: callback,
  });
  if (Matrix.isMatrix((x as { gram?: unknown })?.gram)) {
    return finished(svdOfGram((x as { gram: Matrix }).gram, all.rank), all);
  }
  return finished(svdOfData(x as CompressedRows | Matrix, all), all);
}

type CompleteOptions = TruncatedSVDOptions & { tolerance: number };

function finished(svd: SVD, { onProgress }: CompleteOptions): SVD {
  onProgress?.(svd.sigma.length, svd.sigma.length);
  return svd;
}

function svdOfData(x: CompressedRows | Matrix, options: CompleteOptions): SVD {
  const dense = Matrix.isMatrix(x);
  if (!dense && !(x?.rowStarts instanceof Uint32Array)) {
    throw new InputTypeError(
      "Cannot factorize: x must be an Interactions, an ml-matrix Matrix, or have a Gram matrix " +
        "as gram",
    );
  }
  if (dense) assertFinite("factorize", "x", x);
  else assertCompressed(x);
  const largest = Math.min(x.rows, x.columns);
  const { rank = largest } = options;
  assertInteger("factorize", "rank", rank, 1, largest);
  const scale = squareable(dense ? rowArrays(x) : [x.values ?? []]);
  const { sigma, V } = svdOfEigenpairs(eigenpairs(divided(x, scale), rank, options));
  const scaled = sigma.map((value) => value * scale);
  if (scaled[0] === Infinity) {
    throw new InputRangeError("Cannot factorize: the largest singular value of x overflows");
  }
  return { sigma: scaled, V };
}

/**
 * A power of two to divide the entries by, so that their squares neither overflow nor underflow; 1 if
 * they do not anyway. Division by a power of two is exact.
 */
function squareable(rows: readonly ArrayLike<number>[]): number {
  let largest = 0;
  for (const row of rows) {
    for (let j = 0; j < row.length; j++) largest = Math.max(largest, Math.abs(row[j]));
  }
  // At most 1023: the logarithm of the largest number rounds to 1024.
  const exponent = largest === 0 ? 0 : Math.min(1023, Math.floor(log2(largest)));
  return Math.abs(exponent) < 300 ? 1 : power(2, exponent);
}

function divided(x: CompressedRows | Matrix, scale: number): CompressedRows | Matrix {
  if (scale === 1) return x;
  if (Matrix.isMatrix(x)) return Matrix.div(x, scale);
  const { rows, columns, rowStarts, columnIndices, values } = x;
  const scaled = values!.map((value) => value / scale);
  return { rows, columns, rowStarts, columnIndices, values: scaled };
}

/** The leading eigenpairs of XᵀX, by the method that was asked for or suits X. */
function eigenpairs(
  x: CompressedRows | Matrix,
  rank: number,
  { method, tolerance, onProgress }: CompleteOptions,
): SymmetricEigen {
  if (Matrix.isMatrix(x)) {
    if (method !== "lanczos") return symmetricEigen(gramOfDense(x), rank);
    throw new InputRangeError('Cannot factorize: method "lanczos" takes sparse interactions');
  }
  const byDefault = x.columns > FEW_COLUMNS && rank <= x.columns / 10 ? "lanczos" : "gram";
  return (method ?? byDefault) === "lanczos" && fitsLanczos(x, rank)
    ? blockLanczos(x, { rank, tolerance, onProgress })
    : symmetricEigen(cachedGram(x), rank);
}

/** The leading singular values and right singular vectors of a matrix X, n x p. */
export interface SVD {
  /** The singular values σ₁ ≥ σ₂ ≥ … ≥ 0. */
  sigma: Float64Array;
  /** The right singular vectors as columns, p x rank, orthonormal. */
  V: Matrix;
}

/**
 * Computes the leading singular values and right singular vectors of X from its Gram matrix
 * G = XᵀX alone: for data whose X is not available, or is dense like that of {@linkcode centeredGram}.
 *
 * Accuracy, signs and repeated singular values are as described for {@linkcode truncatedSVD}.
 *
 * @param g The Gram matrix G, p x p, symmetric.
 * @param rank How many singular values and vectors to compute, between 1 and p; p by default.
 * @returns The singular values, descending, and V, p x rank.
 * @throws {TypeError} If g is not a matrix or rank is not a number.
 * @throws {RangeError} If g is empty, not finite or not symmetric (to 1e-9 of its largest entry), or
 * rank is not an integer between 1 and p.
 *
 * @example
 * ```ts
 * import { svdOfGram } from "cosine-lab";
 * import { Matrix } from "ml-matrix";
 * import assert from "node:assert/strict";
 *
 * const { sigma } = svdOfGram(new Matrix([[4, 0], [0, 9]]));
 * assert.deepEqual([...sigma], [3, 2]);
 * ```
 */
export function svdOfGram(g: Matrix, rank: number = g?.rows): SVD {
  assertFinite("factorize", "g", g);
  assertInteger("factorize", "rank", rank, 1, g.rows);
  assertSymmetric("factorize", "g", g);
  return svdOfEigenpairs(symmetricEigen(g, rank));
}

/** Eigenvalues up to this share of the largest, times the number of items, are rounding: σ is 0. */
const ZERO_SIGMA = Number.EPSILON;

/** The singular values and vectors from the eigenpairs of XᵀX; changes the eigenvectors. */
function svdOfEigenpairs({ values, vectors: V }: SymmetricEigen): SVD {
  const negligible = ZERO_SIGMA * V.rows * Math.max(values[0], 0);
  const sigma = values.map((value) => value > negligible ? Math.sqrt(value) : 0);
  fixSigns(V);
  return { sigma, V };
}

/**
 * Flips the sign of columns so that the entry of largest magnitude, the first of equals, is positive.
 *
 * @returns The factor of each column, 1 or −1; 0 for a column of zeros.
 */
export function fixSigns(V: Matrix): Float64Array {
  const rows = rowArrays(V);
  const largest = new Float64Array(V.columns);
  for (const row of rows) {
    for (let j = 0; j < row.length; j++) largest[j] = Math.max(largest[j], Math.abs(row[j]));
  }
  const signs = largest.map((size, j) => {
    // Magnitudes that are equal up to rounding count as equal, so that rounding decides no sign.
    let i = 0;
    while (Math.abs(rows[i][j]) < size * (1 - 1e-6)) i++;
    return Math.sign(rows[i][j]);
  });
  for (const row of rows) {
    // Adding 0 turns -0 into 0.
    for (let j = 0; j < row.length; j++) row[j] = signs[j] * row[j] + 0;
  }
  return signs;
}

/**
 * Throws unless `svd` has singular values and a vector for each, as {@linkcode svdOfGram} returns.
 *
 * @param action What cannot be done otherwise; the message starts with "Cannot {action}".
 * @param svd The value to check.
 * @throws {TypeError} If it is not an object with a Float64Array `sigma` and a Matrix `V`.
 * @throws {RangeError} If there are no singular values, V does not have a column for each, one is
 * negative, or an entry is not finite.
 *
 * @example
 * ```ts
 * import { assertSVD } from "./svd.ts";
 * import assert from "node:assert/strict";
 *
 * assert.throws(() => assertSVD("solve", null), /Cannot solve: svd must be an object/);
 * ```
 */
export function assertSVD(action: string, svd: unknown): asserts svd is SVD {
  assertObject(action, "svd", svd);
  const { sigma, V } = svd as Partial<SVD>;
  if (!(sigma instanceof Float64Array) || !Matrix.isMatrix(V)) {
    throw new InputTypeError(
      `Cannot ${action}: svd must have the singular values sigma, a Float64Array, and the vectors V, ` +
        "an ml-matrix Matrix",
    );
  }
  if (sigma.length === 0 || V.columns !== sigma.length) {
    throw new InputRangeError(
      `Cannot ${action}: svd must have a column of V for each singular value, there are ` +
        `${V.columns} and ${sigma.length}`,
    );
  }
  assertNumbers(action, "sigma", sigma, 0);
  assertFinite(action, "V", V, LARGEST_FACTOR);
}
