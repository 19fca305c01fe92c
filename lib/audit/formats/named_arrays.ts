/**
 * Files that hold several arrays, each under a name: .npz and .safetensors.
 *
 * @module
 */
import { configure, type Entry, type FileEntry, Reader, ZipReader } from "@zip.js/zip.js";
import { InputError } from "../../errors.ts";
import {
  arrayRows,
  decodeExactly,
  type Dtype,
  dtypeCalled,
  DTYPES,
  sizeOf,
  squeezed,
  squeezedNotes,
  stackedRows,
  type StoredNumbers,
} from "./arrays.ts";
import {
  assertColumns,
  assertMemory,
  bytesAt,
  type ByteSource,
  damaged,
  memorySource,
  partOf,
} from "./bytes.ts";
import type { FullOpenOptions, ReadFile, SideColumn } from "./embedding_file.ts";
import { isFields } from "./json_text.ts";
import { arrayVector, loadOf, npyArray, openArray } from "./npy.ts";
import { quote } from "./numbers.ts";
import { refusedArchive, refusedFiles } from "./refused_kinds.ts";
import { allDistinct, idsRank } from "../side_values.ts";

/** An array of a file, under its name. */
interface NamedArray {
  name: string;
  shape: readonly number[];
  /** How its numbers are stored, or that they are text; undefined if they are of no kind that is read. */
  dtype: Dtype | "text" | undefined;
  /** Why it is not read, where it has no `dtype`. */
  refused?: string;
  /** Where its numbers are. */
  stored(): StoredNumbers;
  /** The rows of one of two dimensions. */
  open(): ReadFile | Promise<ReadFile>;
  /** The entries of one of one dimension. */
  values(): SideColumn;
}

/** How a format is called, and what it holds. */
interface Called {
  format: string;
  unit: "array" | "tensor";
}

/**
 * The array of two dimensions, or that which is named; arrays of one dimension beside it are ids and
 * columns. Where there are vectors alone, each under a name, they are the rows.
 *
 * @throws {InputError} If there is no array of two dimensions, or several could be meant.
 */
async function openNamed(
  file: string,
  called: Called,
  arrays: readonly NamedArray[],
  options: FullOpenOptions,
): Promise<ReadFile> {
  const { format, unit } = called;
  const chosen = chosenArray(file, unit, arrays, options.vectors);
  if (chosen === undefined) {
    const each = vectorForEach(file, called, arrays);
    if (each !== undefined) return each;
    const [odd] = arrays.filter(({ refused }) => refused !== undefined);
    throw new InputError(
      `${file} has no ${unit} of two dimensions, items x coordinates${
        arrays.length === 0 ? "" : `, it has ${shapesOf(arrays)}`
      }${odd === undefined ? "" : `; ${quote(odd.name)} ${odd.refused}`}`,
    );
  }
  if (chosen.refused !== undefined) {
    throw new InputError(`${file}, ${unit} ${quote(chosen.name)} ${chosen.refused}`);
  }
  const opened = await chosen.open();
  const { rows, columns } = opened.rows;
  const beside = new Map<string, SideColumn>();
  for (const { name, shape, dtype, values } of arrays) {
    if (dtype === undefined || shape.length !== 1 || shape[0] !== rows) continue;
    const isWanted = name === options.ids || idsRank(name) >= 0 || options.columns.includes(name);
    if (isWanted || dtype === "text") beside.set(name, values());
  }
  if (options.ids !== undefined && !beside.has(options.ids)) {
    throw new InputError(`${file} has no ${unit} ${quote(options.ids)} of ${rows} ids`);
  }
  const [usual] = [...beside.keys()].filter((name) => idsRank(name) >= 0)
    .sort((a, b) => idsRank(a) - idsRank(b));
  const ids = options.ids ?? usual ??
    [...beside.keys()].find((name) =>
      typeof beside.get(name)![0] === "string" && allDistinct(beside.get(name)!)
    );
  const scale = arrays.find(({ name }) => name !== chosen.name && /scale/i.test(name));
  return {
    ...opened,
    ids: ids === undefined ? undefined : beside.get(ids),
    columns: Object.fromEntries([...beside].filter(([name]) => options.columns.includes(name))),
    format: `${format}, ${unit} ${quote(chosen.name)}`,
    notes: scale === undefined || !/int/.test(opened.dtype) ? opened.notes : [
      ...opened.notes,
      `${file}: ${opened.dtype} are read as they are, ${unit} ${
        quote(scale.name)
      } is not applied: cosines are those of the vectors where each row has one scale, norms are not`,
    ],
    understood: { ids, vectors: `vectors: ${chosen.name} (${columns})` },
  };
}

/** The array that is meant; undefined where none has two dimensions. */
function chosenArray(
  file: string,
  unit: Called["unit"],
  arrays: readonly NamedArray[],
  vectors: string | undefined,
): NamedArray | undefined {
  if (vectors !== undefined) {
    const found = arrays.find(({ name }) => name === vectors);
    if (found !== undefined) return found;
    throw new InputError(
      `${file} has no ${unit} ${quote(vectors)}, it has ${shapesOf(arrays) || "none"}`,
    );
  }
  const flat = arrays.filter(({ shape, dtype }) =>
    squeezed(shape).length === 2 && dtype !== undefined && dtype !== "text"
  );
  const wide = flat.filter(({ shape }) => squeezed(shape)[1] > 1);
  const likely = wide.length > 0 ? wide : flat;
  if (likely.length === 0) {
    return arrays.find(({ shape, refused }) => shape.length === 2 && refused !== undefined);
  }
  if (likely.length === 1) return likely[0];
  const { name } = likely.find(({ name }) => /item|word|emb|vec/i.test(name)) ?? likely[0];
  throw new InputError(
    `${file} has ${likely.length} ${unit}s of two dimensions, ${
      shapesOf(likely)
    }: name the one to read (--vectors ${name})`,
  );
}

/** So many arrays are named in an error. */
const MOST_SHOWN = 12;

function shapesOf(arrays: readonly NamedArray[]): string {
  const shown = arrays.slice(0, MOST_SHOWN)
    .map(({ name, shape }) => `${quote(name)} (${shape.join(" x ")})`);
  const more = arrays.length - shown.length;
  return shown.join(", ") + (more > 0 ? ` and ${more} more` : "");
}

/** Fewer vectors than this are biases and norms of a model, not items. */
const LEAST_NAMED = 5;

/** A file with an array for each item: their names are the ids. */
function vectorForEach(
  file: string,
  { format, unit }: Called,
  arrays: readonly NamedArray[],
): ReadFile | undefined {
  if (arrays.length < LEAST_NAMED) return undefined;
  const [{ dtype, shape: [columns] }] = arrays;
  const isAlike = arrays.every(({ shape, dtype: other }) =>
    shape.length === 1 && shape[0] === columns && other === dtype
  );
  if (!isAlike || dtype === undefined || !/float/.test(dtype) || columns < 2) return undefined;
  const each = `${unit === "array" ? "an array" : "a tensor"} for each item`;
  return {
    rows: stackedRows(arrays.map((array) => array.stored()), columns),
    ids: arrays.map(({ name }) => name),
    columns: {},
    format: `${format}, ${each}`,
    dtype,
    notes: [`${file} has ${each}: their names are taken as the ids`],
    understood: { ids: `the names of the ${unit}s`, vectors: `${columns} coordinates` },
  };
}

/** The specification of safetensors allows no longer headers. */
const LONGEST_HEADER = 100_000_000;

/**
 * Opens a .safetensors file. It is read in blocks.
 *
 * @throws {InputError} If the header makes no sense, no tensor or several could be meant, or data are
 * cut off.
 */
export async function openSafetensors(
  source: ByteSource,
  options: FullOpenOptions,
): Promise<ReadFile> {
  const { name: file, size } = source;
  const start = bytesAt(source, 0, Math.min(9, size));
  if (!isSafetensors(String.fromCharCode(...start), size)) {
    throw new InputError(`${file} is no .safetensors file, or cut off: it has no header`);
  }
  const length = Number(new DataView(start.buffer).getBigUint64(0, true));
  // A header as JSON in memory is some times its text.
  assertMemory(file, "its header", length * 5, options.memory);
  let header: unknown;
  try {
    header = JSON.parse(new TextDecoder().decode(bytesAt(source, 8, length)));
  } catch {
    throw new InputError(`${file} has a .safetensors header that is no JSON`);
  }
  if (!isFields(header)) {
    throw new InputError(`${file} has a .safetensors header that is no record`);
  }
  const tensors = Object.entries(header).filter(([name]) => name !== "__metadata__")
    .map(([name, value]) => tensorOf(source, 8 + length, name, value));
  return await openNamed(file, { format: "safetensors", unit: "tensor" }, tensors, options);
}

/** Whether a file starts as a .safetensors file does: a length, and the brace that opens JSON. */
export function isSafetensors(start: string, size: number): boolean {
  if (start[8] !== "{") return false;
  const length = new DataView(Uint8Array.from(start.slice(0, 8), (c) => c.charCodeAt(0)).buffer)
    .getBigUint64(0, true);
  return length >= 2n && length <= BigInt(Math.min(LONGEST_HEADER, size - 8));
}

function tensorOf(source: ByteSource, body: number, name: string, value: unknown): NamedArray {
  const { dtype: called, shape, data_offsets: ends } = isFields(value)
    ? value as Record<string, unknown>
    : {} as Record<string, unknown>;
  const areLengths = (list: unknown): list is number[] =>
    Array.isArray(list) && list.every((length) => Number.isSafeInteger(length) && length >= 0);
  if (
    typeof called !== "string" || !areLengths(shape) || !areLengths(ends) || ends.length !== 2
  ) {
    throw new InputError(
      `${source.name}, tensor ${quote(name)} has no dtype, shape and data_offsets that make sense`,
    );
  }
  const [from, to] = ends;
  const label = `${source.name}, tensor ${quote(name)}`;
  const dtype = dtypeCalled("safetensors", called);
  const stored = () => {
    const needed = shape.reduce((a, b) => a * b, 1) * sizeOf(dtype!);
    if (to - from !== needed) {
      throw new InputError(
        `${label} has ${to - from} bytes, its shape (${shape.join(", ")}) takes ${needed}`,
      );
    }
    if (body + to > source.size) {
      throw new InputError(`${label} is cut off: it ends at byte ${body + to} of ${source.size}`);
    }
    return { source, offset: body + from, dtype: dtype! };
  };
  return {
    name,
    shape,
    dtype,
    refused: dtype === undefined
      ? `has dtype ${called.slice(0, 40)}, those that are read are ${
        Object.values(DTYPES).map(({ safetensors }) => safetensors).join(", ")
      }. Convert it: save_file({${JSON.stringify(name)}: tensor.float()}, "vectors.safetensors")`
      : undefined,
    stored,
    open() {
      const numbers = stored();
      const [rows, columns, ...more] = squeezed(shape);
      if (columns === undefined || more.length > 0) {
        throw new InputError(
          `${label} must have two dimensions, items x coordinates, its shape is (${
            shape.join(", ")
          })`,
        );
      }
      assertColumns(label, columns);
      const opened = arrayRows({ ...numbers, rows, columns });
      return {
        rows: opened,
        columns: {},
        format: "",
        dtype: numbers.dtype,
        notes: squeezedNotes(label, shape),
      };
    },
    values() {
      const numbers = stored();
      return decodeExactly(bytesAt(source, numbers.offset, to - from), numbers);
    },
  };
}

/** How many packed bytes of a zip file are unpacked at once: they may become a thousand times as many. */
const CHUNK = 16_384;

/**
 * Opens a .npz file, as NumPy's `savez` and `savez_compressed` write it. What is not compressed is read
 * in blocks, what is compressed takes its size in memory.
 *
 * @throws {InputError} If it is no such file or damaged, or is not an array or several could be meant.
 */
export async function openNpz(source: ByteSource, options: FullOpenOptions): Promise<ReadFile> {
  const { name: file } = source;
  const entries = await entriesOf(source);
  const names = entries.filter(({ directory }) => !directory).map(({ filename }) => filename);
  if (names.length === 0) throw new InputError(`${file} is an empty zip file: it holds no file`);
  const refused = refusedArchive(file, names) ?? (
    !names.some((name) => name.endsWith(".npy"))
      ? refusedFiles(file, names.length, names[0])
      : undefined
  );
  if (refused !== undefined) throw new InputError(refused);
  const arrays = new Map<string, NamedArray>();
  let unpacked = 0;
  for (const entry of entries) {
    if (entry.directory || !entry.filename.endsWith(".npy")) continue;
    const key = entry.filename.slice(0, -4);
    if (!mayBeWanted(key, options)) continue;
    if (arrays.has(key)) throw new InputError(`${file} has two arrays ${quote(key)}`);
    const content = await contentOf(
      source,
      entry,
      `array ${quote(key)}`,
      options.memory - unpacked / 1e6,
    );
    const isPacked = entry.compressionMethod !== 0;
    if (isPacked) unpacked += entry.uncompressedSize;
    const array = npyArray(content, loadOf(file, key));
    arrays.set(key, {
      name: key,
      shape: array.shape,
      dtype: array.dtype,
      refused: array.refused,
      stored: () => array as StoredNumbers,
      async open() {
        // The unpacked bytes have been compared with their checksum.
        if (!isPacked) await inZip(file, () => unpack(entry, () => {}));
        return openArray(array);
      },
      values: () => arrayVector(array, options.memory),
    });
  }
  if (["data", "shape", "format"].every((key) => arrays.has(key))) {
    throw new InputError(
      `${file} is a sparse matrix of SciPy. Convert it: ` +
        `np.save("vectors.npy", scipy.sparse.load_npz(${JSON.stringify(file)}).toarray())`,
    );
  }
  const called = { format: "NumPy archive", unit: "array" } as const;
  return await openNamed(file, called, [...arrays.values()], options);
}

/**
 * The file in a zip file that holds no other, as pandas writes a packed table: unpacked into memory.
 *
 * @returns Its bytes and its name; undefined if it is an array, or there are several.
 */
export async function onlyFile(
  source: ByteSource,
  memory: number,
): Promise<{ source: ByteSource; path: string } | undefined> {
  // Files that macOS adds are not arrays.
  const entries = (await entriesOf(source)).filter(({ directory, filename }) =>
    !directory && !/^__MACOSX\/|\.DS_Store$/.test(filename)
  );
  const [entry] = entries;
  if (entries.length !== 1 || entry.directory || entry.filename.endsWith(".npy")) return undefined;
  if (refusedArchive(source.name, [entry.filename]) !== undefined) return undefined;
  const content = await contentOf(source, entry, `file ${quote(entry.filename)}`, memory);
  return { source: content, path: entry.filename };
}

/** Whether a file starts as a zip file does. */
export function isZip(start: string): boolean {
  return start.startsWith("PK\x03\x04") || start.startsWith("PK\x05\x06");
}

async function entriesOf(source: ByteSource): Promise<Entry[]> {
  return await inZip(source.name, async () => {
    configure({ useWebWorkers: false, chunkSize: CHUNK });
    return await new ZipReader(new SourceReader(source)).getEntries();
  });
}

/** Which arrays to unpack: all of them, unless one is named. */
function mayBeWanted(key: string, { vectors, columns, ids }: FullOpenOptions): boolean {
  return vectors === undefined || key === vectors || key === ids || columns.includes(key) ||
    idsRank(key) >= 0;
}

/** The bytes of an entry: where they are, if they are not compressed. */
async function contentOf(
  source: ByteSource,
  entry: FileEntry,
  label: string,
  memory: number,
): Promise<ByteSource> {
  const name = `${source.name}, ${label}`;
  const { compressionMethod, offset, compressedSize, uncompressedSize: size, encrypted } = entry;
  if (encrypted) {
    throw new InputError(
      `${source.name} is encrypted: unpack it by its password, and name the file`,
    );
  }
  if (compressionMethod === 0) {
    const header = new DataView(bytesAt(source, offset, 30).buffer);
    const start = offset + 30 + header.getUint16(26, true) + header.getUint16(28, true);
    if (compressedSize !== size || start + size > source.size) {
      throw new InputError(`${source.name} is damaged: ${label} ends beyond the file`);
    }
    return partOf(source, { offset: start, size, name });
  }
  assertMemory(name, "unpacking it", size, memory, "; what is not compressed is read in blocks");
  const bytes = new Uint8Array(size);
  let filled = 0;
  await inZip(source.name, () =>
    unpack(entry, (piece) => {
      if (filled + piece.length > size) {
        throw new Error("a file is larger than the archive says");
      }
      bytes.set(piece, filled);
      filled += piece.length;
    }));
  return memorySource(bytes.subarray(0, filled), name);
}

/** Unpacks an entry piece by piece, and compares its checksum. */
async function unpack(entry: FileEntry, write: (piece: Uint8Array) => void): Promise<void> {
  await entry.getData(new WritableStream({ write }), { checkSignature: true });
}

/** Turns what zip.js says of a damaged file into a sentence about it. */
async function inZip<T>(name: string, run: () => Promise<T>): Promise<T> {
  try {
    return await run();
  } catch (error) {
    throw damaged(name, "a .npz file", error);
  }
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
