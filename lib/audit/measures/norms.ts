import { quantiles } from "../../math/mean_and_quantiles.ts";
import { spearman } from "../../similarity/ranks.ts";
import {
  type Measure,
  type NeighborChange,
  type NormSummary,
  percent,
  percentWithin,
} from "./measure.ts";

const STEPS = 30;

/** Summarizes norms that are not zero. */
export function normSummary(norms: Float64Array): NormSummary {
  const positive = norms.filter((norm) => norm > 0);
  const [min, p5, p50, p95, max] = quantiles(positive, [0, 0.05, 0.5, 0.95, 1]);
  let sum = 0, squares = 0;
  for (const norm of positive) sum += norm / max;
  const mean = sum / positive.length;
  for (const norm of positive) squares += (norm / max - mean) ** 2;
  return {
    mean: mean * max,
    min,
    max,
    p5,
    p50,
    p95,
    variation: Math.sqrt(squares / positive.length) / mean,
    unevenness: Math.max(1 - min / max / mean, 1 / mean - 1),
    histogram: histogram(positive, min, max),
  };
}

function histogram(values: Float64Array, min: number, max: number): NormSummary["histogram"] {
  const width = (max - min) / STEPS;
  const counts = new Uint32Array(width > 0 ? STEPS : 1);
  for (const value of values) {
    counts[width > 0 ? Math.min(STEPS - 1, Math.floor((value - min) / width)) : 0]++;
  }
  return Array.from(
    counts,
    (count, i) => ({ from: min + i * width, to: width > 0 ? min + (i + 1) * width : max, count }),
  );
}

/** Norms, which a cosine divides out. */
export const normsMeasure: Measure<
  "norms",
  NormSummary,
  "unit-norm",
  { neighbors: NeighborChange[] }
> = {
  key: "norms",
  section: "vectors",
  measure: ({ scan }) => normSummary(scan.norms),
  thresholds: {
    unitNorm: {
      name: "vectors count as of one norm where norms vary by less than this share of their mean",
      value: 0.01,
      source: "rounding unit vectors to float16 leaves 0.0005, to 8 bits about 0.005",
    },
  },
  flags: {
    "unit-norm": {
      kind: "note",
      means: "all vectors have one length",
      raised: ({ variation }) => variation < normsMeasure.thresholds!.unitNorm.value,
    },
  },
  sentences({ variation }, { neighbors }, flags) {
    if (flags.includes("unit-norm")) {
      return [`All vectors have one norm, to within ${percent(variation)}.`];
    }
    const { overlap, error } = neighbors.find(({ key }) => key === "dot")!;
    return [
      `Norms vary by ${percent(variation)} of their mean; the nearest neighbors by cosine and ` +
      `by dot product have ${percentWithin(overlap, error)} in common.`,
    ];
  },
  numbers: ({ p5, p50, p95, variation }) => [
    ["norms: 5th percentile, median, 95th", p5, p50, p95],
    ["norms: deviation / mean", variation],
  ],
};

/** Spearman's correlation of dot product and cosine over random pairs; 1 where norms are equal. */
export const dotCosineCorrelationMeasure: Measure<"dotCosineCorrelation", number | null> = {
  key: "dotCosineCorrelation",
  section: "vectors",
  measure: ({ dots, cosines }) => correlation(dots, cosines),
};

/**
 * Spearman's rank correlation of two lists; null where one of them is the same throughout, but for
 * the rounding of single precision: the ranks of rounding errors say nothing.
 */
export function correlation(x: ArrayLike<number>, y: ArrayLike<number>): number | null {
  const a = Float64Array.from(x), b = Float64Array.from(y);
  return isConstant(a) || isConstant(b) ? null : spearman(a, b);
}

function isConstant(values: Float64Array): boolean {
  let least = Infinity, most = -Infinity;
  for (const value of values) {
    least = Math.min(least, value);
    most = Math.max(most, value);
  }
  return most - least <= 1e-6 * Math.max(Math.abs(least), Math.abs(most));
}
