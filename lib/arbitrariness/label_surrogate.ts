import { exp } from "../math/elementary.ts";

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
export function aucSurrogate(random: () => number, labels: ArrayLike<number>): LabelSurrogate {
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
export function precisionSurrogate(
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
