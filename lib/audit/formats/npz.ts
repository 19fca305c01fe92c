import { configure, type Entry, type FileEntry, Reader, Writer, ZipReader } from "@zip.js/zip.js";
import { InputError } from "../../errors.ts";
import { assertMemory, bytesAt, type ByteSource, memorySource, partOf } from "./bytes.ts";
import type { FullOpenOptions, ReadFile, SideColumn } from "./embedding_file.ts";
import { zipRefusal } from "./file_kind.ts";
import { stackedRows, type StoredVector } from "./array_rows.ts";
import { DtypeError, npyVector, openNpy, readNpyHeader } from "./npy.ts";
import { quote } from "./numbers.ts";
import { allDistinct, idsRank } from "../side_values.ts";
import { listed } from "./table.ts";

/** How many packed bytes are unpacked at once: they may become a thousand times as many. */
const CHUNK = 16_384;

/**
 * Opens a .npz file, as NumPy's `savez` and `savez_compressed` write it: the array of two dimensions,
 * or the one of them that is named; arrays of one dimension beside it are columns. What is not
 * compressed is read in blocks, what is compressed takes its size in memory.
 *
 * @throws {InputError} If it is no such file or damaged, or is not an array or several could be meant.
 */
export async function openNpz(
  source: ByteSource,
  options: FullOpenOptions,
): Promise<ReadFile> {
  const { name } = source;
  const arrays = new Map<string, ByteSource>();
  const stored = new Map<string, FileEntry>();
  let unpacked = 0;
  const entries = await entriesOf(source);
  const refused = zipRefusal(entries.map(({ filename }) => filename));
  if (refused !== undefined) throw new InputError(`${name} ${refused}`);
  for (const entry of entries) {
    if (entry.filename.endsWith(".npy")) {
      const key = entry.filename.slice(0, -4);
      if (!mayBeWanted(key, options)) continue;
      if (arrays.has(key)) throw new InputError(`${name} has two arrays ${quote(key)}`);
      arrays.set(key, await contentOf(source, entry, key, options.memory - unpacked / 1e6));
      if (entry.compressionMethod !== 0) unpacked += entry.uncompressedSize;
      else stored.set(key, entry);
    }
  }
  const keys = [...arrays.keys()];
  const shapes = new Map(keys.flatMap((key) => {
    const shape = shapeOf(arrays.get(key)!);
    return shape === undefined ? [] : [[key, shape] as const];
  }));
  const isFlat = (key: string) => shapes.get(key)?.length === 2;
  const wide = keys.filter((key) => isFlat(key) && shapes.get(key)![1] > 1);
  const flat = wide.length > 0 ? wide : keys.filter(isFlat);
  const chosen = options.vectors ?? flat[0];
  if (options.vectors === undefined && flat.length === 0) {
    const file = vectorsByName(name, arrays);
    if (file !== undefined) return file;
  }
  if (options.vectors === undefined && flat.length !== 1) {
    throw new InputError(
      flat.length === 0
        ? noArray(name, keys, shapes)
        : `${name} has ${flat.length} arrays of two dimensions, ${
          flat.slice(0, 12).map((key) => `${quote(key)} (${shapes.get(key)!.join(" x ")})`).join(
            ", ",
          )
        }: name the one to read (--vectors ${
          flat.find((key) => /item|emb|vec/i.test(key)) ?? flat[0]
        })`,
    );
  }
  const found = arrays.get(chosen);
  if (found === undefined) {
    throw new InputError(`${name} has no array ${quote(chosen)}, it has ${listed(keys)}`);
  }
  const file = openNpy(found);
  await assertSum(name, stored.get(chosen));
  const columns = columnsOf(arrays, file.rows.rows, options);
  const texts = Object.keys(columns).filter((key) => typeof columns[key][0] === "string");
  const ids = options.ids ?? Object.keys(columns).filter((key) => idsRank(key) >= 0)
    .sort((a, b) => idsRank(a) - idsRank(b))[0] ??
    texts.find((key) => allDistinct(columns[key]));
  if (options.ids !== undefined && columns[options.ids] === undefined) {
    throw new InputError(`${name} has no array ${quote(options.ids)} of ${file.rows.rows} ids`);
  }
  return {
    ...file,
    ids: ids === undefined ? undefined : columns[ids],
    columns: Object.fromEntries(
      Object.entries(columns).filter(([key]) => options.columns.includes(key)),
    ),
    format: `NumPy archive, array ${quote(chosen)}`,
    understood: { ids, vectors: `vectors: ${chosen} (${file.rows.columns})` },
  };
}

/** Which arrays to unpack: all of them, unless one is named. */
function mayBeWanted(key: string, { vectors, columns, ids }: FullOpenOptions): boolean {
  return vectors === undefined || key === vectors || key === ids || columns.includes(key) ||
    idsRank(key) >= 0;
}

/** The shape of an array that can be read; undefined for one of objects or truth values. */
function shapeOf(source: ByteSource): number[] | undefined {
  try {
    return readNpyHeader(source).shape;
  } catch (error) {
    if (!(error instanceof DtypeError)) throw error;
    return undefined;
  }
}

function columnsOf(
  arrays: Map<string, ByteSource>,
  rows: number,
  { columns, ids, memory }: FullOpenOptions,
): Record<string, SideColumn> {
  const found: Record<string, SideColumn> = Object.create(null);
  for (const [key, array] of arrays) {
    const shape = shapeOf(array);
    if (shape?.length !== 1 || shape[0] !== rows) continue;
    const isWanted = columns.includes(key) || key === ids || idsRank(key) >= 0;
    if (isWanted || readNpyHeader(array).dtype === "text") found[key] = npyVector(array, memory);
  }
  return found;
}

/** An archive with an array for each item: their names are the ids. */
function vectorsByName(name: string, arrays: Map<string, ByteSource>): ReadFile | undefined {
  const ids: string[] = [], vectors: StoredVector[] = [];
  let columns = 0;
  for (const [key, source] of arrays) {
    if (shapeOf(source) === undefined) return undefined;
    const { dtype, shape, offset, bigEndian } = readNpyHeader(source);
    columns ||= shape[0];
    const isAlike = shape.length === 1 && shape[0] === columns && dtype !== "text" &&
      dtype === (vectors[0]?.dtype ?? dtype);
    if (!isAlike || !dtype.startsWith("float")) return undefined;
    ids.push(key);
    vectors.push({ source, offset, dtype, bigEndian });
  }
  if (vectors.length < 2 || columns < 2) return undefined;
  return {
    rows: stackedRows(vectors, columns),
    ids,
    columns: {},
    format: "NumPy archive, an array for each item",
    dtype: vectors[0].dtype,
    notes: [`${name} has an array for each item: their names are taken as the ids`],
    understood: { ids: "the names of the arrays", vectors: `${columns} coordinates` },
  };
}

function noArray(name: string, keys: string[], shapes: Map<string, number[]>): string {
  if (keys.includes("shape") && keys.includes("data") && keys.includes("format")) {
    return `${name} is a sparse matrix of SciPy: ` +
      "np.save(path, scipy.sparse.load_npz(path).toarray())";
  }
  const objects = keys.filter((key) => !shapes.has(key));
  return `${name} has no array of two dimensions, items x coordinates${
    keys.length > 0 ? `, it has ${listed(keys)}` : ""
  }${
    objects.length === 0
      ? ""
      : `; ${
        listed(objects)
      } of objects or truth values: np.save(path, np.stack(array).astype(np.float32)), after np.load(…, allow_pickle=True)`
  }`;
}

async function entriesOf(source: ByteSource): Promise<FileEntry[]> {
  configure({ useWebWorkers: false, chunkSize: CHUNK });
  try {
    const entries: Entry[] = await new ZipReader(new SourceReader(source)).getEntries();
    return entries.filter((entry): entry is FileEntry => !entry.directory);
  } catch (error) {
    throw damaged(source.name, error);
  }
}

/** The bytes of an entry: where they are, if they are not compressed. */
async function contentOf(
  source: ByteSource,
  entry: FileEntry,
  key: string,
  memory: number,
): Promise<ByteSource> {
  const name = `${source.name}, array ${quote(key)},`;
  const { compressionMethod, offset, compressedSize, uncompressedSize: size, encrypted } = entry;
  if (encrypted) throw new InputError(`${source.name} is encrypted`);
  if (compressionMethod === 0) {
    const header = new DataView(bytesAt(source, offset, 30).buffer);
    const start = offset + 30 + header.getUint16(26, true) + header.getUint16(28, true);
    if (compressedSize !== size || start + size > source.size) {
      throw new InputError(`${source.name} is damaged: array ${quote(key)} ends beyond the file`);
    }
    return partOf(source, { offset: start, size, name });
  }
  assertMemory(name, "unpacking it", size, memory, "; savez without compression is read in blocks");
  try {
    const bytes = await entry.getData!(new BoundedWriter(size), { checkSignature: true });
    return memorySource(bytes, name);
  } catch (error) {
    throw damaged(source.name, error);
  }
}

/** Throws unless the bytes of what is not compressed are those that were written. */
async function assertSum(name: string, entry: FileEntry | undefined): Promise<void> {
  try {
    await entry?.getData(new DiscardingWriter(), { checkSignature: true });
  } catch (error) {
    throw damaged(name, error);
  }
}

function damaged(name: string, error: unknown): InputError {
  if (error instanceof InputError) return error;
  const { message } = error as Error;
  return new InputError(`${name} is not a .npz file that can be read: ${message}`, {
    cause: error,
  });
}

/** Reads the zip file where it is: only the parts that are asked for. */
class SourceReader extends Reader<ByteSource> {
  readonly #source: ByteSource;

  constructor(source: ByteSource) {
    super(source);
    this.#source = source;
    this.size = source.size;
  }

  override readUint8Array(index: number, length: number): Promise<Uint8Array<ArrayBuffer>> {
    const there = Math.max(0, Math.min(length, this.size - index));
    return Promise.resolve(bytesAt(this.#source, index, there));
  }
}

/** Takes whatever comes, and keeps nothing. */
class DiscardingWriter extends Writer<void> {
  override writeUint8Array(): Promise<void> {
    return Promise.resolve();
  }

  override getData(): Promise<void> {
    return Promise.resolve();
  }
}

/** Takes what the directory of the zip file promised, and not a byte more. */
class BoundedWriter extends Writer<Uint8Array<ArrayBuffer>> {
  readonly #bytes: Uint8Array<ArrayBuffer>;
  #filled = 0;

  constructor(size: number) {
    super();
    this.#bytes = new Uint8Array(size);
  }

  override writeUint8Array(array: Uint8Array<ArrayBuffer>): Promise<void> {
    if (this.#filled + array.length > this.#bytes.length) {
      throw new Error("an array is larger than the archive says");
    }
    this.#bytes.set(array, this.#filled);
    this.#filled += array.length;
    return Promise.resolve();
  }

  override getData(): Promise<Uint8Array<ArrayBuffer>> {
    return Promise.resolve(this.#bytes.subarray(0, this.#filled));
  }
}
