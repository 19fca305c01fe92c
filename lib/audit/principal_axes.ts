import { Matrix } from "ml-matrix";
import { symmetricEigen } from "../linalg/symmetric_eigen.ts";

/** The directions along which rows vary. */
export interface PrincipalAxes {
  /** The mean of the rows; zero where they were not centered. */
  mean: Float64Array;
  /** The mean square along each axis, descending. */
  variances: Float64Array;
  /** The axes as columns, k x k. */
  axes: Matrix;
}

/**
 * Computes the principal axes of rows.
 *
 * @param values The rows, m x k, row by row.
 * @param centered Whether to subtract their mean first.
 */
export function principalAxes(values: Float64Array, k: number, centered: boolean): PrincipalAxes {
  const m = values.length / k;
  const mean = new Float64Array(k);
  if (centered) {
    for (let at = 0; at < values.length; at++) mean[at % k] += values[at] / m;
  }
  return axesOf(secondMoments(values, k, mean), mean);
}

/** The principal axes that belong to second moments, k x k. */
export function axesOf(moments: Matrix, mean = new Float64Array(moments.rows)): PrincipalAxes {
  const { values, vectors } = symmetricEigen(moments);
  return { mean, variances: values.map((value) => Math.max(0, value)), axes: vectors };
}

/** The mean of (x − mean)(x − mean)ᵀ over rows x, k x k. */
export function secondMoments(values: Float64Array, k: number, mean = new Float64Array(k)): Matrix {
  const m = values.length / k;
  const upper = new Float64Array(k * k);
  const row = new Float64Array(k);
  for (let start = 0; start < values.length; start += k) {
    for (let c = 0; c < k; c++) row[c] = values[start + c] - mean[c];
    for (let i = 0; i < k; i++) {
      const x = row[i], at = i * k;
      if (x === 0) continue;
      for (let j = i; j < k; j++) upper[at + j] += x * row[j];
    }
  }
  const moments = new Matrix(k, k);
  for (let i = 0; i < k; i++) {
    for (let j = i; j < k; j++) {
      moments.set(i, j, upper[i * k + j] / m);
      moments.set(j, i, upper[i * k + j] / m);
    }
  }
  return moments;
}

/**
 * Rescales rows along their principal axes: (x − mean)·V·dMat(f(variance)).
 *
 * What it returns is in the coordinates of the axes; cosines and dot products do not notice.
 */
export function rescaleAxes(
  values: Float64Array,
  { mean, variances, axes }: PrincipalAxes,
  factor: (variance: number, axis: number) => number,
): Float64Array {
  const k = mean.length;
  const map = Array.from(variances, (variance, axis) => {
    const scale = factor(variance, axis);
    return Float64Array.from(axes.getColumn(axis), (entry) => entry * scale);
  });
  const rescaled = new Float64Array(values.length);
  const row = new Float64Array(k);
  for (let start = 0; start < values.length; start += k) {
    for (let c = 0; c < k; c++) row[c] = values[start + c] - mean[c];
    for (let axis = 0; axis < k; axis++) {
      const direction = map[axis];
      let sum = 0;
      for (let c = 0; c < k; c++) sum += row[c] * direction[c];
      rescaled[start + axis] = sum;
    }
  }
  return rescaled;
}
