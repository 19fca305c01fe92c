import { decimal, type Measure, percent } from "./measure.ts";
import { boundLinear } from "../../arbitrariness/attainable_interval.ts";
import { quantiles } from "../../math/mean_and_quantiles.ts";
import { log } from "../../math/elementary.ts";

/** How far members of the free group can move the cosines of random pairs of items. */
interface AttainableCosines {
  /** How far axes may be stretched against each other. */
  condition: number;
  /** The 5th, 50th and 95th percentile of the largest minus the smallest cosine of a pair. */
  width: { p5: number; p50: number; p95: number };
  /** The share of the pairs whose cosine can be given either sign. */
  flippable: number;
}

/**
 * Bounds each cosine on its own, over all M within a condition: what can be attained depends on the
 * cosine alone, and on no basis. This is the worst case; random members are beside it.
 *
 * @param cosines The cosines of random pairs.
 * @param conditions The bounds.
 * @param effective What a bound comes to: for a sum of both sides a smaller one.
 */
export function attainableCosines(
  cosines: Float64Array,
  conditions: readonly number[],
  effective: (condition: number) => number = (condition) => condition,
): AttainableCosines[] {
  const interval = new Float64Array(2), a = Float64Array.of(1, 0), b = new Float64Array(2);
  return conditions.map((condition) => {
    const bound = boundLinear(2, effective(condition));
    let flippable = 0;
    const widths = cosines.map((cosine) => {
      b[0] = cosine;
      b[1] = Math.sqrt(Math.max(0, 1 - cosine * cosine));
      bound(a, 0, b, 0, interval);
      if (interval[0] < 0 && interval[1] > 0) flippable++;
      return interval[1] - interval[0];
    });
    const [p5, p50, p95] = quantiles(widths, [0.05, 0.5, 0.95]);
    return { condition, width: { p5, p50, p95 }, flippable: flippable / cosines.length };
  });
}

/** How far single cosines can be moved at worst; empty where training leaves them fixed. */
export const attainableMeasure: Measure<"attainable", AttainableCosines[]> = {
  key: "attainable",
  section: "vectors",
  measure({ group, cosines, options }) {
    if (group === "rotation" || group === "none") return [];
    // The sum W + W̃ moves by (D + D⁻¹)/2 at least, which stretches less than D.
    const sum = (condition: number) => (Math.sqrt(condition) + 1 / Math.sqrt(condition)) / 2;
    return attainableCosines(cosines, options.conditions, group === "sum" ? sum : undefined);
  },
  sentences(attainable) {
    if (attainable.length === 0) return [];
    const worst = attainable.reduce((a, b) =>
      Math.abs(log(b.condition / 2)) < Math.abs(log(a.condition / 2)) ? b : a
    );
    return [
      `At worst, taking each pair on its own: half of the cosines can be moved by ` +
      `${decimal(worst.width.p50)} or more (axes stretched up to ${worst.condition} times), and ` +
      `${percent(worst.flippable)} can be given either sign.`,
    ];
  },
};
