import { assertFinite } from "../check/assert_finite.ts";
import { Matrix } from "ml-matrix";
import { Crew, crewSize } from "../kernels/crew.ts";
import { rowArrays } from "./row_arrays.ts";
import { iteratedVectors } from "./iterated_vectors.ts";
import { PANEL, panelIndex } from "./panels.ts";
import { rotatedVectors } from "./rotated_vectors.ts";
import tridiagonalEigenWasm, { type Exports } from "./tridiagonal_eigen_wasm.ts";

/** The leading part of the spectral decomposition of a symmetric matrix. */
export interface SymmetricEigen {
  /** The eigenvalues, in descending order. */
  values: Float64Array;
  /** The eigenvectors as columns, orthonormal, in the order of the eigenvalues. */
  vectors: Matrix;
}

/** How many rows of A are taken out before the rest of it is brought up to date. */
const BLOCK = 32;

/** How many reflectors the kernels apply at once. */
const GROUP = 4;

/** How many chunks of a large triangle are multiplied at once. */
const MOST_CHUNKS = 8;

/** How many calls a long loop is cut into: code that runs hot is compiled better between calls. */
const PIECES = 24;

/**
 * Where this share of the eigenvectors is wanted at most, they are found by inverse iteration; it takes
 * p·rank² operations, where QL with rotations takes p²·rank.
 */
const FEW = 1 / 4;

/** Below so many rows nothing is gained by it. */
const MANY_ROWS = 64;

/**
 * Below this p²·rank, threads take longer to start, and to wait for each other in every column of
 * the tridiagonalization, than they save.
 */
const WORTH_WORKERS = 2e8;

/**
 * Solves the symmetric eigenproblem by Householder tridiagonalization. Eigenvectors of the tridiagonal
 * matrix are found by inverse iteration where few are wanted, judged by their residuals; else, and
 * where one fails, by implicit QL, whose rotations are written down and applied to the eigenvectors
 * that are wanted alone. Either way every eigenvector is accurate and orthogonal to the others,
 * however close the eigenvalues are.
 *
 * Takes 4/3·p³ operations for A, and for the vectors 2p²·rank to 5p²·rank; the same digits whatever
 * the number of threads.
 *
 * @param a A symmetric matrix, p x p.
 * @param rank How many leading eigenpairs to return, 1 to p; all by default.
 * @param threads How many threads compute; by default one for each core where it pays.
 * @returns They, in descending order.
 * @throws {RangeError} If an entry is not finite.
 * @throws {Error} If QL does not converge, which no finite matrix is known to bring about.
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
export function symmetricEigen(
  a: Matrix,
  rank: number = a.rows,
  threads?: number,
): SymmetricEigen {
  assertFinite("factorize", "the matrix", a);
  const p = a.rows;
  using crew = new Crew(
    tridiagonalEigenWasm,
    threads ?? (p * p * rank >= WORTH_WORKERS ? crewSize() : 1),
  );
  const scale = largestEntry(a) || 1;
  const { d, e, tau, matrix, stride } = tridiagonalize(crew, a, scale);
  const few = p >= MANY_ROWS && rank <= p * FEW;
  const { values, panels } = (few ? iteratedVectors(crew, p, d, e, rank) : null) ??
    rotatedVectors(crew, p, d, e, rank);
  const count = Math.ceil(rank / PANEL);
  const groups = Math.ceil(p / GROUP);
  const products = crew.allocate(groups * 6 * 8);
  crew.run("relateReflectors", groups, stride, matrix, products);
  for (let from = 0; from < groups;) {
    const to = Math.min(groups, from + Math.ceil(groups / PIECES));
    crew.run("unreflect", count, p, panels, from, to, stride, matrix, tau, products);
    from = to;
  }
  const numbers = crew.float64(panels, count * p * PANEL);
  const vectors = new Matrix(p, rank);
  rowArrays(vectors).forEach((row, i) => {
    for (let j = 0; j < rank; j++) row[j] = numbers[panelIndex(p, i, j)];
  });
  crew.closeAndLend();
  return { values: values.map((value) => value * scale), vectors };
}

function largestEntry(a: Matrix): number {
  let largest = 0;
  for (const row of rowArrays(a)) {
    for (const entry of row) largest = Math.max(largest, Math.abs(entry));
  }
  return largest;
}

/** A/scale = Q·T·Qᵀ: T has diagonal d and off-diagonal e; Q is in the rows of `matrix`, and τ. */
function tridiagonalize(crew: Crew<Exports>, a: Matrix, scale: number) {
  const p = a.rows;
  // An odd number of cache lines, so that rows do not compete for the same place in the cache.
  const stride = (Math.ceil((p + 4) / 8) | 1) * 64;
  // Four rows more, because the kernels read rows by fours.
  const matrix = crew.allocate((p + 4) * stride);
  const w = crew.allocate(BLOCK * stride);
  const parts = crew.allocate(MOST_CHUNKS * stride);
  const d = crew.allocate(stride);
  const e = crew.allocate(stride);
  const tau = crew.allocate(stride);
  rowArrays(a).forEach((row, i) => {
    const to = crew.float64(matrix + i * stride, p);
    for (let j = 0; j < p; j++) to[j] = row[j] / scale;
  });
  for (let top = p - 1; top >= 0;) {
    const bottom = top - top % BLOCK;
    for (let k = top; k >= bottom; k--) {
      crew.call("reflect", k, top, stride, matrix, w, d, e, tau);
      const chunks = k < 256 ? 1 : MOST_CHUNKS;
      crew.run("multiplyTriangle", chunks, chunks, k, stride, matrix, parts);
      crew.call("finish", chunks, k, top, stride, matrix, parts, w, tau);
    }
    crew.run("applyBlock", bottom / 4, bottom, top, stride, matrix, w);
    top = bottom - 1;
  }
  return { d, e: e + 8, tau, matrix, stride };
}
