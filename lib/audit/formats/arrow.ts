import { type Batch, Type } from "@uwdata/flechette";
import { type EmbeddingRows, type RowBlock, rowsPerBlock } from "../embedding_rows.ts";
import { InputError } from "../../io/program.ts";
import { arrowTable } from "./arrow_table.ts";
import type { ByteSource } from "./byte_source.ts";
import type { FullOpenOptions, ReadFile } from "./embedding_file.ts";
import { exactRows } from "./exact_rows.ts";
import { finishTable } from "./finish_table.ts";
import { assertColumns } from "./memory_limit.ts";
import { SideCollector } from "./side_collector.ts";
import { type ColumnKind, type TableColumns, tableColumns } from "./table_columns.ts";

type Numbers = Batch<number | bigint>;
type ArrowTable = ReturnType<typeof arrowTable>;
type ArrowType = ArrowTable["schema"]["fields"][number]["type"];

const LISTS: number[] = [Type.List, Type.LargeList, Type.FixedSizeList];
const TEXTS: number[] = [
  ...[Type.Utf8, Type.LargeUtf8, Type.Utf8View, Type.Dictionary, Type.Bool],
];

/**
 * Opens an Arrow file or stream, of which Feather of version 2 is another name: a column of lists or
 * arrays, or a column for each coordinate. The file is in memory, its rows are made block by block.
 *
 * @throws {InputError} If it cannot be read, vectors differ in length, or an entry is missing.
 */
export function openArrow(source: ByteSource, options: FullOpenOptions): ReadFile {
  try {
    return readTable(source, options);
  } catch (error) {
    if (error instanceof InputError) throw error;
    throw new InputError(
      `${source.name} is no Arrow file that can be read: ${(error as Error).message}`,
      { cause: error },
    );
  }
}

function readTable(source: ByteSource, options: FullOpenOptions): ReadFile {
  const { name } = source;
  const table = arrowTable(source, options.memory);
  const { fields } = table.schema;
  assertColumns(name, fields.length);
  if (table.numRows === 0) throw new InputError(`${name} has no rows`);
  const names = fields.map((field) => field.name);
  const kinds = fields.map(({ type }) => kindOf(type));
  const columns = tableColumns(name, { names, named: true, kinds }, options);
  const wanted = columns.vector === undefined ? columns.coordinates : [columns.vector];
  const dtype = wanted.every((c) => fitsFloat32(entryType(fields[c].type))) ? "float32" : "float64";
  for (const c of [...wanted, ...columns.side.map(({ index }) => index)]) {
    assertComplete(name, table, c);
  }
  const batches = wanted.map((c) => [...table.getChildAt(c).data] as Batch<unknown>[]);
  const rows = columns.vector === undefined
    ? columnRows(name, batches as Numbers[][], { rows: table.numRows, dtype })
    : listRows(name, batches[0], { rows: table.numRows, dtype });
  const isLongAt = (c: number) =>
    isLong(entryType(fields[wanted[columns.vector === undefined ? c : 0]].type));
  return finishTable(name, {
    rows: exactRows(name, rows, isLongAt),
    columns,
    side: sideColumns(name, table, columns, options),
    format: columns.vector === undefined
      ? "Arrow, a column for each coordinate"
      : "Arrow, vectors in one column",
    dtype,
  }, options);
}

/** Throws where a damaged file declares other numbers of rows than it has. */
function assertComplete(name: string, table: ArrowTable, c: number): void {
  const { data } = table.getChildAt(c);
  const length = data.reduce((sum, batch) => sum + batch.length, 0);
  const whole = data.every(({ type, length, values, offsets }) =>
    kindOf(type) === "number" ? values!.length >= length : !offsets || offsets.length > length
  );
  if (length === table.numRows && whole) return;
  throw new InputError(`${name} is no Arrow file that can be read: its columns differ in length`);
}

function kindOf(type: ArrowType): ColumnKind {
  if (type.typeId === Type.Int || type.typeId === Type.Float) return "number";
  if (TEXTS.includes(type.typeId)) return "text";
  return LISTS.includes(type.typeId) && kindOf(entryType(type)) === "number" ? "vector" : "other";
}

/** The type of a vector's entries. */
function entryType(type: ArrowType): ArrowType {
  return LISTS.includes(type.typeId)
    ? (type as { children: { type: ArrowType }[] }).children[0].type
    : type;
}

function fitsFloat32(type: ArrowType): boolean {
  if (type.typeId === Type.Float) return (type as { precision: number }).precision < 2;
  return (type as { bitWidth: number }).bitWidth <= 16;
}

function isLong(type: ArrowType): boolean {
  return type.typeId === Type.Int && (type as { bitWidth: number }).bitWidth === 64;
}

interface Shape {
  rows: number;
  dtype: "float32" | "float64";
}

function columnRows(name: string, columns: Numbers[][], { rows, dtype }: Shape): EmbeddingRows {
  const width = columns.length;
  columns.forEach((batches, c) => {
    const missing = batches.reduce((sum, { nullCount }) => sum + nullCount, 0);
    if (missing > 0) throw new InputError(`${name}, coordinate ${c + 1}: ${missing} are missing`);
  });
  return {
    rows,
    columns: width,
    *blocks(): Generator<RowBlock> {
      const size = Math.min(rows, rowsPerBlock(width));
      const readers = columns.map((batches) => sequence(batches));
      for (let start = 0; start < rows; start += size) {
        const count = Math.min(size, rows - start);
        const values = new (arrayOf(dtype))(count * width);
        for (let c = 0; c < width; c++) {
          for (let i = 0; i < count; i++) values[i * width + c] = readers[c].next().value!;
        }
        yield { start, rows: count, values };
      }
    },
  };
}

function* sequence(batches: readonly Numbers[]): Generator<number, undefined> {
  for (const batch of batches) {
    for (let i = 0; i < batch.length; i++) yield Number(batch.value(i));
  }
}

function listRows(name: string, batches: Batch<unknown>[], { rows, dtype }: Shape): EmbeddingRows {
  const width = entriesOf(batches.find(({ length }) => length > 0)!, 0)[1];
  assertColumns(name, width);
  assertLists(name, batches, width);
  return {
    rows,
    columns: width,
    *blocks(): Generator<RowBlock> {
      const size = rowsPerBlock(width);
      let start = 0;
      for (const batch of batches) {
        const child = batch.children[0] as Numbers;
        for (let first = 0; first < batch.length; first += size) {
          const count = Math.min(size, batch.length - first);
          const values = new (arrayOf(dtype))(count * width);
          for (let i = 0; i < count; i++) {
            copy(
              child,
              entriesOf(batch, first + i)[0],
              values.subarray(i * width, (i + 1) * width),
            );
          }
          yield { start, rows: count, values };
          start += count;
        }
      }
    },
  };
}

function arrayOf(dtype: Shape["dtype"]): Float32ArrayConstructor | Float64ArrayConstructor {
  return dtype === "float32" ? Float32Array : Float64Array;
}

/** Where the entries of a row start among those of its batch, and how many there are. */
function entriesOf(batch: Batch<unknown>, row: number): [start: number, length: number] {
  if (batch.nullCount > 0 && !batch.isValid(row)) return [0, 0];
  const { offsets } = batch;
  if (batch.type.typeId === Type.FixedSizeList) {
    const { stride } = batch.type as { stride: number };
    return [row * stride, stride];
  }
  const start = Number(offsets![row]);
  return [start, Number(offsets![row + 1]) - start];
}

function assertLists(name: string, batches: readonly Batch<unknown>[], width: number): void {
  let row = 0;
  for (const batch of batches) {
    const child = batch.children[0] as Numbers;
    for (let i = 0; i < batch.length; i++) {
      row++;
      const [start, length] = entriesOf(batch, i);
      if (length !== width || start < 0 || start + length > child.values!.length) {
        throw new InputError(`${name}, row ${row} has ${length} entries, row 1 has ${width}`);
      }
      for (let c = 0; child.nullCount > 0 && c < width; c++) {
        if (child.isValid(start + c)) continue;
        throw new InputError(`${name}, row ${row}, column ${c + 1}: it is missing`);
      }
    }
  }
}

function copy(child: Numbers, start: number, into: Float32Array | Float64Array): void {
  const { values } = child;
  if (values instanceof Float32Array || values instanceof Float64Array) {
    into.set(values.subarray(start, start + into.length));
  } else for (let c = 0; c < into.length; c++) into[c] = Number(child.value(start + c));
}

function sideColumns(
  name: string,
  table: ArrowTable,
  { side, maybeIds }: TableColumns,
  { columns: asked, memory }: FullOpenOptions,
): SideCollector["columns"] {
  const collector = new SideCollector(name, memory);
  for (const { name: column, index } of side) {
    const candidate = maybeIds.includes(column) && !asked.includes(column);
    let row = 0;
    for (const value of table.getChildAt(index)) {
      row++;
      const safe = typeof value !== "bigint"
        ? value
        : Number.isSafeInteger(Number(value))
        ? Number(value)
        : String(value);
      if (candidate) collector.addCandidate(column, safe, `row ${row}`);
      else collector.add(column, safe, `row ${row}`);
    }
  }
  return collector.columns;
}
