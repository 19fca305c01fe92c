import { quantiles } from "../../math/mean_and_quantiles.ts";
import type { RowSample } from "../rows.ts";
import {
  type AuditContext,
  counted,
  type Integer,
  listed,
  type Measure,
  percent,
} from "./measure.ts";

/** Why a file looks as if its columns were the items. */
type Transposed =
  /** All columns have one norm, as items often have, and the rows do not. */
  | "norms of columns"
  /** There are as many rows as vectors often have dimensions, and columns as they never have. */
  | "shape";

/** Dimensions that embeddings often have. */
const USUAL = new Set([
  ...[25, 50, 64, 96, 100, 128, 150, 192, 200, 256, 300, 320, 384, 400, 512, 600, 640, 700, 768],
  ...[800, 896, 900, 1000, 1024, 1152, 1280, 1408, 1536, 1600, 1792, 2048, 2304, 2560, 3072, 3584],
  ...[4096, 5120, 8192],
]);
/** Columns count as of one norm where these vary by less than this share of their mean. */
const EVEN = 1e-3;
/** More columns than that no encoder has. */
const MOST_COLUMNS = 20_000;

function transposed({ items, scan }: AuditContext): Transposed | null {
  const { rows, columns } = items;
  const columnNorms = scan.columnSquares.map(Math.sqrt);
  const uneven = (norms: Float64Array) => {
    const mean = norms.reduce((a, b) => a + b) / norms.length;
    const squares = norms.reduce((sum, norm) => sum + (norm - mean) ** 2, 0) / norms.length;
    return mean === 0 ? Infinity : Math.sqrt(squares) / mean;
  };
  if (columns >= 8 && uneven(columnNorms) < EVEN && uneven(scan.norms) > 20 * EVEN) {
    return "norms of columns";
  }
  const usual = USUAL.has(rows) && !USUAL.has(columns) && columns % 32 !== 0 && columns >= 2 * rows;
  return usual || columns > MOST_COLUMNS && columns > 2 * rows ? "shape" : null;
}

/** Whether the file's columns look like its items. */
export const transposedMeasure: Measure<"transposed", Transposed | null, "transposed"> = {
  key: "transposed",
  section: "file",
  measure: transposed,
  flags: {
    transposed: {
      kind: "serious",
      means: "the columns may be the items",
      when: "the columns look like the items",
      raised: (found) => found !== null,
      headline: (found, { items, dimensions }) =>
        `This file may be transposed: it has ${items.toLocaleString("en")} rows of ${
          dimensions.toLocaleString("en")
        } numbers, and ${
          dimensions > MOST_COLUMNS
            ? "no encoder has as many dimensions"
            : found === "shape"
            ? `${items.toLocaleString("en")} is how many dimensions embeddings often have`
            : "its columns have one norm, which its rows do not"
        }.`,
      advice: (_, { items, dimensions }) =>
        `If you have ${dimensions.toLocaleString("en")} items, save the transpose ` +
        "(`np.save('turned.npy', x.T)`) and audit that; if you have " +
        `${items.toLocaleString("en")}, go on.`,
    },
  },
};

/** Coordinates that say nothing, or what another says. */
interface ConstantColumns {
  /** Coordinates with one value in all rows, counted from 0. */
  constant: Integer[];
  /** Coordinates that repeat one before them, in all rows of the sample. */
  repeated: Integer[];
  /** Whether the second half of the coordinates is the first again. */
  halves: boolean;
}

/** Few rows repeat coordinates by chance. */
const LEAST_ROWS = 10;
/** How many coordinates a sentence names. */
const SAID = 5;

function constantColumns({ sample, scan, items }: AuditContext): ConstantColumns {
  const { values, columns: k, indices } = sample, m = indices.length;
  if (m < LEAST_ROWS) return { constant: [], repeated: [], halves: false };
  // The unit of the sample: all its entries are those of the file over this.
  let squares = 0;
  for (let c = 0; c < k; c++) squares += values[c] ** 2;
  const unit = scan.norms[indices[0]] / Math.sqrt(squares);
  const constant: number[] = [], repeated: number[] = [];
  const seen = new Map<string, number[]>();
  const same = (c: number, d: number) => {
    for (let at = 0; at < values.length; at += k) {
      if (values[at + c] !== values[at + d]) return false;
    }
    return true;
  };
  const isConstant = (c: number) => {
    const first = values[c];
    for (let at = c; at < values.length; at += k) if (values[at] !== first) return false;
    // The sum of the squares of all rows tells of those that are not in the sample.
    const expected = (items.rows - scan.zeroRows) * (first * unit) ** 2;
    return Math.abs(scan.columnSquares[c] - expected) <= 1e-6 * expected;
  };
  for (let c = 0; c < k; c++) {
    if (isConstant(c)) {
      constant.push(c);
      continue;
    }
    const key = Array.from({ length: 8 }, (_, i) => values[Math.floor(i * m / 8) * k + c]).join();
    const candidates = seen.get(key) ?? [];
    if (candidates.some((d) => same(c, d))) repeated.push(c);
    else seen.set(key, [...candidates, c]);
  }
  const half = k >> 1;
  const halves = k % 2 === 0 && k >= 4 && constant.length < k &&
    Array.from({ length: half }, (_, c) => c).every((c) => same(c, c + half));
  return { constant, repeated, halves };
}

/** Coordinates without a word of their own: padding, or two halves that are one. */
export const constantColumnsMeasure: Measure<
  "constantColumns",
  ConstantColumns,
  "constant-columns"
> = {
  key: "constantColumns",
  section: "file",
  measure: constantColumns,
  flags: {
    "constant-columns": {
      kind: "note",
      means: "columns are constant or repeat others",
      when: "coordinates are constant, or repeat others",
      raised: ({ constant, repeated }) => constant.length + repeated.length > 0,
      headline({ constant, repeated, halves }, { dimensions }) {
        if (halves) return `The second half of the ${dimensions} coordinates repeats the first.`;
        const named = (columns: readonly number[]) =>
          listed([
            ...columns.slice(0, SAID),
            ...columns.length > SAID ? [`${columns.length - SAID} more`] : [],
          ]);
        return `Of the ${dimensions} coordinates, ${
          [
            ...constant.length === 0 ? [] : [
              `${counted(constant.length, "has", "have")} one value in all rows (${
                named(constant)
              })`,
            ],
            ...repeated.length === 0 ? [] : [
              `${counted(repeated.length, "repeats", "repeat")} another (${named(repeated)})`,
            ],
          ].join(", and ")
        }; they are counted from 0.`;
      },
      advice: ({ halves }) =>
        halves
          ? "Keep one half of the coordinates: they were joined with themselves."
          : "Leave out coordinates that are constant or repeated: a constant adds the same to all " +
            "dot products, and a repeated one counts twice.",
    },
  },
};

/** The few coordinates that hold most of what cosines are made of (Timkey and van Schijndel, 2021). */
interface RogueCoordinates {
  /** Which they are, counted from 0, the largest first; none where no few of them dominate. */
  coordinates: Integer[];
  /** The share of each in the squares of rows of unit length. */
  shares: number[];
  /** What they hold together. */
  total: number;
}

/** A coordinate is far from the others from this multiple of their median on. */
const FAR = 10;
/** They must hold this share together. */
const MOST = 0.5;
/** In fewer dimensions a few coordinates are all there is. */
const LEAST_DIMENSIONS = 8;

/** Looks for them, in the coordinates of the file: a rotation would spread them over all. */
export function rogueCoordinates({ values, columns: k }: RowSample): RogueCoordinates {
  const none = { coordinates: [], shares: [], total: 0 };
  if (k < LEAST_DIMENSIONS) return none;
  const shares = coordinateShares(values, k);
  const used = shares.filter((share) => share > 0);
  const [median] = quantiles(used, [0.5]);
  const order = Array.from(shares.keys()).sort((a, b) => shares[b] - shares[a] || a - b);
  const coordinates = order.slice(0, Math.max(3, Math.floor(k / 10)))
    .filter((c) => shares[c] >= FAR * median);
  const total = coordinates.reduce((sum, c) => sum + shares[c], 0);
  return total < MOST
    ? none
    : { coordinates, shares: coordinates.map((c) => shares[c]), total: Math.min(1, total) };
}

/** The share of each coordinate in the squares of rows that were brought to unit length. */
function coordinateShares(values: Float64Array, k: number): Float64Array {
  const m = values.length / k;
  const shares = new Float64Array(k);
  for (let start = 0; start < values.length; start += k) {
    let squares = 0;
    for (let c = 0; c < k; c++) squares += values[start + c] ** 2;
    for (let c = 0; c < k; c++) shares[c] += values[start + c] ** 2 / squares / m;
  }
  return shares;
}

/** Few coordinates that hold most of each vector. */
export const rogueCoordinatesMeasure: Measure<
  "rogueCoordinates",
  RogueCoordinates,
  "rogue-dimensions"
> = {
  key: "rogueCoordinates",
  section: "vectors",
  measure: ({ sample }) => rogueCoordinates(sample),
  flags: {
    "rogue-dimensions": {
      kind: "serious",
      means: "a few columns outweigh all others",
      when:
        `a few coordinates, each ${FAR} times the median, hold ${
          percent(MOST)
        } of the squares of ` +
        "rows of unit length",
      threshold: {
        name: "few coordinates count as rogue where they hold this share of all squares",
        value: MOST,
        source:
          "our choice, and each ten times the median; compare Timkey and van Schijndel (2021)",
      },
      raised: ({ coordinates }) => coordinates.length > 0,
      headline: ({ coordinates, total }, { dimensions }) =>
        `${coordinates.length === 1 ? "Column" : "Columns"} ${
          listed(coordinates)
        } (counted from 0) ${coordinates.length === 1 ? "makes" : "make"} up ${
          percent(total)
        } of the cosines; the other ${
          counted(dimensions - coordinates.length, "column")
        } hardly count.`,
      advice: () =>
        "Standardize the columns (`audit fix --correction z-scores`), or drop those that outweigh " +
        "the others, and audit the result.",
    },
  },
};
