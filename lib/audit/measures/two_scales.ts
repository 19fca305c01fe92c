import { quantiles } from "../../math/mean_and_quantiles.ts";
import { log } from "../../math/elementary.ts";
import {
  type AuditContext,
  firstOf,
  type Measure,
  percent,
  rounded,
  type RowList,
  rowList,
} from "./measure.ts";

/** Norms in two heaps. */
interface TwoScales {
  /** The median norm of each heap. */
  smaller: number;
  larger: number;
  /** The share of the rows in the smaller of the heaps by count. */
  share: number;
  /** The row from which on the other heap begins, where one row parts them; null otherwise. */
  seam: number | null;
  /** The rows of the heap that has fewer. */
  fewer: RowList;
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

/** Whether norms are in two heaps; null where they are not. */
export const twoScalesMeasure: Measure<"twoScales", TwoScales | null, "two-scales"> = {
  key: "twoScales",
  section: "file",
  measure: twoScales,
  thresholds: {
    twoScales: {
      name: "norms count as in two heaps where between them there is a gap of this ratio",
      value: GAP,
      source: "our choice, and three times the quartiles' distance within a heap",
    },
  },
  flags: {
    "two-scales": {
      kind: "serious",
      means: "norms are in two heaps",
      raised: (found) => found !== null,
      headline: (found) =>
        `Norms are in two heaps, about ${rounded(found!.smaller)} and ${rounded(found!.larger)}` +
        `${
          found!.seam === null ? "" : `, and change at row ${found!.seam}`
        }; the heap of fewer rows ` +
        `holds ${percent(found!.share)} of them (${firstOf(found!.fewer)}).`,
      advice: (found) =>
        `Find out why ${
          percent(found!.share)
        } of the rows have another scale: vectors of another ` +
        "model, some normalized and some not, or rows that were never trained.",
    },
  },
};
