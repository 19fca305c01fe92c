import { bytesAt, type ByteSource } from "./byte_source.ts";
import { InputError } from "../../io/program.ts";
import { isNpy } from "./npy_header.ts";
import { isSafetensors } from "./safetensors.ts";
import { word2vecHeader } from "./word2vec_binary.ts";

/** How a file is to be read. */
export type FileKind =
  | "npy"
  | "npz"
  | "csv"
  | "tsv"
  | "json"
  | "jsonl"
  | "words"
  | "word2vec"
  | "safetensors"
  | "fvecs"
  | "bvecs"
  | "parquet"
  | "arrow";

/** What is read, as an error names it. */
export const KINDS_READ =
  ".npy, .npz, .safetensors, .parquet, .arrow or .feather, .csv, .tsv, .json, " +
  ".jsonl, word vectors (.vec, .txt, .bin) or .fvecs";

const BY_EXTENSION: Record<string, FileKind> = {
  npy: "npy",
  npz: "npz",
  csv: "csv",
  tsv: "tsv",
  tab: "tsv",
  json: "json",
  jsonl: "jsonl",
  ndjson: "jsonl",
  vec: "words",
  txt: "words",
  glove: "words",
  w2v: "words",
  bin: "word2vec",
  safetensors: "safetensors",
  fvecs: "fvecs",
  bvecs: "bvecs",
  parquet: "parquet",
  pq: "parquet",
  arrow: "arrow",
  arrows: "arrow",
  feather: "arrow",
  ipc: "arrow",
};

/** How files start that are not read, and what to do about them. */
const REFUSED: [start: string, sentence: string][] = [
  ["\x1f\x8b", "is compressed by gzip: unpack it first"],
  ["\x28\xb5\x2f\xfd", "is compressed by zstd: unpack it first"],
  ["BZh", "is compressed by bzip2: unpack it first"],
  ["\xfd7zXZ", "is compressed by xz: unpack it first"],
  ["\x80\x02", "is a Python pickle, which can run code: save the array by numpy.save"],
  ["\x80\x03", "is a Python pickle, which can run code: save the array by numpy.save"],
  ["\x80\x04", "is a Python pickle, which can run code: save the array by numpy.save"],
  ["\x80\x05", "is a Python pickle, which can run code: save the array by numpy.save"],
  ["\x89HDF", "is an HDF5 file: save the array by numpy.save"],
  ["FEA1", "is a Feather file of version 1: write version 2"],
  ["Ix", "may be a FAISS index: save its vectors by reconstruct_n and numpy.save"],
  ["SQLite format 3", "is a database of SQLite: export the table as .csv or .parquet"],
  ["GGUF", "is a GGUF model: save its embeddings by numpy.save"],
];

/**
 * Finds out how a file is to be read: by how it starts, where the format has a mark; else by the end
 * of its name; else by what its text looks like.
 *
 * @param path Its name, for its end.
 * @throws {InputError} If it is empty, or of a kind that is not read; which are is said.
 */
export function fileKind(source: ByteSource, path: string): FileKind {
  const { name, size } = source;
  if (size === 0) throw new InputError(`${name} is empty`);
  const start = bytesAt(source, 0, Math.min(4096, size));
  const latin = String.fromCharCode(...start);
  const extension = /\.([a-z0-9]+)$/i.exec(path)?.[1].toLowerCase() ?? "";
  if (isNpy(start)) return "npy";
  if (latin.startsWith("PK\x03\x04") || latin.startsWith("PK\x05\x06")) return "npz";
  if (latin.startsWith("PAR1")) return "parquet";
  if (latin.startsWith("ARROW1")) return "arrow";
  const known = BY_EXTENSION[extension];
  if (known === undefined && isSafetensors(start, size)) return "safetensors";
  const refused = REFUSED.find(([mark]) => latin.startsWith(mark));
  if (
    refused !== undefined && (known === undefined || known === "word2vec" || refused[0] !== "Ix")
  ) {
    throw new InputError(`${name} ${refused[1]}; what is read is ${KINDS_READ}`);
  }
  if (known === "json") return isJsonLines(latin) ? "jsonl" : "json";
  if (known === "word2vec" || known === "words") return wordsKind(source, start, known);
  if (known !== undefined) return known;
  const binary = start.some((byte) => byte < 0x20 && ![0x09, 0x0a, 0x0d].includes(byte));
  if (word2vecHeader(source) !== null) return wordsKind(source, start, "word2vec");
  if (!binary && !/^[a-z0-9]+$/.test(extension)) return textKind(latin);
  throw new InputError(
    `${name} is none of the kinds that are read, by its start or by the end of its name: ${KINDS_READ}`,
  );
}

/** Word vectors come under .bin, .vec and .txt as text and in binary. */
function wordsKind(source: ByteSource, start: Uint8Array, named: FileKind): FileKind {
  const header = word2vecHeader(source);
  if (header === null) return named === "word2vec" ? "word2vec" : textOf(start);
  // What follows the first word is text of numbers, or bytes of floats.
  const rest = start.subarray(header.offset);
  const after = rest.subarray(rest.indexOf(0x20) + 1);
  const end = after.indexOf(0x0a);
  const text = String.fromCharCode(...(end < 0 ? after : after.subarray(0, end)));
  if (named === "words") return /^[\t\r -~]+$/.test(text) ? "words" : "word2vec";
  const whole = end < 0 || text.trim().split(/[ \t]+/).length === header.columns;
  return whole && /^[\d\s.einfa+-]+$/i.test(text) ? "words" : "word2vec";
}

/** A .txt file may as well be a table with commas. */
function textOf(start: Uint8Array): FileKind {
  const [line] = String.fromCharCode(...start).split(/\r?\n/);
  const cells = line.trim().split(/[ \t]+/).length;
  return cells < 3 && /[,;|]/.test(line) ? "csv" : "words";
}

/** Whether several records stand on a line each. */
function isJsonLines(text: string): boolean {
  const [first, second] = text.split(/\r?\n/).map((line) => line.trim());
  return second === undefined
    ? false
    : /^(\xef\xbb\xbf)?\{.*\}$/.test(first) && second.startsWith("{") ||
      /^\[.*\]$/.test(first) && second.startsWith("[");
}

function textKind(text: string): FileKind {
  const trimmed = text.replace(/^\xef\xbb\xbf/, "").trimStart();
  if (/^[[{]/.test(trimmed)) return isJsonLines(trimmed) ? "jsonl" : "json";
  const [line] = trimmed.split(/\r?\n/);
  return /[,;|]/.test(line) && line.trim().split(/[ \t]+/).length < 3 ? "csv" : "words";
}
