import { InputError } from "../../errors.ts";
import { bytesAt, type ByteSource } from "./bytes.ts";
import { SEPARATOR } from "./csv.ts";
import { isNumber, isVector } from "./numbers.ts";
import { isNpy } from "./npy.ts";
import { isSafetensors } from "./safetensors.ts";
import { word2vecHeader } from "./word_vectors.ts";

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

/** What is read, as usage, errors and the audit page name it. */
export const KINDS_READ =
  ".npy, .npz, .safetensors, .parquet, .arrow or .feather, .csv, .tsv, .json, .jsonl, word vectors " +
  "(.vec, .txt, .bin) or .fvecs, also compressed by gzip (.gz)";

/** Other ends that texts of vectors have, whose kind their first lines tell. */
const OTHER_ENDS = ["emb", "emd", "embeddings", "itememb", "useremb", "dat", "data", "md"];

/** How the names of files end that are read, for a file chooser. */
export const ENDS_READ = [
  ...[...Object.keys(BY_EXTENSION), ...OTHER_ENDS].map((end) => `.${end}`),
  ".gz",
];

/** What is not read, by how it starts, and what to type in the tool that wrote it. */
const REFUSED: [start: string, sentence: string][] = [
  ["\x28\xb5\x2f\xfd", "is compressed by zstd: unpack it first (zstd -d)"],
  ["BZh", "is compressed by bzip2: unpack it first (bunzip2)"],
  ["\xfd7zXZ", "is compressed by xz: unpack it first (unxz)"],
  [
    "\x89HDF\r\n",
    'is an HDF5 file: np.save("vectors.npy", h5py.File(path)["NAME"][:]), and name the .npy',
  ],
  [
    "MATLAB 5.0",
    'is a MATLAB file (.mat): np.save("vectors.npy", scipy.io.loadmat(path)["NAME"]), or in MATLAB writematrix(NAME, "vectors.csv")',
  ],
  ["FEA1", "is a Feather file of version 1: df.to_feather(path, version=2)"],
  [
    "SQLite format 3",
    'is a database of SQLite: sqlite3 FILE -header -csv "SELECT * FROM TABLE" > vectors.csv',
  ],
  [
    "GGUF",
    "is a GGUF model, not its embeddings: ask the program that runs it for them, and numpy.save",
  ],
  [
    "PGDMP",
    'is a dump of PostgreSQL: restore it, then psql -c "\\copy TABLE TO vectors.csv CSV HEADER"',
  ],
  ["RDX", 'is an R workspace (.RData): load(FILE), then write.csv(NAME, "vectors.csv")'],
  ["X\n\0\0\0", 'is an R object (.rds): write.csv(readRDS(FILE), "vectors.csv")'],
  ["A\n", 'is an R object (.rds): write.csv(readRDS(FILE), "vectors.csv")'],
  ["\xd0\xcf\x11\xe0", "is an old Excel or Office file (.xls): save the sheet as CSV"],
  [
    "%%MatrixMarket",
    'is a Matrix Market file: np.save("vectors.npy", scipy.io.mmread(path)), of a sparse one .toarray()',
  ],
  ["structure(", 'is text by R\'s dput: write.csv(dget(FILE), "vectors.csv")'],
  ["\x04\x22\x4d\x18", "is compressed by lz4: unpack it first (unlz4)"],
  ["7z\xbc\xaf", "is a 7-Zip archive: unpack it, and name the file within"],
  ["%PDF", "is a PDF: save the table it was made of as CSV"],
  [
    "ORC",
    "is an ORC file: df.write.parquet(path) in Spark, or pyarrow.orc.read_table and pyarrow.parquet.write_table",
  ],
  ["Obj\x01", "is an Avro file: df.write.parquet(path) in Spark"],
  ["VIND", "is a vector index: export its vectors, and numpy.save"],
];

/** The same, by the end of its name, where the start may be anything. */
const REFUSED_ENDS: [end: RegExp, sentence: string][] = [
  [
    /\.(ann|annoy)$/i,
    'is an Annoy index (.ann): np.save("vectors.npy", np.array([index.get_item_vector(i) for i in range(index.get_n_items())]))',
  ],
  [
    /\.hnsw$|hnswlib/i,
    'is an hnswlib index: np.save("vectors.npy", index.get_items(index.get_ids_list()))',
  ],
  [/\.usearch$/i, 'is a USearch index: np.save("vectors.npy", index.get(index.keys))'],
  [
    /\.(faiss|index|ivf)$/i,
    'is a FAISS index: np.save("vectors.npy", faiss.read_index(path).reconstruct_n(0, index.ntotal))',
  ],
  [
    /\.onnx$/i,
    'is an ONNX model: np.save("vectors.npy", onnx.numpy_helper.to_array(initializer)), or its output for your texts',
  ],
  [
    /\.(h5|hdf5|hdf|keras)$/i,
    'is a model or an HDF5 file: np.save("vectors.npy", h5py.File(path)["NAME"][:])',
  ],
  [
    /\.ckpt|\.index$|\.data-\d{5}-of-\d{5}$/i,
    'is a TensorFlow checkpoint: np.save("vectors.npy", tf.train.load_checkpoint(path).get_tensor(NAME))',
  ],
  [/\.pb$/i, 'is a TensorFlow model: np.save("vectors.npy", layer.get_weights()[0])'],
  [/\.mat$/i, 'is a MATLAB file (.mat): np.save("vectors.npy", scipy.io.loadmat(path)["NAME"])'],
  [/\.(rds|rdata|rda)$/i, 'is an R object: write.csv(readRDS(FILE), "vectors.csv")'],
  [
    /\.(pt|pth)$/i,
    'is a PyTorch file, which can run code: np.save("vectors.npy", torch.load(path)["NAME"].numpy())',
  ],
  [/\.(pkl|pickle|joblib|dill)$/i, PICKLE()],
  [/\.(duckdb|ddb)$/i, "is a DuckDB database: duckdb FILE -c \"COPY TABLE TO 'vectors.parquet'\""],
  [/\.(db|sqlite3?)$/i, "is a database: export the table as .csv or .parquet"],
];

function PICKLE(): string {
  return 'is a Python pickle, which can run code: np.save("vectors.npy", array) in Python; of gensim, ' +
    'model.wv.save_word2vec_format("vectors.vec"), or .save_word2vec_format of its KeyedVectors';
}

/** What stands in place of a file that was not fetched. */
function noFile(latin: string): string | undefined {
  if (latin.startsWith("version https://git-lfs.github.com/spec/")) {
    return "is a pointer of Git LFS, not the file itself: git lfs pull";
  }
  if (/^(\xef\xbb\xbf)?\s*<(!doctype|html|\?xml|error|head|body)\b/i.test(latin)) {
    return "is a web page or an error message in XML, not the file itself: download it again";
  }
  return undefined;
}

/** What a file is that is not read, and what to do; undefined where it may be read. */
function refusal(
  start: Uint8Array,
  latin: string,
  path: string,
  known: boolean,
): string | undefined {
  if (/^\[\[?\s*-?\d[\d.e+-]*\s+-?\d[\d.e+-]*\s/.test(latin)) {
    return 'is what NumPy prints, where long arrays are abbreviated by "...": np.save("vectors.npy", array)';
  }
  if (start[0] === 0x80 && start[1] >= 2 && start[1] <= 5) return PICKLE();
  if (/^(\([dli]p\d+\n|c[\w.]+\n\w+\n|[(\]}]q\0)/.test(latin)) return PICKLE();
  if (/^[(c\]}].*\n/.test(latin) && /\.(pkl|pickle|joblib|kv|model)$/i.test(path)) return PICKLE();
  const found = REFUSED.find(([mark]) => latin.startsWith(mark));
  if (found !== undefined && !(known && found[0].length < 3)) return found[1];
  if (
    /^(Ix|IH|Iw|IB|IS|Il|Iv|IP|II)[\w]{2}/.test(latin) &&
    (!known || /\.(bin|index)$/i.test(path)) && isBinary(start)
  ) {
    return REFUSED_ENDS[3][1];
  }
  const view = new DataView(start.buffer, start.byteOffset, start.length);
  if (start.length >= 8 && view.getInt32(0, true) === 793712314) {
    return "is a model of fastText (.bin): model.get_words() and model.get_word_vector(word) in Python, or " +
      'gensim.models.fasttext.load_facebook_vectors(path).save_word2vec_format("vectors.vec"); the .vec file beside it is read';
  }
  if (
    /^(--[^\n]*\n|\s)*(-- PostgreSQL database dump|SET |CREATE TABLE|INSERT INTO|BEGIN;|DROP TABLE)/i
      .test(latin) || /\.sql$/i.test(path)
  ) {
    return 'is a dump of a database as SQL: psql -c "\\copy TABLE TO vectors.csv CSV HEADER", or keep the lines ' +
      "of its COPY as a .tsv file";
  }
  if (known && !/\.index$/i.test(path)) return undefined;
  return REFUSED_ENDS.find(([end]) => end.test(path))?.[1];
}

function isBinary(start: Uint8Array): boolean {
  return start.some((byte) => byte < 0x20 && ![0x09, 0x0a, 0x0d].includes(byte));
}

/** What a zip file is that is no .npz: a model of PyTorch or Keras, a workbook. */
export function zipRefusal(names: readonly string[]): string | undefined {
  const has = (mark: RegExp) => names.some((name) => mark.test(name));
  if (has(/^xl\//)) {
    return 'is an Excel workbook (.xlsx): save the sheet as CSV, or df.to_csv("vectors.csv")';
  }
  if (has(/(^|\/)data\.pkl$/)) {
    return 'is a PyTorch file, which can run code: np.save("vectors.npy", torch.load(path)["NAME"].cpu().numpy()), ' +
      "or safetensors.torch.save_file";
  }
  if (has(/\.weights\.h5$|^config\.json$/)) {
    return 'is a Keras model: np.save("vectors.npy", layer.get_weights()[0])';
  }
  if (has(/^(word|ppt)\//)) return "is an Office document: save its table as CSV";
  if (has(/^content\.xml$/)) return "is an OpenDocument sheet: save it as CSV";
  const first = names.find((name) => !name.endsWith("/"));
  if (first !== undefined && !has(/\.npy$/)) {
    return `is a zip file of ${names.length} files: unpack it, and name one (${first})`;
  }
  return undefined;
}

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
  const start = bytesAt(source, 0, Math.min(START, size));
  const latin = latinText(start);
  const extension = /\.([a-z0-9]+)$/i.exec(path)?.[1].toLowerCase() ?? "";
  const notThere = noFile(latin);
  if (notThere !== undefined) throw new InputError(`${name} ${notThere}`);
  if (isNpy(start)) return "npy";
  if (latin.startsWith("PK\x03\x04") || latin.startsWith("PK\x05\x06")) return "npz";
  if (latin.startsWith("PAR1")) return "parquet";
  if (latin.startsWith("ARROW1")) return "arrow";
  const known = BY_EXTENSION[extension];
  if (known === undefined && isSafetensors(start, size)) return "safetensors";
  const refused = refusal(start, latin, path, known !== undefined);
  if (refused !== undefined) {
    throw new InputError(`${name} ${refused}; what is read is ${KINDS_READ}`);
  }
  if (known === "word2vec" || known === "words") return wordsKind(source, start, known);
  if (known !== undefined && TEXTS.includes(known)) return textKind(latin, known);
  if (known !== undefined) return known;
  const binary = start.some((byte) => byte < 0x20 && ![0x09, 0x0a, 0x0d].includes(byte));
  if (word2vecHeader(source) !== null) return wordsKind(source, start, "word2vec");
  if (!binary || isHive(latin)) return textKind(latin);
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
  const text = latinText(end < 0 ? after : after.subarray(0, end));
  if (named === "words") return /^[\t\r -~]+$/.test(text) ? "words" : "word2vec";
  const whole = end < 0 || text.trim().split(/[ \t]+/).length === header.columns;
  return whole && /^[\d\s.einfa+-]+$/i.test(text) ? "words" : "word2vec";
}

/** A .txt file may as well be a table, or JSON. */
function textOf(start: Uint8Array): FileKind {
  return textKind(latinText(start), "words");
}

/** How much of a file tells its kind: more than a line takes. */
const START = 1 << 16;

/** A letter for each byte. */
function latinText(bytes: Uint8Array): string {
  let text = "";
  for (let at = 0; at < bytes.length; at += 4096) {
    text += String.fromCharCode(...bytes.subarray(at, at + 4096));
  }
  return text;
}

const TEXTS: FileKind[] = ["csv", "tsv", "json", "jsonl"];

/** What a text is by its first lines; what its name says counts where they say nothing. */
function textKind(text: string, named?: FileKind): FileKind {
  const trimmed = text.replace(/^\xef\xbb\xbf/, "").trimStart();
  if (
    /^\{\s*["}]/.test(trimmed) || /^\[\s*([[{"\]]|$)/.test(trimmed) || named?.startsWith("json")
  ) {
    return isJsonLines(trimmed, named === "jsonl") ? "jsonl" : "json";
  }
  if (named === "tsv" && trimmed.includes("\t")) return "tsv";
  const found = delimited(trimmed);
  if (named === "csv" || named === "tsv") {
    return found ?? (isSpaced(trimmed) ? "words" : named === "tsv" ? "csv" : named);
  }
  return found ?? "words";
}

/** Hive parts cells, and the entries of a list, by bytes that are no text. */
function isHive(text: string): boolean {
  return text.includes("\x01") &&
    Array.from(text).every((letter) => letter >= " " || "\x01\x02\t\r\n".includes(letter));
}

/** The first lines that hold something, the last of which may be cut off. */
function firstLines(text: string): string[] {
  const lines = text.split(/\r?\n/).filter((line) => line.trim() !== "" && !/^#\s/.test(line));
  return lines.length > 1 ? lines.slice(0, -1) : lines;
}

/** Whether spaces part numbers, and nothing else does. */
function isSpaced(text: string): boolean {
  const lines = firstLines(text);
  const cells = (lines.at(-1) ?? "").trim().split(/\s+/);
  return !lines.some((line) => SEPARATOR.test(line)) && cells.length > 2 &&
    cells.slice(-2).every((cell) => isNumber(cell));
}

/**
 * Whether lines are cells: those of tabs with a vector in one of them or a header over numbers, and
 * those of other marks where blanks separate nothing.
 */
function delimited(text: string): FileKind | undefined {
  const all = firstLines(text);
  const whole = all.filter((line) => !/^[\s|+:=-]*--[\s|+:=-]*$/.test(line));
  if (whole.length < all.length && whole.some((line) => line.includes("|"))) return "csv";
  const [first = "", second = first] = whole;
  if (isHive(second)) return "csv";
  const tabs = second.split("\t");
  if (tabs.length > 1) {
    const header = first.split("\t");
    const isTable = tabs.some((cell) => isVector(cell)) ||
      header.length > 1 && header.slice(1).every((cell) => !isNumber(cell)) ||
      tabs.slice(1, -1).some((cell) => !isNumber(cell) && cell !== "");
    return isTable ? "tsv" : undefined;
  }
  const sample = second.trim();
  if (/[\[{(]/.test(sample) && isVector(sample)) return "csv";
  const blanks = sample.split(/ +/).length;
  const marks = sample.split(SEPARATOR).length;
  if (marks > 1 && marks >= blanks) return "csv";
  // A table with text behind its numbers is no word vectors.
  const words = sample.split(/ +/);
  const isTable = first.trim().split(/ +/).length === words.length && words.length > 3 &&
    words.filter((word) => isNumber(word)).length >= 0.5 * words.length &&
    !isNumber(words.at(-1)!) && !first.split(/ +/).some((word) => isNumber(word));
  return isTable ? "csv" : undefined;
}

/** Whether several records stand on a line each; a single one where the name says so. */
function isJsonLines(text: string, named: boolean): boolean {
  const [first = "", second = named ? first : ""] = text.split(/\r?\n/).map((line) => line.trim())
    .filter((line) => line !== "");
  // A first line without an end is a record of many coordinates.
  if (named && (!/^[[{]/.test(first) || !/[\r\n]/.test(text))) return true;
  return /^(\xef\xbb\xbf)?\{.*\}$/.test(first) && second.startsWith("{") ||
    /^\[.*\]$/.test(first) && second.startsWith("[");
}
