/**
 * Opens embeddings from bytes, wherever they come from: of a File that a person chose, or of a file's parts.
 *
 * @module
 */
import { InputError, memorySentence, printable } from "../../errors.ts";
import type { EmbeddingRows } from "../rows.ts";
import {
  assertMemory,
  bytesAt,
  type ByteSource,
  isGzip,
  memorySource,
  unpackedGzip,
  utf8Source,
} from "./bytes.ts";
import {
  type EmbeddingFile,
  type FullOpenOptions,
  NoRowsError,
  type OddRows,
  type OpenOptions,
  openOptions,
  type ReadFile,
  takenSentence,
} from "./embedding_file.ts";
import { fileKind } from "./file_kinds.ts";
import { isZip, onlyFile } from "./named_arrays.ts";
import { columnOf, withoutColumns } from "./numbers.ts";
import { oddRowNotes, withoutOddRows } from "./odd_rows.ts";
import { allDistinct } from "../side_values.ts";
import type { Table } from "./table.ts";
import { joinTables, tableEmbeddings, withConstants } from "./table_embeddings.ts";

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

/** The synchronous reader of files, which only a browser's worker has. */
interface SyncReader {
  readAsArrayBuffer(blob: Blob): ArrayBuffer;
}

/**
 * The bytes of a Blob or a File that a person chose in a browser. In a worker they are read piece by
 * piece, whatever their size; elsewhere all at once.
 *
 * @param memory How many megabytes may be read at once.
 * @throws {InputError} If it does not fit, or cannot be read.
 */
export async function blobSource(blob: Blob, memory: number): Promise<ByteSource> {
  const name = printable((blob as File).name ?? "the file");
  const Reader = (globalThis as { FileReaderSync?: new () => SyncReader }).FileReaderSync;
  const failed = (error: unknown) =>
    new InputError(`${name} cannot be read: ${(error as Error).message}`, { cause: error });
  if (Reader === undefined) {
    assertMemory(name, "reading it at once", blob.size, memory);
    const buffer = await blob.arrayBuffer().catch((error) => {
      throw failed(error);
    });
    return memorySource(new Uint8Array(buffer), name);
  }
  const reader = new Reader();
  return {
    name,
    size: blob.size,
    read(offset, bytes) {
      const part = blob.slice(offset, offset + bytes.length);
      let buffer: ArrayBuffer;
      try {
        buffer = reader.readAsArrayBuffer(part);
      } catch (error) {
        throw failed(error);
      }
      if (buffer.byteLength < bytes.length) {
        throw new InputError(`${name} ends before byte ${offset + bytes.length}`);
      }
      bytes.set(new Uint8Array(buffer));
    },
  };
}

/** The bytes of a file that is one of several, and its name, whose end may tell its kind. */
interface Part {
  source: ByteSource;
  path: string;
}

/**
 * Opens embeddings from the bytes of a file, or of the parts of one.
 *
 * @param name How to name them in an error.
 * @param parts The bytes of each part, and the name that it has: its end may tell the kind.
 * @throws {InputError} If they cannot be read, or not be understood.
 */
export async function openSources(
  name: string,
  parts: readonly Part[],
  options: FullOpenOptions,
): Promise<EmbeddingFile> {
  try {
    return await openParts(name, parts, options);
  } catch (error) {
    const noMemory = memorySentence(error, true);
    if (noMemory === undefined) throw error;
    throw new InputError(
      `${name} cannot be read at once: ${noMemory}. Convert it to .npy, which is read in blocks: ` +
        'np.save("vectors.npy", array)',
      { cause: error },
    );
  }
}

async function openParts(
  name: string,
  parts: readonly Part[],
  options: FullOpenOptions,
): Promise<EmbeddingFile> {
  const tables: Table[] = [];
  const files: ReadFile[] = [];
  const empty: NoRowsError[] = [];
  for (const { source: packed, path } of parts) {
    let { source, path: plain } = await unpacked({ source: packed, path }, options.memory);
    source = utf8Source(source, options.memory);
    const { table, rows } = fileKind(source, plain);
    try {
      if (table !== undefined) {
        tables.push(withConstants(await table(source, options), constantsOf(path)));
      } else files.push(await rows!(source, options));
    } catch (error) {
      if (!(error instanceof NoRowsError) || parts.length === 1) throw error;
      empty.push(error);
    }
  }
  if (empty.length === parts.length) throw empty[0];
  assertParts(name, parts.map(({ path }) => path), tables, files);
  const read = files.length > 0
    ? joinFiles(files)
    : tableEmbeddings(tables.length > 1 ? joinTables(tables) : tables[0], options);
  if (options.ids !== undefined && read.ids === undefined) {
    throw new InputError(`${name} has no column "${options.ids}"`);
  }
  if (parts.length > 1) {
    const { ids } = read;
    if (ids !== undefined && new Set(ids).size <= MOST_REPEATED * ids.length) {
      throw severalRuns(name, parts.map(({ path }) => path), "most of their ids are the same");
    }
    read.notes.unshift(
      `${name}: ${parts.length} files are read as one, ${fileName(parts[0].path)} to ${
        fileName(parts.at(-1)!.path)
      }${empty.length > 0 ? `; ${empty.length} of them without rows` : ""}`,
    );
  }
  return finished(name, read, options);
}

/** The contents of a gzip file or of a zip file of one file, packed once or twice. */
async function unpacked(part: Part, memory: number): Promise<Part> {
  let { source, path } = part;
  for (let depth = 0; depth < 2; depth++) {
    if (isGzip(source)) {
      source = unpackedGzip(source, memory);
      path = path.replace(/\.gz(ip)?$/i, "");
    } else {
      const start = String.fromCharCode(...bytesAt(source, 0, Math.min(4, source.size)));
      const inner = isZip(start) ? await onlyFile(source, memory) : undefined;
      if (inner === undefined) break;
      ({ source, path } = inner);
    }
  }
  return { source, path };
}

/** Of several files with so many ids that occur again, one is another's run. */
const MOST_REPEATED = 0.6;

/** How the names of files differ that are runs or versions of one, and no parts. */
const RUN =
  /(^|[^a-z])(seed|run|epoch|step|iter|ckpt|checkpoint|fold|trial|version|v|old|new|train|test)s?[_.-]?\d*\.|\d{4}-?\d{2}-?\d{2}/i;

const fileName = (path: string) => printable(path.replace(/^.*[\\/]/, ""));

function severalRuns(name: string, paths: readonly string[], why: string): InputError {
  const [first, second] = paths.map(printable);
  return new InputError(
    `${name} holds ${paths.length} files that are no parts of one, ${why}: name one of them, or ` +
      `compare two (audit compare ${first} ${second})`,
  );
}

/** Throws unless several files are the parts of one, as far as their kinds, widths and names tell. */
function assertParts(
  name: string,
  paths: readonly string[],
  tables: readonly Table[],
  files: readonly ReadFile[],
): void {
  if (files.length === 0 || paths.length === 1) return;
  const refuse = (why: string) => {
    throw new InputError(
      `${name} holds files that are no parts of one: ${why}; name one of them`,
    );
  };
  if (tables.length > 0) refuse("some are tables, and some are arrays");
  const odd = files.findIndex(({ rows }) => rows.columns !== files[0].rows.columns);
  if (odd > 0) {
    refuse(
      `${fileName(paths[0])} has ${files[0].rows.columns} dimensions, ${fileName(paths[odd])} has ${
        files[odd].rows.columns
      }`,
    );
  }
  // Items and users of one model have as many columns; parts of one file are told apart by a number.
  const names = new Set(paths.map((path) => path.replace(/\d+/g, "0")));
  if (names.size > 1) refuse(`their names differ by more than a number`);
  const areAsLong = files.every(({ rows }) => rows.rows === files[0].rows.rows);
  if (areAsLong && paths.every((path) => RUN.test(fileName(path)))) {
    throw severalRuns(name, paths, "but as long as each other, and called like runs or versions");
  }
}

/** What the names of folders say of the rows in them, as Spark writes partitions: "lang=de". */
function constantsOf(path: string): [string, string][] {
  return Array.from(path.matchAll(/([^\\/=]+)=([^\\/]*)(?=[\\/])/g), ([, name, value]) => {
    try {
      return [name, decodeURIComponent(value)];
    } catch {
      return [name, value];
    }
  });
}

/** Parts of one file as one, in their order. */
function joinFiles(files: readonly ReadFile[]): ReadFile {
  const [first] = files;
  if (files.length === 1) return first;
  const rowsOf = ({ rows, records }: ReadFile) => records ?? rows.rows;
  const kept: number[] = [], leftOut: OddRows[] = [];
  let records = 0;
  for (const file of files) {
    for (let row = 0; row < file.rows.rows; row++) kept.push(records + (file.kept?.[row] ?? row));
    for (const left of file.leftOut ?? []) {
      leftOut.push({ ...left, rows: left.rows.map((row) => records + row) });
    }
    records += rowsOf(file);
  }
  return {
    ...first,
    rows: {
      rows: kept.length,
      columns: first.rows.columns,
      *blocks() {
        let before = 0;
        for (const { rows } of files) {
          for (const block of rows.blocks()) yield { ...block, start: before + block.start };
          before += rows.rows;
        }
      },
    },
    ids: files.every(({ ids }) => ids !== undefined)
      ? files.flatMap(({ ids }) => [...ids!])
      : undefined,
    columns: {},
    notes: files.flatMap(({ notes }) => notes),
    understood: undefined,
    ...(leftOut.length > 0 ? { records, leftOut, kept: Uint32Array.from(kept) } : {}),
  };
}

function finished(name: string, read: ReadFile, { strict }: FullOpenOptions): EmbeddingFile {
  if (read.rows.rows < 1 || read.rows.columns < 1) {
    throw new InputError(
      `${name} has no rows, its shape is ${read.rows.rows} x ${read.rows.columns}`,
    );
  }
  const file = withoutOddRows(name, withoutWhole(name, read), strict);
  const { rows, columns } = file.rows;
  const records = file.records ?? rows;
  const leftOut = file.leftOut ?? [];
  const understood = file.understood ?? {
    ids: file.ids === undefined ? undefined : "the words",
    vectors: `${columns} coordinates`,
  };
  const oddRowsSaid = oddRowNotes(name, leftOut, records);
  return {
    ...file,
    notes: [...file.notes, ...oddRowsSaid],
    reportedNotes: [...file.reportedNotes ?? [], ...oddRowsSaid],
    taken: takenSentence({ records, understood }),
    understood,
    leftOut,
    records,
  };
}

/**
 * Takes a first or last column of integers among fractions out of an array: NumPy's `column_stack`
 * and the like put ids and labels beside coordinates.
 */
function withoutWhole(name: string, file: ReadFile): ReadFile {
  const place = wholeColumn(file.rows);
  if (place === undefined) return file;
  const values = columnOf(file.rows, place);
  const isIds = file.ids === undefined && allDistinct(values);
  const column = `column ${place + 1} of its vectors`;
  const { columns } = file.rows;
  return {
    ...file,
    rows: withoutColumns(file.rows, [place]),
    ids: isIds ? values : file.ids,
    notes: [
      ...file.notes,
      `${name}: ${column} holds integers, and the others fractions: it is ` +
      `${isIds ? "taken as the ids" : "ignored"}, it is no coordinate`,
    ],
    understood: {
      ids: isIds ? column : file.understood?.ids ?? (file.ids && "the words"),
      vectors: `${columns - 1} coordinates`,
      ignored: isIds ? undefined : column,
    },
  };
}

/** With fewer rows or columns integers may be there by chance. */
const ENOUGH = { rows: 10, columns: 5 };

function wholeColumn(source: EmbeddingRows): number | undefined {
  const { rows, columns } = source;
  if (rows < ENOUGH.rows || columns < ENOUGH.columns) return undefined;
  let left = [0, columns - 1], fractions = 0;
  const varies = new Set<number>(), first: number[] = [];
  for (const block of source.blocks()) {
    for (let i = 0; i < block.rows && left.length > 0; i++) {
      const at = i * columns;
      left = left.filter((c) => {
        const value = block.values[at + c];
        first[c] ??= value;
        if (value !== first[c]) varies.add(c);
        return Number.isInteger(value) && value >= 0;
      });
      // The others hold fractions, in the first rows at least.
      if (block.start + i < ENOUGH.rows) {
        for (let c = 1; c < columns - 1; c++) {
          if (!Number.isInteger(block.values[at + c])) fractions++;
        }
      } else if (fractions < 0.9 * ENOUGH.rows * (columns - 2)) return undefined;
    }
    if (left.length === 0) return undefined;
  }
  return fractions < 0.9 * ENOUGH.rows * (columns - 2)
    ? undefined
    : left.find((c) => varies.has(c));
}
