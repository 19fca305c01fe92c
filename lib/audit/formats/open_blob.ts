import { blobSource } from "./blob_source.ts";
import type { EmbeddingFile, OpenOptions } from "./embedding_file.ts";
import { openOptions } from "./open_options.ts";
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
