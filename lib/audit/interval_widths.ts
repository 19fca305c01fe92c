import { boundLinear, boundScaling } from "../arbitrariness/attainable_interval.ts";
import { scaledRow } from "../arbitrariness/scaled_row.ts";
import { quantiles } from "./quantiles.ts";
import type { RowSample } from "./sample_rows.ts";

/** How far a bound on D lets cosines move, over random pairs of items. */
export interface IntervalWidths {
  condition: number;
  /** The 5th, 50th and 95th percentile of max − min: see {@linkcode attainableInterval}. */
  width: { p5: number; p50: number; p95: number };
  /** The share of the pairs whose cosine can be given either sign. */
  flippable: number;
  /** The median width over all invertible M with this condition, which no basis is special to. */
  linearMedian: number;
}

/** Computes the attainable intervals of random pairs of rows. */
export function intervalWidths(
  { values, columns: k }: RowSample,
  pairs: Uint32Array,
  conditions: readonly number[],
): IntervalWidths[] {
  const scaled = new Float64Array(values.length);
  for (let at = 0; at < values.length; at += k) {
    scaledRow(values.subarray(at, at + k), scaled, at);
  }
  const interval = new Float64Array(2);
  const widths = new Float64Array(pairs.length / 2), linear = new Float64Array(widths.length);
  return conditions.map((condition) => {
    const scaling = boundScaling(k, condition), any = boundLinear(k, condition);
    let flippable = 0;
    for (let t = 0; t < widths.length; t++) {
      const a = pairs[2 * t] * k, b = pairs[2 * t + 1] * k;
      any(scaled, a, scaled, b, interval);
      linear[t] = interval[1] - interval[0];
      scaling(scaled, a, scaled, b, interval);
      widths[t] = interval[1] - interval[0];
      if (interval[0] < 0 && interval[1] > 0) flippable++;
    }
    const [p5, p50, p95] = quantiles(widths, [0.05, 0.5, 0.95]);
    return {
      condition,
      width: { p5, p50, p95 },
      flippable: flippable / widths.length,
      linearMedian: quantiles(linear, [0.5])[0],
    };
  });
}
