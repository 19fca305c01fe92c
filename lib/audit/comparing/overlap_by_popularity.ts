import { bootstrapMean } from "../../evaluation/bootstrap.ts";
import { spearman } from "../../similarity/ranks.ts";
import type { ComparisonReport } from "./comparison_report.ts";

const GROUPS = 5;

/**
 * The overlap of neighbors by popularity: rare items are where training has the least to go by.
 *
 * @param overlaps The overlap of each item.
 * @param popularity How popular each is.
 * @returns The rank correlation of both, null where either is the same for all; and groups of items,
 * the least popular first.
 */
export function overlapByPopularity(
  overlaps: Float64Array,
  popularity: Float64Array,
  seed: string,
): NonNullable<ComparisonReport["popularity"]> {
  const varies = (values: Float64Array) => values.some((value) => value !== values[0]);
  const order = Uint32Array.from(popularity, (_, i) => i)
    .sort((i, j) => popularity[i] - popularity[j] || i - j);
  const count = Math.min(GROUPS, order.length);
  const groups = Array.from({ length: count }, (_, g) => {
    const items = order.subarray(
      Math.round(g * order.length / count),
      Math.round((g + 1) * order.length / count),
    );
    return {
      from: popularity[items[0]],
      to: popularity[items[items.length - 1]],
      items: items.length,
      ...bootstrapMean(Array.from(items, (i) => overlaps[i]), { seed: `${seed} popularity ${g}` }),
    };
  });
  const correlation = varies(overlaps) && varies(popularity)
    ? spearman(overlaps, popularity)
    : null;
  return { correlation, groups };
}
