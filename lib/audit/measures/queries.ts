import { gradedNdcg } from "../../evaluation/ndcg.ts";
import type { RelevantPairs } from "../audit_options.ts";
import { decimal, type Integer, type Measure, percent, percentWithin } from "./measure.ts";
import { power } from "../../math/elementary.ts";
import { type EmbeddingRows, evenly, type RowSample, rowsAt } from "../rows.ts";
import {
  CHUNK,
  type Estimate,
  estimate,
  inverseNorm,
  NearestSearch,
  rowsOf,
  sharedNeighbors,
  unitRow,
} from "../neighbor_search.ts";
import { rankAmong } from "../../similarity/same_cluster_auc.ts";
import { sortNumbers } from "../../math/sort_numbers.ts";
import { quantiles } from "../../math/mean_and_quantiles.ts";
import { cutoffOn, nearestMedian } from "./scores.ts";
import { orthogonalMixing } from "./changes.ts";

/** What queries find by dot product, and what by cosine. */
interface QueryItems {
  /** How many queries were looked at, of how many. */
  queries: Integer;
  of: Integer;
  /** The share of the nearest items by dot product that are among the nearest by cosine. */
  overlap: Estimate;
  /** The same of a cosine of an equally good model, if any M is free: axes stretched up to 2 times. */
  memberOverlap: Estimate | null;
  /** NDCG at `neighbors`; null without pairs. */
  ndcg: { pairs: Integer; dot: Estimate; cosine: Estimate; member: Estimate | null } | null;
  /** Whether queries lie apart from the items. */
  apart: QueriesApart;
  /**
   * How answers are spread: the share of the queries whose nearest item by cosine is the most frequent
   * one, and how many items are the nearest of half of the queries.
   */
  answers: { largest: number; half: Integer };
  /**
   * Of the items found by cosine, the score from which on they are taken for relevant, where that is
   * best for F₁ on one half of the queries; and what it gives on the other. Null without pairs.
   */
  cutoff: { value: number; precision: number; recall: number; found: Integer } | null;
}

/** How queries lie among the items. */
interface QueriesApart {
  /**
   * `"direction"`: one direction tells queries from items nearly always, as where a prefix is missing.
   * `"distance"`: queries find nothing nearer than random items are to each other, as where they are of
   * another model. Null where neither holds, or there are too few queries to tell.
   */
  reason: "direction" | "distance" | null;
  /** How often a query is further along the difference of both means than an item; 0.5 is chance. */
  auc: number | null;
  /** The median cosine of a query and its nearest item, and of an item and its nearest in the sample. */
  queryNearest: number;
  itemNearest: number;
}

/** How many multiplications all items may take. */
const MOST_WORK = 4e9;
const MOST_QUERIES = 1000;
/** How far the member stretches axes. */
const CONDITION = 2;

/** How queries are compared with items. */
interface QueryOptions {
  neighbors: number;
  /** Whether M is free, so that the cosine of a member is as good as that of the file. */
  free: boolean;
  pairs?: RelevantPairs;
  /** What queries are compared with: rows of items, and how near items are to each other. */
  sample: RowSample;
  itemNearest: number;
  randomHigh: number;
  random: () => number;
}

/**
 * Looks up the items nearest to queries, among all items. A query's dot products with items are the
 * same in every equally good model: qM·(M⁻¹b) = q·b; its cosines are not.
 */
export function queryItems(
  items: EmbeddingRows,
  queries: EmbeddingRows,
  options: QueryOptions,
): QueryItems {
  const { neighbors, free, pairs, random } = options;
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
  const directions = rows.map(unitRow);
  const cosine = new NearestSearch(directions, count, "cosine");
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
    apart: queriesApart(directions, cosine, options),
    answers: answersOf(cosine.nearest, count),
    cutoff: relevant === undefined ? null : cutoffOf(
      cosines(directions, cosine),
      Array.from(
        cosine.nearest,
        (item, at) => (relevant.get(chosen[Math.floor(at / count)])!.get(item) ?? 0) > 0,
      ),
      count,
    ),
  };
}

/** The cosines of queries and what they found, from a search that left the queries' norms out. */
function cosines(queries: readonly Float64Array[], { best, count }: NearestSearch): Float64Array {
  return best.map((similarity, at) => similarity * inverseNorm(queries[Math.floor(at / count)]));
}

/** Fewer queries say nothing of where queries lie, or of what answers most of them. */
const LEAST_QUERIES = 20;
/** So few items, or so few for each query, are few. */
const FEW_ITEMS = 2, FEW_SHARE = 0.02;
/** From this AUC on one direction tells queries from items. */
const APART = 0.95;

function queriesApart(
  queries: readonly Float64Array[],
  search: NearestSearch,
  { sample, itemNearest, randomHigh }: QueryOptions,
): QueriesApart {
  const first = cosines(queries, search).filter((_, at) => at % search.count === 0);
  const [queryNearest] = quantiles(first, [0.5]);
  const auc = queries.length < LEAST_QUERIES || sample.indices.length < LEAST_QUERIES
    ? null
    : separation(
      queries,
      evenly(rowsOf(sample.values, sample.columns), 1000).map(unitRow),
    );
  const distant = auc !== null && queryNearest < randomHigh && itemNearest > randomHigh;
  const reason = auc !== null && auc >= APART ? "direction" : distant ? "distance" : null;
  return { reason, auc, queryNearest, itemNearest };
}

/** How well the difference of two means, taken of every other row, tells the other rows apart. */
function separation(one: readonly Float64Array[], other: readonly Float64Array[]): number {
  const half = (rows: readonly Float64Array[], odd: number) => rows.filter((_, i) => i % 2 === odd);
  const mean = (rows: readonly Float64Array[]) => {
    const sum = new Float64Array(rows[0].length);
    for (const row of rows) for (let c = 0; c < sum.length; c++) sum[c] += row[c] / rows.length;
    return sum;
  };
  const a = mean(half(one, 0)), b = mean(half(other, 0));
  const along = (row: Float64Array) => row.reduce((sum, x, c) => sum + x * (a[c] - b[c]), 0);
  const first = half(one, 1).map(along), second = half(other, 1).map(along);
  const twiceRank = rankAmong(sortNumbers(Float64Array.from(second)));
  const won = first.reduce((sum, x) => sum + twiceRank(x), 0) / 2;
  return won / first.length / second.length;
}

function answersOf(nearest: Uint32Array, count: number): QueryItems["answers"] {
  const counts = new Map<number, number>();
  for (let at = 0; at < nearest.length; at += count) {
    counts.set(nearest[at], (counts.get(nearest[at]) ?? 0) + 1);
  }
  const sorted = [...counts.values()].sort((a, b) => b - a), queries = nearest.length / count;
  let half = 0;
  for (let answered = 0; 2 * answered < queries; half++) answered += sorted[half];
  return { largest: sorted[0] / queries, half };
}

/** Chooses a cutoff on the queries at even places, and reports on the others. */
function cutoffOf(
  scores: Float64Array,
  relevant: readonly boolean[],
  count: number,
): QueryItems["cutoff"] {
  const half = (odd: number) => {
    const at = Array.from(scores.keys()).filter((at) => Math.floor(at / count) % 2 === odd);
    return { cosines: Float64Array.from(at, (i) => scores[i]), same: at.map((i) => relevant[i]) };
  };
  return cutoffOn(half(0), half(1));
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

/** What queries find; null without. */
export const queriesMeasure: Measure<
  "queries",
  QueryItems | null,
  "queries-apart" | "few-answers"
> = {
  key: "queries",
  section: "vectors",
  measure: ({ items, queries, group, options, random, sample, cosines, changed }) =>
    queries === null ? null : queryItems(items, queries, {
      neighbors: options.neighbors,
      free: group !== "rotation" && group !== "none" && group !== "sum",
      pairs: options.pairs,
      sample,
      itemNearest: nearestMedian(sample, changed),
      randomHigh: quantiles(cosines, [0.95])[0],
      random: random("queries"),
    }),
  flags: {
    "queries-apart": {
      kind: "note",
      means: "queries lie apart from the items",
      when:
        `one direction tells queries from items (AUC ${APART} or more), or queries find nothing ` +
        "nearer than random items are to each other",
      raised: (queries) => queries !== null && queries.apart.reason !== null,
      headline(queries) {
        const { reason, queryNearest, itemNearest, auc } = queries!.apart;
        return "Queries lie apart from the items: " +
          (reason === "distance"
            ? `the nearest item of a query has a cosine of ${
              decimal(queryNearest)
            } in the median, ` +
              `that of an item ${decimal(itemNearest)}, and random items come as near.`
            : `along one direction, a query can be told from an item in ${
              percent(auc!)
            } of the cases.`);
      },
      advice: () =>
        "Check that queries and items come from one model, with the prefixes that it wants: many " +
        "encoders want one for queries and another for documents.",
    },
    "few-answers": {
      kind: "note",
      means: "a few items answer most queries",
      when: `half of the queries have one of ${FEW_ITEMS} items (or of as many as ` +
        `${percent(FEW_SHARE)} of the queries) as their nearest`,
      raised: (queries) =>
        queries !== null && queries.queries >= LEAST_QUERIES &&
        queries.answers.half <= Math.max(FEW_ITEMS, FEW_SHARE * queries.queries),
      headline(queries) {
        const { half, largest } = queries!.answers;
        return `A few items answer most queries: ${
          half === 1 ? "one item is" : `${half} items are the nearest of half of them, of these one`
        } the nearest of ${percent(largest)}.`;
      },
      advice: () =>
        "Look at the items that answer most queries: empty or very short texts, boilerplate, or hubs.",
    },
  },
  sentences(queries, { sample }) {
    if (queries === null) return [];
    const { overlap, ndcg, memberOverlap, cutoff } = queries;
    const both = (estimate: { value: number; error: number }) =>
      `${decimal(estimate.value, 3)} (± ${(1.96 * estimate.error).toFixed(3)})`;
    return [
      ...(cutoff === null ? [] : [
        `Of what queries find at a cosine of ${decimal(cutoff.value)} or more, ` +
        `${
          percent(cutoff.precision)
        } is relevant: the cutoff was chosen on one half of the queries, ` +
        "this number is of the other.",
      ]),
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
