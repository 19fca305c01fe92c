import {
  type Batch,
  CompressionType,
  setCompressionCodec,
  type Table as ArrowData,
  tableFromIPC,
  Type,
} from "@uwdata/flechette";
import { decompress as decompressZstd } from "fzstd";
import { InputError } from "../../errors.ts";
import { assertColumns, assertMemory, bytesAt, type ByteSource, damaged } from "./bytes.ts";
import { type FullOpenOptions, NoRowsError } from "./embedding_file.ts";
import type { Table, TableRow } from "./table.ts";

type ArrowType = ArrowData["schema"]["fields"][number]["type"];

const PLAIN: number[] = [Type.Int, Type.Float, Type.Decimal];

const DECODER = new TextDecoder("utf-8", { fatal: true });
const LISTS: number[] = [Type.List, Type.LargeList, Type.FixedSizeList];

/**
 * Reads an Arrow file or stream, of which Feather of version 2 is another name, and a shard of a data
 * set of Hugging Face.
 *
 * @throws {InputError} If it cannot be read, or is damaged.
 */
export function arrowFile(source: ByteSource, { memory }: FullOpenOptions): Table {
  return asArrow(source.name, "Arrow", () => [arrowTable(source, memory)]);
}

/** Makes a table of parts that are Arrow data; what is damaged is refused. */
export function asArrow(file: string, format: string, read: () => ArrowData[]): Table {
  const attempt = <T>(run: () => T): T => {
    try {
      return run();
    } catch (error) {
      throw damaged(file, format, error);
    }
  };
  return attempt(() => {
    const parts = read();
    const { fields: top } = parts[0].schema;
    const fields = top.flatMap(({ name, type }, c) => leavesOf(name, type, [c]));
    assertColumns(file, fields.length);
    const size = parts.reduce((sum, { numRows }) => sum + numRows, 0);
    if (size === 0) throw new NoRowsError(`${file} has no rows`);
    for (const part of parts) {
      for (const { path } of fields) assertComplete(file, format, part, path);
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
          const readers = fields.map(({ path }) => cellsOf(part, path));
          for (let i = 0; i < part.numRows; i++) {
            const cells = attempt(() => readers.map((reader) => reader.next().value));
            yield { cells, at: ++at } as TableRow;
          }
        }
      },
    };
  });
}

/** A column that is no structure: one of the table, or a field within one. */
interface Leaf {
  name: string;
  type: ArrowType;
  /** The column, then the field within each structure. */
  path: number[];
}

/** The fields of structures are columns of their own, called by both names. */
function leavesOf(name: string, type: ArrowType, path: number[]): Leaf[] {
  if (type.typeId !== Type.Struct || path.length > DEEPEST) return [{ name, type, path }];
  const { children } = type as unknown as { children: { name: string; type: ArrowType }[] };
  return children.flatMap((child, i) =>
    leavesOf(`${name}.${child.name}`, child.type, [...path, i])
  );
}

const DEEPEST = 5;

/** The batches of a column, each below the structures that it is in. */
function batchesOf(table: ArrowData, [c, ...path]: number[]): Batch<unknown>[][] {
  return Array.from(
    table.getChildAt(c).data as Iterable<Batch<unknown>>,
    (batch) => path.reduce((line, i) => [line[0].children[i] as Batch<unknown>, ...line], [batch]),
  );
}

/** Throws where a damaged file declares other numbers of rows than it has. */
function assertComplete(name: string, format: string, table: ArrowData, path: number[]): void {
  const data = batchesOf(table, path).map(([batch]) => batch);
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
function* cellsOf(table: ArrowData, path: number[]): Generator<unknown> {
  for (const [batch, ...around] of batchesOf(table, path)) {
    const structures = around.filter(({ nullCount }) => nullCount > 0);
    const isList = LISTS.includes(batch.type.typeId);
    const isPlain = PLAIN.includes(batch.type.typeId);
    const entries = isList ? unwrapped(batch.children[0] as Batch<unknown>) : undefined;
    const isNumeric = entries !== undefined && PLAIN.includes(entries.type.typeId);
    const isNested = entries !== undefined && LISTS.includes(entries.type.typeId);
    const plain = entries?.nullCount === 0 &&
      (entries.values instanceof Float32Array || entries.values instanceof Float64Array);
    for (let i = 0; i < batch.length; i++) {
      if (batch.nullCount > 0 && !batch.isValid(i)) yield null;
      else if (structures.length > 0 && !structures.every((one) => one.isValid(i))) yield null;
      else if (plain) {
        const [start, length] = entriesOf(batch, i);
        if (length < 0 || start < 0 || start + length > entries!.values!.length) {
          throw new Error("its lists end beyond their entries");
        }
        yield (entries!.values as Float32Array).subarray(start, start + length);
      } else if (entries !== undefined) {
        const [start, length] = entriesOf(batch, i);
        if (length < 0 || length > 1e6) throw new Error("its lists end beyond their entries");
        // A list of one vector is that vector; of several, and of anything else, it is none.
        if (isNested && length === 1) yield entries.at(start);
        else {
          yield Array.from({ length }, (_, k) => {
            const entry = entries.at(start + k);
            return isNumeric || isNested || entry === null ? entry : [entry];
          });
        }
      } else {
        const value = batch.value(i);
        // A time is a number to Flechette; here it is none.
        if (value instanceof Uint8Array) yield ofBytes(value);
        else if (isPlain || typeof value !== "number" && typeof value !== "bigint") yield value;
        else yield String(value);
      }
    }
  }
}

/** The numbers of a list, which BigQuery and Avro put into a structure of one field each. */
function unwrapped(entries: Batch<unknown>): Batch<unknown> {
  const { type, children, nullCount } = entries;
  return type.typeId === Type.Struct && children.length === 1 && nullCount === 0
    ? unwrapped(children[0] as Batch<unknown>)
    : entries;
}

/** More than the longest vector takes. */
const MOST_BYTES = 1 << 17;

/** Bytes are text, a vector of float32, or a UUID: what they look like. */
function ofBytes(bytes: Uint8Array): unknown {
  // A picture, or the like.
  if (bytes.length > MOST_BYTES) return null;
  try {
    const text = DECODER.decode(bytes);
    // deno-lint-ignore no-control-regex
    if (!/[\0-\x08\x0e-\x1f]/.test(text)) return text;
  } catch {
    // It is no text.
  }
  if (bytes.length >= 32 && bytes.length % 4 === 0) {
    const vector = new Float32Array(bytes.slice().buffer);
    const isEntry = (value: number) =>
      value === 0 || Math.abs(value) > 1e-12 && Math.abs(value) < 1e6;
    if (vector.every(isEntry)) return vector;
  }
  const hex = Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join("");
  return bytes.length === 16 ? hex.replace(/^(.{8})(.{4})(.{4})(.{4})/, "$1-$2-$3-$4-") : hex;
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
  const { children } = type as { children?: { type: ArrowType }[] };
  const isWrapped = LISTS.includes(type.typeId) ||
    type.typeId === Type.Struct && children?.length === 1;
  return isWrapped ? entryType(children![0].type) : type;
}

function fitsFloat32(type: ArrowType): boolean {
  if (type.typeId === Type.Float) return (type as { precision: number }).precision < 2;
  return type.typeId === Type.Int && (type as { bitWidth: number }).bitWidth <= 16;
}

/** More tables and entries than this in the description of a file are no table of embeddings. */
const MOST_ENTRIES = 1_000_000;
const MAGIC = 6;

/**
 * Throws unless all lists in the description of Arrow data are within it.
 *
 * Flechette takes the length of a list as it is declared: a damaged one would have it fill the memory
 * with entries that are not there. What is checked is what it reads: the slots of the FlatBuffers
 * tables in https://github.com/apache/arrow/tree/main/format (Footer, Message, Schema, RecordBatch).
 *
 * @throws {Error} If a list ends beyond the data, or tables lie within one another without end.
 */
export function assertArrowBounds(bytes: Uint8Array): void {
  const whole = new Tables(bytes);
  if (String.fromCharCode(...bytes.subarray(0, MAGIC)) !== "ARROW1") {
    for (let at = 0; at + 8 <= bytes.length;) {
      const next = checkMessage(bytes, at);
      if (next === null) break;
      at = next;
    }
    return;
  }
  const end = bytes.length - MAGIC - 4;
  const footer = whole.table(end - whole.int32(end));
  checkSchema(whole, whole.slot(footer, 6));
  for (const slot of [8, 10]) {
    for (const block of whole.list(whole.slot(footer, slot), 24)) {
      checkMessage(bytes, Number(whole.view.getBigInt64(block, true)));
    }
  }
  whole.list(whole.slot(footer, 12), 4);
}

/** Returns where the next message starts; null after the last. */
function checkMessage(bytes: Uint8Array, start: number): number | null {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
  let at = start, length = view.getInt32(at, true);
  at += 4;
  if (length === -1) {
    length = view.getInt32(at, true);
    at += 4;
  }
  if (length === 0) return null;
  if (length < 0 || at + length > bytes.length) throw new Error("its description is cut off");
  const head = new Tables(bytes.subarray(at, at + length));
  const message = head.table(0);
  const kind = head.slot(message, 6), header = head.slot(message, 8), body = head.slot(message, 10);
  const type = kind === 0 ? 0 : head.view.getUint8(kind);
  if (type === 1) checkSchema(head, header);
  else if (type === 2) checkDictionary(head, header);
  else checkBatch(head, header);
  const size = body === 0 ? 0 : Number(head.view.getBigInt64(body, true));
  if (size < 0 || at + length + size > bytes.length) throw new Error("its data are cut off");
  return at + length + size;
}

function checkSchema(tables: Tables, place: number): void {
  if (place === 0) throw new Error("it has no schema");
  const schema = tables.table(place);
  checkFields(tables, tables.slot(schema, 6), 0);
  tables.list(tables.slot(schema, 8), 4);
}

function checkFields(tables: Tables, place: number, depth: number): void {
  if (depth > 50) throw new Error("its columns lie within one another without end");
  for (const entry of tables.list(place, 4)) {
    const field = tables.table(entry);
    checkFields(tables, tables.slot(field, 14), depth + 1);
    tables.list(tables.slot(field, 16), 4);
    const type = tables.slot(field, 10);
    const kind = tables.slot(field, 8);
    // A union lists the types that it may have.
    if (type > 0 && kind > 0 && tables.view.getUint8(kind) === 14) {
      tables.list(tables.slot(tables.table(type), 6), 4);
    }
  }
}

function checkDictionary(tables: Tables, place: number): void {
  if (place > 0) checkBatch(tables, tables.slot(tables.table(place), 6));
}

function checkBatch(tables: Tables, place: number): void {
  if (place === 0) return;
  const batch = tables.table(place);
  tables.list(tables.slot(batch, 6), 16);
  const buffers = tables.list(tables.slot(batch, 8), 16).length;
  for (const entry of tables.list(tables.slot(batch, 12), 8)) {
    const count = tables.view.getBigInt64(entry, true);
    if (count < 0n || count > BigInt(buffers)) {
      throw new Error("it declares buffers that it has not");
    }
  }
}

/** FlatBuffers tables; what lies beyond the bytes throws. */
class Tables {
  readonly view: DataView;
  #entries = 0;

  constructor(bytes: Uint8Array) {
    this.view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
  }

  int32(at: number): number {
    return this.view.getInt32(at, true);
  }

  /** The table to which the entry at a place leads. */
  table(place: number): number {
    return place + this.int32(place);
  }

  /** Where a field of a table is; 0 where it has none. */
  slot(table: number, slot: number): number {
    const fields = table - this.int32(table);
    if (slot >= this.view.getInt16(fields, true)) return 0;
    const offset = this.view.getInt16(fields + slot, true);
    return offset === 0 ? 0 : table + offset;
  }

  /** Where the entries of a list are. */
  list(place: number, stride: number): number[] {
    if (place === 0) return [];
    const base = place + this.int32(place);
    const length = this.int32(base);
    this.#entries += length;
    if (length < 0 || base + 4 + length * stride > this.view.byteLength) {
      throw new Error("a list in its description ends beyond it");
    }
    if (this.#entries > MOST_ENTRIES) throw new Error("its description is too long");
    return Array.from({ length }, (_, i) => base + 4 + i * stride);
  }
}

/**
 * Reads Arrow's format for files or streams by Flechette, with what it takes to unpack it.
 *
 * @throws {InputError} If it takes more than `memory`, unpacked.
 * @throws {Error} If it is damaged.
 */
function arrowTable(source: ByteSource, memory: number): ArrowData {
  const { name, size } = source;
  const instead = "; .npy files are read in blocks";
  assertMemory(name, "reading it at once", size, memory, instead);
  const bytes = bytesAt(source, 0, size);
  let unpacked = size;
  const decoder = (unpack: (from: Uint8Array, into: Uint8Array) => unknown) => ({
    decode(from: Uint8Array, length: number) {
      unpacked += length;
      assertMemory(name, "unpacking it", unpacked, memory, instead);
      const into = new Uint8Array(length);
      unpack(from, into);
      return into;
    },
    encode(): never {
      throw new Error("nothing is written");
    },
  });
  setCompressionCodec(CompressionType.LZ4_FRAME, decoder(unpackLz4));
  setCompressionCodec(CompressionType.ZSTD, decoder(decompressZstd));
  assertArrowBounds(bytes);
  return tableFromIPC(bytes, { useBigInt: true });
}

const LZ4_MAGIC = 0x184d2204;
const damagedLz4 = () => new Error("its LZ4 data are damaged");

/**
 * Unpacks a frame of LZ4, as Arrow files are packed by default. The library of npm for it, lz4js, misreads
 * frames whose blocks have checksums, as polars writes them, and writes without bounds.
 *
 * @param from The frame: https://github.com/lz4/lz4/blob/dev/doc/lz4_Frame_format.md. Its checksums
 * are not compared.
 * @param into Takes what is unpacked, which must be just as long.
 * @throws {Error} If the frame is damaged.
 */
function unpackLz4(from: Uint8Array, into: Uint8Array): void {
  const view = new DataView(from.buffer, from.byteOffset, from.length);
  if (from.length < 7 || view.getUint32(0, true) !== LZ4_MAGIC) throw damagedLz4();
  const flags = from[4];
  // The size of the content and the number of a dictionary may follow, then a checksum does.
  let at = 7 + (flags & 8 ? 8 : 0) + (flags & 1 ? 4 : 0);
  let filled = 0;
  for (;;) {
    if (at + 4 > from.length) throw damagedLz4();
    const header = view.getUint32(at, true);
    if (header === 0) break;
    const size = header & 0x7fffffff;
    at += 4;
    if (at + size > from.length) throw damagedLz4();
    const block = from.subarray(at, at + size);
    if (header >>> 31 === 0) filled = unpackBlock(block, into, filled);
    else {
      if (filled + size > into.length) throw damagedLz4();
      into.set(block, filled);
      filled += size;
    }
    at += size + (flags & 16 ? 4 : 0);
  }
  if (filled !== into.length) throw damagedLz4();
}

/** Unpacks a block after what came before it. Returns how much there is then. */
function unpackBlock(from: Uint8Array, into: Uint8Array, start: number): number {
  let at = 0, filled = start;
  const lengthOf = (nibble: number): number => {
    let length = nibble;
    for (let byte = nibble === 15 ? 255 : 0; byte === 255; length += byte) {
      if (at >= from.length) throw damagedLz4();
      byte = from[at++];
    }
    return length;
  };
  while (at < from.length) {
    const token = from[at++];
    const literals = lengthOf(token >> 4);
    if (at + literals > from.length || filled + literals > into.length) throw damagedLz4();
    into.set(from.subarray(at, at + literals), filled);
    at += literals;
    filled += literals;
    if (at === from.length) break;
    if (at + 2 > from.length) throw damagedLz4();
    const back = from[at] | from[at + 1] << 8;
    at += 2;
    const end = filled + lengthOf(token & 15) + 4;
    if (back === 0 || back > filled || end > into.length) throw damagedLz4();
    // A match may overlap with what it makes: byte by byte.
    for (; filled < end; filled++) into[filled] = into[filled - back];
  }
  return filled;
}
