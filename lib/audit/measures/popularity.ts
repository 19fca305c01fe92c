import { decimal, type Measure } from "./measure.ts";
import { centeredRanks } from "../../similarity/ranks.ts";
import { correlation } from "./norms.ts";
import type { RowSample } from "../rows.ts";

/** What popularity has to do with norms and neighbors. */
interface PopularityRelation {
  /** Spearman's correlation of norm and popularity, over all items; null where one is the same for all. */
  normCorrelation: number | null;
  /** The mean popularity rank of the nearest neighbors by cosine, 0 (rarest) to 1; 0.5 is chance. */
  cosineNeighbors: number;
  /** The same of the nearest neighbors by dot product. */
  dotNeighbors: number;
}

/** Relates popularity to norms over all items, and to neighbors in the sample. */
function popularityRelation(
  popularity: ArrayLike<number>,
  norms: Float64Array,
  { indices }: RowSample,
  neighbors: { cosine: Uint32Array; dot: Uint32Array },
): PopularityRelation {
  const ranks = centeredRanks(Float64Array.from(indices, (item) => popularity[item]));
  const meanRank = (list: Uint32Array) => {
    let sum = 0;
    for (const row of list) sum += ranks[row];
    return 0.5 + sum / list.length / Math.max(1, ranks.length - 1);
  };
  return {
    normCorrelation: correlation(norms, popularity),
    cosineNeighbors: meanRank(neighbors.cosine),
    dotNeighbors: meanRank(neighbors.dot),
  };
}

/** What norms and neighbors have to do with popularity; null where it was not given. */
export const popularityMeasure: Measure<"popularity", PopularityRelation | null, "popularity"> = {
  key: "popularity",
  section: "vectors",
  measure: ({ options: { popularity }, scan, sample, changed }) =>
    popularity === undefined
      ? null
      : popularityRelation(popularity, scan.norms, sample, changed.lists),
  thresholds: {
    popularity: {
      name: "norms count as going with popularity from this rank correlation on",
      value: 0.3,
      source: "a medium effect by the convention of Cohen (1988)",
    },
  },
  flags: {
    popularity: {
      kind: "note",
      means: "norms follow popularity",
      raised(popularity, { items, zeroRows }) {
        const correlation = Math.abs(popularity?.normCorrelation ?? 0);
        // Beyond what chance gives: its standard error is 1/√(items − 1).
        return correlation >= popularityMeasure.thresholds!.popularity.value &&
          correlation * Math.sqrt(Math.max(1, items - zeroRows - 1)) >= 4;
      },
      advice: () =>
        "Reduce the popularity bias before or while training, not after: standardize the data, " +
        "weight by inverse propensity, or sample negatives by popularity to the power of 3/4.",
    },
  },
  sentences(popularity, _, flags) {
    const correlation = popularity?.normCorrelation;
    if (correlation == null) return [];
    return [
      flags.includes("popularity")
        ? `Norms follow popularity (rank correlation ${
          decimal(correlation)
        }), which cosine ignores.`
        : `Norms and popularity have a rank correlation of ${decimal(correlation)}.`,
    ];
  },
  numbers: (popularity) =>
    popularity === null ? [] : [
      ["norm and popularity", popularity.normCorrelation ?? "none"],
      ["rank of neighbors: cosine, dot", popularity.cosineNeighbors, popularity.dotNeighbors],
    ],
};
