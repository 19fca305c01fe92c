import { listed, percent } from "../wording.ts";
import { components } from "./components.ts";
import type { Measure } from "./measure.ts";

/** A group of rows whose nearest neighbors are all within it. */
interface RowGroup {
  /** Its share of the rows that were compared. */
  share: number;
  /** Some of its rows, and what the file calls them. */
  rows: number[];
  ids: (string | number)[];
}

/** Smaller groups are not counted, and this many rows of each are named. */
const LEAST_SHARE = 0.02, NAMED = 5;

/** The groups into which the graph of ten nearest neighbors falls; one in most files. */
export const groupsMeasure: Measure<
  "groups",
  RowGroup[],
  never,
  { order: { kind: string } }
> = {
  key: "groups",
  section: "file",
  measure: ({ graph, sample, options: { ids } }) => {
    const size = graph.places.length;
    return components(graph.neighbors, graph.count, size)
      .filter(({ length }) => length >= LEAST_SHARE * size)
      .map((members) => {
        const rows = members.slice(0, NAMED).map((place) => sample.indices[graph.places[place]]);
        return { share: members.length / size, rows, ids: rows.map((row) => ids?.[row] ?? row) };
      });
  },
  sentences(groups, { order }, flags) {
    if (groups.length < 2 || flags.includes("islands") || order.kind === "broken") return [];
    const named = groups.slice(0, 4).map(({ share, ids }) =>
      `${percent(share)} (${ids.slice(0, 3).join(", ")})`
    );
    return [
      `The rows fall into ${groups.length} groups that have their neighbors to themselves: ` +
      `${
        listed(groups.length > 4 ? [...named, "others"] : named)
      }. These may be kinds of items, or ` +
      "models; `--labels`, or pairs that belong together, would tell.",
    ];
  },
};
