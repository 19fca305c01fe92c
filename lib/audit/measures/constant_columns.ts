import { type AuditContext, counted, listed, type Measure } from "./measure.ts";

/** Coordinates that say nothing, or what another says. */
interface ConstantColumns {
  /** Coordinates with one value in all rows, counted from 0. */
  constant: number[];
  /** Coordinates that repeat one before them, in all rows of the sample. */
  repeated: number[];
  /** Whether the second half of the coordinates is the first again. */
  halves: boolean;
}

/** Few rows repeat coordinates by chance. */
const LEAST_ROWS = 10;

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
      raised: ({ constant, repeated }) => constant.length + repeated.length > 0,
      headline: ({ constant, repeated, halves }, { dimensions }) =>
        halves
          ? `The second half of the ${dimensions} coordinates is the first again.`
          : `Of the ${dimensions} coordinates, ${
            [
              ...constant.length === 0 ? [] : [`${constant.length} have one value in all rows`],
              ...repeated.length === 0 ? [] : [`${repeated.length} repeat another`],
            ].map((what, i) => `${i === 0 ? "" : "and "}${what}`).join(" ")
          }.`,
      advice: ({ halves }) =>
        halves
          ? "Keep one half of the coordinates: they were joined with themselves."
          : "Leave out coordinates that are constant or repeated: a constant adds the same to all " +
            "dot products, and a repeated one counts twice.",
    },
  },
  sentences({ constant, repeated, halves }, { dimensions }) {
    const named = (columns: number[]) =>
      listed([
        ...columns.slice(0, 5),
        ...(columns.length > 5 ? [`${columns.length - 5} more`] : []),
      ]);
    if (halves) {
      return [`The second half of the ${dimensions} coordinates is the first again.`];
    }
    return [
      ...(constant.length === 0 ? [] : [
        `${counted(constant.length, "coordinate")} of ${dimensions} ${
          constant.length === 1 ? "is" : "are"
        } the same in all rows (${named(constant)}, counted from 0).`,
      ]),
      ...(repeated.length === 0 ? [] : [
        `${counted(repeated.length, "coordinate repeats", "coordinates repeat")} another (${
          named(repeated)
        }, counted from 0).`,
      ]),
    ];
  },
};
