import { Matrix } from "ml-matrix";
import { rowArrays } from "../../linalg/matrices.ts";
import { symmetricEigen } from "../../linalg/symmetric_eigen.ts";
import { columnsOf, piecewiseProducts, rowsOf } from "../neighbor_search.ts";
import type { RowSample } from "../rows.ts";

/**
 * A sample in coordinates of its own: its principal axes about the origin. They are the same for
 * every rotation of the space, so that what is computed in them cannot depend on the basis that a
 * file happens to have.
 */
export interface CanonicalSample {
  /** The rows in these coordinates, m x rank: the same dot products as before. */
  values: Float64Array;
  /** How many coordinates: the dimensions that the sample spans, min(m, k) at most. */
  rank: number;
  /** The mean square of each coordinate, descending. */
  variances: Float64Array;
  /** The axes as rows, rank x k; null where the sample has fewer rows than dimensions. */
  axes: readonly Float64Array[] | null;
  /** XXᵀ, m x m, where it was multiplied out: where the sample has fewer rows than dimensions. */
  products: readonly Float64Array[] | null;
}

/** Mean squares below this share of the largest are rounding. */
const NEGLIGIBLE = 1e-12;

/**
 * Turns a sample into its canonical coordinates. The sign of an axis is such that its entry of
 * largest size is positive. Takes m·k·min(m, k) multiplications: through XᵀX, or XXᵀ where there
 * are fewer rows than dimensions.
 */
export function canonicalSample({ values, columns: k }: RowSample): CanonicalSample {
  const rows = rowsOf(values, k);
  const m = rows.length;
  const wide = k > m;
  const moments = piecewiseProducts(wide ? rows : columnsOf(rows));
  const { values: squares, vectors } = symmetricEigen(moments);
  let rank = 1;
  while (rank < squares.length && squares[rank] > NEGLIGIBLE * squares[0]) rank++;
  const directions = rowArrays(vectors.transpose()).slice(0, rank);
  const turned = wide
    ? scaledColumns(directions, squares)
    : flat(piecewiseProducts(rows, directions));
  for (let c = 0; c < rank; c++) {
    if (leadingSign(turned, rank, c) > 0) continue;
    for (let at = c; at < turned.length; at += rank) turned[at] = -turned[at];
    directions[c].forEach((entry, i) => directions[c][i] = -entry);
  }
  return {
    values: turned,
    rank,
    variances: squares.slice(0, rank).map((square) => square / m),
    axes: wide ? null : directions,
    products: wide ? rowArrays(moments) : null,
  };
}

/** The entries of a matrix row by row. */
export function flat(matrix: Matrix): Float64Array {
  const { columns } = matrix;
  const entries = new Float64Array(matrix.rows * columns);
  rowArrays(matrix).forEach((row, i) => entries.set(row, i * columns));
  return entries;
}

/** U·dMat(√squares), of the columns of U. */
function scaledColumns(columns: readonly Float64Array[], squares: Float64Array): Float64Array {
  const rank = columns.length, m = columns[0].length;
  const entries = new Float64Array(m * rank);
  columns.forEach((column, c) => {
    const scale = Math.sqrt(squares[c]);
    for (let i = 0; i < m; i++) entries[i * rank + c] = column[i] * scale;
  });
  return entries;
}

/** The sign of the first entry of a column that is largest in size, but for rounding. */
function leadingSign(values: Float64Array, columns: number, c: number): number {
  let largest = 0;
  for (let at = c; at < values.length; at += columns) {
    if (Math.abs(values[at]) > Math.abs(largest) * (1 + 1e-9)) largest = values[at];
  }
  return largest;
}

/** The directions along which a sample varies about its mean, in its canonical coordinates. */
export interface CenteredAxes {
  mean: Float64Array;
  /** The variance along each of the leading axes, descending; rounding is set to 0. */
  variances: Float64Array;
  /** These axes as rows, orthonormal. */
  axes: readonly Float64Array[];
  /** The variance along all axes, and the sum of its squares. */
  total: number;
  squares: number;
}

/**
 * Computes them: in canonical coordinates the covariance is dMat(variances) minus the mean's part.
 *
 * @param count How many axes are wanted; all by default. A few of many take a third of the time.
 */
export function centeredAxes(
  { values, rank, variances }: CanonicalSample,
  count: number = rank,
): CenteredAxes {
  const mean = new Float64Array(rank);
  for (let at = 0; at < values.length; at++) mean[at % rank] += values[at];
  for (let c = 0; c < rank; c++) mean[c] *= rank / values.length;
  const covariance = Array.from(mean, (a, i) => {
    const row = mean.map((b) => -a * b);
    row[i] += variances[i];
    return row;
  });
  const C = new Matrix(covariance);
  const { values: found, vectors } = symmetricEigen(C, Math.min(count, rank));
  const least = 1e-12 * variances[0];
  return {
    mean,
    variances: found.map((variance) => variance > least ? variance : 0),
    axes: rowArrays(vectors.transpose()),
    total: found[0] > least ? C.trace() : 0,
    squares: found[0] > least ? C.norm() ** 2 : 0,
  };
}
