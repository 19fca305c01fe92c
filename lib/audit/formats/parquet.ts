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
  const metadata = new Compact(footer).struct(0);
  const groups = metadata.get(4);
  if (!Array.isArray(groups)) throw new Error("its footer has no groups of rows");
  return groups.map((group) => {
    const fields = group as Map<number, unknown>;
    if (!(fields instanceof Map)) throw new Error("its footer has no groups of rows");
    const [bytes, rows] = [Number(fields.get(2)), Number(fields.get(3))];
    if (!(bytes >= 0) || !(rows >= 0)) throw new Error("its footer declares no sizes");
    return { bytes, rows };
  });
}

class Compact {
  readonly #bytes: Uint8Array;
  #at = 0;
  #left = MOST_ENTRIES;

  constructor(bytes: Uint8Array) {
    this.#bytes = bytes;
  }

  struct(depth: number): Map<number, unknown> {
    if (depth > DEEPEST) throw new Error("its footer is nested without end");
    const fields = new Map<number, unknown>();
    for (let id = 0;;) {
      const head = this.#byte();
      if (head === 0) return fields;
      const step = head >> 4;
      id = step === 0 ? Number(this.#zigzag()) : id + step;
      fields.set(id, this.#value(head & 15, depth));
    }
  }

  #value(type: number, depth: number): unknown {
    if (--this.#left < 0) throw new Error("its footer is too long");
    switch (type) {
      case 1:
      case 2:
        return type === 1;
      case 3:
        return this.#byte();
      case 4:
      case 5:
      case 6:
        return this.#zigzag();
      case 7:
        this.#skip(8);
        return 0;
      case 8:
        this.#skip(Number(this.#varint()));
        return "";
      case 9:
      case 10:
        return this.#list(depth);
      case 12:
        return this.struct(depth + 1);
      default:
        throw new Error("its footer is damaged");
    }
  }

  #list(depth: number): unknown[] {
    const head = this.#byte();
    const length = head >> 4 === 15 ? Number(this.#varint()) : head >> 4;
    if (length > this.#bytes.length - this.#at) throw new Error("its footer is cut off");
    const type = head & 15;
    // Within a list a truth value takes a byte.
    return Array.from({ length }, () => type <= 2 ? this.#byte() : this.#value(type, depth + 1));
  }

  #byte(): number {
    if (this.#at >= this.#bytes.length) throw new Error("its footer is cut off");
    return this.#bytes[this.#at++];
  }

  #skip(count: number): void {
    this.#at += count;
    if (!(this.#at <= this.#bytes.length)) throw new Error("its footer is cut off");
  }

  #varint(): bigint {
    let value = 0n;
    for (let shift = 0n; shift < 70n; shift += 7n) {
      const byte = this.#byte();
      value |= BigInt(byte & 127) << shift;
      if (byte < 128) return value;
    }
    throw new Error("its footer is damaged");
  }

  #zigzag(): bigint {
    const value = this.#varint();
    return (value >> 1n) ^ -(value & 1n);
  }
}
