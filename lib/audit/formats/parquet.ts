import { InputError } from "../../io/input_error.ts";
import { tableFromIPC } from "@uwdata/flechette";
import { asArrow } from "./arrow.ts";
import { assertArrowBounds } from "./arrow_bounds.ts";
import { bytesAt, type ByteSource } from "./byte_source.ts";
import type { FullOpenOptions } from "./embedding_file.ts";
import { assertMemory } from "./memory_limit.ts";
import { type RowGroup, rowGroups } from "./parquet_footer.ts";
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
    if (error instanceof InputError) throw error;
    const message = String((error as Error)?.message ?? error).split("\n")[0];
    throw new InputError(`${name} is not a .parquet file that can be read: ${message}`, {
      cause: error,
    });
  }
  if (parts.length === 0) throw new InputError(`${name} has no rows`);
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
