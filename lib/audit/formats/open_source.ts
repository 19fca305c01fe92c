import { InputError } from "../../io/program.ts";
import type { ByteSource } from "./byte_source.ts";
import { openCsv } from "./csv.ts";
import type { EmbeddingFile, FullOpenOptions, ReadFile } from "./embedding_file.ts";
import type { FileKind } from "./file_kind.ts";
import { finiteRows } from "./finite_rows.ts";
import { openFvecs } from "./fvecs.ts";
import { openJson } from "./json.ts";
import { openJsonLines } from "./json_lines.ts";
import { openNpy } from "./npy.ts";
import { openNpz } from "./npz.ts";
import { openSafetensors } from "./safetensors.ts";
import { openWordVectors } from "./word_vectors.ts";
import { openWord2vecBinary } from "./word2vec_binary.ts";

/**
 * Opens embeddings of a kind that is known, wherever the bytes are. What it imports runs in a
 * browser, too; so Parquet, for which native code is needed, is not among them.
 *
 * @throws {InputError} If it is not as the kind demands, or there is no row.
 */
export async function openSource(
  source: ByteSource,
  kind: FileKind,
  options: FullOpenOptions,
): Promise<EmbeddingFile> {
  const file = await open(source, kind, options);
  if (options.ids !== undefined && file.ids === undefined) {
    throw new InputError(`${source.name} has no column "${options.ids}"`);
  }
  return asFinite(source.name, file);
}

/** The same, where no reader lets NaN through and there are rows. */
export function asFinite(name: string, file: ReadFile): EmbeddingFile {
  const { rows, columns } = file.rows;
  if (rows < 1 || columns < 1) {
    throw new InputError(`${name} has no rows, its shape is ${rows} x ${columns}`);
  }
  return {
    taken: `${rows} rows`,
    leftOut: [],
    records: rows,
    ...file,
    rows: finiteRows(name, file.rows),
  };
}

function open(
  source: ByteSource,
  kind: FileKind,
  options: FullOpenOptions,
): ReadFile | Promise<ReadFile> {
  switch (kind) {
    case "npy":
      return openNpy(source);
    case "npz":
      return openNpz(source, options);
    case "csv":
      return openCsv(source, options);
    case "tsv":
      return openCsv(source, options, ["\t"]);
    case "json":
      return openJson(source, options);
    case "jsonl":
      return openJsonLines(source, options);
    case "words":
      return openWordVectors(source, options);
    case "word2vec":
      return openWord2vecBinary(source, options);
    case "safetensors":
      return openSafetensors(source, options);
    case "fvecs":
      return openFvecs(source);
    case "bvecs":
      return openFvecs(source, "uint8");
    case "arrow":
      return openArrowLate(source, options);
    default:
      throw new InputError(
        `${source.name}: Parquet is read by the command, not here; save it as .npy or .csv`,
      );
  }
}

/** Few have such files: what reads them is loaded when one comes. */
async function openArrowLate(source: ByteSource, options: FullOpenOptions): Promise<ReadFile> {
  const { openArrow } = await import("./arrow.ts");
  return openArrow(source, options);
}
