import pl, { type DataFrame } from "nodejs-polars";
import { describe } from "../linalg/describe.ts";

/** Integers as programs write them: without leading zeros, which would be lost, and exact as numbers. */
const INTEGER = /^(0|-?[1-9]\d{0,14})$/;

/**
 * Reads the columns of a CSV or Parquet file.
 *
 * Types of a CSV file are not guessed from its first lines: ids are numbers where all of them are
 * plain integers, and strings otherwise, so that "007" and "7" stay two; values are numbers.
 *
 * @param path A file whose name ends in .csv, .tsv or .parquet.
 * @param columns The names of the columns: `ids` and, if any, `value`.
 * @returns The table, with these columns.
 * @throws {TypeError} If path is no string, or a value of a CSV file no number.
 * @throws {RangeError} If the file has another ending, is not there, or is not what its name says, or a column is unknown.
 */
export function readTable(
  path: string,
  { ids, value }: { ids: readonly string[]; value?: string },
): DataFrame {
  const names = [...new Set(value === undefined ? ids : [...ids, value])];
  const extension = String(path).match(/\.(csv|tsv|parquet)$/i)?.[1].toLowerCase();
  if (typeof path !== "string") {
    throw new TypeError(
      `Cannot read interactions: path must be a string, current value is ${describe(path)}`,
    );
  }
  if (extension === undefined) {
    throw new RangeError(
      "Cannot read interactions: the name of the file must end in .csv, .tsv or .parquet, it is " +
        describe(path),
    );
  }
  const df = parse(path, extension);
  for (const name of names) {
    if (df.columns.includes(name)) continue;
    throw new RangeError(
      `Cannot read interactions: there is no column ${describe(name)} in ${path}, it has ` +
        df.columns.map((column: string) => `"${column}"`).join(", "),
    );
  }
  const table = df.select(...names);
  if (extension === "parquet") return withoutDates(table, ids);
  return pl.DataFrame(Object.fromEntries(names.map((name) => {
    const texts = table.getColumn(name).toArray() as (string | null)[];
    return [name, name === value ? numbers(texts, name, path) : asIds(texts)];
  })));
}

function parse(path: string, extension: string): DataFrame {
  // Polars would say only that there is no such file, and not which.
  try {
    Deno.statSync(path);
  } catch (error) {
    if (!(error instanceof Deno.errors.NotFound)) throw error;
    throw new RangeError(`Cannot read interactions: there is no file ${path}`);
  }
  try {
    if (extension === "parquet") return pl.readParquet(path);
    return pl.readCSV(path, {
      sep: extension === "tsv" ? "\t" : ",",
      inferSchemaLength: 0,
      truncateRaggedLines: false,
    });
  } catch (error) {
    throw new RangeError(
      `Cannot read interactions: ${path} is no ${extension} file (${(error as Error).message})`,
      { cause: error },
    );
  }
}

/** Dates become strings, since of two equal date objects each would be an id of its own. */
function withoutDates(df: DataFrame, ids: readonly string[]): DataFrame {
  const dates = ids.filter((name) => /^(Date|Time)/.test(df.getColumn(name).dtype.variant));
  return dates.length === 0
    ? df
    : df.withColumns(...dates.map((name) => pl.col(name).cast(pl.Utf8)));
}

function asIds(texts: readonly (string | null)[]): readonly (string | number | null)[] {
  return texts.every((text) => text !== null && INTEGER.test(text)) ? texts.map(Number) : texts;
}

function numbers(texts: readonly (string | null)[], name: string, path: string): number[] {
  return texts.map((text, row) => {
    const number = text === null || text.trim() === "" ? NaN : Number(text);
    if (Number.isFinite(number)) return number;
    throw new TypeError(
      `Cannot read interactions: values must be finite numbers, column "${name}" of ${path} has ` +
        `${text === null ? "none" : describe(text)} in row ${row}`,
    );
  });
}
