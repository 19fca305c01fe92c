import { rowArrays } from "../../linalg/matrices.ts";
import { piecewiseProducts, rowsOf, unitRow } from "../neighbor_search.ts";
import {
  type AuditContext,
  decimal,
  idOf,
  type Integer,
  type Measure,
  type NeighborGraph,
  percent,
  rowName,
  rowRange,
} from "./measure.ts";

/** What the order of the rows has to do with their neighbors. */
interface RowOrder {
  /**
   * `"none"`: neighbors are anywhere in the file. `"sorted"`: they stand together, as in a file that
   * is sorted by kind. `"broken"`: at one row nearly all neighborhoods end, and what follows uses
   * other directions, as where two models made the file. `"apart"`: they end at one row, and nothing
   * tells two models from two kinds.
   */
  kind: "none" | "sorted" | "broken" | "apart";
  /**
   * Of the neighbor pairs that would cross a row in a random order, the share that does, where it is
   * least: 1 where order means nothing.
   */
  crossing: number;
  /** The same within the rows before, and within those after; the lesser of the two. */
  crossingWithin: number;
  /**
   * Where it is least: the first row behind, and what the file calls it and the one before; of long
   * files some rows are compared, and it is the first of these.
   */
  seam: { row: Integer; before: string | number; after: string | number } | null;
  /** How many rows were compared, at even distances. */
  compared: Integer;
  /**
   * The correlation of the covariances of both sides: 1 where they use the same directions, 0 where
   * their directions have nothing to do with each other; null where one has none that it prefers.
   */
  shared: number | null;
}

/** On either side of a row there are so many rows of the graph, and this share of them. */
const LEAST_ROWS = 12, LEAST_SHARE = 0.02;
/** With a larger share of crossing pairs everywhere, the rows are in no order. */
const MIXED = 0.5;
/**
 * At a seam at most half as many pairs cross as at any row of either side, less some of chance: 0.01
 * to 0.02 were found at seams, or 0.3 where all vectors share a direction, and 0.15 and more within
 * the sides of sorted files with a seam.
 */
const CHANCE = 0.05;
/**
 * Covariances between these, or within three errors, have nothing to do with each other: two models.
 * Of two kinds they correlate more, or less where kinds avoid each other's directions.
 */
const UNRELATED = { least: -0.25, most: 0.2 };

/** Where the fewest neighbor pairs cross a row, of rows `from` to `to` of the graph. */
function leastCrossing(
  { neighbors, count }: NeighborGraph,
  from: number,
  to: number,
): { crossing: number; at: number } {
  const least = Math.max(LEAST_ROWS, Math.ceil(LEAST_SHARE * (to - from)));
  const starts = new Float64Array(to - from + 1), degree = new Float64Array(to - from);
  let ends = 0;
  for (let i = from; i < to; i++) {
    for (let j = 0; j < count; j++) {
      const other = neighbors[i * count + j];
      if (other < from || other >= to) continue;
      starts[Math.min(i, other) + 1 - from]++;
      starts[Math.max(i, other) + 1 - from]--;
      degree[i - from]++;
      degree[other - from]++;
      ends += 2;
    }
  }
  let best = { crossing: 1, at: from };
  for (let at = 1, open = 0, own = 0; at <= to - from - least; at++) {
    open += starts[at];
    own += degree[at - 1];
    // Rows that are neighbors of many have as many ends.
    const expected = own * (ends - own) / ends;
    if (at < least || !(expected > 0)) continue;
    if (open / expected < best.crossing) best = { crossing: open / expected, at: from + at };
  }
  return best;
}

function rowOrder(context: AuditContext): RowOrder {
  const { graph, sample, options } = context;
  const size = graph.places.length;
  const { crossing, at } = leastCrossing(graph, 0, size);
  const none = {
    kind: "none",
    crossing,
    crossingWithin: crossing,
    seam: null,
    shared: null,
    compared: size,
  } as const;
  if (crossing >= MIXED) return none;
  const within = Math.min(
    leastCrossing(graph, 0, at).crossing,
    leastCrossing(graph, at, size).crossing,
  );
  const row = (place: number) => sample.indices[graph.places[place]];
  const name = (place: number) => idOf(options, row(place));
  const found = {
    crossing,
    crossingWithin: within,
    seam: { row: row(at), before: name(at - 1), after: name(at) },
    compared: size,
  };
  if (crossing > (within - CHANCE) / 2) return { ...found, kind: "sorted", shared: null };
  const all = Array.from(graph.places.keys());
  const shared = sharedDirections(graphProducts(context), all.slice(0, at), all.slice(at));
  if (shared === null) return { ...found, kind: "apart", shared };
  const kind = areUnrelated(shared) ? "broken" : "apart";
  return { ...found, kind, shared: shared.correlation };
}

/** Whether two groups of rows use directions that have nothing to do with each other. */
export const areUnrelated = ({ correlation, error }: { correlation: number; error: number }) =>
  correlation > Math.min(UNRELATED.least, -3 * error) &&
  correlation < Math.max(UNRELATED.most, 2 * error);

/** Whether the file's order shows a seam. */
export const orderMeasure: Measure<"order", RowOrder, "order-break"> = {
  key: "order",
  section: "file",
  measure: rowOrder,
  thresholds: [{
    name:
      "rows count as in no order where of the neighbor pairs that would cross a row in a random " +
      "order at least this share does, at every row",
    value: MIXED,
    source: "our choice: files in random order have 0.85 or more, at a seam of two models 0 to 0.3",
  }],
  flags: {
    "order-break": {
      kind: "fault",
      means: "two models, one after the other",
      when:
        "almost no neighbors lie on both sides of one row, which use unrelated directions: two models",
      threshold: {
        name:
          "two sides of a seam count as of two models where their covariances correlate less than this",
        value: UNRELATED.most,
        source: "random rotations give 0 within 1.4/dimensions, halves of one file 0.5 or more",
      },
      raised: ({ kind }) => kind === "broken",
      headline: ({ seam, crossing, compared }, { items, zeroRows }) =>
        `This file looks like two models in one, and the second begins at ${
          compared < items - zeroRows ? "about " : ""
        }${rowName(seam!.row, seam!.after)}: ${rowRange(0, seam!.row - 1)} and ${
          rowRange(seam!.row, items - 1)
        } are ${crossing < 0.1 ? "almost never" : "rarely"} each other's neighbors, and the ` +
        "two parts do not share a coordinate system.",
      advice: ({ seam }) =>
        `Embed all rows again with one model, and do not compare rows before ${seam!.row} with ` +
        `rows from ${seam!.row} on. A model that was replaced, or a job that stopped halfway, ` +
        "leaves such a file.",
    },
  },
  sentences({ kind, crossing, seam, shared }) {
    if (kind === "none") return [];
    if (kind === "sorted") {
      return [
        "The rows stand in an order: sorted by kind, which is no fault, or several models one after " +
        `the other (of the pairs of neighbors that would cross a row in a random order, ${
          percent(crossing)
        } do where they are fewest).`,
      ];
    }
    const { row, before, after } = seam!;
    const across =
      `Of the pairs of neighbors that would cross ${rowName(row, after)} in a random ` +
      `order, ${percent(crossing)} do`;
    return [
      kind === "broken"
        ? `${across}; the covariances of the two parts correlate by ${
          decimal(shared!)
        }, those of ` +
          `unrelated bases by 0.${
            after === row ? "" : ` The row before is ${before}.`
          } Two sets of ` +
          "items that have nothing in common would look the same: `--labels` that both have, or an " +
          "earlier file and `audit compare`, would tell."
        : `${across}: two kinds of items stand one after the other, or two models. These vectors ` +
          "cannot tell which.",
    ];
  },
};

/** Cosines of some rows, each with each. */
export interface Products {
  cosines: readonly Float64Array[];
  /** How many dimensions the rows span. */
  rank: number;
}

/** Covariances whose preference for some directions is less than this are taken for even. */
const LEAST_STRUCTURE = 0.3;
/** A correlation with a larger error than this cannot be told from 0. */
const MOST_ERROR = 0.25;

/**
 * The correlation of the covariances of two groups of unit rows, of what they prefer: tr(Ĉ₁Ĉ₂) over
 * √(tr Ĉ₁² tr Ĉ₂²), with Ĉ = C − tr(C)/k. Each trace is a mean of squared products of different rows,
 * so that the number of rows does not bias it. Two models whose bases have nothing to do with each
 * other have 0, within about √2/k.
 *
 * @returns The correlation and its standard deviation over random bases; null where it could not be told from 0, or one group prefers nothing.
 */
export function sharedDirections(
  { cosines, rank }: Products,
  one: readonly number[],
  other: readonly number[],
): { correlation: number; error: number } | null {
  const a = moments(cosines, one, one), b = moments(cosines, other, other);
  const cross = moments(cosines, one, other);
  const even = (x: number, y: number) => x * y / rank;
  const first = a.square - even(a.trace, a.trace), second = b.square - even(b.trace, b.trace);
  if (
    first < LEAST_STRUCTURE * even(a.trace, a.trace) ||
    second < LEAST_STRUCTURE * even(b.trace, b.trace)
  ) return null;
  const error = Math.SQRT2 / rank *
    Math.sqrt((1 + a.trace ** 2 / one.length / first) * (1 + b.trace ** 2 / other.length / second));
  if (error > MOST_ERROR) return null;
  return {
    correlation: (cross.square - even(a.trace, b.trace)) / Math.sqrt(first * second),
    error,
  };
}

/** The mean square of the products of centered rows, and of one group the trace of its covariance. */
function moments(
  cosines: readonly Float64Array[],
  one: readonly number[],
  other: readonly number[],
): { square: number; trace: number } {
  const rows = new Float64Array(one.length), columns = new Float64Array(other.length);
  one.forEach((i, a) =>
    other.forEach((j, b) => {
      rows[a] += cosines[i][j] / other.length;
      columns[b] += cosines[i][j] / one.length;
    })
  );
  const mean = rows.reduce((x, y) => x + y) / one.length;
  let square = 0, trace = 0, pairs = 0;
  one.forEach((i, a) =>
    other.forEach((j, b) => {
      const product = cosines[i][j] - rows[a] - columns[b] + mean;
      if (i === j) trace += product / one.length;
      else {
        square += product * product;
        pairs++;
      }
    })
  );
  return { square: square / pairs, trace };
}

/** The cosines of the rows of the graph. */
export function graphProducts(
  { canonical, graph }: Pick<AuditContext, "canonical" | "graph">,
): Products {
  const rows = rowsOf(canonical.values, canonical.rank);
  const unit = Array.from(graph.places, (place) => unitRow(rows[place]));
  return { cosines: rowArrays(piecewiseProducts(unit)), rank: canonical.rank };
}
