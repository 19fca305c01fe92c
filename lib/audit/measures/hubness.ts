import { power } from "../../math/elementary.ts";
import { decimal, type Hubness, type Measure, type NeighborGraph, percent } from "./measure.ts";

/**
 * Measures hubness: the skewness of how often each row is among the nearest neighbors of the others
 * (Radovanović, Nanopoulos and Ivanović, 2010). 0 where all are neighbors equally often.
 */
export function hubness(
  { places, neighbors, count: stride }: NeighborGraph,
  count: number,
): Omit<Hubness, "range"> {
  const size = places.length;
  const occurrences = new Float64Array(size);
  neighbors.forEach((row, at) => {
    if (at % stride < count) occurrences[row]++;
  });
  let second = 0, third = 0;
  for (const occurrence of occurrences) {
    second += (occurrence - count) ** 2 / size;
    third += power(occurrence - count, 3) / size;
  }
  return {
    items: size,
    skewness: second === 0 ? 0 : third / power(second, 1.5),
    largest: Math.max(...occurrences) / size,
  };
}

/** From this skewness on, few items are neighbors of very many. */
const HUBS = 1.4;

/** Items that are neighbors of very many. */
export const hubnessMeasure: Measure<"hubness", Hubness, "hubs"> = {
  key: "hubness",
  section: "vectors",
  measure: ({ changed }) => changed.hubness,
  flags: {
    hubs: {
      kind: "note",
      means: "a few items are neighbors of very many",
      when: `the number of rows that an item is a neighbor of has a skewness of ${HUBS} or more`,
      threshold: {
        name: "few items count as neighbors of very many from this skewness of their counts on",
        value: HUBS,
        source: "Feldbauer and Flexer (2019); chance leaves 0.3 with ten neighbors",
      },
      raised: ({ skewness }) => skewness >= HUBS,
    },
  },
  sentences({ items, largest, skewness, range }, _, flags) {
    if (!flags.includes("hubs")) return [];
    return [
      `A few items are neighbors of very many: one is among the nearest of ${
        percent(largest)
      } of ` +
      `${items.toLocaleString("en")} items (skewness ${decimal(skewness, 1)}` +
      (range === null
        ? ")."
        : `; ${decimal(range.min, 1)} to ${decimal(range.max, 1)} in equally good models).`),
    ];
  },
  numbers: ({ skewness }) => [["hubness (skewness)", skewness]],
};
