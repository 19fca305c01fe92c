import { InputError } from "../../errors.ts";
import {
  allDistinct,
  type IdPairs,
  idsRank,
  type RowsById,
  rowsById,
  SideCollector,
} from "../side_values.ts";
import { wordDistance } from "../word_distance.ts";
import { type ByteSource, DEFAULT_MEMORY, isGzip, textLines, unpackedGzip } from "./bytes.ts";
import { csvRecords, separatorOf } from "./csv.ts";
import type { EmbeddingFile, SideColumn } from "./embedding_file.ts";
import {
  entriesOf,
  fieldOf,
  type Fields,
  isFields,
  parseOrdered,
  parseValues,
  untransposed,
} from "./json_text.ts";
import { npyVector } from "./npy.ts";
import { isNumber, parseNumber, quote } from "./numbers.ts";
import { listed } from "./table.ts";

/** How the names of files end that hold what is known of items. */
export const SIDE_ENDS = [".npy", ".json", ".jsonl", ".ndjson", ".csv", ".tsv", ".txt", ".dat"];

/**
 * Where to find what is known of the items beside their coordinates: the name of a column or a
 * file that must be there, or names of columns that are taken where they are there.
 */
export type SideNames = Record<"ids" | "labels" | "popularity", string | readonly string[]>;

/** Gives the bytes of a file by its path. */
export type ReadBytes = (path: string) => ByteSource;

/**
 * Finds what is known of the items: in columns of the embeddings' own file, or in files of their
 * own, with a value for each item in their order, or with ids and values in any order. Where nothing
 * else is said, the ids are those that the embeddings' file has.
 *
 * @param names Where to look.
 * @param embeddings Where the columns may be, and the ids.
 * @param read Gives the bytes of files.
 * @param notes What was found on the way is added to these.
 * @returns A value for each item, for those that there are.
 * @throws {InputError} If what must be there is not, or has not one value for each item.
 */
export function sideColumns(
  names: SideNames,
  embeddings: EmbeddingFile,
  read: ReadBytes,
  notes: string[] = embeddings.notes,
): Partial<Record<keyof SideNames, SideColumn>> {
  const { rows } = embeddings.rows;
  const found: Partial<Record<keyof SideNames, SideColumn>> = {};
  const isColumn = (name: string) => Object.hasOwn(embeddings.columns, name);
  for (const what of ["ids", "labels", "popularity"] as const) {
    const from = names[what];
    // The file's own ids are those of its columns whose values differ.
    if (what === "ids" && typeof from !== "string" && embeddings.ids !== undefined) continue;
    const name = typeof from === "string" ? from : from.find(isColumn);
    if (name === undefined) continue;
    if (!isColumn(name)) assertFile(what, name, embeddings);
    const values = isColumn(name)
      ? filled(what, name, embeddings.columns[name], found.ids ?? embeddings.ids, notes)
      : matched(what, name, read, found.ids ?? embeddings.ids, rows, {
        kept: embeddings.kept,
        records: embeddings.records,
        notes,
      });
    if (values.length !== rows) {
      throw new InputError(
        `there must be ${what} for each of the ${rows} items, ${name} has ${values.length}`,
      );
    }
    found[what] = values;
    if (what === "ids") setOwnIdsAside(name, values, embeddings, notes);
  }
  found.ids ??= embeddings.ids;
  if (found.ids === undefined) delete found.ids;
  return found;
}

/** @throws {InputError} If what is neither a column nor a file is looked for. */
function assertFile(what: string, name: string, { understood }: EmbeddingFile): void {
  if (endOf(name) !== undefined) return;
  const { names = [], lists = [] } = understood ?? {};
  if (lists.includes(name)) {
    throw new InputError(
      `${quote(name)} holds several ${what} for an item, a list of them: write the one to audit by`,
    );
  }
  const off = (one: string) => wordDistance(name.toLowerCase(), one.toLowerCase());
  const sorted = [...names, ...lists].filter((one) => one !== "").sort((a, b) => off(a) - off(b));
  throw noSide(what, name, sorted.length === 0 ? "" : `; the columns are ${listed(sorted)}`);
}

/** Ids, labels or popularity were looked for where they cannot be. */
function noSide(what: string, name: string, more = ""): InputError {
  return new InputError(
    `${what} must be in a column of the embeddings or in a .npy, .json, .jsonl, .csv, .tsv or .txt ` +
      `file, "${name}" is neither${more}`,
  );
}

/** Drops the note on the file's own ids where others were named. */
function setOwnIdsAside(
  name: string,
  values: SideColumn,
  { ids, idsNote, understood }: EmbeddingFile,
  notes: string[],
): void {
  const place = idsNote === undefined ? -1 : notes.indexOf(idsNote);
  if (place >= 0) notes.splice(place, 1);
  if (ids !== undefined && ids.some((id, row) => String(id) !== String(values[row]))) {
    notes.push(`the ids are those of ${name}: the file's own, ${understood.ids}, are set aside`);
  }
}

/** What tells which records of a file were kept, and where to say what was found. */
interface Aligned {
  kept?: Uint32Array;
  records?: number;
  notes?: string[];
}

/**
 * The values of a file, in the order of the items: .npy of one dimension, .json and .jsonl (values,
 * records, or a dictionary by id), .csv, .tsv and .txt with values alone, or with ids beside them.
 *
 * @param what What the values are, for an error.
 * @param path The name of the file, whose ending tells its kind.
 * @param read Gives its bytes; it is not asked where the ending is of no kind.
 * @param ids The ids of the items: a column that holds them is that of the ids.
 * @param items How many items there are.
 * @throws {InputError} If it is nothing of these, an item has no value, a value is a number that is not
 * finite, or there are ids on one side alone.
 */
export function matched(
  what: string,
  path: string,
  read: ReadBytes,
  ids: SideColumn | undefined,
  items: number,
  { kept, records = items, notes = [] }: Aligned = {},
): SideColumn {
  const table = sideTable(what, path, read, ids, records);
  const { keys, values, name, keysName } = what === "ids"
    ? idsIn(table, ids, records)
    : valuesIn(what, table, ids);
  notes.push(...table.notes);
  const bad = values.findIndex((value) => typeof value === "number" && !Number.isFinite(value));
  if (bad >= 0) {
    throw new InputError(`${path}, entry ${bad + 1}: ${values[bad]} is not a finite number`);
  }
  const found = keys !== undefined
    ? byIds(what, path, keys, values, ids, items, { kept, notes })
    : kept !== undefined && values.length === records && records !== items
    ? Array.from(kept, (record) => values[record])
    : values;
  if (name !== undefined) {
    const count = found.filter((value) => String(value).trim() !== "").length;
    const is = what === "popularity" ? "is" : "are";
    notes.push(
      `${path}: the ${what} ${is} its column ${name}${
        keysName === undefined ? "" : ` by the ids in ${keysName}, of ${count} of ${items} items`
      }`,
    );
  }
  return filled(what, path, found, ids, notes);
}

/** A file beside the vectors, as columns. */
interface SideTable {
  file: string;
  names?: string[];
  columns: SideColumn[];
  /** Whether its first column is that of ids, where nothing else tells. */
  keyed: boolean;
  /** What was odd about the file. */
  notes: string[];
}

function sideTable(
  what: string,
  path: string,
  read: ReadBytes,
  ids: SideColumn | undefined,
  records: number,
): SideTable {
  const end = endOf(path);
  if (end === undefined) throw noSide(what, path);
  const source = unpacked(read(path));
  if (end === ".npy") {
    const columns = [npyVector(source, DEFAULT_MEMORY)];
    return { file: source.name, columns, keyed: false, notes: [] };
  }
  if (end.includes("json")) return jsonTable(what, source, end, records);
  return (end === ".txt" ? jsonInText(what, source, records) : undefined) ??
    textTable(what, source, end, ids, records);
}

/** The values of a text that is JSON throughout; undefined for other text. */
function jsonInText(what: string, source: ByteSource, records: number): SideTable | undefined {
  const [start = ""] = Iterator.from(textLines(source)).take(1).map(({ text }) => text);
  if (!/^\s*[[{]/.test(start)) return undefined;
  try {
    return jsonTable(what, source, ".json", records);
  } catch (error) {
    if (error instanceof InputError) return undefined;
    throw error;
  }
}

function unpacked(source: ByteSource): ByteSource {
  return isGzip(source) ? unpackedGzip(source, DEFAULT_MEMORY) : source;
}

/** The end of a file's name, of those that are read; what it is compressed by does not count. */
function endOf(path: string): string | undefined {
  const name = path.toLowerCase().replace(/\.gz$/, "");
  return SIDE_ENDS.find((end) => name.endsWith(end));
}

/** What JSON holds: values, lists or records of them, columns, or a dictionary by id. */
function jsonTable(what: string, source: ByteSource, end: string, records: number): SideTable {
  const notes: string[] = [];
  const { names, rows } = jsonRows(jsonOf(source, end, notes), what, records);
  if (rows.length === 0) throw new InputError(`${source.name} must hold a list`);
  const columns = columnsOf(source.name, rows, (row) => `entry ${row + 1}`);
  return { file: source.name, names, columns, keyed: names === undefined, notes };
}

function jsonOf(source: ByteSource, end: string, notes: string[]): unknown {
  if (end === ".json") {
    return parseOrdered(source, DEFAULT_MEMORY, (sentence) => {
      notes.push(`${source.name}: ${sentence}`);
    });
  }
  return Array.from(textLines(source)).flatMap(({ text, line }) =>
    parseValues(text, `${source.name}, line ${line}`)
  );
}

interface JsonRows {
  names?: string[];
  rows: unknown[][];
}

/** @param records How many items there are: lists of so many values are columns. */
function jsonRows(json: unknown, what: string, records?: number): JsonRows {
  const root = isFields(json) ? untransposed(json).root : json;
  if (Array.isArray(root)) {
    if (root.length > 0 && root.every(isFields)) {
      const names = [
        ...new Set(root.flatMap((record) => Array.from(entriesOf(record), ([n]) => n))),
      ];
      return { names, rows: root.map((record) => names.map((name) => fieldOf(record, name))) };
    }
    return { rows: root.every(Array.isArray) ? root : root.map((value) => [value]) };
  }
  const entries = isFields(root) ? [...entriesOf(root)] : [];
  const lists = entries.filter((entry): entry is [string, unknown[]] => Array.isArray(entry[1]));
  if (lists.length === 0 || lists.length < entries.length) return { rows: entries };
  const [[, first]] = lists;
  if (lists.every(([, list]) => list.length === records && !list.some(Array.isArray))) {
    return { names: lists.map(([n]) => n), rows: first.map((_, r) => lists.map(([, l]) => l[r])) };
  }
  // Items under their labels, or what belongs to an item under its id.
  const isByLabel = what === "labels";
  return {
    rows: lists.flatMap(([key, list]) =>
      list.map((value) => isByLabel ? [value, key] : [key, value])
    ),
  };
}

/** Rows as columns of text and numbers; missing cells are empty text. */
function columnsOf(
  file: string,
  rows: Iterable<ArrayLike<unknown>>,
  where: (row: number) => string,
): SideColumn[] {
  const side = new SideCollector(file, DEFAULT_MEMORY);
  let width = 0, count = 0;
  for (const row of rows) {
    width ||= row.length;
    for (let c = 0; c < width; c++) {
      const value = row[c];
      const isNothing = value === undefined || value === null;
      side.add(String(c), isNothing ? "" : value, where(count));
    }
    count++;
  }
  return Array.from({ length: width }, (_, c) => side.columns[c]);
}

/** A wider table is none of things that are known of items. */
const MOST_COLUMNS = 1000;

/** The names that columns of ids, labels and popularity usually have. */
const NAMES: Record<string, RegExp> = {
  labels:
    /^(labels?|class|classes|target|category|categories|cluster|kind|type|genres?|topic|group)$/i,
  popularity: /popularity|count|n_|num|freq|views|ratings|plays|sales|^n$/i,
};

function textTable(
  what: string,
  source: ByteSource,
  end: string,
  ids: SideColumn | undefined,
  records: number,
): SideTable {
  const { name } = source;
  const isTable = end === ".csv" || end === ".tsv";
  const rows = isTable
    ? csvRows(what, source, separatorOf(source, end === ".csv" ? "," : "\t"))
    : lineRows(what, source, ids, records);
  const columns = columnsOf(name, rows, (row) => `line ${row + 1}`);
  const first = columns.map(([cell]) => String(cell));
  const isAmongIds = (cell: string) => ids?.some((id) => String(id) === cell) ?? false;
  const oneMore = columns.length > 0 && columns[0].length === records + 1;
  const headed = columns.length === 1 && !isTable
    ? oneMore && isHeaderOf(what, first[0])
    : columns.length > 0 && columns[0].length > 1 && !first.some(isAmongIds) && (
      columns.some(isHeader) ||
      columns.length > 1 &&
        first.some((cell) => /(^|_|[a-z](?=I))ids?$|^(item|word|key)$/i.test(cell)) ||
      oneMore && first.every((cell) => !isNumber(cell))
    );
  return {
    file: name,
    names: headed ? first : undefined,
    columns: headed ? columns.map((column) => column.slice(1)) : columns,
    keyed: true,
    notes: [],
  };
}

/** Whether a word is the name of a column of ids or of the wanted values, and not a value itself. */
function isHeaderOf(what: string, word: string): boolean {
  return word !== "" && (idsRank(word) >= 0 || NAMES[what]?.test(word) === true || word === what);
}

function isHeader([first, ...rest]: SideColumn): boolean {
  return rest.length > 0 && !isNumber(String(first)) &&
    rest.every((value) => isNumber(String(value)));
}

function* csvRows(what: string, source: ByteSource, separator: string): Generator<string[]> {
  let width = 0;
  for (const { cells, line } of csvRecords(source, separator)) {
    width ||= cells.length;
    if (width > MOST_COLUMNS) {
      throw new InputError(
        `${source.name} has ${
          width.toLocaleString("en")
        } columns: ${what} are in a table of ids and values`,
      );
    }
    if (cells.length !== width) {
      throw new InputError(
        `${source.name}, line ${line} has ${cells.length} cells, the first has ${width}`,
      );
    }
    yield cells;
  }
}

/** How a line of text may hold an id and a value; what has blanks in it stands last, or first. */
const SPLITS: ((line: string) => string[])[] = [
  (line) => line.split("\t"),
  (line) => line.split("::"),
  (line) => line.split(/:\s+/),
  (line) => line.trim().split(/\s+(.*)/s, 2),
  (line) => line.trim().split(/\s+(?=\S+$)/),
];

/**
 * The lines of a text: values alone, unless a mark parts all of them, or parts ids off: those of the
 * items, or words that are counted, the most frequent first. One line may be a list.
 */
function lineRows(
  what: string,
  source: ByteSource,
  ids: SideColumn | undefined,
  records: number,
): string[][] {
  const given = Array.from(textLines(source, { blank: true }), ({ text }) => text);
  const end = given.findLastIndex((line) => line !== "") + 1;
  const isQuoted = end > 0 && given.every((line, i) => i >= end || /^".*"$/.test(line));
  const lines = given.slice(0, records >= end ? records : end)
    .map((line) => isQuoted ? line.slice(1, -1) : line);
  // OpenKE says first how many there are.
  if (lines.length > 2 && lines[0].trim() === String(lines.length - 1)) lines.shift();
  if (lines.length === 1 && records > 1) {
    const list = lines[0].trim().replace(/^\[|\]$/g, "").split(",")
      .map((cell) => cell.trim().replace(/^(["'])(.*)\1$/, "$2"));
    if (list.length === records) return list.map((cell) => [cell]);
  }
  for (const [s, split] of SPLITS.entries()) {
    const rows = lines.map(split);
    const width = rows[0]?.length ?? 0;
    if (width < 2 || rows.some((row) => row.length !== width)) continue;
    const columns = Array.from({ length: width }, (_, c) => rows.map((row) => row[c]));
    if (what === "ids" && width === 2 && areCounted(columns)) return rows.map(([word]) => [word]);
    if (s < 2 || keyColumn(columns, ids) !== undefined) return rows;
  }
  return lines.map((line) => [line]);
}

/** Whether different words have counts behind them, which nearly all fall. */
function areCounted([words, counts]: SideColumn[]): boolean {
  const numbers = counts.map(Number);
  const rises = numbers.filter((number, i) => i > 0 && number > numbers[i - 1]).length;
  return allDistinct(words) && counts.every((count) => /^\d+$/.test(String(count))) &&
    rises < 0.2 * numbers.length;
}

/** The column that holds the ids of most items. */
function keyColumn(
  columns: readonly SideColumn[],
  ids: SideColumn | undefined,
  plain: (id: string | number) => string = String,
): number | undefined {
  const known = new Set(ids?.map(plain));
  const shares = columns.map((column) => {
    const there = new Set(column.map(plain));
    return known.size === 0 ? 0 : known.intersection(there).size / known.size;
  });
  const most = Math.max(...shares);
  return most > 0.5 ? shares.indexOf(most) : undefined;
}

/** An id without what programs add to it: blanks around it, and a fraction of zero. */
function plainId(id: string | number): string {
  return String(id).trim().replace(/^(\d+)\.0+$/, "$1");
}

interface SideValues {
  /** The ids of the items that they belong to; undefined where they are in the items' order. */
  keys?: SideColumn;
  values: SideColumn;
  /** What their column is called, and that of the ids. */
  name?: string;
  keysName?: string;
}

/** The columns of ids and of what is asked for: by the items' ids, or by their names. */
function valuesIn(
  what: string,
  { file, names, columns, keyed, notes }: SideTable,
  ids: SideColumn | undefined,
): SideValues {
  if (columns.length <= 1) return { values: columns[0] ?? [] };
  const places = [...columns.keys()];
  const plain = keyColumn(columns, ids) === undefined
    ? keyColumn(columns, ids, plainId)
    : undefined;
  const keysAt = keyColumn(columns, ids) ?? plain ?? bestNamed(names, columns) ??
    (keyed ? 0 : undefined);
  if (plain !== undefined) {
    notes.push(`${file}: its ids are those of the items but for blanks, or ".0" behind them`);
  }
  const others = places.filter((c) => c !== keysAt);
  const isCalled = (c: number) => NAMES[what]?.test(names?.[c] ?? "") ?? false;
  // Values that hardly repeat are no labels.
  const isUsual = (c: number) =>
    what !== "labels" || 2 * new Set(columns[c]).size <= columns[c].length;
  const valuesAt = others.find(isCalled) ?? others.findLast(isUsual) ?? others.at(-1)!;
  return {
    keys: keysAt === undefined
      ? undefined
      : plain === undefined
      ? columns[keysAt]
      : columns[keysAt].map(plainId),
    values: columns[valuesAt],
    name: columnName(names, valuesAt),
    keysName: keysAt === undefined ? undefined : columnName(names, keysAt),
  };
}

function columnName(names: readonly string[] | undefined, column: number): string {
  return names === undefined ? String(column + 1) : quote(names[column]);
}

/** The column that is called as ids are, of those whose values differ where there are any. */
function bestNamed(
  names: readonly string[] | undefined,
  columns: readonly SideColumn[],
): number | undefined {
  const called = names?.map((name, c) => ({ c, rank: idsRank(name) })) ?? [];
  const best = called.filter(({ rank }) => rank >= 0).sort((a, b) => a.rank - b.rank);
  return (best.find(({ c }) => allDistinct(columns[c])) ?? best[0])?.c;
}

/** The ids of a table: beside ids of the items, or beside the numbers of their rows, in any order. */
function idsIn(
  { file, names, columns, notes }: SideTable,
  ids: SideColumn | undefined,
  records: number,
): SideValues {
  if (columns.length <= 1) return { values: columns[0] ?? [] };
  const named = bestNamed(names, columns);
  const numbers = columns.findIndex((column) => areRowNumbers(column, records));
  const inOrder = numbers >= 0 && columns[numbers].every((number, row) => Number(number) === row);
  const keysAt = numbers >= 0 && !(inOrder && named === numbers)
    ? numbers
    : names === undefined
    ? keyColumn(columns, ids)
    : undefined;
  const places = [...columns.keys()].filter((c) => c !== keysAt);
  const differ = places.find((c) => allDistinct(columns[c]));
  const isUsable = named !== undefined && places.includes(named) &&
    (differ === undefined || allDistinct(columns[named]));
  const valuesAt = isUsable ? named : differ ?? places[0];
  const values = columns[valuesAt], name = columnName(names, valuesAt);
  if (keysAt === undefined) return { values, name };
  if (keysAt !== numbers) {
    return { keys: columns[keysAt], values, name, keysName: columnName(names, keysAt) };
  }
  if (!inOrder) notes.push(`${file}: its ids are in the order of the numbers beside them`);
  const sorted: (string | number)[] = [];
  values.forEach((id, row) => sorted[Number(columns[numbers][row])] = id);
  return { values: sorted, name };
}

/** Whether values are the numbers of all rows, counted from 0, in any order. */
function areRowNumbers(values: SideColumn, records: number): boolean {
  return values.length === records && allDistinct(values) &&
    values.every((value) => /^\d+$/.test(String(value)) && Number(value) < records);
}

/** Brings values into the order of the items, by their ids. */
function byIds(
  what: string,
  name: string,
  keys: SideColumn,
  values: SideColumn,
  ids: SideColumn | undefined,
  items: number,
  { kept, notes }: { kept?: Uint32Array; notes: string[] },
): SideColumn {
  const byId = rowsById(keys, keys.length);
  const valueOf = (id: string | number) => values[byId.get(String(id))!];
  const others = keys.filter((key, i) => valueOf(key) !== values[i]);
  assertOneEach(what, name, byId, values, others);
  if (others.length > 0) {
    notes.push(
      `${name}: ${others.length} ids are there again with other ${what}: the first one counts`,
    );
  }
  if (ids === undefined) {
    const numbers = Array.from({ length: items }, (_, row) => kept?.[row] ?? row);
    if (numbers.every((number) => byId.has(String(number)))) {
      notes.push(`${name}: its ids are the numbers of the rows, counted from 0`);
      return numbers.map(valueOf);
    }
    throw new InputError(
      `${name} has ids and values: the items must have ids to be matched with them (--ids ${name}, ` +
        "if it has them in the order of the rows)",
    );
  }
  const isPlain = ids.some((id) => byId.has(String(id)));
  const idOf = (id: string | number) => isPlain ? String(id) : plainId(id);
  const without = ids.filter((id) => !byId.has(idOf(id)));
  if (without.length === 0) return ids.map((id) => valueOf(idOf(id)));
  if (what === "ids" || without.length > 0.5 * ids.length) {
    throw new InputError(
      `there must be ${what} for each of the ${items} items, ${name} has none for ${without.length} of ` +
        `them: the items' ids are like ${quote(without[0])}, its own like ${quote(keys[0])}`,
    );
  }
  return ids.map((id) => valueOf(idOf(id)) ?? "");
}

/** Gives items without a label a kind of their own, and those without popularity 0, and says so. */
function filled(
  what: string,
  name: string,
  values: SideColumn,
  ids: SideColumn | undefined,
  notes: string[],
): SideColumn {
  const isLabels = what === "labels";
  if (!isLabels && what !== "popularity") return values;
  const nothing = isLabels ? /^\s*(nan)?\s*$/i : /^\s*(nan|null|none|n\/?a|<na>|-)?\s*$/i;
  const called = (row: number) => ids?.[row] ?? `row ${row}`;
  const kinds = new Set(values.map(String)).size;
  if (isLabels && values.length > 1 && (kinds === 1 || kinds === values.length)) {
    notes.push(
      `${name}: ${
        kinds === 1
          ? "all items have the same label"
          : `all ${kinds} labels differ, no two items have the same one`
      }: they say nothing of neighbors`,
    );
  }
  const missing = [...values.keys()].filter((row) => nothing.test(String(values[row])));
  if (missing.length === 0 || missing.length > 0.5 * values.length) return values;
  notes.push(
    `${name} has no ${what} for ${missing.length} of ${values.length} items (${
      missing.slice(0, 5).map(called).join(", ")
    }${missing.length > 5 ? ", …" : ""}): ${
      isLabels ? "each of them counts as a kind of its own" : "they count as 0"
    }`,
  );
  const result = [...values];
  for (const row of missing) result[row] = isLabels ? `no label: ${called(row)}` : 0;
  return result;
}

/**
 * Throws where items have several values: labels, or what is called popularity and is pairs of ids. Most
 * ids occur again with another value, or the values are the ids once more, each of them once.
 */
function assertOneEach(
  what: string,
  name: string,
  ids: RowsById,
  values: SideColumn,
  others: SideColumn,
): void {
  const repeated = new Set(others.map(String)).size;
  const isRepeated = repeated > 0.5 * ids.size;
  if (what === "labels" && isRepeated) {
    throw new InputError(
      `${name} has several labels for ${repeated} of its ${ids.size} ids: write the one to audit by`,
    );
  }
  if (what !== "popularity") return;
  const named = new Set(values.map(String));
  const areIds = ids.size > 1 && named.size === values.length &&
    values.every((value) => ids.has(String(value)));
  const isLog = values.length >= 2 * ids.size;
  if (!areIds && !isRepeated && !isLog) return;
  throw new InputError(
    `${name} holds pairs, not popularity: ${
      areIds
        ? "its second column names the items again"
        : `${isRepeated ? repeated : "most"} of its ${ids.size} ids have several values`
    }; popularity is one number for each item, like how often it occurs (pairs of items are given ` +
      "by --pairs)",
  );
}

/** Sums of weights, too, must be numbers. */
const HEAVIEST = 1e100;

/** How many lines tell what the columns of pairs are. */
const LOOKED_AT = 100;

/**
 * Reads pairs of ids from the bytes of a file: .csv, .tsv or .txt (separated by tabs or blanks), .json or
 * .jsonl, with two ids and an optional weight a line or record, with or without a header; TREC's qrels,
 * four cells of which the second is the same throughout; or a dictionary of the ids that belong to an id.
 * Pairs of weight 0 are left out, and so are columns behind the weight.
 *
 * @param source The bytes.
 * @param path The name of the file, whose end tells its kind.
 * @throws {InputError} If a line has another number of cells, or a weight is not a number from 0 to 1e100.
 */
export function readPairs(source: ByteSource, path: string): IdPairs {
  const pairs: IdPairs = { first: [], second: [], weights: [] };
  const all = pairRows(source, path);
  const sample: PairRow[] = [];
  for (let row = all.next(); !row.done; row = all.next()) {
    sample.push(row.value);
    if (sample.length === LOOKED_AT) break;
  }
  const [header, start = header] = sample;
  if (header === undefined) throw new InputError(`${path} has no pairs`);
  const width = header.cells.length;
  const isWeighted = (cells: unknown[]) => weightOf(cells[2]) !== undefined;
  // pandas puts the numbers of rows before the others, under no name.
  const from = header.cells[0] === "" ? 1 : 0;
  const isNamed = header.isHeader || from === 1 ||
    width > 2 && !isWeighted(header.cells) && isWeighted(start.cells);
  const rows = isNamed ? sample.slice(1) : sample;
  const isTrec = width === 4 && from === 0 && rows.length > 0 &&
    rows.every(({ cells }) => cells[1] === rows[0].cells[1]);
  const wide = isNamed || width === 4 && rows.every(({ cells }) => isWeighted(cells));
  const [second, third] = isTrec ? [2, 3] : [from + 1, from + 2];
  function* both() {
    yield* rows;
    yield* all;
  }
  for (const { cells, where } of both()) {
    if (cells.length !== width || width < 2 || width > 3 && !isTrec && !wide) {
      throw new InputError(
        `${path}, ${where} has ${cells.length} cells: pairs are two ids and an optional weight` +
          (width === cells.length ? "" : `, and the first line has ${width}`),
      );
    }
    const given = cells[third] ?? 1;
    const weight = weightOf(given) ?? NaN;
    if (!(weight >= 0 && weight <= HEAVIEST)) {
      const way = weight < 0
        ? "pairs of weight 0 are left out: write 0 for what does not belong together"
        : "pairs are two ids and an optional weight";
      throw new InputError(
        `${path}, ${where}: the weight ${
          quote(String(given))
        } must be a number from 0 to ${HEAVIEST}; ${way}`,
      );
    }
    if (weight === 0) continue;
    pairs.first.push(String(cells[from]).trim());
    pairs.second.push(String(cells[second]).trim());
    pairs.weights.push(weight);
  }
  if (!isTrec && areRatings(header.cells.slice(from), isNamed ? [] : rows)) {
    pairs.ratings = true;
  }
  return pairs;
}

/** A weight as a number: what is true or false weighs 1 or 0. */
function weightOf(cell: unknown): number | undefined {
  const text = String(cell);
  return /^\s*true\s*$/i.test(text) ? 1 : /^\s*false\s*$/i.test(text) ? 0 : parseNumber(text, true);
}

/** Seconds since 1970 are above this where they are those of an event. */
const EARLIEST = 1e8;

/** Whether pairs are ratings of users: the first line names users, or no names, and times stand last. */
function areRatings(first: unknown[], rows: readonly PairRow[]): boolean {
  const [isUser, isOther] = first.map((name) => /^users?(_?ids?)?$/i.test(String(name).trim()));
  return isUser && !isOther ||
    rows.length > 1 && first.length === 4 && rows.every(({ cells }) => Number(cells[3]) > EARLIEST);
}

interface PairRow {
  cells: unknown[];
  isHeader?: boolean;
  where: string;
}

function* pairRows(given: ByteSource, path: string): Generator<PairRow> {
  const source = unpacked(given);
  const end = endOf(path) ?? ".txt";
  if (end.includes("json")) {
    const json = jsonOf(source, end, []);
    // ir_datasets and pytrec_eval: weights by id, by id.
    const { names, rows } = isFields(json) && [...entriesOf(json)].every(([, v]) => isFields(v))
      ? {
        rows: [...entriesOf(json)].flatMap(([key, of]) =>
          [...entriesOf(of as Fields)].map((one) => [key, ...one])
        ),
      }
      : jsonRows(json, "pairs");
    if (names !== undefined) yield { cells: names, where: "its names", isHeader: true };
    for (const [r, cells] of rows.entries()) yield { cells, where: `entry ${r + 1}` };
  } else if (end === ".csv" || end === ".tsv") {
    for (
      const { cells, line } of csvRecords(source, separatorOf(source, end === ".csv" ? "," : "\t"))
    ) {
      yield { cells, where: `line ${line}` };
    }
  } else {
    for (const { text, line } of textLines(source)) {
      const mark = ["\t", "::"].find((one) => text.includes(one)) ?? /\s+/;
      // networkx writes what it knows of an edge behind it: {'weight': 2}.
      const cells = text.replace(/\{(?:.*?'weight': ([\d.e+-]+))?.*\}\s*$/, "$1").trim()
        .split(mark);
      yield { cells, where: `line ${line}` };
    }
  }
}
