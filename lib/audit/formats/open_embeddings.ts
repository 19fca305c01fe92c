import { assertString } from "../../check.ts";
import type { EmbeddingFile, OpenOptions } from "./embedding_file.ts";
import { fileKind } from "./file_kind.ts";
import { fileSource } from "./file_source.ts";
import { openOptions } from "./open_options.ts";
import { openSource } from "./open_source.ts";

/**
 * Opens embeddings of any origin; rows are items.
 *
 * - `.npy`, and the array of two dimensions in a `.npz` file: floating-point numbers or integers.
 * - `.safetensors`: the tensor of two dimensions, of floating-point numbers, bfloat16 among them, or
 *   integers.
 * - Word vectors of word2vec, fastText and GloVe, as text (`.vec`, `.txt`) or binary (`.bin`): their
 *   words are the ids.
 * - `.csv`, `.tsv`: a column for each coordinate or one whose cells are vectors, with or without a
 *   header, separated by `,` `;` `|` or tabs.
 * - `.parquet`, `.arrow`, `.feather`: the same, of numbers, lists or arrays.
 * - `.json`: vectors, records, dictionaries, and what OpenAI and its like answer; `.jsonl`: a record
 *   a line.
 * - `.fvecs` and `.bvecs`, of FAISS.
 *
 * How a file starts counts for more than the end of its name. What takes no memory worth speaking of
 * is read block by block (.npy, .npz that is not compressed, .safetensors, .bin, .fvecs).
 *
 * @param path The file.
 * @throws {InputError} If the file is not there, is of no such kind, holds anything but finite
 * numbers in a coordinate (where, is said), or would take more than `memory`.
 * @throws {TypeError} If there is an option of another name, or of the wrong kind.
 *
 * @example
 * ```ts
 * import { openEmbeddings } from "cosine-lab/audit";
 * import assert from "node:assert/strict";
 *
 * const { rows, dtype } = await openEmbeddings("data/glove_words.npy");
 * assert.deepEqual([rows.rows, rows.columns, dtype], [2000, 100, "float16"]);
 * ```
 */
export async function openEmbeddings(
  path: string,
  options: OpenOptions = {},
): Promise<EmbeddingFile> {
  assertString("open embeddings", "path", path);
  const all = openOptions(options);
  const source = fileSource(path);
  const kind = fileKind(source, path);
  if (kind === "parquet") {
    const { openParquet } = await import("./parquet.ts");
    return await openParquet(path, source, all);
  }
  return await openSource(source, kind, all);
}
