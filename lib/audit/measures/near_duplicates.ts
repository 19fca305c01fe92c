import { cosine, rowsOf } from "../neighbor_search.ts";
import { quantiles } from "../../math/mean_and_quantiles.ts";
import {
  type AuditContext,
  firstOf,
  type Measure,
  percent,
  type RowList,
  rowList,
} from "./measure.ts";

/** Rows whose nearest neighbor is the same but for rounding. */
interface NearDuplicates {
  /** Among how many rows they were looked for. */
  compared: number;
  /** The share of these that have such a neighbor and do not equal it. */
  share: number;
  found: RowList;
}

/** Nearly the same: this cosine, and this share of the distance that neighbors usually have. */
const SAME = 0.9999, NEAR = 0.02;
/** In fewer dimensions rows come that near by chance. */
const LEAST_DIMENSIONS = 5;

function nearDuplicates(context: AuditContext): NearDuplicates {
  const { graph, canonical: { values, rank }, sample } = context;
  const rows = rowsOf(values, rank);
  const of = (i: number, j: number) => cosine(rows[graph.places[i]], rows[graph.places[j]]);
  // 1 − cos is half the squared distance of unit rows.
  const distance = (cosine: number) => Math.sqrt(Math.max(0, 2 - 2 * cosine));
  const { places, neighbors, count } = graph;
  const cosines = Array.from(places, (_, i) => of(i, neighbors[i * count]));
  const usual = quantiles(
    Array.from(places, (_, i) => distance(of(i, neighbors[i * count + count - 1]))),
    [0.5],
  )[0];
  const equal = (i: number, j: number) => {
    const { columns } = sample;
    const [a, b] = [places[i] * columns, places[j] * columns];
    for (let c = 0; c < columns; c++) {
      if (sample.values[a + c] !== sample.values[b + c]) return false;
    }
    return true;
  };
  const found = rank < LEAST_DIMENSIONS
    ? []
    : Array.from(places.keys()).filter((i) =>
      cosines[i] >= SAME && distance(cosines[i]) <= NEAR * usual && !equal(i, neighbors[i * count])
    );
  return {
    compared: places.length,
    share: found.length / places.length,
    found: rowList(context, found.map((i) => sample.indices[places[i]])),
  };
}

/** Rows that another repeats but for rounding. */
export const nearDuplicatesMeasure: Measure<"nearDuplicates", NearDuplicates, "near-duplicates"> = {
  key: "nearDuplicates",
  section: "file",
  measure: nearDuplicates,
  flags: {
    "near-duplicates": {
      kind: "note",
      means: "rows repeat another but for rounding",
      raised: ({ found }) => found.count > 0,
      advice: () =>
        "Remove near duplicates, or count them once: they fill each other's lists of neighbors.",
    },
  },
  sentences: ({ share, compared, found }) =>
    found.count === 0 ? [] : [
      `${percent(share)} of ${
        compared.toLocaleString("en")
      } rows have a neighbor that is the same ` +
      `but for rounding (${firstOf(found)}).`,
    ],
};
