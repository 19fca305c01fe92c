import type { Measure } from "./measure.ts";
import { log2 } from "../../elementary/log2.ts";
import { power } from "../../elementary/power.ts";
import type { EmbeddingRows } from "../embedding_rows.ts";
import { CHUNK, type Estimate, NearestSearch, sharedNeighbors } from "../neighbor_search.ts";
import { rowsAt } from "../rows.ts";
import { decimal, percentWithin } from "../wording.ts";
import { orthogonalMixing } from "./changes.ts";

/** Which items are relevant to which queries: three lists of one length. */
export interface RelevantPairs {
  /** The row of each pair's query. */
  queries: ArrayLike<number>;
  /** The row of its item. */
  items: ArrayLike<number>;
  /** How relevant, above 0; 1 by default. */
  weights?: ArrayLike<number>;
}

/** What queries find by dot product, and what by cosine. */
export interface QueryItems {
  /** How many queries were looked at, of how many. */
  queries: number;
  of: number;
  /** The share of the nearest items by dot product that are among the nearest by cosine. */
  overlap: Estimate;
  /** The same of a cosine of an equally good model, if any M is free: axes stretched up to 2 times. */
  memberOverlap: Estimate | null;
  /** NDCG at `neighbors`; null without pairs. */
  ndcg: { pairs: number; dot: Estimate; cosine: Estimate; member: Estimate | null } | null;
}

/** How many multiplications all items may take. */
const MOST_WORK = 4e9;
const MOST_QUERIES = 1000;
/** How far the member stretches axes. */
const CONDITION = 2;

/** How queries are compared with items. */
export interface QueryOptions {
  neighbors: number;
  /** Whether M is free, so that the cosine of a member is as good as that of the file. */
  free: boolean;
  pairs?: RelevantPairs;
  random: () => number;
}

/**
 * Looks up the items nearest to queries, among all items. A query's dot products with items are the
 * same in every equally good model: qM·(M⁻¹b) = q·b; its cosines are not.
 */
export function queryItems(
  items: EmbeddingRows,
  queries: EmbeddingRows,
  { neighbors, free, pairs, random }: QueryOptions,
): QueryItems {
  const { rows: p, columns: k } = items;
  const relevant = pairs && relevance(pairs);
  const most = Math.min(MOST_QUERIES, Math.max(20, Math.floor(MOST_WORK / (p * k))));
  const chosen = evenly(
    relevant === undefined
      ? Array.from({ length: queries.rows }, (_, row) => row)
      : [...relevant.keys()].sort((a, b) => a - b),
    most,
  );
  const rows = rowsAt(queries, chosen);
  const count = Math.min(neighbors, p);
  const mix = orthogonalMixing(k, random);
  const d = Float64Array.from({ length: k }, () => power(CONDITION, random() - 0.5));
  const inverse = d.map((entry) => 1 / entry);
  const member = (row: Float64Array, scales: Float64Array) => {
    const turned = row.slice();
    mix(turned);
    for (let c = 0; c < k; c++) turned[c] *= scales[c];
    return turned;
  };
  const dot = new NearestSearch(rows, count, "dot");
  const cosine = new NearestSearch(rows, count, "cosine");
  const other = free ? new NearestSearch(rows.map((row) => member(row, d)), count, "cosine") : null;
  for (const { start, rows: size, values } of items.blocks()) {
    for (let from = 0; from < size; from += CHUNK) {
      const part = Array.from(
        { length: Math.min(CHUNK, size - from) },
        (_, i) => Float64Array.from(values.subarray((from + i) * k, (from + i + 1) * k)),
      );
      dot.add(part, start + from);
      cosine.add(part, start + from);
      other?.add(part.map((row) => member(row, inverse)), start + from);
    }
  }
  const score = ({ nearest }: NearestSearch) =>
    estimate(
      chosen.map((query, i) =>
        gradedNdcg(nearest.subarray(i * count, (i + 1) * count), relevant!.get(query)!)
      ),
    );
  return {
    queries: chosen.length,
    of: queries.rows,
    overlap: sharedNeighbors(dot.nearest, cosine.nearest, count),
    memberOverlap: other && sharedNeighbors(dot.nearest, other.nearest, count),
    ndcg: relevant === undefined ? null : {
      pairs: pairs!.queries.length,
      dot: score(dot),
      cosine: score(cosine),
      member: other && score(other),
    },
  };
}

/** The weight of each relevant item, by query. */
function relevance({ queries, items, weights }: RelevantPairs): Map<number, Map<number, number>> {
  const relevant = new Map<number, Map<number, number>>();
  for (let i = 0; i < queries.length; i++) {
    const of = relevant.get(queries[i]) ?? new Map<number, number>();
    of.set(items[i], (of.get(items[i]) ?? 0) + (weights?.[i] ?? 1));
    relevant.set(queries[i], of);
  }
  return relevant;
}

/** NDCG with weights as gains (Järvelin and Kekäläinen, 2002), at the length of the list. */
function gradedNdcg(ranked: Uint32Array, weights: ReadonlyMap<number, number>): number {
  const gain = (gains: number[]) => gains.reduce((sum, weight, i) => sum + weight / log2(i + 2), 0);
  const best = [...weights.values()].sort((a, b) => b - a).slice(0, ranked.length);
  return gain(Array.from(ranked, (item) => weights.get(item) ?? 0)) / gain(best);
}

function estimate(values: readonly number[]): Estimate {
  const value = values.reduce((a, b) => a + b) / values.length;
  const squares = values.reduce((sum, x) => sum + (x - value) ** 2, 0);
  return { value, error: Math.sqrt(squares / Math.max(1, values.length - 1) / values.length) };
}

function evenly(rows: readonly number[], most: number): number[] {
  const count = Math.min(rows.length, most);
  return Array.from({ length: count }, (_, i) => rows[Math.floor(i * rows.length / count)]);
}

/** What queries find; null without. */
export const queriesMeasure: Measure<"queries", QueryItems | null> = {
  key: "queries",
  section: "vectors",
  measure: ({ items, queries, group, options, random }) =>
    queries === null ? null : queryItems(items, queries, {
      neighbors: options.neighbors,
      free: group !== "rotation" && group !== "none" && group !== "sum",
      pairs: options.pairs,
      random: random("queries"),
    }),
  sentences(queries, { sample }) {
    if (queries === null) return [];
    const { overlap, ndcg, memberOverlap } = queries;
    const both = (estimate: { value: number; error: number }) =>
      `${decimal(estimate.value, 3)} (± ${(1.96 * estimate.error).toFixed(3)})`;
    return [
      `Of the ${sample.neighbors} items nearest to a query by dot product, cosine finds ` +
      `${percentWithin(overlap.value, overlap.error)}` +
      (memberOverlap === null
        ? "."
        : `, and that of an equally good model ${
          percentWithin(memberOverlap.value, memberOverlap.error)
        }.`),
      ...(ndcg === null ? [] : [
        `NDCG: ${both(ndcg.dot)} by dot product, ${both(ndcg.cosine)} by cosine` +
        (ndcg.member === null ? "." : `, ${both(ndcg.member)} by that of an equally good model.`),
      ]),
    ];
  },
};
