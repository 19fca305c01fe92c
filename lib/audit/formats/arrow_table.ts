import { assertArrowBounds } from "./arrow_bounds.ts";
import { CompressionType, setCompressionCodec, type Table, tableFromIPC } from "@uwdata/flechette";
import { decompress as decompressZstd } from "fzstd";
import { bytesAt, type ByteSource } from "./byte_source.ts";
import { unpackLz4 } from "./lz4_frame.ts";
import { assertMemory } from "./memory_limit.ts";

/**
 * Reads Arrow's format for files or streams by Flechette, with what it takes to unpack it.
 *
 * @throws {InputError} If it takes more than `memory`, unpacked.
 * @throws {Error} If it is damaged.
 */
export function arrowTable(source: ByteSource, memory: number): Table {
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
