import type { EmbeddingRows } from "./embedding_rows.ts";
import { rowsInMemory } from "./embedding_rows.ts";
import { InputError } from "./input_error.ts";
import { isNumber, parseCsv } from "./csv_table.ts";
import { npyRows } from "./npy_rows.ts";
import { parquetColumns } from "./parquet_columns.ts";

/** The values of one column that is no coordinate: ids, labels or popularity. */
export type SideColumn = readonly (string | number)[];

/** Embeddings from a file, with the columns beside them that were asked for. */
export interface EmbeddingFile {
  rows: EmbeddingRows;
  /** Of the names asked for, those that the file has as columns. */
  columns: Record<string, SideColumn>;
}

/**
 * Opens embeddings of any origin; rows are items.
 *
 * - `.npy`: a two-dimensional array, read block by block: see {@linkcode npyRows}.
 * - `.csv` and `.tsv`: a column for each coordinate, with or without a header.
 * - `.parquet`: a column for each coordinate, or one column of lists.
 * - `.json`: `[[…], …]`, or `{ "embeddings": [[…], …], "NAME": […] }`.
 *
 * @param path The file.
 * @param names Columns that are no coordinates, where the file has them.
 * @throws {InputError} If the file is not there, is not of these kinds, or holds anything but
 * numbers in a coordinate; row and column are named.
 */
export function openEmbeddings(path: string, names: readonly string[] = []): EmbeddingFile {
  assertFile(path);
  const extension = path.slice(path.lastIndexOf(".") + 1).toLowerCase();
  switch (extension) {
    case "npy":
      return { rows: npyRows(path), columns: {} };
    case "csv":
      return fromText(path, ",", names);
    case "tsv":
      return fromText(path, "\t", names);
    case "json":
      return fromJson(path, names);
    case "parquet":
      return fromColumns(path, parquetColumns(path, names));
    default:
      throw new InputError(
        `${path} must be a .npy, .csv, .tsv, .parquet or .json file, by the end of its name`,
      );
  }
}

/** Throws unless there is a file to be read. */
export function assertFile(path: string): void {
  let isFile: boolean;
  try {
    isFile = Deno.statSync(path).isFile;
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) throw new InputError(`${path} does not exist`);
    if (error instanceof Deno.errors.PermissionDenied) {
      throw new InputError(`${path} may not be read`);
    }
    throw error;
  }
  if (!isFile) throw new InputError(`${path} is no file`);
}

function fromText(path: string, separator: string, names: readonly string[]): EmbeddingFile {
  const table = parseCsv(readText(path), separator, path);
  const width = table.rows[0]?.length ?? table.names?.length ?? 0;
  const all = Array.from({ length: width }, (_, c) => c);
  const side = all.filter((c) => table.names !== null && names.includes(table.names[c]));
  const coordinates = all.filter((c) => !side.includes(c));
  const values = new Float64Array(table.rows.length * coordinates.length);
  table.rows.forEach((row, i) => {
    coordinates.forEach((c, place) => {
      if (!isNumber(row[c])) {
        const name = table.names === null ? `${c + 1}` : `"${table.names[c]}"`;
        throw new InputError(
          `${path}, line ${table.lines[i]}, column ${name}: "${shortened(row[c])}" is no number; ` +
            "columns that are no coordinates must be named, as ids, labels or popularity",
        );
      }
      values[i * coordinates.length + place] = parseNumber(row[c]);
    });
  });
  return {
    rows: rowsInMemory(values, coordinates.length),
    columns: Object.fromEntries(
      side.map((c) => [table.names![c], table.rows.map((row) => row[c])]),
    ),
  };
}

function fromJson(path: string, names: readonly string[]): EmbeddingFile {
  let json: unknown;
  try {
    json = JSON.parse(readText(path));
  } catch (error) {
    if (error instanceof SyntaxError) throw new InputError(`${path} is no JSON: ${error.message}`);
    throw error;
  }
  const record = Array.isArray(json) ? { embeddings: json } : json as Record<string, unknown>;
  const list = record?.embeddings;
  if (!Array.isArray(list)) {
    throw new InputError(`${path} must hold [[…], …] or { "embeddings": [[…], …] }`);
  }
  const columns: Record<string, SideColumn> = {};
  for (const name of names) {
    const column = record[name as keyof typeof record];
    if (Array.isArray(column)) columns[name] = column;
  }
  return fromColumns(path, { vectors: list, columns });
}

/** Reads a text file that fits into one string. */
function readText(path: string): string {
  const { size } = Deno.statSync(path);
  if (size > LONGEST_TEXT) {
    throw new InputError(
      `${path} has ${size} bytes: text beyond ${LONGEST_TEXT} bytes must be saved as .npy`,
    );
  }
  return Deno.readTextFileSync(path);
}

/** V8 has no longer strings. */
const LONGEST_TEXT = 500_000_000;

/** Takes a list of vectors into one array, and checks that they are vectors of one length. */
function fromColumns(
  path: string,
  { vectors, columns }: { vectors: readonly unknown[]; columns: Record<string, SideColumn> },
): EmbeddingFile {
  const length = (vectors[0] as unknown[])?.length ?? 0;
  const values = new Float64Array(vectors.length * length);
  vectors.forEach((vector, i) => {
    if (!Array.isArray(vector) || vector.length !== length) {
      throw new InputError(
        Array.isArray(vector)
          ? `${path}, row ${i + 1} has ${vector.length} entries, row 1 has ${length}`
          : `${path}, row ${i + 1} is no list of numbers`,
      );
    }
    vector.forEach((entry, c) => {
      if (typeof entry !== "number") {
        throw new InputError(
          `${path}, row ${i + 1}, column ${c + 1}: ${
            shortened(JSON.stringify(entry))
          } is no number`,
        );
      }
      values[i * length + c] = entry;
    });
  });
  return { rows: rowsInMemory(values, length), columns };
}

function parseNumber(cell: string): number {
  const value = Number(cell.trim());
  if (!Number.isNaN(value) || /nan/i.test(cell)) return value;
  return cell.trim().startsWith("-") ? -Infinity : Infinity;
}

function shortened(text = "nothing"): string {
  return text.length <= 40 ? text : `${text.slice(0, 40)}…`;
}
