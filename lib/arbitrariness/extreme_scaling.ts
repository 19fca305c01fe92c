import seedrandom from "seedrandom";
import { exp } from "../elementary/exp.ts";
import { hypot } from "../elementary/hypot.ts";
import { log } from "../elementary/log.ts";
import { power } from "../elementary/power.ts";
import type { Embeddings } from "../solvers/embeddings.ts";
import { rescale } from "../solvers/rescale.ts";
import { agreementWithLabels, type ExtremeOptions, extremeOptions } from "./extreme_options.ts";
import { scalingGradient } from "./scaling_gradient.ts";

/** The scaling that {@linkcode extremeScaling} found. */
export interface ExtremeScaling {
  /** The diagonal of D: between 1 and κ. */
  d: Float64Array;
  /** A·D and B·D⁻¹: the same model, with the same predictions. */
  embeddings: Embeddings;
  /** The agreement of their cosines with the labels, exactly. */
  value: number;
  /** The agreement of the cosines of the embeddings as they were given. */
  before: number;
}

/**
 * Searches for the D within κ under which the cosines of B·D⁻¹ agree best, or worst, with known
 * clusters. Predictions are the same for each: how good and how bad can cosine be made to look?
 *
 * Climbs a smooth surrogate by its gradient in ln D (Adam, on random samples of pairs), from D = I,
 * from the D that levels the columns of B as far as κ allows and the one that does the opposite,
 * and from random corners of the box. What is returned is the best of the points that were
 * evaluated exactly, over all pairs; D = I is one of them. It is attained, so that it bounds the
 * true extreme from one side; that nothing is beyond it is not proven.
 *
 * @param e The embeddings, p x k.
 * @param labels The cluster of each item, length p.
 * @param options The direction, κ, the measure, and how long to search.
 * @returns D, the rescaled embeddings, and the agreement before and after.
 * @throws {TypeError} If e is not a pair of matrices, labels is not an array, or an option is of the wrong kind.
 * @throws {RangeError} If labels has not p entries, or an option is out of bounds; condition must be
 * finite.
 *
 * @example
 * ```ts
 * import { extremeScaling } from "cosine-lab/arbitrariness";
 * import { Matrix } from "ml-matrix";
 * import assert from "node:assert/strict";
 *
 * // The first dimension knows the cluster, the second one knows something else.
 * const B = new Matrix([[1, 1], [1, -1], [-1, 1], [-1, -1]]);
 * const labels = [0, 0, 1, 1];
 * const best = extremeScaling({ A: B, B }, labels, { goal: "best", condition: 3 });
 * const worst = extremeScaling({ A: B, B }, labels, { goal: "worst", condition: 3 });
 * assert.equal(best.value, 1);
 * assert.equal(worst.value, 0.5);
 * ```
 */
export function extremeScaling(
  e: Embeddings,
  labels: ArrayLike<number>,
  options: ExtremeOptions,
): ExtremeScaling {
  const all = extremeOptions("search for a scaling", e, labels, options);
  const { condition, sign, starts, steps, seed, surrogateOf, onProgress } = all;
  const k = e.B.columns;
  const agreement = agreementWithLabels(labels, all);
  const before = agreement(e.B);
  let best = {
    d: new Float64Array(k).fill(1),
    embeddings: rescale(e, Array(k).fill(1)),
    value: before,
  };
  if (condition === 1) return { ...best, before };

  const random = seedrandom.alea(seed);
  const surrogate = surrogateOf(random, labels);
  const rows = Float64Array.from(e.B.to1DArray());
  const range = log(condition);
  const gradient = new Float64Array(k);
  for (let start = 0; start < starts; start++) {
    const logD = startingPoint(start, e, range, random);
    const first = new Float64Array(k), second = new Float64Array(k);
    for (let step = 1; step <= steps; step++) {
      surrogate.draw();
      scalingGradient(rows, k, logD, surrogate, gradient);
      const rate = range * FIRST_STEP * (1 - step / (steps + 1));
      for (let i = 0; i < k; i++) {
        first[i] = 0.9 * first[i] + 0.1 * gradient[i];
        second[i] = 0.99 * second[i] + 0.01 * gradient[i] ** 2;
        if (second[i] === 0) continue;
        const mean = first[i] / (1 - power(0.9, step));
        const size = Math.sqrt(second[i] / (1 - power(0.99, step)));
        logD[i] = Math.max(0, Math.min(range, logD[i] + sign * rate * mean / size));
      }
      if (step !== steps && step % Math.ceil(steps / EVALUATIONS) !== 0) continue;
      const d = logD.map((value) => Math.max(1, Math.min(condition, exp(value))));
      const embeddings = rescale(e, d);
      const value = agreement(embeddings.B);
      if (sign * value > sign * best.value) best = { d, embeddings, value };
      onProgress?.(start * steps + step, starts * steps);
    }
  }
  return { ...best, before };
}

/** The first step, as a share of the range of ln D. */
const FIRST_STEP = 0.1;
/** How often the surrogate's path is evaluated exactly. */
const EVALUATIONS = 4;

function startingPoint(
  start: number,
  { B }: Embeddings,
  range: number,
  random: () => number,
): Float64Array {
  const k = B.columns;
  if (start === 0) return new Float64Array(k).fill(range / 2);
  if (start > 2) return Float64Array.from({ length: k }, () => random() < 0.5 ? 0 : range);
  const logNorms = Float64Array.from({ length: k }, (_, i) => {
    const norm = hypot(B.getColumn(i));
    return norm === 0 ? 0 : log(norm);
  });
  const sign = start === 1 ? 1 : -1;
  const smallest = logNorms.reduce((a, b) => Math.min(a, sign * b), Infinity);
  return logNorms.map((value) => Math.min(range, sign * value - smallest));
}
