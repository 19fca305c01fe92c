import seedrandom from "seedrandom";
import { anything, callback, checkedOptions, integer, oneOf, text } from "../check.ts";
import { exp, hypot, log, power } from "../math/elementary.ts";
import { sameClusterAuc } from "../similarity/same_cluster_auc.ts";
import { assertLabels, cosineOf, cosineSimilarity } from "../similarity/cosine_similarity.ts";
import { neighborPrecision } from "../similarity/neighbors.ts";
import { assertEmbeddings, type Embeddings, rescale } from "../solvers/embeddings.ts";
import { finiteCondition } from "./freedom.ts";

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
 * @throws {RangeError} If labels does not have p entries, or an option is out of bounds; condition must be
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
  const { condition, search } = extremeSearch("search for a scaling", e, labels, options);
  const k = e.B.columns;
  const rows = Float64Array.from(e.B.to1DArray());
  const range = log(condition);
  const gradient = new Float64Array(k);
  const scaled = (d: Float64Array) => ({ d, embeddings: rescale(e, d) });
  return search(scaled(new Float64Array(k).fill(1)), range, (start, random, surrogate) => {
    const logD = startingPoint(start, e, range, random);
    const first = new Float64Array(k), second = new Float64Array(k);
    return {
      climb(rate, step) {
        scalingGradient(rows, k, logD, surrogate, gradient);
        for (let i = 0; i < k; i++) {
          first[i] = 0.9 * first[i] + 0.1 * gradient[i];
          second[i] = 0.99 * second[i] + 0.01 * gradient[i] ** 2;
          if (second[i] === 0) continue;
          const mean = first[i] / (1 - power(0.9, step));
          const size = Math.sqrt(second[i] / (1 - power(0.99, step)));
          logD[i] = Math.max(0, Math.min(range, logD[i] + rate * mean / size));
        }
      },
      here: () => scaled(logD.map((value) => Math.max(1, Math.min(condition, exp(value))))),
    };
  });
}

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

/**
 * The derivative of a surrogate by ln D: with w = D⁻² and cos = N/√(PQ),
 * ∂cos/∂ln wᵢ = wᵢ·(aᵢbᵢ/√(PQ) − cos·(aᵢ²/P + bᵢ²/Q)/2).
 *
 * @param rows The embeddings row by row, p x k.
 * @param k The number of columns.
 * @param logD ln D, k entries.
 * @param surrogate A sample of pairs of rows.
 * @param gradient Where to put the derivative, k entries.
 */
function scalingGradient(
  rows: Float64Array,
  k: number,
  logD: Float64Array,
  surrogate: LabelSurrogate,
  gradient: Float64Array,
): void {
  const { left, right } = surrogate;
  const w = logD.map((value) => exp(-2 * value));
  const similarities = new Float64Array(left.length), slopes = new Float64Array(left.length);
  const P = new Float64Array(left.length), Q = new Float64Array(left.length);
  for (let t = 0; t < left.length; t++) {
    const a = left[t] * k, b = right[t] * k;
    let n = 0, p = 0, q = 0;
    for (let i = 0; i < k; i++) {
      const x = rows[a + i], y = rows[b + i], weighted = w[i] * x;
      n += weighted * y;
      p += weighted * x;
      q += w[i] * y * y;
    }
    P[t] = p;
    Q[t] = q;
    similarities[t] = cosineOf(n, Math.sqrt(p * q));
  }
  surrogate.slopes(similarities, slopes);
  gradient.fill(0);
  for (let t = 0; t < left.length; t++) {
    if (P[t] === 0 || Q[t] === 0 || slopes[t] === 0) continue;
    const a = left[t] * k, b = right[t] * k;
    const cross = slopes[t] / Math.sqrt(P[t] * Q[t]);
    const own = slopes[t] * similarities[t] / 2;
    for (let i = 0; i < k; i++) {
      const x = rows[a + i], y = rows[b + i];
      gradient[i] += cross * x * y - own * (x * x / P[t] + y * y / Q[t]);
    }
  }
  for (let i = 0; i < k; i++) gradient[i] *= -2 * w[i];
}

/** Options for {@linkcode extremeScaling} and {@linkcode extremeMixing}. */
export interface ExtremeOptions {
  /** Whether the cosines shall agree with the labels as well, or as badly, as they can. */
  goal: "best" | "worst";
  /** κ ≥ 1, how unequal the scales may be: max D / min D ≤ κ, or the condition of M. */
  condition: number;
  /**
   * How agreement is measured: {@linkcode sameClusterAuc} or {@linkcode neighborPrecision}.
   *
   * @default {"auc"}
   */
  measure?: "auc" | "precision";
  /** How many neighbors the precision looks at. @default {10} */
  neighbors?: number;
  /** How many starting points to search from. @default {5} */
  starts?: number;
  /** How many steps to take from each. @default {120} */
  steps?: number;
  /** The same seed gives the same answer, to the last digit. @default {"cosine-lab"} */
  seed?: string;
  /** Called after each exact evaluation with how many of all steps are done. */
  onProgress?: (done: number, total: number) => void;
}

/** A walk from one starting point. */
interface Walk<Found> {
  /**
   * Takes a step along the gradient of the surrogate, or against it.
   *
   * @param rate How far; below 0 against it.
   * @param step The number of the step, from 1.
   */
  climb(rate: number, step: number): void;
  /** The map at the present point, and the embeddings that it gives. */
  here(): Found;
}

/** The first step, as a share of the range. */
const FIRST_STEP = 0.1;
/** How often a walk is evaluated exactly. */
const EVALUATIONS = 4;

/**
 * What both searches have in common: they climb a smooth surrogate from several starting points, and keep
 * the best of the points that they evaluate exactly.
 *
 * @returns κ, and the search: from the map that changes nothing, with the range of the logarithms that
 * walks move in, by walks that `begin` starts.
 */
export function extremeSearch(
  action: string,
  e: Embeddings,
  labels: ArrayLike<number>,
  options: ExtremeOptions,
) {
  const checked = extremeOptions(action, e, labels, options);
  const { condition, goal, measure, neighbors, starts, steps, seed, onProgress } = checked;
  const sign = goal === "best" ? 1 : -1;
  const agreement = ({ B }: Embeddings) =>
    measure === "auc"
      ? sameClusterAuc(cosineSimilarity(B), labels)
      : neighborPrecision(cosineSimilarity(B), labels, neighbors);

  function search<Found extends { embeddings: Embeddings }>(
    identity: Found,
    range: number,
    begin: (start: number, random: () => number, surrogate: LabelSurrogate) => Walk<Found>,
  ): Found & { value: number; before: number } {
    const before = agreement(e);
    let best = { ...identity, value: before, before };
    if (condition === 1) return best;
    const random = seedrandom.alea(seed);
    const surrogate = (measure === "auc" ? aucSurrogate : precisionSurrogate)(random, labels);
    for (let start = 0; start < starts; start++) {
      const walk = begin(start, random, surrogate);
      for (let step = 1; step <= steps; step++) {
        surrogate.draw();
        walk.climb(sign * range * FIRST_STEP * (1 - step / (steps + 1)), step);
        if (step !== steps && step % Math.ceil(steps / EVALUATIONS) !== 0) continue;
        const found = walk.here();
        const value = agreement(found.embeddings);
        if (sign * value > sign * best.value) best = { ...found, value, before };
        onProgress?.(start * steps + step, starts * steps);
      }
    }
    return best;
  }
  return { condition, search };
}

/** Checks the model, the labels and the options, and fills in the defaults. */
function extremeOptions(
  action: string,
  e: Embeddings,
  labels: ArrayLike<number>,
  options: ExtremeOptions,
) {
  assertEmbeddings(action, e);
  assertLabels(action, labels, e.B.rows);
  return checkedOptions(action, options, {
    goal: oneOf(["best", "worst"]),
    condition: finiteCondition,
    measure: oneOf(["auc", "precision"], "auc"),
    neighbors: options?.measure === "precision" ? integer(1, e.B.rows - 1, 10) : anything(10),
    starts: integer(1, Infinity, 5),
    steps: integer(1, Infinity, 120),
    seed: text("cosine-lab"),
    onProgress: callback,
  });
}

/** How well similarities agree with labels, made smooth on a random sample of pairs. */
export interface LabelSurrogate {
  /** The pairs of the sample: item `left[t]` with item `right[t]`. */
  readonly left: Uint32Array;
  readonly right: Uint32Array;
  /** Draws another sample. */
  draw(): void;
  /** The derivative of the agreement by the similarity of each pair, into `slopes`. */
  slopes(similarities: Float64Array, slopes: Float64Array): void;
}

const AUC_PAIRS = 3000;
const ANCHORS = 32;
const CANDIDATES = 400;
/** How far apart cosines are that count as clearly different, by the spread of the sample. */
const SHARPNESS = 0.5;
/** The temperature of a soft neighborhood: about ten of a thousand cosines are within it. */
const TEMPERATURE = 0.05;

/**
 * Smooths {@linkcode sameClusterAuc}: pairs within a cluster are drawn against pairs between
 * clusters, and a sigmoid of the difference of their cosines stands for which of them is larger.
 *
 * @param random A source of uniform numbers in [0, 1).
 * @param labels The cluster of each item.
 */
function aucSurrogate(random: () => number, labels: ArrayLike<number>): LabelSurrogate {
  const p = labels.length;
  const left = new Uint32Array(2 * AUC_PAIRS), right = new Uint32Array(2 * AUC_PAIRS);
  const members = new Map<number, number[]>();
  for (let i = 0; i < p; i++) {
    const list = members.get(labels[i]);
    if (list === undefined) members.set(labels[i], [i]);
    else list.push(i);
  }
  const pick = (size: number) => Math.floor(random() * size);
  // A random item of a cluster of m, taken with the chance of its m − 1 pairs.
  const weights = Float64Array.from(
    { length: p },
    (_, i) => members.get(labels[i])!.length - 1,
  );
  const most = weights.reduce((a, b) => Math.max(a, b), 0);
  return {
    left,
    right,
    draw() {
      for (let t = 0; t < AUC_PAIRS; t++) {
        let i = pick(p);
        while (random() * most >= weights[i]) i = pick(p);
        const own = members.get(labels[i])!;
        let j = own[pick(own.length)];
        while (j === i) j = own[pick(own.length)];
        left[t] = i;
        right[t] = j;
        do {
          i = pick(p);
          j = pick(p);
        } while (labels[i] === labels[j]);
        left[AUC_PAIRS + t] = i;
        right[AUC_PAIRS + t] = j;
      }
    },
    slopes(similarities, slopes) {
      const width = Math.max(SHARPNESS * spread(similarities), 1e-9);
      for (let t = 0; t < AUC_PAIRS; t++) {
        const difference = (similarities[t] - similarities[AUC_PAIRS + t]) / width;
        const sigmoid = 1 / (1 + exp(-difference));
        const slope = sigmoid * (1 - sigmoid) / (width * AUC_PAIRS);
        slopes[t] = slope;
        slopes[AUC_PAIRS + t] = -slope;
      }
    },
  };
}

/**
 * Smooths {@linkcode neighborPrecision}: the share of an item's softmax neighborhood that is in
 * its own cluster, as in neighborhood component analysis (Goldberger et al., 2004).
 *
 * @param random A source of uniform numbers in [0, 1).
 * @param labels The cluster of each item.
 */
function precisionSurrogate(
  random: () => number,
  labels: ArrayLike<number>,
): LabelSurrogate {
  const p = labels.length;
  const candidates = Math.min(CANDIDATES, p - 1);
  const left = new Uint32Array(ANCHORS * candidates), right = new Uint32Array(left.length);
  return {
    left,
    right,
    draw() {
      for (let t = 0; t < left.length; t += candidates) {
        const anchor = Math.floor(random() * p);
        const stride = Math.floor(random() * (p - 1));
        left.fill(anchor, t, t + candidates);
        // A run of the other items from a random place on, with steps that spread it over all.
        const step = Math.max(1, Math.floor((p - 1) / candidates));
        for (let c = 0; c < candidates; c++) {
          right[t + c] = (anchor + 1 + (stride + c * step) % (p - 1)) % p;
        }
      }
    },
    slopes(similarities, slopes) {
      for (let t = 0; t < left.length; t += candidates) {
        let largest = -1;
        for (let c = t; c < t + candidates; c++) largest = Math.max(largest, similarities[c]);
        let total = 0, own = 0;
        for (let c = t; c < t + candidates; c++) {
          slopes[c] = exp((similarities[c] - largest) / TEMPERATURE);
          total += slopes[c];
          if (labels[left[c]] === labels[right[c]]) own += slopes[c];
        }
        const share = own / total;
        for (let c = t; c < t + candidates; c++) {
          const same = labels[left[c]] === labels[right[c]] ? 1 : 0;
          slopes[c] *= (same - share) / (total * TEMPERATURE * ANCHORS);
        }
      }
    },
  };
}

function spread(values: Float64Array): number {
  let sum = 0, squares = 0;
  for (const value of values) {
    sum += value;
    squares += value * value;
  }
  const mean = sum / values.length;
  return Math.sqrt(Math.max(0, squares / values.length - mean * mean));
}
