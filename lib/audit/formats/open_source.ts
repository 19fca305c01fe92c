import { InputError } from "../../errors.ts";
import { type ByteSource, utf8Source } from "./bytes.ts";
import { csvTable } from "./csv.ts";
import {
  type EmbeddingFile,
  type FullOpenOptions,
  type LeftOut,
  type ReadFile,
  takenSentence,
} from "./embedding_file.ts";
import { type FileKind, fileKind } from "./file_kind.ts";
import { openFvecs } from "./fvecs.ts";
import { isGzip, unpackedGzip } from "./gzip.ts";
import { jsonLinesTable, jsonTable } from "./json.ts";
import type { EmbeddingRows } from "../rows.ts";
import { columnOf, withoutColumns } from "./numbers.ts";
import { allDistinct } from "../side_values.ts";
import { leftOutNotes, withoutOddRows } from "./left_out.ts";
import { openNpy } from "./npy.ts";
import { openNpz } from "./npz.ts";
import { openSafetensors } from "./safetensors.ts";
import { joinTables, type Table, tableEmbeddings, withConstants } from "./table.ts";
import { openWord2vecBinary, openWordVectors } from "./word_vectors.ts";

const TABLES: Partial<
  Record<FileKind, (source: ByteSource, options: FullOpenOptions) => Table | Promise<Table>>
> = {
  csv: csvTable,
  tsv: (source, options) => csvTable(source, options, ["\t"]),
  json: jsonTable,
  jsonl: jsonLinesTable,
  arrow: async (source, { memory }) => {
    const { arrowFile } = await import("./arrow.ts");
    return arrowFile(source, memory);
  },
  parquet: async (source, options) => {
    const { parquetTable } = await import("./parquet.ts");
    return parquetTable(source, options);
  },
};

const ARRAYS: Partial<
  Record<FileKind, (source: ByteSource, options: FullOpenOptions) => ReadFile | Promise<ReadFile>>
> = {
  npy: (source) => openNpy(source),
  npz: openNpz,
  words: openWordVectors,
  word2vec: openWord2vecBinary,
  safetensors: openSafetensors,
  fvecs: (source) => openFvecs(source),
  bvecs: (source) => openFvecs(source, "uint8"),
};

/**
 * Opens embeddings from the bytes of a file, or of the parts of one.
 *
 * @param name How to name them in an error.
 * @param parts The bytes of each part, and the name that it has: its end may tell the kind.
 * @throws {InputError} If they cannot be read, or not be understood.
 */
export async function openSources(
  name: string,
  parts: readonly { source: ByteSource; path: string }[],
  options: FullOpenOptions,
): Promise<EmbeddingFile> {
  const tables: Table[] = [];
  const files: ReadFile[] = [];
  for (const { source: packed, path } of parts) {
    let source = packed, plain = path;
    for (let depth = 0; depth < 2 && isGzip(source); depth++) {
      source = await unpackedGzip(source, options.memory);
      plain = plain.replace(/\.gz(ip)?$/i, "");
    }
    source = utf8Source(source, options.memory);
    const kind = fileKind(source, plain);
    const table = TABLES[kind];
    if (table !== undefined) {
      tables.push(withConstants(await table(source, options), constantsOf(path)));
    } else files.push(await ARRAYS[kind]!(source, options));
  }
  const isMixed = tables.length > 0 && files.length > 0;
  // Items and users of one model have as many columns; parts of one file are told apart by a number.
  const names = new Set(parts.map(({ path }) => path.replace(/\d+/g, "0")));
  const widths = new Set(files.map(({ rows }) => rows.columns));
  if (isMixed || files.length > 1 && (names.size > 1 || widths.size > 1)) {
    throw new InputError(`${name} holds files that are no parts of one: name one of them`);
  }
  const read = files.length > 0
    ? joinFiles(files)
    : tableEmbeddings(tables.length > 1 ? joinTables(tables) : tables[0], options);
  if (options.ids !== undefined && read.ids === undefined) {
    throw new InputError(`${name} has no column "${options.ids}"`);
  }
  return finished(name, read, options);
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
  const kept: number[] = [], leftOut: LeftOut[] = [];
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
  const leftOutSaid = leftOutNotes(name, leftOut, records);
  return {
    ...file,
    notes: [...file.notes, ...leftOutSaid],
    reportedNotes: [...file.reportedNotes ?? [], ...leftOutSaid],
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
      leftOut: isIds ? undefined : column,
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
