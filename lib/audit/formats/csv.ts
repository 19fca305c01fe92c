import { InputError } from "../../io/program.ts";
import type { ByteSource } from "./byte_source.ts";
import { csvRecords } from "./csv_records.ts";
import { type CsvShape, csvShape, isVector } from "./csv_shape.ts";
import type { FullOpenOptions, ReadFile } from "./embedding_file.ts";
import { parseNumber, quote } from "./parse_number.ts";
import { parseVector } from "./parse_vector.ts";
import { RowStore } from "./row_store.ts";
import { SideCollector } from "./side_collector.ts";
import { tableColumns } from "./table_columns.ts";
import { finishTable } from "./finish_table.ts";

/**
 * Opens a table of text: a column for each coordinate, or one whose cells are vectors, as pgvector,
 * PostgreSQL and pandas write them; with or without a header.
 *
 * @param separators Those that may separate cells; found out where there are several.
 * @throws {InputError} If rows differ in length, or a coordinate is not a number; line and column are
 * named.
 */
export function openCsv(
  source: ByteSource,
  options: FullOpenOptions,
  separators: readonly string[] = [",", ";", "\t", "|"],
): ReadFile {
  const shape = csvShape(source, separators);
  const { separator, names, first } = shape;
  if (first === null) throw new InputError(`${source.name} has no rows`);
  const width = names?.length ?? first.length;
  const columns = tableColumns(source.name, {
    names: names ?? Array.from({ length: width }, (_, c) => `${c + 1}`),
    named: names !== null,
    kinds: Array.from({ length: width }, (_, c) => kindOf(first[c], shape)),
  }, options);
  const side = new SideCollector(source.name, options.memory);
  let store: RowStore | undefined;
  let skip = names === null ? 0 : 1;
  let firstLine = 0;
  for (const { cells, line } of csvRecords(source, separator)) {
    firstLine ||= line;
    if (cells.length !== width) {
      throw new InputError(
        `${source.name}, line ${line} has ${cells.length} cells, line ${firstLine} has ${width}`,
      );
    }
    if (skip-- > 0) continue;
    const vector = columns.vector === undefined
      ? columns.coordinates.map((c) => numberAt(c, cells, line))
      : vectorAt(columns.vector, cells, line);
    store ??= new RowStore(source.name, vector.length, { memory: options.memory, bytes: 8 });
    if (vector.length !== store.columns) {
      throw new InputError(
        `${source.name}, line ${line} has a vector of ${vector.length} entries, the first has ${store.columns}`,
      );
    }
    const { values, at } = store.next();
    values.set(vector, at);
    for (const { index, name } of columns.side) {
      const candidate = columns.maybeIds.includes(name) && !options.columns.includes(name);
      if (candidate) side.addCandidate(name, cells[index], `line ${line}`);
      else side.add(name, cells[index], `line ${line}`);
    }
  }
  return finishTable(source.name, {
    rows: store!.finish(),
    columns,
    side: side.columns,
    format: columns.vector === undefined
      ? "table of text, a column for each coordinate"
      : "table of text, vectors in one column",
    dtype: "text",
  }, options);

  function where(c: number, line: number): string {
    return `${source.name}, line ${line}, column ${names === null ? c + 1 : quote(names[c])}`;
  }

  function numberAt(c: number, cells: string[], line: number): number {
    const value = parseNumber(cells[c], shape.decimalComma);
    if (value !== undefined) return value;
    throw new InputError(
      `${where(c, line)}: ${
        quote(cells[c])
      } is not a number; columns that are no coordinates must be ` +
        "named, as ids, labels or popularity",
    );
  }

  function vectorAt(c: number, cells: string[], line: number): number[] {
    const vector = parseVector(cells[c]);
    if (typeof vector !== "string") return vector;
    throw new InputError(
      vector === "abbreviated"
        ? `${
          where(c, line)
        }: NumPy abbreviated the vector by "...", its entries are lost; save lists, ` +
          "or a .npy file"
        : `${where(c, line)}: ${quote(cells[c])} is not a vector`,
    );
  }
}

function kindOf(cell: string | undefined, { decimalComma }: CsvShape) {
  if (cell !== undefined && isVector(cell)) return "vector";
  return cell !== undefined && cell !== "" && parseNumber(cell, decimalComma) === undefined
    ? "text"
    : "number";
}
