import { type Measure, type NeighborChange, percentWithin } from "./measure.ts";
import { columnsOf, rowsOf } from "../neighbor_search.ts";
import type { RowSample } from "../rows.ts";
import type { ChangedRows } from "./neighbors.ts";

/** As many values as 8 bits can tell apart. */
const LEVELS = 256;
/** How many rows or columns are looked at. */
const LOOKED_AT = 64;

/** How numbers were rounded before they were saved, as far as the numbers show it. */
type Quantization =
  /** All entries have 256 values at most. */
  | "one scale"
  /** Each row has a scale of its own. */
  | "a scale for each row"
  /** Each coordinate has a scale of its own. */
  | "a scale for each coordinate";

/** Finds out whether entries have been rounded to 8 bits or fewer; null where they show no sign of it. */
function quantization({ values, columns: k }: RowSample): Quantization | null {
  const m = values.length / k;
  if (values.length >= 8 * LEVELS && distinct(values) <= LEVELS) return "one scale";
  if (k >= 16 && evenRows(rowsOf(values, k))) return "a scale for each row";
  if (m < 4 * LEVELS) return null;
  const columns = columnsOf(rowsOf(values, k)).slice(0, LOOKED_AT).filter((column) =>
    distinct(column) > 1
  );
  const few = columns.length > 0 && columns.every((column) => distinct(column) <= LEVELS);
  return few ? "a scale for each coordinate" : null;
}

/** Whether all entries of a row are whole multiples of a 127th of its largest. */
function evenRows(rows: readonly Float64Array[]): boolean {
  return rows.slice(0, LOOKED_AT).every((row) => {
    const step = row.reduce((most, entry) => Math.max(most, Math.abs(entry)), 0) / 127;
    return row.every((entry) => Math.abs(entry / step - Math.round(entry / step)) < 1e-3);
  });
}

/** How many different values there are; no more than one beyond 256 are counted. */
function distinct(values: Float64Array): number {
  const seen = new Set<number>();
  for (const value of values) {
    seen.add(value);
    if (seen.size > LEVELS) break;
  }
  return seen.size;
}

/** Rounds each coordinate to 256 even steps between its extremes, as FAISS' SQ8 does. */
export function storedIn8Bits({ values, columns: k }: RowSample): ChangedRows {
  const least = new Float64Array(k).fill(Infinity), most = new Float64Array(k).fill(-Infinity);
  values.forEach((entry, at) => {
    least[at % k] = Math.min(least[at % k], entry);
    most[at % k] = Math.max(most[at % k], entry);
  });
  const step = most.map((value, c) => (value - least[c]) / (LEVELS - 1));
  const rounded = values.map((entry, at) => {
    const c = at % k;
    return step[c] === 0 ? entry : least[c] + Math.round((entry - least[c]) / step[c]) * step[c];
  });
  return {
    key: "8-bits",
    change: "stored in 8 bits",
    kind: "storage",
    condition: null,
    values: rounded,
    columns: k,
    measure: "cosine",
  };
}

/** Signs of rounding to 8 bits or fewer; null without. */
export const quantizationMeasure: Measure<
  "quantization",
  Quantization | null,
  "quantized",
  { neighbors: NeighborChange[] }
> = {
  key: "quantization",
  section: "vectors",
  measure: ({ sample }) => quantization(sample),
  flags: {
    quantized: {
      kind: "note",
      means: "numbers were rounded to 8 bits or fewer",
      raised: (found) => found !== null,
    },
  },
  sentences(found, { neighbors }) {
    const { overlap, error } = neighbors.find(({ kind }) => kind === "storage")!;
    return [
      found === null
        ? `In 8 bits, ${percentWithin(overlap, error)} of the nearest neighbors would stay.`
        : `The numbers have been rounded to 8 bits or fewer (${found}): finer differences are gone.`,
    ];
  },
};
