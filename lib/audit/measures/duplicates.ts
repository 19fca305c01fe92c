import { quantiles } from "../../math/mean_and_quantiles.ts";
import { cosine, rowsOf } from "../neighbor_search.ts";
import type { EmbeddingRows } from "../rows.ts";
import {
  type AuditContext,
  counted,
  firstOf,
  type Integer,
  type Measure,
  percent,
  type RowList,
  rowList,
} from "./measure.ts";

/** Ids that several rows have. */
export const repeatedIdsMeasure: Measure<"repeatedIds", RowList | null, "repeated-ids"> = {
  key: "repeatedIds",
  section: "file",
  measure(context) {
    const { ids } = context.options;
    if (ids === undefined) return null;
    const seen = new Set<string>();
    const repeated: number[] = [];
    ids.forEach((id, row) => {
      // Rows without an id repeat nobody's.
      if (id === "") return;
      if (seen.has(String(id))) repeated.push(row);
      else seen.add(String(id));
    });
    return rowList(context, repeated);
  },
  flags: {
    "repeated-ids": {
      kind: "note",
      means: "several rows have one id",
      holdsAnyway: true,
      when: "several rows have one id",
      raised: (found) => found !== null && found.count > 0,
      headline: (found) =>
        `${counted(found!.count, "row has", "rows have")} the id of an earlier row (${
          firstOf(found!)
        }).`,
      advice: () =>
        "Make ids unique, or give each item one row: a lookup by id finds only one of several.",
    },
  },
};

/** From this share on rows that repeat others are no trifle: lists of neighbors are full of them. */
const MANY = 0.1;

/** Rows that are the same to the last bit; rows of zeros are left out. */
interface DuplicateRows {
  /** How many rows are the same as one before them. */
  repeated: Integer;
  /** How many different rows there are. */
  distinct: Integer;
  /** The size of the largest set of equal rows; 1 where there is none. */
  largest: Integer;
  /** The rows of that set, the first of them in the file if several are as large. */
  group: RowList;
  /** The rows that are the same as one before them. */
  copies: RowList;
}

/**
 * Finds the sets of equal rows, each ascending, in the order of their first. Only rows that share
 * their norm with another are read again, and compared by 53 bits of two hashes: that two different
 * rows are taken for equal is not to be expected.
 */
export function equalRows(source: EmbeddingRows, norms: Float64Array): number[][] {
  const shared = sharedNorms(norms);
  if (shared.size === 0) return [];
  const { columns } = source;
  // Of rows without an equal the first place is all that is kept.
  const firsts = new Map<number, number>(), sets = new Map<number, number[]>();
  const bits = new Float64Array(1), words = new Uint32Array(bits.buffer);
  for (const { start, rows, values } of source.blocks()) {
    for (let i = 0; i < rows; i++) {
      if (!shared.has(norms[start + i])) continue;
      let a = 2166136261, b = 5381;
      for (let at = i * columns; at < (i + 1) * columns; at++) {
        // −0 equals 0, with other bits.
        bits[0] = values[at] + 0;
        a = Math.imul(a ^ words[0], 16777619) ^ words[1];
        a = Math.imul(a ^ (a >>> 15), 0x85ebca6b);
        b = Math.imul(b + words[1], 0xcc9e2d51) ^ words[0];
        b = Math.imul(b ^ (b >>> 13), 0x1b873593);
      }
      const key = (a >>> 0) * 0x200000 + (b >>> 11);
      const first = firsts.get(key);
      if (first === undefined) firsts.set(key, start + i);
      else if (sets.has(key)) sets.get(key)!.push(start + i);
      else sets.set(key, [first, start + i]);
    }
  }
  return [...sets.values()].sort((a, b) => a[0] - b[0]);
}

function duplicateRows(context: AuditContext): DuplicateRows {
  const { norms } = context.scan;
  const sets = equalRows(context.items, norms);
  const positive = norms.reduce((count, norm) => norm > 0 ? count + 1 : count, 0);
  const group = sets.reduce((a, b) => b.length > a.length ? b : a, []);
  const copies = Uint32Array.from(sets.flatMap((rows) => rows.slice(1))).sort();
  return {
    repeated: copies.length,
    distinct: positive - copies.length,
    largest: Math.max(1, group.length),
    group: rowList(context, group),
    copies: rowList(context, copies),
  };
}

function sharedNorms(norms: Float64Array): Set<number> {
  const sorted = norms.slice().sort();
  const shared = new Set<number>();
  for (let i = 1; i < sorted.length; i++) {
    if (sorted[i] === sorted[i - 1] && sorted[i] > 0) shared.add(sorted[i]);
  }
  return shared;
}

/** Rows that equal another to the last bit. */
export const duplicatesMeasure: Measure<"duplicates", DuplicateRows, "duplicates"> = {
  key: "duplicates",
  section: "file",
  measure: duplicateRows,
  flags: {
    duplicates: {
      kind: "note",
      means: "rows repeat another exactly",
      holdsAnyway: true,
      when: `a row equals another to the last bit; serious where ${percent(MANY)} of the rows do`,
      raised: ({ repeated }) => repeated > 0,
      serious: ({ repeated, distinct }) => repeated >= MANY * (repeated + distinct),
      headline({ repeated, distinct, largest, group }) {
        const all = (repeated + distinct).toLocaleString("en"), rows = firstOf(group);
        const found = largest - 1 === repeated
          ? `${largest.toLocaleString("en")} of ${all} rows are the same vector (${rows})`
          : `${repeated.toLocaleString("en")} of ${all} rows are exact copies of an earlier one (` +
            `${
              largest > 2 ? `up to ${largest.toLocaleString("en")} are one vector:` : "such as"
            } ${rows})`;
        return `${found}, and a search for one of them finds its copies first.`;
      },
      advice: () =>
        "Find out why rows repeat, and keep one of each where they are of one item. `--json FILE` lists " +
        "the copies, as `duplicates.copies`.",
    },
  },
};

/** Rows whose nearest neighbor is the same but for rounding. */
interface NearDuplicates {
  /** Among how many rows they were looked for. */
  compared: Integer;
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
      when: "a row equals its nearest neighbor but for rounding; serious where " +
        `${percent(MANY)} of the rows do`,
      raised: ({ found }) => found.count > 0,
      serious: ({ share }) => share >= MANY,
      headline: ({ share, compared, found }) =>
        `${percent(share)} of ${
          compared.toLocaleString("en")
        } rows have a neighbor that is the same but for rounding (${firstOf(found)}).`,
      advice: () =>
        "Keep one of the rows that are the same but for rounding: a search returns nearly the same " +
        "vector again and again. `--json FILE` lists them, as `nearDuplicates.found`.",
    },
  },
};
