import { resolve } from "node:path";
import { type DuckDBConnection, DuckDBInstance } from "@duckdb/node-api";
import { InputError } from "../../io/program.ts";
import { bytesAt, type ByteSource } from "./byte_source.ts";
import type { EmbeddingFile, FullOpenOptions, ReadFile } from "./embedding_file.ts";
import { exactRows } from "./exact_rows.ts";
import { finishTable } from "./finish_table.ts";
import { type FlatVector, flatVector } from "./flat_vector.ts";
import { assertColumns } from "./memory_limit.ts";
import { asFinite } from "./open_source.ts";
import { RowStore } from "./row_store.ts";
import { SideCollector } from "./side_collector.ts";
import { type ColumnKind, tableColumns } from "./table_columns.ts";
import { isVector } from "./csv_shape.ts";

const NUMBER = /^(FLOAT|DOUBLE|DECIMAL\(.*\)|U?(TINY|SMALL|BIG|HUGE)?INT(EGER)?)$/;
/** A longer list of columns and pieces is not a table of embeddings. */
const LONGEST_FOOTER = 50_000_000;

/**
 * Opens a Parquet file by DuckDB: a column of lists, arrays or text like "[0.1, 0.2]", or a column
 * for each coordinate. Its rows are taken into memory, as float32 where they are stored so.
 *
 * @throws {InputError} If it cannot be read, vectors differ in length, or an entry is missing.
 */
export async function openParquet(
  path: string,
  source: ByteSource,
  options: FullOpenOptions,
): Promise<EmbeddingFile> {
  assertFooter(source);
  const instance = await DuckDBInstance.create(":memory:", {
    memory_limit: `${Math.ceil(options.memory)}MB`,
    temp_directory: "",
    autoinstall_known_extensions: "false",
    autoload_known_extensions: "false",
  });
  const connection = await instance.connect();
  try {
    return asFinite(source.name, await readTable(connection, path, source.name, options));
  } catch (error) {
    if (error instanceof InputError) throw error;
    const reason = (error as Error).message.split("\n")[0].replaceAll(resolve(path), source.name);
    throw new InputError(`${source.name} is not a .parquet file that can be read: ${reason}`, {
      cause: error,
    });
  } finally {
    connection.closeSync();
    instance.closeSync();
  }
}

/** The list of columns is read at once: its size is known beforehand. */
function assertFooter(source: ByteSource): void {
  const { name, size } = source;
  const end = size < 12 ? undefined : bytesAt(source, size - 8, 8);
  if (end === undefined || String.fromCharCode(...end.subarray(4)) !== "PAR1") {
    throw new InputError(`${name} is not a .parquet file that can be read: it is cut off`);
  }
  const length = new DataView(end.buffer).getUint32(0, true);
  if (length > Math.min(LONGEST_FOOTER, size - 12)) {
    throw new InputError(
      `${name} is not a .parquet file that can be read: it declares a footer of ${length} bytes`,
    );
  }
}

async function readTable(
  connection: DuckDBConnection,
  path: string,
  name: string,
  options: FullOpenOptions,
): Promise<ReadFile> {
  // In a pattern, a character in brackets stands for itself.
  const exact = resolve(path).replaceAll(/[*?[]/g, "[$&]");
  const table = `read_parquet('${exact.replaceAll("'", "''")}')`;
  const rowsOf = async (sql: string) => (await connection.runAndReadAll(sql)).getRowsJS();
  const described = await rowsOf(`DESCRIBE SELECT * FROM ${table}`);
  assertColumns(name, described.length);
  const names = described.map(([column]) => String(column));
  const types = described.map(([, type]) => String(type));
  const [count] = await rowsOf(`SELECT count(*) FROM ${table}`);
  if (Number(count[0]) === 0) throw new InputError(`${name} has no rows`);
  const [first] = await rowsOf(
    `SELECT ${
      types.map((type, c) => type === "VARCHAR" ? quoted(names[c]) : "NULL").join(", ")
    } FROM ${table} LIMIT 1`,
  );
  const kinds = types.map((type, c) => kindOf(type, first[c]));
  const columns = tableColumns(name, { names, named: true, kinds }, options);
  const single = (columns.vector === undefined ? columns.coordinates : [columns.vector])
    .every((c) => /^FLOAT(\[\d*\])?$/.test(types[c]));
  const number = single ? "FLOAT" : "DOUBLE";
  const values = columns.vector === undefined
    ? columns.coordinates.map((c) => `CAST(${quoted(names[c])} AS ${number})`)
    : [`CAST(${quoted(names[columns.vector])} AS ${number}[])`];
  const side = columns.side.map(({ name: column, index }) =>
    NUMBER.test(types[index]) && !/HUGE|DECIMAL|BIG/.test(types[index])
      ? `CAST(${quoted(column)} AS DOUBLE)`
      : `CAST(${quoted(column)} AS VARCHAR)`
  );
  const store = await fillStore(
    await connection.stream(`SELECT ${[...values, ...side].join(", ")} FROM ${table}`),
    {
      name,
      rows: Number(count[0]),
      bytes: single ? 4 : 8,
      coordinates: values.length,
      isList: columns.vector !== undefined,
    },
    columns.side.map(({ name: column, index }) => ({
      column,
      integer: /BIG/.test(types[index]),
      candidate: columns.maybeIds.includes(column) && !options.columns.includes(column),
    })),
    options,
  );
  const isLong = (c: number) => /BIG|HUGE/.test(types[columns.vector ?? columns.coordinates[c]]);
  return finishTable(name, {
    rows: exactRows(name, store.rows.finish(), isLong),
    columns,
    side: store.side.columns,
    format: columns.vector === undefined
      ? "Parquet, a column for each coordinate"
      : "Parquet, vectors in one column",
    dtype: single ? "float32" : "float64",
  }, options);
}

function kindOf(type: string, first: unknown): ColumnKind {
  if (NUMBER.test(type)) return "number";
  if (/\[\d*\]$/.test(type)) return NUMBER.test(type.replace(/\[\d*\]$/, "")) ? "vector" : "other";
  if (type === "VARCHAR") return typeof first === "string" && isVector(first) ? "vector" : "text";
  return /^(UUID|DATE|TIME.*|BLOB|ENUM.*|BOOLEAN)$/.test(type) ? "text" : "other";
}

interface Plan {
  name: string;
  rows: number;
  bytes: 4 | 8;
  /** How many columns hold coordinates. */
  coordinates: number;
  /** Whether the one column is of lists. */
  isList: boolean;
}

async function fillStore(
  result: Awaited<ReturnType<DuckDBConnection["stream"]>>,
  plan: Plan,
  side: { column: string; integer: boolean; candidate: boolean }[],
  options: FullOpenOptions,
): Promise<{ rows: RowStore; side: SideCollector }> {
  const { name, bytes, coordinates, isList } = plan;
  const collector = new SideCollector(name, options.memory);
  let rows: RowStore | undefined;
  for (;;) {
    const chunk = await result.fetchChunk();
    if (chunk === null || chunk.rowCount === 0) break;
    const done = rows?.rows ?? 0;
    const vectors = Array.from(
      { length: coordinates },
      (_, c) => flatVector(chunk.getColumnVector(c)),
    );
    const width = isList ? vectors[0].length(0) : coordinates;
    if (rows === undefined) {
      rows = new RowStore(name, width, { memory: options.memory, bytes });
      rows.assertRows(plan.rows);
    }
    for (let i = 0; i < chunk.rowCount; i++) {
      const { values, at } = rows.next();
      if (isList) {
        copyList(vectors[0], i, { name, row: done + i + 1, width: rows.columns }, values, at);
      } else {
        for (let c = 0; c < coordinates; c++) {
          if (vectors[c].missing(i)) {
            throw new InputError(
              `${name}, row ${done + i + 1}, coordinate ${c + 1}: it is missing`,
            );
          }
          values[at + c] = vectors[c].items[i];
        }
      }
    }
    for (const [s, { column, integer, candidate }] of side.entries()) {
      const vector = chunk.getColumnVector(coordinates + s);
      for (let i = 0; i < chunk.rowCount; i++) {
        const value = vector.getItem(i);
        const number = Number(value);
        const plain = integer && value !== null && Number.isSafeInteger(number) ? number : value;
        const where = `row ${done + i + 1}`;
        if (candidate) collector.addCandidate(column, plain, where);
        else collector.add(column, plain, where);
      }
    }
  }
  return { rows: rows!, side: collector };
}

function copyList(
  flat: FlatVector,
  i: number,
  { name, row, width }: { name: string; row: number; width: number },
  values: Float32Array | Float64Array,
  at: number,
): void {
  const length = flat.length(i);
  if (length !== width) {
    throw new InputError(`${name}, row ${row} has ${length} entries, row 1 has ${width}`);
  }
  const from = flat.offset(i);
  for (let c = 0; c < width; c++) {
    if (flat.missing(from + c)) {
      throw new InputError(`${name}, row ${row}, column ${c + 1}: it is missing`);
    }
    values[at + c] = flat.items[from + c];
  }
}

function quoted(name: string): string {
  return `"${name.replaceAll('"', '""')}"`;
}
