import type { Matrix } from "ml-matrix";
import { findLapack } from "./lapack.ts";
import { lapackEigen } from "./lapack_eigen.ts";
import { portableEigen } from "./portable_eigen.ts";

/** The leading part of the spectral decomposition of a symmetric matrix. */
export interface SymmetricEigen {
  /** The eigenvalues, in descending order. */
  values: Float64Array;
  /** The eigenvectors as columns, orthonormal, in the order of the eigenvalues. */
  vectors: Matrix;
}

/** Which code solves symmetric eigenproblems. */
export type Eigensolver =
  | { name: "LAPACK"; /** The library, as the system's loader took it. */ library: string }
  | { name: "portable" };

/**
 * Solves the symmetric eigenproblem for the leading eigenpairs.
 *
 * The only place that knows which eigensolver is used: LAPACK where {@linkcode eigensolver} finds
 * one, and the portable one elsewhere.
 *
 * @param a A symmetric matrix, p x p.
 * @param rank How many eigenpairs are wanted, 1 to p; all by default.
 * @returns The eigenpairs of the largest eigenvalues, in descending order.
 * @throws {RangeError} If the environment variable `COSINE_LAB_LAPACK` names a file that is no
 * LAPACK library.
 *
 * @example
 * ```ts
 * import { symmetricEigen } from "./symmetric_eigen.ts";
 * import { Matrix } from "ml-matrix";
 * import assert from "node:assert/strict";
 *
 * const { values } = symmetricEigen(new Matrix([[2, 1], [1, 2]]));
 * assert(Math.abs(values[0] - 3) < 1e-12 && Math.abs(values[1] - 1) < 1e-12);
 * ```
 */
export function symmetricEigen(a: Matrix, rank: number = a.rows): SymmetricEigen {
  const lapack = findLapack();
  return (lapack && lapackEigen(lapack, a, rank)) ?? portableEigen(a, rank);
}

/**
 * Tells which eigensolver {@linkcode truncatedSVD} uses: LAPACK where the system has one and
 * `--allow-ffi` lets us call it (OpenBLAS, MKL or reference LAPACK, Accelerate on macOS),
 * otherwise the portable one.
 *
 * The environment variable `COSINE_LAB_LAPACK` overrides that: the path of a library, or "off".
 *
 * @returns The name of the solver, and for LAPACK the library.
 * @throws {RangeError} If the variable names a file that is no LAPACK library.
 *
 * @example
 * ```ts
 * import { eigensolver } from "cosine-lab";
 * import assert from "node:assert/strict";
 *
 * const solver = eigensolver();
 * assert(solver.name === "portable" || solver.library !== "");
 * ```
 */
export function eigensolver(): Eigensolver {
  const lapack = findLapack();
  return lapack === null ? { name: "portable" } : { name: "LAPACK", library: lapack.library };
}
