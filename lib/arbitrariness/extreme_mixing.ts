import { Matrix } from "ml-matrix";
import seedrandom from "seedrandom";
import { exp } from "../elementary/exp.ts";
import { hypot } from "../elementary/hypot.ts";
import { log } from "../elementary/log.ts";
import { flatMatrix } from "../linalg/flat_matrix.ts";
import { randomRotation } from "../linalg/random_rotation.ts";
import { rowArrays } from "../linalg/row_arrays.ts";
import { rowProducts } from "../linalg/row_products.ts";
import { symmetricEigen } from "../linalg/symmetric_eigen.ts";
import type { Embeddings } from "../solvers/embeddings.ts";
import { rescale } from "../solvers/rescale.ts";
import { rotate } from "../solvers/rotate.ts";
import { agreementWithLabels, type ExtremeOptions, extremeOptions } from "./extreme_options.ts";
import type { LogMetric } from "./log_metric.ts";
import { mixingGradient } from "./mixing_gradient.ts";

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
 * @throws {RangeError} If labels has not p entries, or an option is out of bounds; condition must be
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
  const all = extremeOptions("search for a mixing", e, labels, options);
  const { condition, sign, starts, steps, seed, surrogateOf, onProgress } = all;
  const k = e.B.columns;
  const agreement = agreementWithLabels(labels, all);
  const before = agreement(e.B);
  let best = { M: Matrix.eye(k), embeddings: rotate(e, Matrix.eye(k)), value: before };
  if (condition === 1) return { ...best, before };

  const random = seedrandom.alea(seed);
  const surrogate = surrogateOf(random, labels);
  const rows = flatMatrix(Float64Array.from(e.B.to1DArray()), k);
  const range = 2 * log(condition);
  for (let start = 0; start < starts; start++) {
    let point = startingPoint(start, k, range, random);
    let momentum = Matrix.zeros(k, k);
    for (let step = 1; step <= steps; step++) {
      surrogate.draw();
      momentum = momentum.mul(0.9).add(mixingGradient(rows, point, surrogate).mul(0.1));
      const rate = sign * range * FIRST_STEP * (1 - step / (steps + 1));
      point = clip(point.matrix.clone().add(direction(momentum).mul(rate)), range);
      if (step !== steps && step % Math.ceil(steps / EVALUATIONS) !== 0) continue;
      const d = point.values.map((value) => Math.max(1, Math.min(condition, exp(-value / 2))));
      const embeddings = rescale(rotate(e, point.vectors), d);
      const value = agreement(embeddings.B);
      if (sign * value > sign * best.value) {
        best = { M: point.vectors.clone().mulRowVector(d), embeddings, value };
      }
      onProgress?.(start * steps + step, starts * steps);
    }
  }
  return { ...best, before };
}

/** The first step, as a share of the range of ln W. */
const FIRST_STEP = 0.1;
/** How often the surrogate's path is evaluated exactly. */
const EVALUATIONS = 4;

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
