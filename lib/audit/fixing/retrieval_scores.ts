import { log2 } from "../../elementary/log2.ts";
import { nearestByCosine } from "../neighbor_search.ts";
import type { RetrievalTask } from "./evidence.ts";

/**
 * How well the nearest neighbors by cosine are what queries should find: NDCG, query by query, between
 * 0 and 1. A neighbor at rank r counts its worth over log₂(r + 1), as a share of the best order's sum.
 *
 * @param rows The vectors of the gallery.
 * @param neighbors How many nearest neighbors count.
 */
export function retrievalScores(
  rows: readonly Float64Array[],
  { queries, relevant }: RetrievalTask,
  neighbors: number,
): Float64Array {
  const near = nearestByCosine(rows, queries, Math.min(neighbors, rows.length - 1));
  return Float64Array.from(near, (found, i) => {
    const best = [...relevant[i].values()].sort((a, b) => b - a).slice(0, found.length);
    return gain(Array.from(found, (place) => relevant[i].get(place) ?? 0)) / gain(best);
  });
}

const gain = (worth: readonly number[]) =>
  worth.reduce((sum, value, rank) => sum + value / log2(rank + 2), 0);
