import pl, { type DataFrame, type LazyDataFrame, type Series } from "nodejs-polars";
import { type EmbeddingRows, type RowBlock, rowsPerBlock } from "../embedding_rows.ts";
import { InputError } from "../input_error.ts";
import type { ByteSource } from "./byte_source.ts";
import type { EmbeddingFile, FullOpenOptions } from "./embedding_file.ts";
import { finishTable } from "./finish_table.ts";
import { assertColumns, assertMemory } from "./memory_limit.ts";
import { asFinite } from "./open_source.ts";
import { SideCollector } from "./side_collector.ts";
import { type ColumnKind, type TableColumns, tableColumns } from "./table_columns.ts";

const NUMBER = /^DataType\((Float|U?Int)\d+\)$/;
const LIST = /^DataType\((List|FixedSizeList)\(DataType\((Float|U?Int)\d+\)(,\d+)?\)\)$/;

/**
 * Opens an Arrow file, which is the same as Feather of version 2, by polars: a column of lists or
 * arrays, or a column for each coordinate. The columns that are needed are in memory, as polars
 * keeps them, and are read from there in blocks.
 *
 * @throws {InputError} If it cannot be read, vectors differ in length, or an entry is missing.
 */
export function openArrow(
  path: string,
  source: ByteSource,
  options: FullOpenOptions,
): EmbeddingFile {
  const { name } = source;
  try {
    // In a pattern, a character in brackets stands for itself.
    const lazy = pl.scanIPC(path.replaceAll(/[*?[]/g, "[$&]"));
    return asFinite(name, readTable(lazy, source, options));
  } catch (error) {
    if (error instanceof InputError) throw error;
    const reason = error instanceof Error ? error.message.split("\n")[0] : String(error);
    throw new InputError(
      `${name} is no Arrow file that can be read: ${reason.replaceAll(path, name)}`,
      { cause: error },
    );
  }
}

function readTable(
  lazy: LazyDataFrame,
  { name, size }: ByteSource,
  options: FullOpenOptions,
): EmbeddingFile {
  const head = lazy.limit(1).collectSync();
  assertColumns(name, head.width);
  const height = Number(lazy.select(pl.len()).collectSync().toSeries(0).get(0));
  if (height === 0) throw new InputError(`${name} has no rows`);
  const names = head.columns;
  const series = names.map((column) => head.getColumn(column) as Series);
  const columns = tableColumns(name, { names, named: true, kinds: series.map(kindOf) }, options);
  const width = columns.vector === undefined
    ? columns.coordinates.length
    : series[columns.vector].explode().length;
  const wanted = columns.vector === undefined ? columns.coordinates : [columns.vector];
  const single = wanted.every((c) => /Float32|Int(8|16)\)/.test(String(series[c].dtype)));
  const bytes = Math.max(size, height * width * (single ? 4 : 8));
  assertMemory(
    name,
    "reading it at once",
    bytes,
    options.memory,
    "; .npy files are read in blocks",
  );
  const table = lazy.select(
    ...[...wanted, ...columns.side.map(({ index }) => index)].map((c) => pl.col(names[c])),
  ).collectSync();
  return finishTable(name, {
    rows: columns.vector === undefined
      ? columnRows(name, table, columns, single)
      : listRows(name, table, names[columns.vector], width, single),
    columns,
    side: sideColumns(name, table, columns, options),
    format: columns.vector === undefined
      ? "Arrow, a column for each coordinate"
      : "Arrow, vectors in one column",
    dtype: single ? "float32" : "float64",
  }, options);
}

function kindOf(series: Series): ColumnKind {
  const type = String(series.dtype);
  if (NUMBER.test(type)) return "number";
  if (LIST.test(type)) return "vector";
  return /String|Utf8|Categorical|Bool|Date/.test(type) ? "text" : "other";
}

function columnRows(
  name: string,
  table: DataFrame,
  { coordinates, names }: TableColumns,
  single: boolean,
): EmbeddingRows {
  const columns = coordinates.map((c) => floats(table.getColumn(names[c]), single));
  columns.forEach((column, c) => {
    if (column.nullCount() > 0) {
      throw new InputError(
        `${name}, column "${names[coordinates[c]]}": ${column.nullCount()} entries are missing`,
      );
    }
  });
  const rows = table.height, width = columns.length;
  return {
    rows,
    columns: width,
    *blocks(): Generator<RowBlock> {
      for (const [start, count] of runs(rows, width)) {
        const values = new (single ? Float32Array : Float64Array)(count * width);
        columns.forEach((column, c) => {
          const run = column.slice(start, count).toTypedArray() as ArrayLike<number>;
          for (let i = 0; i < count; i++) values[i * width + c] = run[i];
        });
        yield { start, rows: count, values };
      }
    },
  };
}

function listRows(
  name: string,
  table: DataFrame,
  column: string,
  width: number,
  single: boolean,
): EmbeddingRows {
  const lists = (table.getColumn(column) as Series)
    .cast(pl.List(single ? pl.Float32 : pl.Float64));
  assertLengths(name, lists, width);
  const rows = lists.length;
  return {
    rows,
    columns: width,
    *blocks(): Generator<RowBlock> {
      for (const [start, count] of runs(rows, width)) {
        const run = lists.slice(start, count).explode() as Series;
        if (run.nullCount() > 0) {
          throw new InputError(
            `${name}, column "${column}": entries are missing in rows ${start + 1} to ${
              start + count
            }`,
          );
        }
        yield { start, rows: count, values: run.toTypedArray() };
      }
    },
  };
}

function assertLengths(name: string, lists: Series, width: number): void {
  const lengths = pl.DataFrame({ lists }).select(pl.col("lists").lst.lengths())
    .toSeries(0).toArray() as (number | null)[];
  const bad = lengths.findIndex((length) => length !== width);
  if (bad < 0) return;
  throw new InputError(
    `${name}, row ${bad + 1} has ${lengths[bad] ?? 0} entries, row 1 has ${width}`,
  );
}

function sideColumns(
  name: string,
  table: DataFrame,
  { side, maybeIds }: TableColumns,
  { columns: asked, memory }: FullOpenOptions,
): SideCollector["columns"] {
  const collector = new SideCollector(name, memory);
  for (const { name: column } of side) {
    const values = (table.getColumn(column) as Series).toArray() as unknown[];
    const candidate = maybeIds.includes(column) && !asked.includes(column);
    values.forEach((value, i) => {
      const plain = typeof value === "bigint"
        ? Number.isSafeInteger(Number(value)) ? Number(value) : String(value)
        : value instanceof Date
        ? value.toISOString()
        : value;
      if (candidate) collector.addCandidate(column, plain, `row ${i + 1}`);
      else collector.add(column, plain, `row ${i + 1}`);
    });
  }
  return collector.columns;
}

function floats(series: Series, single: boolean): Series {
  return series.cast(single ? pl.Float32 : pl.Float64);
}

function* runs(rows: number, columns: number): Generator<[start: number, count: number]> {
  const size = rowsPerBlock(columns);
  for (let start = 0; start < rows; start += size) yield [start, Math.min(size, rows - start)];
}
