import type { EmbeddingRows } from "../embedding_rows.ts";

/** The values of one column that is no coordinate: ids, labels or popularity. */
export type SideColumn = readonly (string | number)[];

/** Embeddings from a file, with what it says beside them. */
export interface EmbeddingFile {
  /** All of them are finite, or reading them throws an `InputError` that says where they are not. */
  rows: EmbeddingRows;
  /** What the file calls its items: the words of word vectors, or a column; undefined without. */
  ids?: SideColumn;
  /** The columns that are no coordinates, of those that were asked for by name. */
  columns: Record<string, SideColumn>;
  /** How the file was understood, like "word vectors as text". */
  format: string;
  /** How numbers are stored: "float32", "int8", …, or "text". */
  dtype: string;
  /** What was taken for granted, a sentence each, to be said aloud. */
  notes: string[];
}

/** Options for {@linkcode openEmbeddings}. */
export interface OpenOptions {
  /** Columns that are no coordinates, where the file has them. @default {[]} */
  columns?: readonly string[];
  /** The column that holds the ids, where it has no usual name. */
  ids?: string;
  /**
   * Where a file has several: the array of a .npz, the tensor of a .safetensors file, the column of
   * a table or the field of records that holds the vectors. By default the only one.
   */
  vectors?: string;
  /** How many megabytes may be taken; .npy, .safetensors and .bin files are read in blocks. @default {1000} */
  memory?: number;
}

/** The options with their defaults. */
export type FullOpenOptions =
  & Required<Pick<OpenOptions, "columns" | "memory">>
  & Pick<OpenOptions, "ids" | "vectors">;
