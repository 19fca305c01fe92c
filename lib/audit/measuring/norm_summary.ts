import { quantiles } from "./quantiles.ts";

/** What the norms of rows look like; rows of zeros are left out. */
export interface NormSummary {
  mean: number;
  min: number;
  max: number;
  p5: number;
  p50: number;
  p95: number;
  /** The standard deviation over the mean. */
  variation: number;
  /** The largest relative distance of a norm from their mean. */
  unevenness: number;
  /** How many norms are in each of thirty steps between the smallest and the largest. */
  histogram: { from: number; to: number; count: number }[];
}

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
