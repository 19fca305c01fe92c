import { Matrix } from "ml-matrix";
import { multiply, rowArrays, rowProducts } from "../../linalg/matrices.ts";
import { gramRoot, symmetricEigen } from "../../linalg/symmetric_eigen.ts";
import { columnsOf, dot, nearestByCosine, unitRow } from "../neighbor_search.ts";

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

/** The vectors of the same items on both sides. */
export interface PairedRows {
  a: Rows;
  b: Rows;
}

/** The nearest neighbors of some items by cosine, nearest first. */
export interface NeighborLists {
  inA: Uint32Array[];
  inB: Uint32Array[];
}

/** Finds the neighbors of the first so many items on both sides. */
export function neighborLists(
  { a, b }: PairedRows,
  anchors: number,
  neighbors: number,
  onProgress: (share: number) => void,
): NeighborLists {
  const places = Uint32Array.from({ length: anchors }, (_, i) => i);
  const nearest = (rows: Rows, from: number) =>
    nearestByCosine(rows, places, neighbors, (done) => onProgress(from + 0.5 * done / anchors));
  return { inA: nearest(a, 0), inB: nearest(b, 0.5) };
}

/**
 * Gives every item of B the vector of the next, as unrelated embeddings would: in random order, any shift
 * is as good as another.
 */
export function unpaired({ a, b }: PairedRows): PairedRows {
  return { a, b: [...b.slice(1), b[0]] };
}

/** The neighbors after {@linkcode unpaired}: not looked for again, only called by other names. */
export function unpairedLists({ inA, inB }: NeighborLists, items: number): NeighborLists {
  const before = inB.slice(1).map((near) => near.map((j) => (j + items - 1) % items));
  return { inA: inA.slice(0, before.length), inB: before };
}

/** How far two sets of vectors agree, without any map between them. */
export interface Agreement {
  /** The share of the nearest neighbors that both agree on, item by item. */
  overlaps: Float64Array;
  /** The root mean square difference of cosines. */
  cosineDifference: number;
  cka: number;
}

/** Compares neighbors and cosines. */
export function agreement(
  { a, b }: PairedRows,
  { inA, inB }: NeighborLists,
  random: () => number,
): Agreement {
  const overlaps = Float64Array.from(inA, (list, i) => {
    const other = new Set(inB[i]);
    return list.filter((item) => other.has(item)).length / list.length;
  });
  return {
    overlaps,
    cosineDifference: cosineDifference(a.map(unitRow), b.map(unitRow), random),
    cka: linearCka(a, b),
  };
}

/** How many pairs of items cosines are compared on. */
const PAIRS = 20_000;

function cosineDifference(a: Rows, b: Rows, random: () => number): number {
  let squares = 0;
  for (let pair = 0; pair < PAIRS; pair++) {
    const i = Math.floor(random() * a.length);
    const j = (i + 1 + Math.floor(random() * (a.length - 1))) % a.length;
    squares += (dot(a[i], a[j]) - dot(b[i], b[j])) ** 2;
  }
  return Math.sqrt(squares / PAIRS);
}

/**
 * Linear centered kernel alignment of two sets of embeddings (Kornblith, Norouzi, Lee and Hinton,
 * Similarity of neural network representations revisited, 2019): ‖AᵀB‖² / (‖AᵀA‖ ‖BᵀB‖) of centered
 * columns.
 *
 * 1 where one is the other, rotated and scaled; no rotation changes it, but an M does. Where there
 * are not many more items than dimensions it is high for unrelated embeddings, too: look at its
 * floor.
 *
 * @param a The rows of A.
 * @param b The rows of B, the same items.
 * @param center Whether to center the columns; uncentered, it is 1 only where no translation is needed.
 * @returns A number between 0 and 1; 0 where one side is constant.
 */
export function linearCka(a: Rows, b: Rows, center = true): number {
  const [left, right] = [a, b].map((rows) =>
    columnsOf(rows).map((column, _, __, mean = center ? meanOf(column) : 0) =>
      column.map((entry) => entry - mean)
    )
  );
  const [cross, ofA, ofB] = a.length < Math.min(left.length, right.length)
    ? normsByItems(left, right)
    : [norm(left, right), norm(left), norm(right)];
  return ofA > 0 && ofB > 0 ? Math.min(1, cross / ofA * (cross / ofB)) : 0;
}

/** ‖AᵀB‖ of matrices that are given by their columns. */
function norm(a: Float64Array[], b?: Float64Array[]): number {
  return Math.sqrt(squares(rowArrays(rowProducts(a, b))));
}

/**
 * ‖AᵀB‖, ‖AᵀA‖ and ‖BᵀB‖ of fewer rows than columns: ‖AᵀB‖² = ⟨AAᵀ, BBᵀ⟩, which takes items x items in
 * place of dimensions x dimensions.
 */
function normsByItems(a: Float64Array[], b: Float64Array[]): number[] {
  const [left, right] = [a, b].map((columns) => rowArrays(rowProducts(columnsOf(columns))));
  const inner = (one: Rows, other: Rows) =>
    Math.sqrt(Math.max(0, one.reduce((sum, row, i) => sum + dot(row, other[i]), 0)));
  return [inner(left, right), inner(left, left), inner(right, right)];
}

/** The first and second moments of both sides. */
interface Moments {
  meanOfA: Float64Array;
  meanOfB: Float64Array;
  /** AᵀA/n, BᵀB/n and AᵀB/n. */
  ofA: Matrix;
  ofB: Matrix;
  cross: Matrix;
}

function momentsOf({ a, b }: PairedRows): Moments {
  const n = a.length;
  const columnsOfA = columnsOf(a), columnsOfB = columnsOf(b);
  return {
    meanOfA: Float64Array.from(columnsOfA, meanOf),
    meanOfB: Float64Array.from(columnsOfB, meanOf),
    ofA: rowProducts(columnsOfA).div(n),
    ofB: rowProducts(columnsOfB).div(n),
    cross: rowProducts(columnsOfA, columnsOfB).div(n),
  };
}

/** The same about the means. */
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

/**
 * Fits maps from A to B on some items, and measures on others what they leave: on the items that it
 * was fitted on, an M of k x k numbers looks perfect as soon as there are no more than k of them.
 *
 * @param fit The rows of A and B to fit on; more of them than either has columns.
 * @param held The rows of A and B to measure on.
 */
export function alignment(fit: PairedRows, held: PairedRows): Alignment {
  const moments = momentsOf(fit);
  const moved = about(moments, held);
  const spread = spreadOf(moved, held);
  const linear = linearFit(moments, held), affine = linearFit(centered(moments), moved);
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

/** The residual after the best rotation alone. */
export function rotationResidual(fit: PairedRows, held: PairedRows): number {
  const moments = momentsOf(fit);
  return share(rotationError(moments, held), spreadOf(about(moments, held), held));
}

/** How far B is from its mean vector; where all of B is equal, how long it is. */
const spreadOf = (moved: PairedRows, held: PairedRows) =>
  Math.sqrt(squares(moved.b)) || Math.sqrt(squares(held.b));

/** How a row x of A becomes one of B: (x − mean) · matrix + offset. */
export interface FittedMap {
  mean: number[] | null;
  matrix: Matrix;
  offset: number[] | null;
}

/** The best map of a kind from A to B. */
export function fittedMap(rows: PairedRows, kind: "rotation" | "linear" | "affine"): FittedMap {
  const moments = momentsOf(rows);
  if (kind === "rotation") {
    const { factor, scale } = bestRotation(moments);
    return { mean: null, matrix: factor.mul(scale), offset: null };
  }
  if (kind === "linear") return { mean: null, matrix: bestMatrix(moments), offset: null };
  const [mean, offset] = [[...moments.meanOfA], [...moments.meanOfB]];
  return { mean, matrix: bestMatrix(momentsOf(about(moments, rows))), offset };
}

/** Rows less their means. */
const about = ({ meanOfA, meanOfB }: Moments, { a, b }: PairedRows): PairedRows => ({
  a: a.map((row) => minus(row, meanOfA)),
  b: b.map((row) => minus(row, meanOfB)),
});

/** The rotation R, k x m, and the scale s with the least ‖B − sAR‖. */
function bestRotation({ ofA, cross }: Moments): { factor: Matrix; scale: number } {
  const { factor, nuclearNorm } = polarFactor(cross);
  const size = ofA.trace();
  return { factor, scale: size > 0 ? nuclearNorm / size : 0 };
}

/** Directions below this share of the largest are left out, as rounding. */
const NEGLIGIBLE_VARIANCE = 1e-12;

const whitener = (moments: Matrix) => gramRoot(moments, NEGLIGIBLE_VARIANCE)?.inverse;

/** The M, k x m, with the least ‖B − AM‖. */
function bestMatrix({ ofA, cross }: Moments): Matrix {
  const toA = whitener(ofA);
  return toA === undefined
    ? new Matrix(cross.rows, cross.columns)
    : multiply(toA, multiply(toA.transpose(), cross));
}

/** ‖B − sAR‖; the narrower side is filled up with zeros. */
function rotationError(moments: Moments, { a, b }: PairedRows): number {
  const { factor, scale } = bestRotation(moments);
  const rotated = product(a, factor);
  let sum = 0;
  rotated.forEach((row, i) => {
    row.forEach((entry, j) => sum += (b[i][j] - scale * entry) ** 2);
    // The part of A that has no counterpart in B is left over, too.
    const onto = squares([row]), lost = squares([a[i]]) - onto;
    if (lost > 1e-14 * onto) sum += scale * scale * lost;
  });
  return Math.sqrt(sum);
}

/** The best M, and how much of each side it explains where every direction counts alike. */
function linearFit(moments: Moments, held: PairedRows) {
  const toA = whitener(moments.ofA), toB = whitener(moments.ofB);
  const none = {
    directionsOfA: toA?.columns ?? 0,
    ofA: 0,
    directionsOfB: toB?.columns ?? 0,
    ofB: 0,
  };
  if (toA === undefined || toB === undefined) {
    return { error: Math.sqrt(squares(held.b)), shared: none };
  }
  // In these coordinates both sides' moments are I, and the best M is their cross moments.
  const core = multiply(toA.transpose(), multiply(moments.cross, toB));
  const white = { a: product(held.a, toA), b: product(held.b, toB) };
  const predicted = product(held.a, bestMatrix(moments));
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
  const predicted = product(from, core);
  const left = share(squares(to.map((row, i) => minus(row, predicted[i]))), squares(to));
  return to[0].length * Math.max(0, 1 - left);
}

const product = (rows: Rows, m: Matrix) => rowArrays(rowProducts(rows, rowArrays(m.transpose())));

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
