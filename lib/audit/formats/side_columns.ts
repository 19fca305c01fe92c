import { InputError } from "../../errors.ts";
import { type IdPairs, idsRank, type RowsById, rowsById, SideCollector } from "../side_values.ts";
import { type ByteSource, DEFAULT_MEMORY, textLines } from "./bytes.ts";
import { csvRecords, separatorOf } from "./csv.ts";
import type { EmbeddingFile, SideColumn } from "./embedding_file.ts";
import { entriesOf, fieldOf, type Fields, isFields, parseOrdered } from "./json_text.ts";
import { npyVector } from "./npy.ts";
import { isNumber, quote } from "./numbers.ts";

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
    const values = isColumn(name)
      ? embeddings.columns[name]
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
  }
  found.ids ??= embeddings.ids;
  if (found.ids === undefined) delete found.ids;
  return found;
}

/** The values of a file, in the order of the items. */
export function matched(
  what: string,
  path: string,
  read: ReadBytes,
  ids: SideColumn | undefined,
  items: number,
  aligned?: Aligned,
): SideColumn {
  const file = sideSource(what, path, read, aligned?.records ?? items);
  return inOrderOfItems(what, path, file, ids, items, aligned);
}

/** Sums of weights, too, must be numbers. */
const HEAVIEST = 1e100;

/**
 * Reads pairs of ids from the bytes of a file: .csv, .tsv or .txt (separated by blanks) with two ids and an
 * optional weight a line, with or without a header; or TREC's qrels, four cells of which the second
 * is not used. Pairs of weight 0 are left out.
 *
 * @param source The bytes.
 * @param path The name of the file, whose end tells its kind.
 * @throws {InputError} If a line has another number of cells, or a weight is not a number from 0 to 1e100.
 */
export function readPairs(source: ByteSource, path: string): IdPairs {
  const pairs: IdPairs = { first: [], second: [], weights: [] };
  let width = 0;
  for (const { cells, line } of records(source, path)) {
    const header = width === 0 && cells.length > 2 && !isNumber(cells[cells.length - 1]);
    width ||= cells.length;
    if (width < 2 || width > 4 || cells.length !== width) {
      throw new InputError(
        `${path}, line ${line} has ${cells.length} cells: pairs are two ids and an optional weight` +
          (width === cells.length ? "" : `, and the first line has ${width}`),
      );
    }
    if (header) continue;
    const weight = width === 2 ? "1" : cells[width - 1];
    if (!isNumber(weight) || !(Number(weight) >= 0 && Number(weight) <= HEAVIEST)) {
      throw new InputError(
        `${path}, line ${line}: the weight ${quote(weight)} must be a number from 0 to ${HEAVIEST}`,
      );
    }
    if (Number(weight) === 0) continue;
    pairs.first.push(cells[0]);
    pairs.second.push(cells[width === 4 ? 2 : 1]);
    pairs.weights.push(Number(weight));
  }
  return pairs;
}

function* records(
  source: ByteSource,
  path: string,
): Generator<{ cells: string[]; line: number }> {
  if (/\.(csv|tsv)$/i.test(path)) {
    yield* csvRecords(source, separatorOf(source, /\.csv$/i.test(path) ? "," : "\t"));
    return;
  }
  for (const { text, line } of textLines(source)) {
    yield { cells: text.trim().split(/\s+/), line };
  }
}

/** How the names of files end that hold what is known of items. */
export const SIDE_ENDS = [".npy", ".json", ".csv", ".tsv", ".txt"];

/** Values of a file of their own. */
interface SideFile {
  /** The ids of the items that they belong to; undefined where they are in the items' order. */
  keys?: SideColumn;
  values: SideColumn;
  /** What was odd about the file. */
  notes?: readonly string[];
}

/**
 * Reads what is known of items from a file: .npy of one dimension, .json (a list, or a dictionary by
 * id), .txt with a value a line, .csv or .tsv of one column, or of two: ids and values.
 *
 * @param what What the values are, for an error.
 * @param path The name of the file, whose ending tells its kind.
 * @param read Gives its bytes; it is not asked where the ending is of no kind.
 * @param items How many items there are: among words nothing else tells a header from a value.
 * @throws {InputError} If it is nothing of these.
 */
function sideSource(
  what: string,
  path: string,
  read: (path: string) => ByteSource,
  items: number,
): SideFile {
  const kind = SIDE_ENDS.find((end) => path.toLowerCase().endsWith(end));
  if (kind === undefined) {
    throw new InputError(
      `${what} must be in a column of the embeddings or in a .npy, .json, .csv, .tsv or .txt file, ` +
        `"${path}" is neither`,
    );
  }
  const source = read(path);
  switch (kind) {
    case ".npy":
      return { values: npyVector(source, DEFAULT_MEMORY) };
    case ".json":
      return fromJson(what, source);
    case ".txt": {
      const values = Array.from(textLines(source, { blank: true }), ({ text }) => text);
      const isNamed = values.length === items + 1 && isHeaderOf(what, values[0]);
      return { values: isNamed ? values.slice(1) : values };
    }
    default:
      return fromTable(what, source, separatorOf(source, kind === ".csv" ? "," : "\t"), items);
  }
}

/** Whether a word is the name of ids, or of what is asked for, and none of the values. */
function isHeaderOf(what: string, word: string): boolean {
  return word !== "" && (idsRank(word) >= 0 || NAMES[what]?.test(word) === true || word === what);
}

function fromJson(what: string, source: ByteSource): SideFile {
  const notes: string[] = [];
  const json = parseOrdered(source, DEFAULT_MEMORY, (sentence) => {
    notes.push(`${source.name}: ${sentence}`);
  });
  const side = new SideCollector(source.name, DEFAULT_MEMORY);
  if (Array.isArray(json) && json.length > 0 && json.every(isFields)) {
    return { ...fromRecords(what, side, json), notes };
  }
  const [keys, list] = Array.isArray(json) ? [undefined, json] : isFields(json)
    ? [
      Array.from(entriesOf(json), ([key]) => key),
      Array.from(entriesOf(json), ([, value]) => value),
    ]
    : [undefined, []];
  list.forEach((value, i) => side.add("value", value, `entry ${i + 1}`));
  if (list.length === 0) throw new InputError(`${source.name} must hold a list`);
  return { keys, values: side.columns.value, notes };
}

/** Of records the field of the ids and that of what is asked for, or the only other one. */
function fromRecords(what: string, side: SideCollector, records: Fields[]): SideFile {
  const names = Array.from(entriesOf(records[0]), ([name]) => name);
  const [ids] = names.filter((name) => idsRank(name) >= 0).sort((a, b) => idsRank(a) - idsRank(b));
  const others = names.filter((name) => name !== ids);
  const value = what === "ids" ? ids ?? names[0] : others.find((name) => NAMES[what]?.test(name)) ??
    others.at(-1) ?? names[0];
  records.forEach((record, i) => {
    side.add("value", fieldOf(record, value) ?? "", `entry ${i + 1}`);
    if (ids !== undefined && ids !== value) {
      side.add("key", fieldOf(record, ids) ?? "", `entry ${i + 1}`);
    }
  });
  return { keys: side.columns.key, values: side.columns.value };
}

/** A wider table is none of things that are known of items. */
const MOST_COLUMNS = 1000;

/** The columns that hold what is asked for, where a table has more than two. */
const NAMES: Record<string, RegExp> = {
  labels: /^(labels?|class|classes|category|categories|cluster|kind|type|genres?|topic|group)$/i,
  popularity: /popularity|count|n_|num|freq|views|ratings|plays|sales/i,
};

function fromTable(
  what: string,
  source: ByteSource,
  separator: string,
  items: number,
): SideFile {
  const side = new SideCollector(source.name, DEFAULT_MEMORY);
  let width = 0, rows = 0;
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
    rows++;
    cells.forEach((cell, c) => side.add(String(c), cell, `line ${line}`));
  }
  const columns = Array.from({ length: width }, (_, c) => side.columns[c]);
  const first = columns.map(([cell]) => String(cell));
  const headed = rows > 1 && (columns.some(isHeader) ||
    width > 1 && first.some((cell) => /(^|_|[a-z](?=I))ids?$|^(item|word|key)$/i.test(cell)) ||
    rows === items + 1 && first.every((cell) => !isNumber(cell)));
  const column = (c: number) => headed ? columns[c].slice(1) : columns[c];
  if (width <= 1) return { values: width === 0 ? [] : column(0) };
  const idsAt = headed
    ? first.map((cell, c) => ({ c, rank: idsRank(cell) })).filter(({ rank }) => rank >= 0)
      .sort((a, b) => a.rank - b.rank)[0]?.c ?? 0
    : 0;
  if (what === "ids") return { values: column(idsAt) };
  const called = headed && width > 2
    ? first.findIndex((cell, c) => c !== idsAt && NAMES[what]?.test(cell))
    : -1;
  const valuesAt = called >= 0 ? called : idsAt === width - 1 ? 0 : width - 1;
  return { keys: column(idsAt), values: column(valuesAt) };
}

function isHeader([first, ...rest]: SideColumn): boolean {
  return rest.length > 0 && !isNumber(String(first)) &&
    rest.every((value) => isNumber(String(value)));
}

/**
 * Brings values into the order of the items: by their ids, where they have some.
 *
 * @param what What the values are, and `name` what they were read from, for an error.
 * @param side The values, with or without ids.
 * @param ids The ids of the items.
 * @param items How many items there are.
 * @throws {InputError} If an item has no value, an id has two, a value is a number that is not finite,
 * or there are ids on one side alone.
 */
function inOrderOfItems(
  what: string,
  name: string,
  { keys, values, notes: found = [] }: SideFile,
  ids: SideColumn | undefined,
  items: number,
  { kept, records = items, notes = [] }: Aligned = {},
): SideColumn {
  notes.push(...found);
  const bad = values.findIndex((value) => typeof value === "number" && !Number.isFinite(value));
  if (bad >= 0) {
    throw new InputError(`${name}, entry ${bad + 1}: ${values[bad]} is not a finite number`);
  }
  if (keys === undefined || ids === undefined && what === "ids") {
    return kept !== undefined && values.length === records && records !== items
      ? Array.from(kept, (record) => values[record])
      : values;
  }
  const byId = rowsById(keys, keys.length);
  const valueOf = (id: string | number) => values[byId.get(String(id))!];
  const others = keys.filter((key, i) => valueOf(key) !== values[i]);
  if (what === "popularity") assertNoPairs(name, byId, values, others);
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
  const without = ids.filter((id) => !byId.has(String(id)));
  if (without.length === 0) return ids.map(valueOf);
  if (what === "ids" || without.length > 0.5 * ids.length) {
    throw new InputError(
      `there must be ${what} for each of the ${items} items, ${name} has none for ${without.length} of ` +
        `them, the first is ${quote(without[0])}`,
    );
  }
  const isLabels = what === "labels";
  notes.push(
    `${name} has no ${what} for ${without.length} of ${ids.length} items (${
      without.slice(0, 5).join(", ")
    }${without.length > 5 ? ", …" : ""}): ${
      isLabels ? "each of them counts as a kind of its own" : "they count as 0"
    }`,
  );
  return ids.map((id) => valueOf(id) ?? (isLabels ? `no label: ${id}` : 0));
}

/**
 * Throws where a file of "popularity" holds pairs of ids: most ids occur again with another value, or
 * the values are the ids once more, each of them once.
 */
function assertNoPairs(
  name: string,
  ids: RowsById,
  values: SideColumn,
  others: SideColumn,
): void {
  const repeated = new Set(others.map(String)).size;
  const named = new Set(values.map(String));
  const areIds = ids.size > 1 && named.size === values.length &&
    values.every((value) => ids.has(String(value)));
  if (!areIds && repeated <= 0.5 * ids.size) return;
  throw new InputError(
    `${name} holds pairs, not popularity: ${
      areIds
        ? "its second column names the items again"
        : `${repeated} of its ${ids.size} ids have several values`
    }; popularity is one number for each item, like how often it occurs (pairs of items are given ` +
      "by --pairs)",
  );
}

/** What tells which records of a file were kept, and where to say what was found. */
interface Aligned {
  kept?: Uint32Array;
  records?: number;
  notes?: string[];
}
