import { Matrix } from "ml-matrix";
import { multiply, rowArrays, rowProducts } from "../../linalg/matrices.ts";
import { columnsOf } from "../neighbor_search.ts";
import { gramRoot, symmetricEigen } from "../../linalg/symmetric_eigen.ts";

/** What a map from A to B, fitted on some items, leaves unexplained of others. */
export interface Alignment {
  /**
   * The root mean square of what is left of B, as a share of its deviation from its mean vector: 0
   * where the map is exact, 1 where the mean vector alone would do as well. Where all of B is equal,
   * it is a share of B's length.
   */
  residual: {
    /** After the best rotation or reflection, and one scale for all. */
    rotation: number;
    /** After the best matrix M. */
    linear: number;
    /** After the best M and a translation. */
    affine: number;
  };
  /** How many directions of each are a linear function of the other. */
  linear: SharedDirections;
  /** How many are after each side's mean is subtracted. */
  affine: SharedDirections;
}

/**
 * How many directions two sets of embeddings share. Every direction counts alike, whatever its
 * variance: no invertible M changes these numbers, but for the noise of the fit.
 */
export interface SharedDirections {
  /** The directions of A; less than its dimensions where some hold nothing. */
  directionsOfA: number;
  /** How many of them are a function of B. */
  ofA: number;
  directionsOfB: number;
  /** How many of the directions of B are a function of A. */
  ofB: number;
}

type Rows = readonly Float64Array[];

/** The first and second moments of both sides. */
interface Moments {
  meanOfA: Float64Array;
  meanOfB: Float64Array;
  /** AᵀA/n, BᵀB/n and AᵀB/n. */
  ofA: Matrix;
  ofB: Matrix;
  cross: Matrix;
}

/**
 * Fits maps from A to B on some items, and measures on others what they leave: on the items that it
 * was fitted on, an M of k x k numbers looks perfect as soon as there are no more than k of them.
 *
 * @param fit The rows of A and B to fit on; more of them than either has columns.
 * @param held The rows of A and B to measure on.
 */
export function alignment(fit: { a: Rows; b: Rows }, held: { a: Rows; b: Rows }): Alignment {
  const n = fit.a.length;
  const columnsOfA = columnsOf(fit.a), columnsOfB = columnsOf(fit.b);
  const moments: Moments = {
    meanOfA: Float64Array.from(columnsOfA, meanOf),
    meanOfB: Float64Array.from(columnsOfB, meanOf),
    ofA: rowProducts(columnsOfA).div(n),
    ofB: rowProducts(columnsOfB).div(n),
    cross: rowProducts(columnsOfA, columnsOfB).div(n),
  };
  const spread = Math.sqrt(squares(held.b.map((row) => minus(row, moments.meanOfB)))) ||
    Math.sqrt(squares(held.b));
  const linear = linearFit(moments, held);
  const affine = linearFit(centered(moments), {
    a: held.a.map((row) => minus(row, moments.meanOfA)),
    b: held.b.map((row) => minus(row, moments.meanOfB)),
  });
  return {
    residual: {
      rotation: share(rotationError(moments, held), spread),
      linear: share(linear.error, spread),
      affine: share(affine.error, spread),
    },
    linear: linear.shared,
    affine: affine.shared,
  };
}

/** The best rotation of A onto B with one scale, or the best matrix, k x m. */
export function fittedMap(a: Rows, b: Rows, kind: "rotation" | "linear"): Matrix {
  const [columnsOfA, columnsOfB] = [columnsOf(a), columnsOf(b)];
  const [ofA, cross] = [rowProducts(columnsOfA), rowProducts(columnsOfA, columnsOfB)];
  if (kind === "rotation") {
    const { factor, nuclearNorm } = polarFactor(cross);
    return factor.mul(nuclearNorm / ofA.trace());
  }
  const toA = whitener(ofA);
  return toA === null
    ? new Matrix(columnsOfA.length, columnsOfB.length)
    : multiply(toA, multiply(toA.transpose(), cross));
}

/** ‖B − sAR‖ for the best rotation R and scale s; the narrower side is filled up with zeros. */
function rotationError({ ofA, cross }: Moments, { a, b }: { a: Rows; b: Rows }): number {
  const { factor, nuclearNorm } = polarFactor(cross);
  const size = ofA.trace();
  if (size === 0) return Math.sqrt(squares(b));
  const scale = nuclearNorm / size;
  const rotated = rowArrays(rowProducts(a, rowArrays(factor.transpose())));
  let sum = 0;
  rotated.forEach((row, i) => {
    let onto = 0;
    row.forEach((entry, j) => {
      onto += entry * entry;
      sum += (b[i][j] - scale * entry) ** 2;
    });
    // What of A has no place in B is left, too.
    const lost = squares([a[i]]) - onto;
    if (lost > 1e-14 * onto) sum += scale * scale * lost;
  });
  return Math.sqrt(sum);
}

/** The best M, and how much of each side it explains where every direction counts alike. */
function linearFit({ ofA, ofB, cross }: Moments, held: { a: Rows; b: Rows }) {
  const [toA, toB] = [whitener(ofA), whitener(ofB)];
  const none = {
    directionsOfA: toA?.columns ?? 0,
    ofA: 0,
    directionsOfB: toB?.columns ?? 0,
    ofB: 0,
  };
  if (toA === null || toB === null) return { error: Math.sqrt(squares(held.b)), shared: none };
  // In these coordinates both sides' moments are I, and the best M is their cross moments C.
  const core = multiply(toA.transpose(), multiply(cross, toB));
  const white = {
    a: rowArrays(rowProducts(held.a, rowArrays(toA.transpose()))),
    b: rowArrays(rowProducts(held.b, rowArrays(toB.transpose()))),
  };
  const M = multiply(multiply(toA, core), multiply(toB.transpose(), ofB));
  const predicted = rowArrays(rowProducts(held.a, rowArrays(M.transpose())));
  return {
    error: Math.sqrt(squares(held.b.map((row, i) => minus(row, predicted[i])))),
    shared: {
      directionsOfA: toA.columns,
      ofA: explained(white.b, core.transpose(), white.a),
      directionsOfB: toB.columns,
      ofB: explained(white.a, core, white.b),
    },
  };
}

/** How many directions of `to` are explained by `from`·C, on rows that C was not fitted on. */
function explained(from: Rows, core: Matrix, to: Rows): number {
  const predicted = rowArrays(rowProducts(from, rowArrays(core.transpose())));
  const left = share(squares(to.map((row, i) => minus(row, predicted[i]))), squares(to));
  return to[0].length * Math.max(0, 1 - left);
}

function centered({ meanOfA, meanOfB, ofA, ofB, cross }: Moments): Moments {
  const less = (m: Matrix, x: Float64Array, y: Float64Array) =>
    Matrix.sub(m, Matrix.columnVector(x).mmul(Matrix.rowVector(y)));
  return {
    meanOfA,
    meanOfB,
    ofA: less(ofA, meanOfA, meanOfA),
    ofB: less(ofB, meanOfB, meanOfB),
    cross: less(cross, meanOfA, meanOfB),
  };
}

const meanOf = (column: Float64Array) =>
  column.reduce((sum, entry) => sum + entry, 0) / column.length;

const minus = (row: Float64Array, other: Float64Array) => row.map((entry, c) => entry - other[c]);

function squares(rows: Rows): number {
  let sum = 0;
  for (const row of rows) for (const entry of row) sum += entry * entry;
  return sum;
}

/** A part of nothing is nothing, or all of it. */
const share = (part: number, whole: number) => whole > 0 ? part / whole : part > 0 ? 1 : 0;

/** The polar factor of a matrix, and the sum of its singular values. */
interface PolarFactor {
  /** UVᵀ, m x n, over the singular values that are not negligible. */
  factor: Matrix;
  /** Σσᵢ. */
  nuclearNorm: number;
}

/** Singular values below this share of the largest are found in a round of their own. */
const ROUND = 1e-3;
/** Singular values below this share of the largest are rounding. */
const NEGLIGIBLE = 1e-11;

/**
 * Computes the polar factor UVᵀ of C = UΣVᵀ, which the orthogonal Procrustes problem asks for: of all
 * R with orthonormal columns or rows, it has the largest tr(RᵀC).
 *
 * By the eigenvectors of CᵀC, whose rounding hides small singular values: they are found in further
 * rounds, in what is left of C once the larger ones are taken out.
 *
 * @param c C, m x n.
 * @returns UVᵀ, and Σσᵢ.
 */
export function polarFactor(c: Matrix): PolarFactor {
  const factor = new Matrix(c.rows, c.columns);
  let left = c.clone();
  let nuclearNorm = 0, largest = 0, rank = 0;
  while (rank < Math.min(c.rows, c.columns)) {
    const { values, vectors } = symmetricEigen(rowProducts(rowArrays(left.transpose())));
    if (!(values[0] > (NEGLIGIBLE * largest) ** 2)) break;
    largest = Math.max(largest, Math.sqrt(values[0]));
    const count = Math.min(
      values.filter((value) => value > ROUND ** 2 * values[0]).length,
      Math.min(c.rows, c.columns) - rank,
    );
    const V = vectors.subMatrix(0, c.columns - 1, 0, count - 1);
    const sigma = Array.from(values.subarray(0, count), Math.sqrt);
    const U = multiply(left, V).divRowVector(sigma);
    factor.add(multiply(U, V.transpose()));
    left = left.sub(multiply(U, multiply(U.transpose(), left)));
    left = left.sub(multiply(multiply(left, V), V.transpose()));
    nuclearNorm += sigma.reduce((sum, value) => sum + value, 0);
    rank += count;
  }
  return { factor, nuclearNorm };
}

/**
 * Computes W with WᵀSW = I: coordinates XW of rows X in which every direction counts alike, so that
 * what is measured there does not depend on the basis, however unevenly it is scaled.
 *
 * @param s Second moments S, k x k, symmetric and positive semidefinite.
 * @returns W, k x r, r the directions that are left, {@linkcode gramRoot}; null where there are none.
 */
export function whitener(s: Matrix): Matrix | null {
  return gramRoot(s, 1e-12)?.inverse ?? null;
}
