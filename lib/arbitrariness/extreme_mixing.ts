import { Matrix } from "ml-matrix";
import { exp, hypot, log } from "../math/elementary.ts";
import { flatMatrix, multiply, rowArrays, rowProducts } from "../linalg/matrices.ts";
import { randomRotation } from "../linalg/random_rotation.ts";
import { symmetricEigen } from "../linalg/symmetric_eigen.ts";
import { cosineOf } from "../similarity/cosine_similarity.ts";
import { type Embeddings, rescale, rotate } from "../solvers/embeddings.ts";
import { type ExtremeOptions, extremeSearch, type LabelSurrogate } from "./extreme_scaling.ts";

/** The map that {@linkcode extremeMixing} found. */
export interface ExtremeMixing {
  /** M, k x k: a rotation times a diagonal with entries between 1 and κ. */
  M: Matrix;
  /** A·M and B·M⁻ᵀ: the same model, with the same predictions. */
  embeddings: Embeddings;
  /** The agreement of their cosines with the labels, exactly. */
  value: number;
  /** The agreement of the cosines of the embeddings as they were given. */
  before: number;
}

/**
 * Searches for the invertible M within κ under which the cosines of B·M⁻ᵀ agree best, or worst, with
 * known clusters: {@linkcode extremeScaling} without a basis that is special. Rotating the embeddings
 * moves no cosine, but it moves what a diagonal D can do; it does not move what M can do.
 *
 * Cosines depend on the metric W = (MMᵀ)⁻¹. Climbs a smooth surrogate by its gradient in the logarithm
 * of W, whose eigenvalues are kept in [−2 ln κ, 0], from M = I and from random M. What is returned is
 * the best of the points that were evaluated exactly, M = I included: it bounds the true extreme from
 * one side.
 *
 * @param e The embeddings, p x k.
 * @param labels The cluster of each item, length p.
 * @param options The direction, κ, the measure, and how long to search.
 * @returns M, the mapped embeddings, and the agreement before and after.
 * @throws {TypeError} If e is not a pair of matrices, labels is not an array, or an option is of the wrong kind.
 * @throws {RangeError} If labels does not have p entries, or an option is out of bounds; condition must be
 * finite.
 *
 * @example
 * ```ts
 * import { extremeMixing, extremeScaling } from "cosine-lab/arbitrariness";
 * import { Matrix } from "ml-matrix";
 * import assert from "node:assert/strict";
 *
 * // The clusters are along (1, −1) and (−1, 1), between the axes: no D favors this direction.
 * const B = new Matrix([[1, 0], [0, -1], [0, 1], [-1, 0]]);
 * const labels = [0, 0, 1, 1];
 * const best = { goal: "best", condition: 3 } as const;
 * assert.equal(extremeScaling({ A: B, B }, labels, best).value, 0.75);
 * assert.equal(extremeMixing({ A: B, B }, labels, best).value, 1);
 * ```
 */
export function extremeMixing(
  e: Embeddings,
  labels: ArrayLike<number>,
  options: ExtremeOptions,
): ExtremeMixing {
  const { condition, search } = extremeSearch("search for a mixing", e, labels, options);
  const k = e.B.columns;
  const rows = flatMatrix(Float64Array.from(e.B.to1DArray()), k);
  const range = 2 * log(condition);
  const identity = Matrix.eye(k);
  return search(
    { M: identity, embeddings: rotate(e, identity) },
    range,
    (start, random, surrogate) => {
      let point = startingPoint(start, k, range, random);
      let momentum = Matrix.zeros(k, k);
      return {
        climb(rate) {
          momentum = momentum.mul(0.9).add(mixingGradient(rows, point, surrogate).mul(0.1));
          point = clip(
            point.matrix.clone().add(direction(momentum).mul(rate)),
            range,
          );
        },
        here() {
          const d = point.values.map((value) => Math.max(1, Math.min(condition, exp(-value / 2))));
          return {
            M: point.vectors.clone().mulRowVector(d),
            embeddings: rescale(rotate(e, point.vectors), d),
          };
        },
      };
    },
  );
}

/** The symmetric matrix nearest to `s` whose eigenvalues are between −range and 0. */
function clip(s: Matrix, range: number): LogMetric {
  const { values, vectors } = symmetricEigen(s);
  return compose(values.map((value) => Math.max(-range, Math.min(0, value))), vectors);
}

function compose(values: Float64Array, vectors: Matrix): LogMetric {
  const matrix = rowProducts(
    rowArrays(vectors.clone().mulRowVector(values)),
    rowArrays(vectors),
  );
  return { matrix, values, vectors };
}

/** The gradient with all its eigenvalues of about one size: the step of Adam, in no basis. */
function direction(gradient: Matrix): Matrix {
  const { values, vectors } = symmetricEigen(gradient);
  const size = Math.sqrt(values.reduce((sum, value) => sum + value * value, 0) / values.length);
  if (size === 0) return Matrix.zeros(values.length, values.length);
  return compose(values.map((value) => value / hypot([value, size])), vectors).matrix;
}

function startingPoint(start: number, k: number, range: number, random: () => number): LogMetric {
  if (start === 0) return compose(new Float64Array(k).fill(-range / 2), Matrix.eye(k));
  const values = Float64Array.from({ length: k }, () => random() < 0.5 ? 0 : -range);
  return compose(values, randomRotation(k, random));
}

/**
 * The derivative of a surrogate by ln W, where cos = aᵀWb / √(aᵀWa·bᵀWb): with P = aᵀWa and Q = bᵀWb,
 * ∂cos/∂W = (abᵀ + baᵀ)/(2√(PQ)) − cos·(aaᵀ/P + bbᵀ/Q)/2. From W to ln W it is passed on by the
 * divided differences of exp, in the basis of the eigenvectors (Daleckii and Krein).
 *
 * @param rows The embeddings, p x k.
 * @param point ln W.
 * @param surrogate A sample of pairs of rows.
 * @returns The derivative, k x k, symmetric.
 */
function mixingGradient(
  rows: Matrix,
  { values, vectors }: LogMetric,
  surrogate: LabelSurrogate,
): Matrix {
  const { left, right } = surrogate;
  const { rows: p, columns: k } = rows;
  const w = values.map(exp);
  const turnedRows = multiply(rows, vectors), turned = rowArrays(turnedRows);
  const product = (i: number, j: number) => {
    const left = turned[i], right = turned[j];
    let sum = 0;
    for (let c = 0; c < k; c++) sum += left[c] * w[c] * right[c];
    return sum;
  };
  const squares = Float64Array.from({ length: p }, (_, i) => product(i, i));
  const similarities = Float64Array.from(left, (i, t) => {
    return cosineOf(product(i, right[t]), Math.sqrt(squares[i] * squares[right[t]]));
  });
  const slopes = new Float64Array(left.length);
  surrogate.slopes(similarities, slopes);
  // C·R, where C has the coefficient of each product of two rows.
  const mixedRows = Matrix.zeros(p, k), mixed = rowArrays(mixedRows), own = new Float64Array(p);
  for (let t = 0; t < left.length; t++) {
    const i = left[t], j = right[t];
    if (squares[i] === 0 || squares[j] === 0 || slopes[t] === 0) continue;
    const cross = slopes[t] / Math.sqrt(squares[i] * squares[j]) / 2;
    const toI = mixed[i], toJ = mixed[j], ofI = turned[i], ofJ = turned[j];
    for (let c = 0; c < k; c++) {
      toI[c] += cross * ofJ[c];
      toJ[c] += cross * ofI[c];
    }
    own[i] -= slopes[t] * similarities[t] / squares[i] / 2;
    own[j] -= slopes[t] * similarities[t] / squares[j] / 2;
  }
  mixed.forEach((row, i) => {
    for (let c = 0; c < k; c++) row[c] += own[i] * turned[i][c];
  });
  const byMetric = multiply(turnedRows.transpose(), mixedRows);
  const inBasis = Matrix.zeros(k, k);
  for (let i = 0; i < k; i++) {
    for (let j = 0; j < k; j++) {
      const slope = dividedDifference(values[i], values[j]);
      inBasis.set(i, j, slope * (byMetric.get(i, j) + byMetric.get(j, i)) / 2);
    }
  }
  return vectors.mmul(inBasis).mmul(vectors.transpose());
}

/** (e^x − e^y)/(x − y), and e^x where they are equal: e^((x + y)/2)·sinh(h)/h with h = (x − y)/2. */
function dividedDifference(x: number, y: number): number {
  const half = (x - y) / 2;
  if (Math.abs(half) > 1) return (exp(x) - exp(y)) / (x - y);
  let series = 1;
  for (let n = 16; n > 0; n -= 2) series = 1 + half * half * series / (n * (n + 1));
  return exp((x + y) / 2) * series;
}

/** ln W of a metric W, k x k, symmetric, with its eigenvalues and eigenvectors. */
interface LogMetric {
  matrix: Matrix;
  values: Float64Array;
  vectors: Matrix;
}
