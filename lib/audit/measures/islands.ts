import { dot, nearestRows, rowsOf, unitRow } from "../neighbor_search.ts";
import { evenly } from "../rows.ts";
import {
  type AuditContext,
  firstOf,
  idOf,
  type Integer,
  listed,
  type Measure,
  percent,
  type RowList,
  rowList,
} from "./measure.ts";

/** How the items of one label, or those that belong to one query, hold together. */
interface Islands {
  /** How many labels or queries have enough items to tell. */
  labels: Integer;
  /** How many of them fall into two parts that have no neighbors in each other. */
  split: Integer;
  /** The sizes of the parts of each, the larger first, of the first twenty. */
  parts: { larger: Integer; smaller: Integer }[];
  /** The share of the smaller part, over all that fall into two. */
  share: number;
  /** The spread of that share over the labels, over what chance gives: about 1 where all have one share. */
  dispersion: number;
  /** The mean cosine of items of one label in different parts, and of random pairs. */
  across: number;
  random: number;
  /** Whether the parts are those of two models. */
  found: boolean;
  /** The items of the smaller parts, of those that were looked at. */
  smaller: RowList;
}

/** With fewer items a label is not looked at, nor are more of each; and with fewer labels nothing is said. */
const LEAST_ITEMS = 12, MOST_ITEMS = 250, LEAST_LABELS = 3;
/** How many multiplications all labels may take. */
const WORK = 4e8;
/** How many neighbors within a label an item has. */
const NEIGHBORS = 3;
/** The smaller part has this share at least, and both together this. */
const LEAST_PART = 0.05, BOTH = 0.9;
/** So many of the labels must fall into two parts, whose shares spread so far beyond chance at most. */
const MOST_LABELS = 0.6, MOST_DISPERSION = 3;

function islands(context: AuditContext): Islands | null {
  const { canonical, cosines } = context;
  const rows = rowsOf(canonical.values, canonical.rank);
  const random = cosines.reduce((a, b) => a + b) / cosines.length;
  const groups = [...itemsTogether(context)].filter(({ length }) => length >= LEAST_ITEMS)
    .sort((a, b) => b.length - a.length || a[0] - b[0]);
  let work = 0;
  const split: { larger: number[]; smaller: number[] }[] = [];
  const looked: number[] = [];
  let across = 0, pairs = 0;
  for (const all of groups) {
    const items = evenly(all, MOST_ITEMS);
    work += items.length ** 2 * canonical.rank;
    if (work > WORK) break;
    looked.push(items.length);
    const unit = items.map((place) => unitRow(rows[place]));
    const near = nearestRows(unit, unit, NEIGHBORS, "cosine", (i) => i);
    const [larger, smaller = []] = components(near, NEIGHBORS, items.length);
    const both = larger.length + smaller.length;
    if (smaller.length < LEAST_PART * items.length || both < BOTH * items.length) continue;
    split.push({
      larger: larger.map((i) => items[i]),
      smaller: smaller.map((i) => items[i]),
    });
    for (const i of larger) {
      for (const j of smaller) {
        across += dot(unit[i], unit[j]);
        pairs++;
      }
    }
  }
  if (looked.length < LEAST_LABELS) return null;
  const sizes = split.map(({ larger, smaller }) => larger.length + smaller.length);
  const total = sizes.reduce((a, b) => a + b, 0);
  const small = split.reduce((sum, { smaller }) => sum + smaller.length, 0);
  const share = total === 0 ? 0 : small / total;
  const dispersion = split.length < 2 ? 0 : split.reduce(
    (sum, { smaller }, i) =>
      sum + sizes[i] * (smaller.length / sizes[i] - share) ** 2 / (share * (1 - share)),
    0,
  ) / (split.length - 1);
  const mean = pairs === 0 ? 0 : across / pairs;
  // A part of fewer items has neighbors in the other.
  const able = looked.filter((size) => size * share >= 2 * NEIGHBORS).length;
  const found = split.length >= LEAST_LABELS && split.length >= MOST_LABELS * Math.max(able, 1) &&
    dispersion <= MOST_DISPERSION && mean <= Math.max(random, 0.1);
  const places = split.flatMap(({ smaller }) => smaller).sort((a, b) => a - b);
  return {
    labels: looked.length,
    split: split.length,
    parts: split.slice(0, 20).map(({ larger, smaller }) => ({
      larger: larger.length,
      smaller: smaller.length,
    })),
    share,
    dispersion,
    across: mean,
    random,
    found,
    smaller: rowList(context, found ? places.map((place) => context.sample.indices[place]) : []),
  };
}

/** Places in the sample of items of one label; without labels, of those that belong to one query. */
function itemsTogether(
  { options: { labels, pairs }, sample: { indices } }: AuditContext,
): Iterable<number[]> {
  const found = new Map<number, number[]>();
  const add = (key: number, place: number) => {
    const known = found.get(key);
    if (known === undefined) found.set(key, [place]);
    else known.push(place);
  };
  if (labels !== undefined) indices.forEach((item, place) => add(labels[item], place));
  else if (pairs !== undefined) {
    const places = new Map(Array.from(indices, (item, place) => [item, place]));
    for (let i = 0; i < pairs.items.length; i++) {
      const place = places.get(pairs.items[i]);
      if (place !== undefined) add(pairs.queries[i], place);
    }
  }
  return Array.from(found.values(), (group) => [...new Set(group)].sort((a, b) => a - b));
}

/** Whether what belongs together falls into the same parts again and again; null without labels. */
export const islandsMeasure: Measure<"islands", Islands | null, "islands"> = {
  key: "islands",
  section: "file",
  measure: islands,
  flags: {
    islands: {
      kind: "fault",
      means: "two models, mixed",
      when:
        "label after label falls into two parts of the same shares: two models, in any order of rows",
      threshold: {
        name:
          "labels count as of two models where this share of them falls into two parts of the same " +
          "shares",
        value: MOST_LABELS,
        source: "our choice: in healthy files a label is one part, or parts of its own shares",
      },
      raised: (found) => found !== null && found.found,
      headline: (found) =>
        `This file looks like two models in one: within ${
          found!.split === found!.labels ? "each" : `${found!.split}`
        } of ${
          found!.labels
        } labels the rows fall into two parts without neighbors in each other, ` +
        `and the smaller part is always about ${percent(found!.share)}.`,
      advice: () =>
        "Embed all rows again with one model. `--json FILE` lists the rows of the smaller part, as " +
        "`islands.smaller`.",
    },
  },
  sentences(found, _, flags) {
    if (found === null || !flags.includes("islands")) return [];
    const parts = found.parts.slice(0, 4).map(({ larger, smaller }) => `${larger} + ${smaller}`);
    return [
      `The parts have the same shares in label after label: ${
        listed(parts)
      } items. Kinds of items ` +
      "would not.",
    ];
  },
};

/** A group of rows whose nearest neighbors are all within it. */
interface RowGroup {
  /** Its share of the rows that were compared. */
  share: number;
  /** Some of its rows, and what the file calls them. */
  rows: Integer[];
  ids: (string | number)[];
}

/** Smaller groups are not counted, and this many rows of each are named. */
const LEAST_SHARE = 0.02, NAMED = 5;

/** The groups into which the graph of ten nearest neighbors falls; one in most files. */
export const groupsMeasure: Measure<
  "groups",
  RowGroup[],
  never,
  { order: { kind: string }; islands: Islands | null }
> = {
  key: "groups",
  section: "file",
  measure: ({ graph, sample, options }) => {
    const size = graph.places.length;
    return components(graph.neighbors, graph.count, size)
      .filter(({ length }) => length >= LEAST_SHARE * size)
      .map((members) => {
        const rows = members.slice(0, NAMED).map((place) => sample.indices[graph.places[place]]);
        return { share: members.length / size, rows, ids: rows.map((row) => idOf(options, row)) };
      });
  },
  sentences(groups, { order, islands }) {
    // Labels have told, or the order of the rows says as much.
    if (groups.length < 2 || islands !== null || order.kind !== "none") return [];
    const named = groups.slice(0, 3).map(({ share, rows, ids }) =>
      `${percent(share)} (such as ${firstOf({ rows, ids, count: Math.min(2, rows.length) })})`
    );
    return [
      `The rows fall into ${groups.length} groups that have no neighbors in each other: ` +
      `${
        listed(groups.length > 3 ? [...named, "others"] : named)
      }. These may be kinds of items, or ` +
      "several models; `--labels`, or pairs that belong together, would tell.",
    ];
  },
};

/** The connected components of rows that have these neighbors, largest first; each ascending. */
function components(neighbors: ArrayLike<number>, count: number, size: number): number[][] {
  const parent = Int32Array.from({ length: size }, (_, i) => i);
  const root = (i: number) => {
    while (parent[i] !== i) i = parent[i] = parent[parent[i]];
    return i;
  };
  for (let i = 0; i < size; i++) {
    for (let j = 0; j < count; j++) parent[root(i)] = root(neighbors[i * count + j]);
  }
  const found = new Map<number, number[]>();
  for (let i = 0; i < size; i++) {
    const members = found.get(root(i));
    if (members === undefined) found.set(root(i), [i]);
    else members.push(i);
  }
  return [...found.values()].sort((a, b) => b.length - a.length || a[0] - b[0]);
}
