import { Matrix } from "ml-matrix";
import { OperationalError } from "../errors.ts";
import { assertFinite } from "../check.ts";
import { ThreadPool, threadsFor } from "../kernels/thread_pool.ts";
import { rowArrays } from "./matrices.ts";
import tridiagonalEigenWasm, { type Exports } from "./tridiagonal_eigen_wasm.ts";

/** The leading part of the spectral decomposition of a symmetric matrix. */
export interface SymmetricEigen {
  /** The eigenvalues, in descending order. */
  values: Float64Array;
  /** The eigenvectors as columns, orthonormal, in the order of the eigenvalues. */
  vectors: Matrix;
}

/** How many rows of A are eliminated before the rest of it is updated. */
const BLOCK = 32;

/** How many reflectors the kernels apply at once. */
const GROUP = 4;

/** How many chunks of a large triangle are multiplied at once. */
const MOST_CHUNKS = 8;

/** How many calls a long loop is split into: the engine optimizes hot code between calls. */
const PIECES = 24;

/**
 * The largest share of the eigenvectors that is computed by inverse iteration, which takes p·rank²
 * operations; QL with rotations takes p²·rank.
 */
const FEW = 1 / 4;

/** The least number of rows for which inverse iteration is faster. */
const MANY_ROWS = 64;

/**
 * How long it takes to transform the eigenvectors, in nanoseconds for each of p²·rank. The
 * tridiagonalization is left out of the estimate: its threads wait for each other in every column.
 */
const SHARED_NS = 0.4;

/**
 * Solves the symmetric eigenproblem by Householder tridiagonalization. A small share of the eigenvectors
 * of the tridiagonal matrix is computed by inverse iteration, judged by residuals. A large share, or any
 * for which that fails, is computed by implicit QL, whose rotations are recorded and applied only to the
 * eigenvectors asked for. Either way every eigenvector is accurate and orthogonal to the others, however
 * close the eigenvalues are.
 *
 * Takes 4/3·p³ operations for A, and 2p²·rank to 5p²·rank for the vectors. The digits do not depend on
 * the number of threads.
 *
 * @param a A symmetric matrix, p x p.
 * @param rank How many leading eigenpairs to return, 1 to p; all by default.
 * @param threads How many threads compute; by default what {@linkcode threadsFor} says.
 * @returns The eigenpairs, in descending order.
 * @throws {RangeError} If an entry is not finite.
 * @throws {Error} If QL does not converge (not known to happen for a finite matrix).
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
  using pool = new ThreadPool(
    tridiagonalEigenWasm,
    threads ?? threadsFor(p * p * rank * SHARED_NS),
  );
  const scale = largestEntry(a) || 1;
  const { d, e, tau, matrix, stride } = tridiagonalize(pool, a, scale);
  const few = p >= MANY_ROWS && rank <= p * FEW;
  const { values, panels } = (few ? iteratedVectors(pool, p, d, e, rank) : null) ??
    rotatedVectors(pool, p, d, e, rank);
  const count = Math.ceil(rank / PANEL);
  const groups = Math.ceil(p / GROUP);
  const products = pool.allocate(groups * 6 * 8);
  pool.run("relateReflectors", groups, stride, matrix, products);
  for (let from = 0; from < groups;) {
    const to = Math.min(groups, from + Math.ceil(groups / PIECES));
    pool.run("unreflect", count, p, panels, from, to, stride, matrix, tau, products);
    from = to;
  }
  const numbers = pool.float64(panels, count * p * PANEL);
  const vectors = new Matrix(p, rank);
  rowArrays(vectors).forEach((row, i) => {
    for (let j = 0; j < rank; j++) row[j] = numbers[panelIndex(p, i, j)];
  });
  pool.release();
  return { values: values.map((value) => value * scale), vectors };
}

/** A factor of a Gram matrix, and what undoes it. */
interface GramRoot {
  /** L with LLᵀ = G, k x r. */
  root: Matrix;
  /** W = L⁻ᵀ where G can be inverted, k x r; in any case WᵀGW = I. */
  inverse: Matrix;
}

/**
 * Computes the root of a Gram matrix G, and its inverse, which whitens: with G = BᵀB, the columns of BW
 * are orthonormal. G is scaled to a diagonal of 1 first, so that no dimension is lost in the rounding of
 * another, however unevenly D scales them.
 *
 * @param g Second moments G, k x k, symmetric and positive semidefinite.
 * @param tolerance Directions below this share of the largest are left out, as rounding: 4kε by default.
 * Sums over very many rows need a larger one.
 * @returns L and W for the r directions that rounding leaves; null where G is 0.
 *
 * @example
 * ```ts
 * import { gramRoot } from "./symmetric_eigen.ts";
 * import { Matrix } from "ml-matrix";
 * import assert from "node:assert/strict";
 *
 * const { root, inverse } = gramRoot(new Matrix([[4, 0], [0, 0]]))!;
 * assert.deepEqual(root.to2DArray(), [[2], [0]]);
 * assert.deepEqual(inverse.to2DArray(), [[0.5], [0]]);
 * ```
 */
export function gramRoot(
  g: Matrix,
  tolerance: number = 4 * g.rows * Number.EPSILON,
): GramRoot | null {
  const lengths = g.diag().map((square) => Math.sqrt(Math.max(0, square)));
  if (lengths.every((length) => length === 0)) return null;
  const scaled = new Matrix(g.rows, g.columns);
  for (let i = 0; i < g.rows; i++) {
    for (let j = 0; j < g.columns; j++) {
      const size = lengths[i] * lengths[j];
      scaled.set(i, j, size > 0 ? (g.get(i, j) + g.get(j, i)) / 2 / size : 0);
    }
  }
  const { values, vectors } = symmetricEigen(scaled);
  const kept = values.filter((value) => value > tolerance * values[0]);
  const directions = vectors.subMatrix(0, g.rows - 1, 0, kept.length - 1);
  const roots = Array.from(kept, Math.sqrt);
  return {
    root: directions.clone().mulRowVector(roots).mulColumnVector(lengths),
    inverse: directions.divRowVector(roots)
      .mulColumnVector(lengths.map((length) => length > 0 ? 1 / length : 0)),
  };
}

function largestEntry(a: Matrix): number {
  let largest = 0;
  for (const row of rowArrays(a)) {
    for (const entry of row) largest = Math.max(largest, Math.abs(entry));
  }
  return largest;
}

/** A/scale = Q·T·Qᵀ: T has diagonal d and off-diagonal e; `matrix` and τ hold Q as reflectors. */
function tridiagonalize(pool: ThreadPool<Exports>, a: Matrix, scale: number) {
  const p = a.rows;
  // An odd number of cache lines, so that rows do not compete for the same place in the cache.
  const stride = (Math.ceil((p + 4) / 8) | 1) * 64;
  // Four extra rows, because the kernels read four rows at a time.
  const matrix = pool.allocate((p + 4) * stride);
  const w = pool.allocate(BLOCK * stride);
  const parts = pool.allocate(MOST_CHUNKS * stride);
  const d = pool.allocate(stride);
  const e = pool.allocate(stride);
  const tau = pool.allocate(stride);
  rowArrays(a).forEach((row, i) => {
    const to = pool.float64(matrix + i * stride, p);
    for (let j = 0; j < p; j++) to[j] = row[j] / scale;
  });
  for (let top = p - 1; top >= 0;) {
    const bottom = top - top % BLOCK;
    for (let k = top; k >= bottom; k--) {
      pool.call("reflect", k, top, stride, matrix, w, d, e, tau);
      const chunks = k < 256 ? 1 : MOST_CHUNKS;
      pool.run("multiplyTriangle", chunks, chunks, k, stride, matrix, parts);
      pool.call("finish", chunks, k, top, stride, matrix, parts, w, tau);
    }
    pool.run("applyBlock", bottom / 4, bottom, top, stride, matrix, w);
    top = bottom - 1;
  }
  return { d, e: e + 8, tau, matrix, stride };
}

/**
 * The leading eigenpairs of a symmetric tridiagonal matrix: its eigenvalues by QL without square roots,
 * and the vectors by inverse iteration, each orthogonal to those before it.
 *
 * @param pool Its memory holds the matrix, which is not changed.
 * @param d The address of the diagonal, p numbers.
 * @param e The address of the off-diagonal, p − 1 numbers.
 * @param rank How many pairs, 1 to p.
 * @returns The eigenpairs, or `null` if one did not converge: its residual stayed above rounding.
 */
function iteratedVectors(
  pool: ThreadPool<Exports>,
  p: number,
  d: number,
  e: number,
  rank: number,
): TridiagonalEigen | null {
  const diagonal = pool.float64(d, p).slice(), offDiagonal = pool.float64(e, p - 1).slice();
  const small = tridiagonalRounding(diagonal, offDiagonal);
  const all = pool.place(diagonal);
  if (pool.call("findEigenvalues", p, all, pool.place(offDiagonal), small) < p) return null;
  const values = pool.float64(all, p).slice().sort().reverse().slice(0, rank);
  const stride = Math.ceil(p / 8) * 64;
  const work = pool.allocate(5 * stride);
  const rows = pool.allocate(rank * stride);
  const at = pool.place(values);
  if (pool.call("iterateInversely", rank, p, d, e, at, small, work, stride, rows) < rank) {
    return null;
  }
  const count = Math.ceil(rank / PANEL) * p * PANEL;
  const panels = pool.allocate(count * 8);
  const vectors = pool.float64(rows, rank * stride / 8), numbers = pool.float64(panels, count);
  for (let j = 0; j < rank; j++) {
    for (let i = 0; i < p; i++) numbers[panelIndex(p, i, j)] = vectors[j * stride / 8 + i];
  }
  return { values, panels };
}

/** Eigenvalues of a tridiagonal matrix, and the address of their eigenvectors in a pool's memory. */
interface TridiagonalEigen {
  /** The eigenvalues, in descending order. */
  values: Float64Array;
  /** The address of the eigenvectors, in panels. */
  panels: number;
}

/** The maximum number of sweeps for one eigenvalue. */
const MOST_SWEEPS = 51;

/** How many calls the loop over sweeps is split into, for the same reason as {@linkcode PIECES}. */
const SWEEP_PIECES = 24;

/**
 * The leading eigenpairs of a symmetric tridiagonal matrix by implicit QL: its rotations are recorded,
 * and applied only to the vectors asked for.
 *
 * @param pool Its memory holds the matrix.
 * @param d The address of the diagonal, p numbers; replaced by the eigenvalues.
 * @param e The address of the off-diagonal, p − 1 numbers; overwritten.
 * @param rank How many pairs, 1 to p.
 * @throws {Error} If QL does not converge (not known to happen for a finite matrix).
 */
function rotatedVectors(
  pool: ThreadPool<Exports>,
  p: number,
  d: number,
  e: number,
  rank: number,
): TridiagonalEigen {
  const found = diagonalize(pool, p, d, e);
  const diagonal = pool.float64(d, p).slice();
  const order = Array.from(diagonal.keys());
  order.sort((i, j) => diagonal[j] - diagonal[i]).length = rank;
  const count = Math.ceil(rank / PANEL);
  const panels = pool.allocate(count * p * PANEL * 8);
  const numbers = pool.float64(panels, count * p * PANEL);
  order.forEach((row, j) => numbers[panelIndex(p, row, j)] = 1);
  let end = found.rotations + found.rotationCount * 16;
  const sweeps = pool.uint32(found.sweeps, found.sweepCount * 2);
  for (let to = found.sweepCount; to > 0;) {
    const from = Math.max(0, to - Math.ceil(found.sweepCount / SWEEP_PIECES));
    pool.run("rotate", count, p, panels, from, to, found.sweeps, end);
    for (; to > from; to--) end -= (sweeps[2 * to - 1] - sweeps[2 * to - 2]) * 16;
  }
  return { values: Float64Array.from(order, (i) => diagonal[i]), panels };
}

/** Replaces d by the eigenvalues, and records the rotations. */
function diagonalize(pool: ThreadPool<Exports>, p: number, d: number, e: number) {
  const sweeps = pool.allocate(MOST_SWEEPS * p * 8);
  const rotations = pool.allocate(0);
  const negligible = tridiagonalRounding(pool.float64(d, p), pool.float64(e, p - 1));
  let room = 0, sweepCount = 0, rotationCount = 0;
  for (let l = 0; l < p; l++) {
    const needed = rotationCount + MOST_SWEEPS * (p - l) - room;
    if (needed > 0) {
      // Allocations are multiples of a cache line, so the next one follows without a gap.
      const more = Math.ceil(needed / 4) * 4;
      pool.allocate(more * 16);
      room += more;
    }
    const end = rotations + rotationCount * 16;
    const count = pool.call("findEigenvalue", l, p, d, e, negligible, end, sweeps + sweepCount * 8);
    if (count < 0) {
      throw new OperationalError(`Cannot factorize: eigenvalue ${l} does not converge`);
    }
    const rows = pool.uint32(sweeps + sweepCount * 8, count * 2);
    for (let s = 0; s < count; s++) rotationCount += rows[2 * s + 1] - rows[2 * s];
    sweepCount += count;
  }
  return { sweeps, sweepCount, rotations, rotationCount };
}

/** The number of columns of a panel: how many eigenvectors the kernels transform at once. */
const PANEL = 8;

/** The index of row i of eigenvector j in panels of p rows. */
function panelIndex(p: number, i: number, j: number): number {
  return (Math.floor(j / PANEL) * p + i) * PANEL + j % PANEL;
}

/**
 * The rounding level of a symmetric tridiagonal matrix: half a unit in the last place of its largest
 * |dᵢ| + |eᵢ| (EISPACK's bound).
 *
 * @param d The diagonal.
 * @param e The off-diagonal.
 */
function tridiagonalRounding(d: Float64Array, e: Float64Array): number {
  let largest = Number.MIN_VALUE;
  for (let i = 0; i < d.length; i++) {
    largest = Math.max(largest, Math.abs(d[i]) + Math.abs(e[i] ?? 0));
  }
  return largest * 2 * Number.EPSILON;
}
