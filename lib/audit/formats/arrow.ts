import { InputError } from "../../io/input_error.ts";
import { type Batch, Type } from "@uwdata/flechette";
import { arrowTable } from "./arrow_table.ts";
import type { ByteSource } from "./byte_source.ts";
import { assertColumns } from "./memory_limit.ts";
import type { Table, TableRow } from "./table.ts";

type ArrowData = ReturnType<typeof arrowTable>;
type ArrowType = ArrowData["schema"]["fields"][number]["type"];

const PLAIN: number[] = [Type.Int, Type.Float, Type.Decimal];

/** Bytes are shown as text. */
const DECODER = new TextDecoder();

const LISTS: number[] = [Type.List, Type.LargeList, Type.FixedSizeList];

/**
 * Reads an Arrow file or stream, of which Feather of version 2 is another name, and a shard of a data
 * set of Hugging Face.
 *
 * @throws {InputError} If it cannot be read, or is damaged.
 */
export function arrowFile(source: ByteSource, memory: number): Table {
  return asArrow(source.name, "Arrow", () => [arrowTable(source, memory)]);
}

/** Makes a table of parts that are Arrow data; what is damaged is refused. */
export function asArrow(file: string, format: string, read: () => ArrowData[]): Table {
  const attempt = <T>(run: () => T): T => {
    try {
      return run();
    } catch (error) {
      if (error instanceof InputError) throw error;
      throw new InputError(
        `${file} is not ${format} that can be read: ${(error as Error).message}`,
        { cause: error },
      );
    }
  };
  return attempt(() => {
    const parts = read();
    const { fields } = parts[0].schema;
    assertColumns(file, fields.length);
    const size = parts.reduce((sum, { numRows }) => sum + numRows, 0);
    if (size === 0) throw new InputError(`${file} has no rows`);
    for (const part of parts) {
      fields.forEach((_, c) => assertComplete(file, format, part, c));
    }
    return {
      file,
      names: fields.map(({ name }) => name),
      named: true,
      unit: "row",
      format,
      typed: true,
      dtype: "float64",
      singles: fields.map(({ type }) => fitsFloat32(entryType(type))),
      size,
      *rows() {
        let at = 0;
        for (const part of parts) {
          const readers = fields.map((_, c) => cellsOf(part, c));
          for (let i = 0; i < part.numRows; i++) {
            const cells = attempt(() => readers.map((reader) => reader.next().value));
            yield { cells, at: ++at } as TableRow;
          }
        }
      },
    };
  });
}

/** Throws where a damaged file declares other numbers of rows than it has. */
function assertComplete(name: string, format: string, table: ArrowData, c: number): void {
  const { data } = table.getChildAt(c);
  const length = data.reduce((sum, batch) => sum + batch.length, 0);
  const whole = data.every((batch) => {
    const { type, length, values, offsets } = batch;
    if (type.typeId === Type.Int || type.typeId === Type.Float) return values!.length >= length;
    if (!LISTS.includes(type.typeId)) return !offsets || offsets.length > length;
    const entries = (batch as unknown as Batch<unknown>).children[0];
    const end = type.typeId === Type.FixedSizeList
      ? length * (type as unknown as { stride: number }).stride
      : length === 0
      ? 0
      : Number(offsets![length]);
    return (type.typeId === Type.FixedSizeList || offsets!.length > length) &&
      (!entries.values || kindless(entries.type) || entries.values.length >= end);
  });
  if (length === table.numRows && whole) return;
  throw new InputError(`${name} is not ${format} that can be read: its columns differ in length`);
}

function kindless(type: ArrowType): boolean {
  return type.typeId !== Type.Int && type.typeId !== Type.Float;
}

/** The cells of a column; lists of numbers as they are stored. */
function* cellsOf(table: ArrowData, c: number): Generator<unknown> {
  for (const batch of table.getChildAt(c).data as Iterable<Batch<unknown>>) {
    const isList = LISTS.includes(batch.type.typeId);
    const isPlain = PLAIN.includes(batch.type.typeId);
    const entries = isList ? batch.children[0] as Batch<unknown> : undefined;
    const isNumeric = entries !== undefined && PLAIN.includes(entries.type.typeId);
    const plain = entries?.nullCount === 0 &&
      (entries.values instanceof Float32Array || entries.values instanceof Float64Array);
    for (let i = 0; i < batch.length; i++) {
      if (batch.nullCount > 0 && !batch.isValid(i)) yield null;
      else if (plain) {
        const [start, length] = entriesOf(batch, i);
        if (length < 0 || start < 0 || start + length > entries!.values!.length) {
          throw new Error("its lists end beyond their entries");
        }
        yield (entries!.values as Float32Array).subarray(start, start + length);
      } else if (entries !== undefined) {
        const [start, length] = entriesOf(batch, i);
        if (length < 0 || length > 1e6) throw new Error("its lists end beyond their entries");
        yield Array.from({ length }, (_, k) => {
          const entry = entries.at(start + k);
          return isNumeric || entry === null ? entry : [entry];
        });
      } else {
        const value = batch.value(i);
        // A time is a number to Flechette; here it is none.
        if (value instanceof Uint8Array) yield DECODER.decode(value);
        else if (isPlain || typeof value !== "number" && typeof value !== "bigint") yield value;
        else yield String(value);
      }
    }
  }
}

/** Where the entries of a row start among those of its batch, and how many there are. */
function entriesOf(batch: Batch<unknown>, row: number): [start: number, length: number] {
  const { offsets } = batch;
  if (batch.type.typeId === Type.FixedSizeList) {
    const { stride } = batch.type as { stride: number };
    return [row * stride, stride];
  }
  const start = Number(offsets![row]);
  return [start, Number(offsets![row + 1]) - start];
}

/** The type of a vector's entries. */
function entryType(type: ArrowType): ArrowType {
  return LISTS.includes(type.typeId)
    ? (type as { children: { type: ArrowType }[] }).children[0].type
    : type;
}

function fitsFloat32(type: ArrowType): boolean {
  if (type.typeId === Type.Float) return (type as { precision: number }).precision < 2;
  return type.typeId === Type.Int && (type as { bitWidth: number }).bitWidth <= 16;
}
