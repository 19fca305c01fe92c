import pl, { type DataFrame } from "nodejs-polars";
import { InputRangeError, InputTypeError } from "../errors.ts";
import { describe } from "../check.ts";

/** Integers as programs write them: without leading zeros, which would be lost, and exact as numbers. */
const INTEGER = /^(0|-?[1-9]\d{0,14})$/;
/** Numbers as programs write them: `0x10` is none, though JavaScript takes it for 16. */
const NUMBER = /^\s*[+-]?(\d+\.?\d*|\.\d+)(e[+-]?\d+)?\s*$/i;

/** The columns of a table of ids and a value. */
interface TableColumns {
  ids: readonly string[];
  value?: string;
  /** What cannot be done where the file is wrong. @default {"read interactions"} */
  action?: string;
  /** Whether a column may have its name in upper or lower case: Snowflake writes upper case. */
  anyCase?: boolean;
}

/**
 * Reads the columns of a CSV or Parquet file.
 *
 * Types of a CSV file are not guessed from its first lines: ids are numbers where all of them are
 * plain integers, and strings otherwise, so that "007" and "7" stay two; values are numbers.
 *
 * @param path A file whose name ends in .csv, .tsv or .parquet.
 * @param columns The names of the columns with ids and, if any, with values.
 * @returns The table, with these columns.
 * @throws {TypeError} If path is not a string, or a value of a CSV file no number.
 * @throws {RangeError} If the file has another ending, is not there, or is not what its name says, or a column is unknown.
 */
export function readTable(
  path: string,
  { ids, value, action = "read interactions", anyCase = false }: TableColumns,
): DataFrame {
  const names = [...new Set(value === undefined ? ids : [...ids, value])];
  const extension = String(path).match(/\.(csv|tsv|parquet)$/i)?.[1].toLowerCase();
  if (typeof path !== "string") {
    throw new InputTypeError(
      `Cannot ${action}: path must be a string, current value is ${describe(path)}`,
    );
  }
  if (extension === undefined) {
    throw new InputRangeError(
      `Cannot ${action}: the name of the file must end in .csv, .tsv or .parquet, it is ` +
        describe(path),
    );
  }
  const parsed = parse(path, extension, action);
  const df = anyCase ? withNames(parsed, names) : parsed;
  for (const name of names) {
    if (df.columns.includes(name)) continue;
    throw new InputRangeError(
      `Cannot ${action}: there is no column ${describe(name)} in ${path}, it has ` +
        df.columns.map((column: string) => `"${column}"`).join(", "),
    );
  }
  const table = df.select(...names);
  if (extension === "parquet") return readable(table, ids, value);
  return pl.DataFrame(Object.fromEntries(names.map((name) => {
    const texts = table.getColumn(name).toArray() as (string | null)[];
    return [
      name,
      name === value
        ? numbers(
          texts,
          `Cannot ${action}: values must be finite numbers, column "${name}" of ${path} has`,
        )
        : asIds(texts),
    ];
  })));
}

/** Gives columns the names that are asked for, where theirs differ in case alone. */
function withNames(df: DataFrame, names: readonly string[]): DataFrame {
  const other = (column: string) =>
    names.find((name) => name.toLowerCase() === column.toLowerCase() && !df.columns.includes(name));
  return df.rename(
    Object.fromEntries(df.columns.map((name: string) => [name, other(name) ?? name])),
  );
}

function parse(path: string, extension: string, action: string): DataFrame {
  // Polars would say only that there is no such file, and not which.
  try {
    Deno.statSync(path);
  } catch (error) {
    if (!(error instanceof Deno.errors.NotFound)) throw error;
    throw new InputRangeError(`Cannot ${action}: ${path} does not exist`);
  }
  try {
    if (extension === "parquet") return pl.readParquet(path);
    return pl.readCSV(path, {
      sep: extension === "tsv" ? "\t" : ",",
      inferSchemaLength: 0,
      truncateRaggedLines: false,
    });
  } catch (error) {
    throw new InputRangeError(
      `Cannot ${action}: ${path} is not a ${extension} file (${(error as Error).message})`,
      { cause: error },
    );
  }
}

/**
 * Casts what JavaScript has no value of its own for: dates (of two equal date objects each would be
 * an id of its own) and integers that a number cannot hold become strings, decimals numbers.
 */
function readable(df: DataFrame, ids: readonly string[], value?: string): DataFrame {
  const texts = ids.filter((name) => {
    const column = df.getColumn(name);
    const { variant } = column.dtype;
    const large = variant === "Int64" && column.toArray().some((id) => !isExact(id));
    return large || /^(Date|Time|Decimal)/.test(variant);
  }).map((name) => pl.col(name).cast(pl.Utf8));
  const decimal = value !== undefined && df.getColumn(value).dtype.variant === "Decimal";
  const casts = decimal ? [...texts, pl.col(value).cast(pl.Float64)] : texts;
  return casts.length === 0 ? df : df.withColumns(...casts);
}

function isExact(id: unknown): boolean {
  return id === null || Number.isSafeInteger(id);
}

function asIds(texts: readonly (string | null)[]): readonly (string | number | null)[] {
  return texts.every((text) => text !== null && INTEGER.test(text)) ? texts.map(Number) : texts;
}

function numbers(texts: readonly (string | null)[], message: string): number[] {
  return texts.map((text, row) => {
    const number = text !== null && NUMBER.test(text) ? Number(text) : NaN;
    if (Number.isFinite(number)) return number;
    throw new InputTypeError(`${message} ${text === null ? "none" : describe(text)} in row ${row}`);
  });
}

/** Throws unless `paths` is the path of a file, or an array of at least one. */
export function assertPaths(
  action: string,
  paths: unknown,
): asserts paths is string | readonly string[] {
  const all: unknown[] = Array.isArray(paths) ? paths : [paths];
  for (const path of all) {
    if (typeof path === "string") continue;
    throw new InputTypeError(
      `Cannot ${action}: paths must be a string or an array of strings, one is ${describe(path)}`,
    );
  }
  if (all.length === 0 || all.includes("")) {
    throw new InputRangeError(`Cannot ${action}: there must be a path`);
  }
}

/** Throws if that many matrices of p x p numbers do not fit into the memory that is free, in bytes. */
export function assertRoom(
  action: string,
  p: number,
  matrices = 1,
  available: number = Deno.systemMemoryInfo().available,
): void {
  const bytes = 8 * p * p * matrices;
  if (bytes <= available) return;
  const gigabytes = (size: number) => (size / 1e9).toFixed(1);
  throw new InputRangeError(
    `Cannot ${action}: a Gram matrix of ${p} items takes ${gigabytes(bytes)} GB, ` +
      `${
        gigabytes(available)
      } GB are free; truncatedSVD of sampled users needs none (docs/scale.md)`,
  );
}
