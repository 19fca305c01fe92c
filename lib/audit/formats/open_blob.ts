import { InputError, printable } from "../../errors.ts";
import { assertMemory, type ByteSource, memorySource } from "./bytes.ts";
import { type EmbeddingFile, type OpenOptions, openOptions } from "./embedding_file.ts";
import { openSources } from "./open_source.ts";

/**
 * Opens embeddings that a person chose in a browser, of the kinds that `openEmbeddings` reads; for
 * Parquet `parquetWasm` must be given. Nothing is sent anywhere. In a worker it is read block by
 * block; on a page itself, all at once.
 *
 * @param file The File, or a Blob; a File's name tells its kind where its start does not.
 * @throws {InputError} As `openEmbeddings` does.
 *
 * @example
 * ```ts
 * import { openBlob } from "./open_blob.ts";
 * import assert from "node:assert/strict";
 *
 * const file = new File(["apple 1 2\npear 3 4\n"], "words.vec");
 * const { rows, ids } = await openBlob(file);
 * assert.deepEqual([rows.rows, rows.columns, ids], [2, 2, ["apple", "pear"]]);
 * ```
 */
export async function openBlob(file: Blob, options: OpenOptions = {}): Promise<EmbeddingFile> {
  const all = openOptions(options);
  const source = await blobSource(file, all.memory);
  return await openSources(source.name, [{ source, path: (file as File).name ?? "" }], all);
}

/** What a browser's worker has, and no other place. */
interface SyncReader {
  readAsArrayBuffer(blob: Blob): ArrayBuffer;
}

/**
 * The bytes of a Blob or a File that a person chose in a browser. In a worker they are read piece by
 * piece, whatever their size; elsewhere all at once.
 *
 * @param memory How many megabytes may be read at once.
 * @throws {InputError} If it does not fit, or cannot be read.
 */
export async function blobSource(blob: Blob, memory: number): Promise<ByteSource> {
  const name = printable((blob as File).name ?? "the file");
  const Reader = (globalThis as { FileReaderSync?: new () => SyncReader }).FileReaderSync;
  const failed = (error: unknown) =>
    new InputError(`${name} cannot be read: ${(error as Error).message}`, { cause: error });
  if (Reader === undefined) {
    assertMemory(name, "reading it at once", blob.size, memory);
    const buffer = await blob.arrayBuffer().catch((error) => {
      throw failed(error);
    });
    return memorySource(new Uint8Array(buffer), name);
  }
  const reader = new Reader();
  return {
    name,
    size: blob.size,
    read(offset, bytes) {
      const part = blob.slice(offset, offset + bytes.length);
      let buffer: ArrayBuffer;
      try {
        buffer = reader.readAsArrayBuffer(part);
      } catch (error) {
        throw failed(error);
      }
      if (buffer.byteLength < bytes.length) {
        throw new InputError(`${name} ends before byte ${offset + bytes.length}`);
      }
      bytes.set(new Uint8Array(buffer));
    },
  };
}
