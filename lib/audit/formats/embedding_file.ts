import { InputError, InputTypeError } from "../../errors.ts";
import { anything, checkedOptions, flag, number, optional, text } from "../../check.ts";
import type { EmbeddingRows } from "../rows.ts";
import { DEFAULT_MEMORY } from "./bytes.ts";

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
  /** The note that says which column was taken as the ids: no news to those who name another. */
  idsNote?: string;
  /** Those of the notes that an audit's report says as well: columns and records that were left out. */
  reportedNotes?: string[];
  /**
   * What was taken for what, by name, on one line: "240 rows; header; ids: item; coordinates: f0 to
   * f23; ignored: year, price".
   */
  taken: string;
  /** The parts of `taken`. */
  understood: Understood;
  /** The records that were left out, by reason; empty where all were kept. */
  leftOut: OddRows[];
  /** How many records the file has, with those that were left out. */
  records: number;
  /** The record of each row, counted from 0; undefined where all records were kept. */
  kept?: Uint32Array;
}

/** What was taken for what, each as it is shown. */
export interface Understood {
  /** What the first line is; undefined where the format says where names are. */
  header?: string;
  /** What the ids are; undefined where there are none. */
  ids?: string;
  /** What the vectors are, like "coordinates: f0 to f23 (24)". */
  vectors: string;
  /** Columns that were asked for. */
  beside?: readonly string[];
  /** Columns that are not used. */
  ignored?: string;
  /** What its columns are called, where they have names; and those that hold a list for each item. */
  names?: readonly string[];
  lists?: readonly string[];
}

/**
 * What was taken for what, on one line.
 *
 * @param from Where the ids come from, if not from where the file itself has them: a file, or a column.
 */
export function takenSentence(
  { records, understood }: Pick<EmbeddingFile, "records" | "understood">,
  from?: string,
): string {
  const { header, ids: own, vectors, beside, ignored } = understood;
  const areOwn = from === undefined || own === from || own?.endsWith(`.${from}`);
  const ids = areOwn ? own : own === undefined ? from : `${from} (its own, ${own}, set aside)`;
  const others = beside?.filter((name) => name !== from) ?? [];
  return [
    `${records.toLocaleString("en")} rows`,
    header,
    ids === undefined ? "no ids" : `ids: ${ids}`,
    vectors,
    others.length > 0 && `beside them: ${others.join(", ")}`,
    ignored && `ignored: ${ignored}`,
  ].filter((part) => part !== undefined && part !== false).join("; ");
}

/** A file, or one of the parts of one, has no rows. */
export class NoRowsError extends InputError {}

/** Why a record is left out; a key, not a text to be shown. */
export type OddRowReason =
  | "missing"
  | "not-finite"
  | "not-a-number"
  | "wrong-length"
  | "duplicate-id"
  | "failed-request"
  | "not-json";

/** Records that were left out for one reason. */
export interface OddRows {
  reason: OddRowReason;
  count: number;
  /** The first 20, counted from 0. */
  rows: number[];
  /** The ids of the first 20, where they have any. */
  ids: string[];
}

/** What a reader of one format knows; what was left out and taken is added to it in the end. */
export type ReadFile =
  & Omit<EmbeddingFile, "taken" | "understood" | "leftOut" | "records" | "kept">
  & Partial<Pick<EmbeddingFile, "understood" | "leftOut" | "records" | "kept">>;

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
  /**
   * How many megabytes may be taken by files that are not read in blocks: see {@linkcode openEmbeddings}.
   *
   * @default {1000}
   */
  memory?: number;
  /** Whether the first line of a table holds names. @default {what the first lines look like} */
  header?: boolean;
  /** The columns that are coordinates, in this order, or a range of them like "f0-f23". */
  coordinates?: readonly string[] | string;
  /** Whether to refuse a file with odd records, in place of leaving them out. @default {false} */
  strict?: boolean;
  /**
   * Gives the bytes of `parquet_wasm_bg.wasm`, of the package parquet-wasm, once a Parquet file comes.
   * @default {read from the package by `openEmbeddings`; on a page there is none}
   */
  parquetWasm?: () => BufferSource | Promise<BufferSource>;
}

/** The options with their defaults. */
export type FullOpenOptions =
  & Required<Pick<OpenOptions, "columns" | "memory" | "strict">>
  & Pick<OpenOptions, "ids" | "vectors" | "header" | "coordinates" | "parquetWasm">;

const ACTION = "open embeddings";

/** Fills in the defaults of {@linkcode OpenOptions}, and checks them. */
export function openOptions(options: OpenOptions): FullOpenOptions {
  const checked = checkedOptions(ACTION, options, {
    columns: anything<readonly string[]>([]),
    ids: optional(text()),
    vectors: optional(text()),
    memory: number({ above: 0 }, Infinity, DEFAULT_MEMORY),
    header: optional(flag(false)),
    coordinates: anything<readonly string[] | string>(),
    strict: flag(false),
    parquetWasm: anything<FullOpenOptions["parquetWasm"]>(),
  });
  if (!areStrings(checked.columns)) {
    throw new InputTypeError(`Cannot ${ACTION}: columns must be an array of strings`);
  }
  const { coordinates = [] } = checked;
  if (typeof coordinates !== "string" && !areStrings(coordinates)) {
    throw new InputTypeError(
      `Cannot ${ACTION}: coordinates must be an array of strings, or a range of columns`,
    );
  }
  return checked;
}

function areStrings(value: unknown): boolean {
  return Array.isArray(value) && value.every((entry) => typeof entry === "string");
}
