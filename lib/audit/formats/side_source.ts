import { InputError } from "../../io/input_error.ts";
import type { ByteSource } from "./byte_source.ts";
import { csvRecords } from "./csv_records.ts";
import type { SideColumn } from "./embedding_file.ts";
import { entriesOf, isFields, parseOrdered } from "./json_text.ts";
import { DEFAULT_MEMORY } from "./memory_limit.ts";
import { npyVector } from "./npy.ts";
import { isNumber } from "./parse_number.ts";
import { SideCollector } from "./side_collector.ts";
import { idsRank } from "./side_names.ts";
import { textLines } from "./text_lines.ts";

/** How the names of files end that hold what is known of items. */
export const SIDE_ENDS = [".npy", ".json", ".csv", ".tsv", ".txt"];

/** Values of a file of their own. */
export interface SideFile {
  /** The ids of the items that they belong to; undefined where they are in the items' order. */
  keys?: SideColumn;
  values: SideColumn;
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
export function sideSource(
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
      return fromJson(source);
    case ".txt":
      return { values: Array.from(textLines(source, { blank: true }), ({ text }) => text) };
    default:
      return fromTable(what, source, kind === ".csv" ? "," : "\t", items);
  }
}

function fromJson(source: ByteSource): SideFile {
  const json = parseOrdered(source, DEFAULT_MEMORY);
  const side = new SideCollector(source.name, DEFAULT_MEMORY);
  const [keys, list] = Array.isArray(json) ? [undefined, json] : isFields(json)
    ? [
      Array.from(entriesOf(json), ([key]) => key),
      Array.from(entriesOf(json), ([, value]) => value),
    ]
    : [undefined, []];
  list.forEach((value, i) => side.add("value", value, `entry ${i + 1}`));
  if (list.length === 0) throw new InputError(`${source.name} must hold a list`);
  return { keys, values: side.columns.value };
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
