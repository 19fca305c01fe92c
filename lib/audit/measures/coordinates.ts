import { quantiles } from "../../math/mean_and_quantiles.ts";
import { evenly, type RowSample, rowsAt, unitOf } from "../rows.ts";
import {
  type AuditContext,
  counted,
  firstOf,
  type Integer,
  listed,
  type Measure,
  percent,
  type RowList,
  rowList,
} from "./measure.ts";

/** Why a file looks as if its columns were the items. */
type Transposed =
  /** All columns have one norm, as items often have, and the rows do not. */
  | "norms of columns"
  /** There are as many rows as vectors often have dimensions, and columns as they never have. */
  | "shape";

/** Dimensions that embeddings often have. */
const USUAL = new Set([
  ...[16, 25, 32, 50, 64, 96, 100, 128, 150, 192, 200, 256, 300, 320, 384, 400, 512, 640, 768],
  ...[800, 896, 1000, 1024, 1152, 1280, 1408, 1536, 1600, 1792, 2048, 2304, 2560, 3072, 3584],
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
  // Columns of more rows have one norm after z-scores or whitening.
  if (
    columns >= 8 && columns > rows && uneven(columnNorms) < EVEN && uneven(scan.norms) > 20 * EVEN
  ) {
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
      asks: true,
      when: "the columns look like the items",
      raised: (found) => found !== null,
      headline: (found, { items, dimensions }) =>
        `This file may be transposed: it has ${items.toLocaleString("en")} rows of ${
          dimensions.toLocaleString("en")
        } numbers, and ${
          dimensions > MOST_COLUMNS
            ? "no encoder has as many dimensions"
            : found === "shape"
            ? `${items.toLocaleString("en")} is a common embedding size`
            : "its columns have one norm, which its rows do not"
        }.`,
      advice: (_, { items, dimensions }) =>
        `If you have ${dimensions.toLocaleString("en")} items, save the transpose ` +
        "(`np.save('turned.npy', x.T)`) and audit that; if you have " +
        `${items.toLocaleString("en")}, go on.`,
    },
  },
};

/** Rows that end in zeros where others have numbers. */
interface PaddedRows {
  /** With how many zeros they end, beyond those that all rows end with. */
  zeros: Integer;
  found: RowList;
}

/** So many rows, and this share of all, are padded, or are not. */
const LEAST_PADDED = { rows: 5, share: 0.01 };
/** This share of the coordinates, and so many, are zero in them. */
const LEAST_ZEROS = { columns: 2, share: 1 / 16 };
/** Rows with fewer zeros at their end are at most this share of them: in sparse rows they are more. */
const SPARSE = 0.1;
/** At most this share of their other coordinates is zero. */
const OTHER_ZEROS = 0.01;
/** How many of them are read again. */
const READ_AGAIN = 200;

function paddedRows(context: AuditContext): PaddedRows | null {
  const { items, scan: { norms, zeroTails } } = context;
  const counts = new Map<number, number>();
  let present = 0;
  norms.forEach((norm, row) => {
    if (norm === 0) return;
    present++;
    counts.set(zeroTails[row], (counts.get(zeroTails[row]) ?? 0) + 1);
  });
  const usual = Math.min(...counts.keys());
  const least = Math.max(LEAST_PADDED.rows, LEAST_PADDED.share * present);
  const zeros = Math.max(LEAST_ZEROS.columns, LEAST_ZEROS.share * items.columns);
  const [tail, count] = [...counts].filter(([tail]) => tail - usual >= zeros)
    .reduce((a, b) => b[1] > a[1] ? b : a, [0, 0]);
  const shorter = [...counts].reduce(
    (sum, [other, rows]) => other > usual && other < tail ? sum + rows : sum,
    0,
  );
  if (count < least || counts.get(usual)! < least || shorter > SPARSE * count) return null;
  const rows = Array.from(norms.keys()).filter((row) => norms[row] > 0 && zeroTails[row] === tail);
  const read = rowsAt(items, evenly(rows, READ_AGAIN));
  const others = read.reduce(
    (sum, row) => sum + row.subarray(0, items.columns - tail).filter((entry) => entry === 0).length,
    0,
  );
  return others > OTHER_ZEROS * read.length * (items.columns - tail)
    ? null
    : { zeros: tail - usual, found: rowList(context, rows) };
}

/** Vectors of fewer dimensions that were filled up; null where there are none. */
export const paddedRowsMeasure: Measure<"paddedRows", PaddedRows | null, "padded-rows"> = {
  key: "paddedRows",
  section: "file",
  measure: paddedRows,
  flags: {
    "padded-rows": {
      kind: "fault",
      means: "some vectors were filled up with zeros",
      when: `${
        percent(LEAST_PADDED.share)
      } of the rows or more end in zeros where others have numbers`,
      threshold: {
        name: "vectors count as padded where this share of the rows ends in equally many zeros",
        value: LEAST_PADDED.share,
        source: "our choice, and at least 5 rows, nearly without zeros before",
      },
      raised: (found) => found !== null,
      headline: (found) =>
        `${counted(found!.found.count, "row")} (${firstOf(found!.found)}) end in ${
          found!.zeros
        } zeros where others have numbers: these are vectors of fewer dimensions that were filled up.`,
      advice: () =>
        "Embed all rows with one model, at one number of dimensions. Only if that model was trained " +
        "to be cut (Matryoshka), all rows can be cut to the smaller number instead. `--json FILE` " +
        "lists the rows, as `paddedRows.found`.",
    },
  },
};

/** The dimensions that the vectors use. */
interface SpannedDimensions {
  /** How many directions the sample has; no more than its rows. */
  spanned: Integer;
  /** How many rows the sample has. */
  rows: Integer;
  /** How many dimensions there are but those that are constant or repeat another. */
  own: Integer;
}

/** Vectors that span no more than this share of their dimensions have lost most of them. */
const LOST = 0.5;

/** How many dimensions the vectors span. */
export const spanMeasure: Measure<"span", SpannedDimensions, "lost-dimensions"> = {
  key: "span",
  section: "file",
  measure(context) {
    const { canonical: { rank }, sample: { indices, columns } } = context;
    const { constant, repeated } = constantColumns(context);
    return {
      spanned: rank,
      rows: indices.length,
      own: columns - constant.length - repeated.length,
    };
  },
  flags: {
    "lost-dimensions": {
      kind: "serious",
      means: "most dimensions are empty",
      when: `the vectors span ${
        percent(LOST)
      } of their dimensions or fewer, without those of constant-columns`,
      threshold: {
        name: "dimensions count as lost where the vectors span no more than this share of them",
        value: LOST,
        source: "our choice: vectors of a trained model span all or nearly all",
      },
      raised: ({ spanned, rows, own }) => spanned <= LOST * Math.min(own, rows),
      headline: ({ spanned, own }, { dimensions }) =>
        `${
          own === dimensions ? `All ${dimensions}` : `${own} of ${dimensions}`
        } columns vary, but all rows lie in ${
          counted(spanned, "dimension")
        }: the columns are mixtures of ${spanned}.`,
      advice: ({ spanned }) =>
        "Embed a few of the items afresh, and compare the new vectors with their rows. If they differ, " +
        "a later step has reduced them (PCA, a projection): write the file again. If they agree, training " +
        `has collapsed to ${counted(spanned, "dimension")}: train again, or take another model.`,
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
  const unit = unitOf(sample, scan.norms);
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
      holdsAnyway: true,
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
/** From this share on they are all that a cosine sees, and probably no coordinates. */
const ALL = 0.99;
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

/** Whether cosines are made of these columns alone, so that all else that is measured is of them. */
export const areAll = ({ total }: RogueCoordinates) => total >= ALL;

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
      when: `a few coordinates, each ${FAR} times the median, hold ${
        percent(MOST)
      } of the squares of rows of unit length; a fault where they hold ${percent(ALL)}`,
      threshold: {
        name: "few coordinates count as rogue where they hold this share of all squares",
        value: MOST,
        source:
          "our choice, and each ten times the median; compare Timkey and van Schijndel (2021)",
      },
      raised: ({ coordinates }) => coordinates.length > 0,
      fault: areAll,
      headline(found, { dimensions }) {
        const { coordinates, total } = found, one = coordinates.length === 1;
        const columns = `${one ? "Column" : "Columns"} ${listed(coordinates)} (counted from 0)`;
        const share = `${one ? "makes" : "make"} up ${percent(total)}`;
        return areAll(found)
          ? `${columns} ${one ? "is" : "are"} far larger than the others, and ${share} of every ` +
            `cosine: probably no ${
              one ? "coordinate" : "coordinates"
            }, but an id, a norm or a count.`
          : `${columns} ${share} of the cosines; the other ${
            counted(dimensions - coordinates.length, "column")
          } hardly count.`;
      },
      advice: (found) =>
        areAll(found)
          ? `Drop ${found.coordinates.length === 1 ? "it" : "them"}, and audit the rest: ` +
            `\`x = np.delete(x, [${found.coordinates.join(", ")}], axis=1)\` in NumPy. If ` +
            "every column is a coordinate after all, standardize them (`audit fix --correction z-scores`)."
          : "Standardize the columns (`audit fix --correction z-scores`), or drop those that outweigh " +
            "the others, and audit the result.",
    },
  },
};
