import {
  closeSync,
  fstatSync,
  openSync,
  readdirSync,
  readFileSync,
  readSync,
  statSync,
} from "node:fs";
import { assertString } from "../../check.ts";
import { InputError, printable } from "../../errors.ts";
import { doesNotExist } from "../../io/program.ts";
import type { ByteSource } from "./bytes.ts";
import {
  type EmbeddingFile,
  type OpenOptions,
  openOptions,
  takenSentence,
} from "./embedding_file.ts";
import { quote } from "./numbers.ts";
import { openSources } from "./open_blob.ts";
import { refusedFolder } from "./refused_kinds.ts";
import { matched } from "./side_columns.ts";

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
 * - `.fvecs` and `.bvecs`, of FAISS; `.fbin`, `.u8bin` and `.i8bin`, of big-ann-benchmarks.
 *
 * How a file starts counts for more than the end of its name. What takes no memory worth speaking of
 * is read block by block (.npy, .npz that is not compressed, .safetensors, .bin, .fvecs, .fbin).
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
  all.parquetWasm ??= packagedWasm;
  const paths = isFolder(path) ? partsOf(path) : [path];
  const parts = paths.map((part) => ({ source: fileSource(part), path: part }));
  const file = await openSources(printable(path), parts, all);
  const metadata = besideVectors(paths);
  if (metadata !== undefined && file.ids === undefined) {
    if (isFolder(path)) return withIdsOf(metadata, file);
    file.idsNote = `${printable(metadata)} lies beside it, and may hold the ids (--ids ${
      printable(metadata)
    })`;
    file.notes.push(file.idsNote);
  }
  // A file of parts: one of them looks like all of it.
  const [, part] = /(?:^|[\\/])part-(\d{5})[^\\/]*$/.exec(path) ?? [];
  const [, , of] = /-(\d{5})-of-(\d{5})[^\\/]*$/.exec(path) ?? [];
  if (of !== undefined ? of !== "00001" : part !== undefined) {
    file.notes.push(
      `${printable(path)} is one part of a file of parts: to read all of them, name their folder`,
    );
  }
  return file;
}

/** Of parquet-wasm, which would fetch it: Node can fetch no file. */
function packagedWasm(): Uint8Array<ArrayBuffer> {
  return readFileSync(new URL(import.meta.resolve("parquet-wasm/esm/parquet_wasm_bg.wasm")));
}

/** What the Embedding Projector puts beside vectors.tsv: their names. */
function besideVectors([path]: string[]): string | undefined {
  const [, folder, prefix] =
    /^(|.*[\\/])([^\\/]*?)(?:vectors|tensors)\.(?:tsv|bytes)$/i.exec(path) ?? [];
  if (folder === undefined) return undefined;
  const found = `${folder}${prefix}metadata.tsv`;
  try {
    return statSync(found).isFile() ? found : undefined;
  } catch {
    return undefined;
  }
}

function withIdsOf(metadata: string, file: EmbeddingFile): EmbeddingFile {
  const ids = matched("ids", metadata, fileSource, undefined, file.rows.rows, file);
  if (ids.length !== file.rows.rows) {
    throw new InputError(
      `${
        printable(metadata)
      } has ${ids.length} names, for ${file.rows.rows} vectors: name the file of ` +
        "the vectors alone",
    );
  }
  const understood = { ...file.understood, ids: "metadata.tsv" };
  return { ...file, ids, understood, taken: takenSentence({ ...file, understood }) };
}

function isFolder(path: string): boolean {
  try {
    return statSync(path).isDirectory();
  } catch {
    return false;
  }
}

/** How the names of files end that say of the rows of another what they are. */
const SIDE = /^(.*[_.-])?(ids?|names?|keys|words|vocab|labels?|metadata|meta|index)\.\w+$/i;
/** How files are called that stand beside the parts of one, and are none. */
const NO_PART =
  /^[._]|\.(crc|md|py|log|lock)$|^(dataset_info|state|dataset_dict|metadata|config)\.(json|tsv)$|manifest/i;
const DEEPEST = 6;

/**
 * The files of a folder that are parts of one: those of Spark, with folders for its partitions, or of
 * a data set of Hugging Face.
 */
function partsOf(folder: string, depth = 0): string[] {
  const name = printable(folder);
  const base = folder.replace(/[\\/]+$/, "");
  const entries = readdirSync(folder, { withFileTypes: true });
  const names = entries.map((entry) => entry.name);
  const refused = refusedFolder(name, names);
  if (refused !== undefined) throw new InputError(refused);
  const inside = (entry: string) => `${base}/${entry}`;
  if (names.includes("default__vector_store.json")) return [inside("default__vector_store.json")];
  const files = names.filter((entry) =>
    !NO_PART.test(entry) && !isFolder(inside(entry)) && statSync(inside(entry)).size > 0
  ).sort((a, b) => a.localeCompare(b, "en", { numeric: true }));
  const folders = entries.filter((entry) => entry.isDirectory() && !/^[._]/.test(entry.name))
    .map((entry) => entry.name).sort((a, b) => a.localeCompare(b, "en", { numeric: true }));
  const isPartitioned = folders.every((entry) => entry.includes("="));
  if (files.length === 0 && folders.length > 0 && depth < DEEPEST) {
    if (folders.length === 1 || isPartitioned) {
      return folders.flatMap((entry) => partsOf(inside(entry), depth + 1));
    }
  }
  const vectors = files.find((entry) => /^(vectors|tensors)\.(tsv|bytes)$/i.test(entry));
  if (vectors !== undefined && names.includes("metadata.tsv")) return [inside(vectors)];
  const side = files.filter((entry) => SIDE.test(entry));
  if (side.length > 0 && files.length - side.length === 1) {
    const [main] = files.filter((entry) => !side.includes(entry));
    throw new InputError(
      `${name} holds ${quote(main)} and what its rows are: name the first, and the other by an ` +
        `option (${inside(main)} --ids ${inside(side[0])})`,
    );
  }
  const numbered = files.filter((entry) =>
    /-\d{5}|\d+\.(parquet|arrow|npy|csv|jsonl?)/.test(entry)
  );
  const suffix = (entry: string) => /\.[a-z0-9]+(\.gz)?$/i.exec(entry)?.[0] ?? "";
  const sameEnd = new Set(files.map(suffix)).size === 1;
  if (
    files.length === 1 ||
    files.length > 1 && (numbered.length === files.length || sameEnd)
  ) {
    return files.map(inside);
  }
  if (files.length === 0 && folders.length > 0) {
    throw new InputError(
      `${name} is a folder of folders: name one of them, like ${quote(inside(folders[0]))}`,
    );
  }
  throw new InputError(
    files.length === 0
      ? `${name} is a folder without files that can be read`
      : `${name} is a folder of ${files.length} files that are no parts of one, ${
        files.slice(0, 12).map(quote).join(", ")
      }: name the one to read`,
  );
}

/** What the operating system says, as a person would. */
const REASONS: Record<string, string> = {
  EACCES: "may not be read",
  EPERM: "may not be read",
  ENOTDIR: "does not exist: a part of its path is a file",
  ELOOP: "cannot be reached: symbolic links lead in a circle",
  ENAMETOOLONG: "has a name that is too long",
  EISDIR: "is not a file",
  EIO: "cannot be read: the disk reports an error",
  EMFILE: "cannot be read: too many files are open",
};

/**
 * The bytes of a file.
 *
 * It is opened for each read and closed after it: nothing stays open, however long what reads it is
 * kept. A file that is changed meanwhile is noticed.
 *
 * @throws {InputError} If there is no such file, it may not be read, or it is not a regular file: a
 * folder, a pipe or a device, which would have no end.
 */
export function fileSource(path: string): ByteSource {
  const name = printable(path);
  const known = attempt(name, () => statSync(path));
  if (!known.isFile()) throw new InputError(`${name} is not a file`);
  return {
    name,
    size: known.size,
    read: (offset, bytes) =>
      attempt(name, () => {
        const file = openSync(path, "r");
        try {
          const { size, mtimeMs } = fstatSync(file);
          if (size !== known.size || mtimeMs !== known.mtimeMs) {
            throw new InputError(`${name} was changed while it was read`);
          }
          readFully(file, offset, bytes, name);
        } finally {
          closeSync(file);
        }
      }),
  };
}

/** A system reads less than 2^31 bytes at once. */
const MOST_AT_ONCE = 1 << 30;

function readFully(file: number, offset: number, bytes: Uint8Array, name: string): void {
  let count = 0;
  while (count < bytes.length) {
    const length = Math.min(MOST_AT_ONCE, bytes.length - count);
    const read = readSync(file, bytes, count, length, offset + count);
    if (read === 0) throw new InputError(`${name} ends before byte ${offset + bytes.length}`);
    count += read;
  }
}

/** Turns an error of the operating system into a sentence about the file. */
function attempt<T>(name: string, run: () => T): T {
  try {
    return run();
  } catch (error) {
    if (error instanceof InputError) throw error;
    const { code, message } = error as { code?: string; message: string };
    if (code === "ENOENT") throw new InputError(doesNotExist(name), { cause: error });
    const reason = REASONS[code ?? ""] ?? `cannot be read: ${message.split("\n")[0]}`;
    throw new InputError(`${name} ${reason}`, { cause: error });
  }
}
