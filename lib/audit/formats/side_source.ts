import { InputError } from "../../io/program.ts";
import type { ByteSource } from "./byte_source.ts";
import { csvRecords } from "./csv_records.ts";
import type { SideColumn } from "./embedding_file.ts";
import { parseJson } from "./json.ts";
import { isFields } from "./json_record.ts";
import { DEFAULT_MEMORY } from "./memory_limit.ts";
import { npyVector } from "./npy.ts";
import { isNumber } from "./parse_number.ts";
import { SideCollector } from "./side_collector.ts";
import { textLines } from "./text_lines.ts";

/** Values of a file of their own. */
export interface SideFile {
  /** The ids of the items that they belong to; undefined where they are in the items' order. */
  keys?: SideColumn;
  values: SideColumn;
}

/**
 * Reads what is known of items from the bytes of a file: .npy of one dimension, .json (a list, or a dictionary by
 * id), .txt with a value a line, .csv or .tsv of one column, or of two: ids and values.
 *
 * @param what What the values are, for an error.
 * @param source The bytes.
 * @param path The name of the file, whose ending tells its kind.
 * @param items How many items there are: among words nothing else tells a header from a value.
 * @throws {InputError} If it is nothing of these.
 */
export function sideSource(
  what: string,
  source: ByteSource,
  path: string,
  items: number,
): SideFile {
  const kind = /\.(npy|json|csv|tsv|txt)$/i.exec(path)?.[1].toLowerCase();
  if (kind === undefined) {
    throw new InputError(
      `${what} must be in a column of the embeddings or in a .npy, .json, .csv, .tsv or .txt file, ` +
        `"${path}" is neither`,
    );
  }
  switch (kind) {
    case "npy":
      return { values: npyVector(source, DEFAULT_MEMORY) };
    case "json":
      return fromJson(source);
    case "txt":
      return { values: Array.from(textLines(source, { blank: true }), ({ text }) => text) };
    default:
      return fromTable(source, kind === "csv" ? "," : "\t", items);
  }
}

function fromJson(source: ByteSource): SideFile {
  const json = parseJson(source, DEFAULT_MEMORY);
  const side = new SideCollector(source.name, DEFAULT_MEMORY);
  const [keys, list] = Array.isArray(json)
    ? [undefined, json]
    : isFields(json)
    ? [Object.keys(json), Object.values(json)]
    : [undefined, []];
  list.forEach((value, i) => side.add("value", value, `entry ${i + 1}`));
  if (list.length === 0) throw new InputError(`${source.name} must hold a list`);
  return { keys, values: side.columns.value };
}

function fromTable(source: ByteSource, separator: string, items: number): SideFile {
  const side = new SideCollector(source.name, DEFAULT_MEMORY);
  let width = 0;
  for (const { cells, line } of csvRecords(source, separator)) {
    width ||= cells.length;
    if (width > 2 || cells.length !== width) {
      throw new InputError(
        `${source.name} must have one column, or two of ids and values; line ${line} has ${cells.length}`,
      );
    }
    cells.forEach((cell, c) => side.add(c === width - 1 ? "values" : "keys", cell, `line ${line}`));
  }
  const { keys, values = [] } = side.columns;
  const headed = keys === undefined
    ? values.length === items + 1 && !isNumber(String(values[0])) || isHeader(values)
    : isHeader(values) || /(^|_)ids?$|^(item|word|key)$/i.test(String(keys[0]));
  return headed ? { keys: keys?.slice(1), values: values.slice(1) } : { keys, values };
}

/** Whether the first is a word, and all others are numbers. */
function isHeader([first, ...rest]: SideColumn): boolean {
  return rest.length > 0 && !isNumber(String(first)) &&
    rest.every((value) => isNumber(String(value)));
}
