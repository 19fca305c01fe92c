import { log } from "../../math/elementary.ts";
import { quantiles } from "../../math/mean_and_quantiles.ts";
import { centeredRanks, spearman } from "../../similarity/rank_correlation.ts";
import type { RowSample } from "../rows.ts";
import {
  type AuditContext,
  counted,
  decimal,
  firstOf,
  type Integer,
  type Measure,
  type NeighborChange,
  type NormSummary,
  percent,
  percentWithin,
  rounded,
  type RowList,
  rowList,
} from "./measure.ts";

const STEPS = 30;

/** Summarizes norms that are not zero. */
export function normSummary(norms: Float64Array): NormSummary {
  const positive = norms.filter((norm) => norm > 0);
  const [min, p5, p50, p95, max] = quantiles(positive, [0, 0.05, 0.5, 0.95, 1]);
  let sum = 0, squares = 0;
  for (const norm of positive) sum += norm / max;
  const mean = sum / positive.length;
  for (const norm of positive) squares += (norm / max - mean) ** 2;
  return {
    mean: mean * max,
    min,
    max,
    p5,
    p50,
    p95,
    variation: Math.sqrt(squares / positive.length) / mean,
    unevenness: Math.max(1 - min / max / mean, 1 / mean - 1),
    histogram: histogram(positive, min, max),
  };
}

function histogram(values: Float64Array, min: number, max: number): NormSummary["histogram"] {
  const width = (max - min) / STEPS;
  const counts = new Uint32Array(width > 0 ? STEPS : 1);
  for (const value of values) {
    counts[width > 0 ? Math.min(STEPS - 1, Math.floor((value - min) / width)) : 0]++;
  }
  return Array.from(
    counts,
    (count, i) => ({ from: min + i * width, to: width > 0 ? min + (i + 1) * width : max, count }),
  );
}

/** Norms that vary by less than this share of their mean are one. */
const ONE_NORM = 0.01;

/** Norms, which a cosine divides out. */
export const normsMeasure: Measure<
  "norms",
  NormSummary,
  "unit-norm",
  { neighbors: NeighborChange[] }
> = {
  key: "norms",
  section: "vectors",
  measure: ({ scan }) => normSummary(scan.norms),
  flags: {
    "unit-norm": {
      kind: "note",
      means: "all vectors have one length",
      when: `norms vary by less than ${percent(ONE_NORM)} of their mean`,
      threshold: {
        name: "vectors count as of one norm where norms vary by less than this share of their mean",
        value: ONE_NORM,
        source: "rounding unit vectors to float16 leaves 0.0005, to 8 bits about 0.005",
      },
      raised: ({ variation }) => variation < ONE_NORM,
    },
  },
  sentences({ variation }, { neighbors }, flags) {
    if (flags.includes("unit-norm")) {
      return [`All vectors have one norm, to within ${percent(variation)}.`];
    }
    const { overlap, error } = neighbors.find(({ key }) => key === "dot")!;
    return [
      `Norms vary by ${percent(variation)} of their mean; the nearest neighbors by cosine and ` +
      `by dot product have ${percentWithin(overlap, error)} in common.`,
    ];
  },
  numbers: ({ p5, p50, p95, variation }) => [
    ["norms: 5th percentile, median, 95th", p5, p50, p95],
    ["norms: deviation / mean", variation],
  ],
};

/** Spearman's correlation of dot product and cosine over random pairs; 1 where norms are equal. */
export const dotCosineCorrelationMeasure: Measure<"dotCosineCorrelation", number | null> = {
  key: "dotCosineCorrelation",
  section: "vectors",
  measure: ({ dots, cosines }) => correlation(dots, cosines),
};

/**
 * Spearman's rank correlation of two lists; null where one of them is the same throughout, but for
 * the rounding of single precision: the ranks of rounding errors say nothing.
 */
function correlation(x: ArrayLike<number>, y: ArrayLike<number>): number | null {
  const a = Float64Array.from(x), b = Float64Array.from(y);
  return isConstant(a) || isConstant(b) ? null : spearman(a, b);
}

function isConstant(values: Float64Array): boolean {
  let least = Infinity, most = -Infinity;
  for (const value of values) {
    least = Math.min(least, value);
    most = Math.max(most, value);
  }
  return most - least <= 1e-6 * Math.max(Math.abs(least), Math.abs(most));
}

/** Norms in two heaps. */
interface TwoScales {
  /** The median norm of each heap. */
  smaller: number;
  larger: number;
  /** The share of the rows in the smaller of the heaps by count. */
  share: number;
  /** The row from which on the other heap begins, where one row parts them; null otherwise. */
  seam: Integer | null;
  /** The rows of the heap that has fewer. */
  fewer: RowList;
  /** Whether theirs are the smaller norms. */
  fewerSmaller: boolean;
}

/** A heap has this share of the rows at least, and so many. */
const LEAST_SHARE = 0.02, LEAST_ROWS = 5;
/** Heaps are this many times apart, between the nearest of their norms, over the spread of each. */
const GAP = 1.5, FAR = 3;
/** One row parts the heaps where this share of the rows is on the wrong side at most. */
const STRAYS = 0.02;

function twoScales(context: AuditContext): TwoScales | null {
  const { norms } = context.scan;
  const sorted = norms.filter((norm) => norm > 0).sort();
  const n = sorted.length, least = Math.max(LEAST_ROWS, Math.ceil(LEAST_SHARE * n));
  let widest = 1, at = -1;
  for (let i = least; i <= n - least; i++) {
    const gap = sorted[i] / sorted[i - 1];
    if (gap > widest) [widest, at] = [gap, i];
  }
  if (at < 0 || widest < GAP) return null;
  // The gap must be wide beside what each heap has between its own quartiles.
  const middle = (from: number, to: number, share: number) =>
    log(quantiles(sorted.subarray(from, to), [share])[0]);
  const spread = Math.max(
    middle(0, at, 0.75) - middle(0, at, 0.25),
    middle(at, n, 0.75) - middle(at, n, 0.25),
  );
  const between = middle(at, n, 0.5) - middle(0, at, 0.5);
  if (between < FAR * spread) return null;
  const limit = Math.sqrt(sorted[at] * sorted[at - 1]);
  const fewerSmall = at <= n - at;
  const rows: number[] = [];
  norms.forEach((norm, row) => {
    if (norm > 0 && norm < limit === fewerSmall) rows.push(row);
  });
  return {
    smaller: quantiles(sorted.subarray(0, at), [0.5])[0],
    larger: quantiles(sorted.subarray(at), [0.5])[0],
    share: rows.length / n,
    seam: seamOf(norms, limit),
    fewer: rowList(context, rows),
    fewerSmaller: fewerSmall,
  };
}

/** The row with the fewest rows of the wrong heap before and after it; null where they are many. */
function seamOf(norms: Float64Array, limit: number): number | null {
  let small = 0, large = 0;
  for (const norm of norms) norm === 0 ? 0 : norm < limit ? small++ : large++;
  // Strays if the small ones come first, and if the large ones do.
  let first = small, last = large, best = Math.min(first, last), row = 0;
  norms.forEach((norm, i) => {
    if (norm === 0) return;
    if (norm < limit) [first, last] = [first - 1, last + 1];
    else [first, last] = [first + 1, last - 1];
    if (Math.min(first, last) < best) [best, row] = [Math.min(first, last), i + 1];
  });
  return best <= STRAYS * Math.min(small, large) ? row : null;
}

/** The rows of the heap that has fewer, for a sentence: "rows 1500 to 1999", where one row parts them. */
function fewerRows({ fewer, seam }: TwoScales, items: number): string {
  if (seam === null) return `${counted(fewer.count, "row")} (${firstOf(fewer)})`;
  const behind = fewer.rows[fewer.rows.length >> 1] >= seam;
  const [from, to] = behind ? [seam, items - 1] : [0, seam - 1];
  return `${fewer.count === to - from + 1 ? "" : "nearly all of "}rows ${from} to ${to}`;
}

/** Whether norms are in two heaps; null where they are not. */
export const twoScalesMeasure: Measure<"twoScales", TwoScales | null, "two-scales"> = {
  key: "twoScales",
  section: "file",
  measure: twoScales,
  flags: {
    "two-scales": {
      kind: "serious",
      means: "norms of two sizes",
      when: `norms are in two heaps with a gap of ${GAP} times between them`,
      threshold: {
        name: "norms count as in two heaps where between them there is a gap of this ratio",
        value: GAP,
        source: "our choice, and three times the quartiles' distance within a heap",
      },
      raised: (found) => found !== null,
      headline(found, { items }) {
        const { smaller, larger, fewerSmaller } = found!;
        const [own, others] = fewerSmaller ? [smaller, larger] : [larger, smaller];
        return `The vectors are of two sizes: ${fewerRows(found!, items)} have norms around ${
          rounded(own)
        }, the others around ${rounded(others)}.`;
      },
      advice: (found) =>
        `Find out why ${
          percent(found!.share)
        } of the rows have norms of another size: they may come from another model, have been ` +
        "normalized or not been, or never have been trained.",
    },
  },
};

/** A row this many times as long as the median row is an accident. */
const TOO_LONG = 1000;

/** Rows that are far longer than all others. */
export const longRowsMeasure: Measure<"longRows", RowList, "long-rows"> = {
  key: "longRows",
  section: "file",
  measure(context) {
    const { norms } = context.scan;
    const limit = TOO_LONG * quantiles(norms.filter((norm) => norm > 0), [0.5])[0];
    return rowList(context, Array.from(norms.keys()).filter((row) => norms[row] >= limit));
  },
  flags: {
    "long-rows": {
      kind: "serious",
      means: "a few rows outweigh all others",
      when: `a row is ${TOO_LONG.toLocaleString("en")} times as long as the median row, or longer`,
      threshold: {
        name: "rows count as too long from this multiple of the median norm on",
        value: TOO_LONG,
        source: "our choice: norms that follow popularity differ by less than 100",
      },
      raised: ({ count }) => count > 0,
      headline: (long) =>
        `${counted(long.count, "row is", "rows are")} more than ${
          TOO_LONG.toLocaleString("en")
        } times as long as the others (${
          firstOf(long)
        }), and would decide any mean or dot product.`,
      advice: () =>
        "Look at the rows that are too long, and drop them or embed them again: a mean, a whitening " +
        "or a dot product would see little else.",
    },
  },
};

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

/** From this rank correlation on, norms follow popularity. */
const MEDIUM = 0.3;

/** What norms and neighbors have to do with popularity; null where it was not given. */
export const popularityMeasure: Measure<"popularity", PopularityRelation | null, "popularity"> = {
  key: "popularity",
  section: "vectors",
  measure: ({ options: { popularity }, scan, sample, changed }) =>
    popularity === undefined
      ? null
      : popularityRelation(popularity, scan.norms, sample, changed.lists),
  flags: {
    popularity: {
      kind: "note",
      means: "norms follow popularity",
      when: `norms and popularity have a rank correlation of ${MEDIUM} or more, beyond chance`,
      threshold: {
        name: "norms count as going with popularity from this rank correlation on",
        value: MEDIUM,
        source: "a medium effect by the convention of Cohen (1988)",
      },
      raised(popularity, { items, zeroRows }) {
        const correlation = Math.abs(popularity?.normCorrelation ?? 0);
        // Beyond what chance gives: its standard error is 1/√(items − 1).
        return correlation >= MEDIUM &&
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
