import { InputError } from "../../io/input_error.ts";
import { tableFromIPC } from "@uwdata/flechette";
import { asArrow } from "./arrow.ts";
import { assertArrowBounds } from "./arrow_bounds.ts";
import { bytesAt, type ByteSource } from "./byte_source.ts";
import { assertMemory } from "./memory_limit.ts";
import { rowGroups } from "./parquet_footer.ts";
import type { Table } from "./table.ts";

/** A longer list of columns and pieces is not a table of embeddings. */
const LONGEST_FOOTER = 50_000_000;

type ParquetModule = typeof import("parquet-wasm/esm");

/** The reader, once it is there: its WebAssembly lies beside it, in a package or on a page. */
async function loaded(name: string): Promise<ParquetModule> {
  try {
    const module = await import("parquet-wasm/esm");
    await module.default();
    return module;
  } catch (error) {
    throw new InputError(
      `${name}: what reads Parquet could not be loaded here; df.to_feather(path) is read, too`,
      { cause: error },
    );
  }
}

/**
 * Reads a Parquet file, one group of rows after the other.
 *
 * @throws {InputError} If it is none, is cut off, or takes more memory than there may be taken.
 */
export async function parquetTable(source: ByteSource, memory: number): Promise<Table> {
  const { name, size } = source;
  const footer = footerLength(source);
  const instead = "; .npy files are read in blocks";
  assertMemory(name, "reading it at once", size, memory, instead);
  const parts: ReturnType<typeof tableFromIPC>[] = [];
  let taken = size;
  try {
    const groups = rowGroups(bytesAt(source, size - 8 - footer, footer));
    for (const { bytes } of groups) taken += bytes;
    assertMemory(name, "unpacking it", taken, memory, instead);
    const { readParquet } = await loaded(name);
    const bytes = bytesAt(source, 0, size);
    for (const [i, { rows }] of groups.entries()) {
      if (rows === 0) continue;
      const stream = readParquet(bytes, { rowGroups: [i] }).intoIPCStream();
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
