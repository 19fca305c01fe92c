import { tableFromIPC } from "@uwdata/flechette";
import { InputError } from "../../errors.ts";
import { asArrow, assertArrowBounds } from "./arrow.ts";
import { assertMemory, bytesAt, type ByteSource, damaged } from "./bytes.ts";
import { type FullOpenOptions, NoRowsError } from "./embedding_file.ts";
import type { Table } from "./table.ts";

/** A longer list of columns and pieces is not a table of embeddings. */
const LONGEST_FOOTER = 50_000_000;

/** Groups of rows are read together up to so many bytes: each reading copies the file. */
const READ_AT_ONCE = 64e6;

type ParquetWasm = FullOpenOptions["parquetWasm"];

/** The reader, once its WebAssembly is there; it can fetch none itself in Node, nor on a page. */
async function loaded(name: string, wasm: ParquetWasm) {
  try {
    if (wasm === undefined) throw new Error("parquetWasm is not given");
    const module = await import("parquet-wasm/esm");
    await module.default({ module_or_path: await wasm() });
    return module;
  } catch (error) {
    throw new InputError(
      `${name}: the reader of Parquet could not be loaded (${(error as Error)?.message}); ` +
        "df.to_feather(path) is read, too",
      { cause: error },
    );
  }
}

/**
 * Reads a Parquet file, some groups of rows at a time.
 *
 * @param source The bytes of the file.
 * @param options How many megabytes may be taken, and where the WebAssembly comes from.
 * @throws {InputError} If it is none, is cut off, or takes more memory than there may be taken.
 */
export async function parquetTable(
  source: ByteSource,
  { memory, parquetWasm }: FullOpenOptions,
): Promise<Table> {
  const { name, size } = source;
  const footer = footerLength(source);
  const instead = "; .npy files are read in blocks";
  assertMemory(name, "reading it at once", size, memory, instead);
  const parts: ReturnType<typeof tableFromIPC>[] = [];
  try {
    const groups = rowGroups(bytesAt(source, size - 8 - footer, footer));
    const unpacked = groups.reduce((sum, { bytes }) => sum + bytes, size);
    assertMemory(name, "unpacking it", unpacked, memory, instead);
    const { readParquet } = await loaded(name, parquetWasm);
    const bytes = bytesAt(source, 0, size);
    for (const rowGroups of readTogether(groups)) {
      const stream = readParquet(bytes, { rowGroups }).intoIPCStream();
      assertArrowBounds(stream);
      parts.push(tableFromIPC(stream, { useBigInt: true }));
    }
  } catch (error) {
    throw damaged(name, "a .parquet file", error);
  }
  if (parts.length === 0) throw new NoRowsError(`${name} has no rows`);
  return asArrow(name, "Parquet", () => parts);
}

/** The groups that have rows, by their numbers, in runs that are read at once. */
function readTogether(groups: readonly RowGroup[]): number[][] {
  const runs: number[][] = [];
  let bytes = Infinity;
  groups.forEach((group, i) => {
    if (group.rows === 0) return;
    bytes += group.bytes;
    if (bytes > READ_AT_ONCE) {
      runs.push([]);
      bytes = group.bytes;
    }
    runs.at(-1)!.push(i);
  });
  return runs;
}

/** The list of columns is read at once: its size is known beforehand. */
function footerLength(source: ByteSource): number {
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
  return length;
}

/** More than this in the description of a file is no table of embeddings. */
const MOST_ENTRIES = 2_000_000;
const DEEPEST = 20;

/** A run of rows of a Parquet file. */
interface RowGroup {
  rows: number;
  /** Unpacked. */
  bytes: number;
}

/**
 * Reads from the end of a Parquet file how its rows are grouped, so that a group can be read at a
 * time: FileMetaData in Thrift's compact protocol, field 4 of
 * https://github.com/apache/parquet-format/blob/master/src/main/thrift/parquet.thrift.
 *
 * @throws {Error} If it makes no sense.
 */
function rowGroups(footer: Uint8Array): RowGroup[] {
  const groups = compactFields(footer).get(4);
  if (!Array.isArray(groups)) throw new Error("its footer has no groups of rows");
  return groups.map((group) => {
    if (!(group instanceof Map)) throw new Error("its footer has no groups of rows");
    const bytes = Number(group.get(2)), rows = Number(group.get(3));
    if (!(bytes >= 0) || !(rows >= 0)) throw new Error("its footer declares no sizes");
    return { bytes, rows };
  });
}

/** The fields of a structure in Thrift's compact protocol, by their numbers; texts are left out. */
function compactFields(footer: Uint8Array): Map<number, unknown> {
  let at = 0, left = MOST_ENTRIES;
  const skip = (count: number) => {
    at += count;
    if (!(at <= footer.length)) throw new Error("its footer is cut off");
  };
  const byte = () => {
    skip(1);
    return footer[at - 1];
  };
  const varint = () => {
    let value = 0;
    for (let power = 1; power < 2 ** 70; power *= 128) {
      const next = byte();
      value += (next & 127) * power;
      if (next < 128) return value;
    }
    throw new Error("its footer is damaged");
  };
  const zigzag = () => {
    const value = varint();
    return value % 2 === 0 ? value / 2 : -(value + 1) / 2;
  };
  const value = (type: number, depth: number): unknown => {
    if (--left < 0) throw new Error("its footer is too long");
    if (type === 1 || type === 2) return type === 1;
    if (type === 3) return byte();
    if (type <= 6) return zigzag();
    if (type === 7) return skip(8);
    if (type === 8) return skip(varint());
    if (type === 12) return struct(depth + 1);
    if (type > 10) throw new Error("its footer is damaged");
    const head = byte(), entry = head & 15;
    const length = head >> 4 === 15 ? varint() : head >> 4;
    if (length > footer.length - at) throw new Error("its footer is cut off");
    // Within a list a truth value takes a byte.
    return Array.from({ length }, () => entry <= 2 ? byte() : value(entry, depth + 1));
  };
  const struct = (depth: number): Map<number, unknown> => {
    if (depth > DEEPEST) throw new Error("its footer is nested without end");
    const fields = new Map<number, unknown>();
    for (let id = 0;;) {
      const head = byte();
      if (head === 0) return fields;
      id = head >> 4 === 0 ? zigzag() : id + (head >> 4);
      fields.set(id, value(head & 15, depth));
    }
  };
  return struct(0);
}
