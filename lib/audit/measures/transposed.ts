import type { AuditContext, Measure } from "./measure.ts";

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
