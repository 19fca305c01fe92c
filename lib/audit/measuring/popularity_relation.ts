import type { RowSample } from "../sample_rows.ts";
import { centeredRanks } from "../../similarity/ranks.ts";
import { correlation } from "./correlation.ts";

/** What popularity has to do with norms and neighbors. */
export interface PopularityRelation {
  /** Spearman's correlation of norm and popularity, over all items; null where one is the same for all. */
  normCorrelation: number | null;
  /** The mean popularity rank of the nearest neighbors by cosine, 0 (rarest) to 1; 0.5 is chance. */
  cosineNeighbors: number;
  /** The same of the nearest neighbors by dot product. */
  dotNeighbors: number;
}

/** Relates popularity to norms over all items, and to neighbors in the sample. */
export function popularityRelation(
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
