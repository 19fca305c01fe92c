import { InputError } from "../../io/program.ts";
import type { FullOpenOptions } from "./embedding_file.ts";
import { quote } from "./parse_number.ts";
import { idsRank, isSideName, VECTOR_NAMES } from "./side_names.ts";

/** What a column holds, by its type or its first cell; what is neither is left out. */
export type ColumnKind = "number" | "text" | "vector" | "other";

/** A column that is no coordinate and is read. */
export interface SideColumnPlace {
  index: number;
  name: string;
}

/** What each column of a table is. */
export interface TableColumns {
  /** The column whose cells are vectors, where there is one. */
  vector: number | undefined;
  /** The columns that are a coordinate each, where there is not. */
  coordinates: number[];
  /** Those that are asked for, or may be ids. */
  side: SideColumnPlace[];
  /** The column that holds the ids, where its name tells. */
  ids: string | undefined;
  /** Columns of text that hold the ids, if all of their values differ. */
  maybeIds: string[];
  /** Columns that are neither. */
  leftOut: string[];
  names: readonly string[];
}

/**
 * Tells coordinates from what else a table says of its items.
 *
 * Numbers are coordinates but under a name that ids, labels and the like have by custom, or that is
 * asked for. Text is no coordinate: it may be what the items are called.
 *
 * @throws {InputError} If several columns hold vectors, or one that is asked for is not there.
 */
export function tableColumns(
  file: string,
  table: { names: readonly string[]; named: boolean; kinds: readonly ColumnKind[] },
  { columns: asked, ids, vectors }: FullOpenOptions,
): TableColumns {
  const { names, named, kinds } = table;
  const all = names.map((name, index) => ({ name, index, kind: kinds[index] }));
  const wanted = (name: string) => named && (asked.includes(name) || name === ids);
  for (const name of [ids, vectors]) {
    if (name === undefined || named && names.includes(name)) continue;
    throw new InputError(
      `${file} has no column ${quote(name)}${
        named ? `, it has ${listed(names)}` : ": it has no header"
      }`,
    );
  }
  const vector = vectorColumn(file, all.filter(({ kind }) => kind === "vector"), vectors);
  const coordinates = vector !== undefined ? [] : all
    .filter(({ name, kind }) => kind === "number" && !wanted(name) && !(named && isSideName(name)))
    .map(({ index }) => index);
  if (vector === undefined && coordinates.length === 0) {
    throw new InputError(
      `${file} has neither a column of vectors nor one of numbers that are coordinates`,
    );
  }
  const rest = all.filter(({ index, kind }) =>
    index !== vector && !coordinates.includes(index) && (kind === "number" || kind === "text")
  );
  const usual = rest.filter(({ name }) => named && idsRank(name) >= 0)
    .sort((a, b) => idsRank(a.name) - idsRank(b.name))[0]?.name;
  const idsName = ids ?? usual;
  const maybe = idsName !== undefined ? [] : rest.filter(({ kind }) => kind === "text");
  const side = rest.filter((column) =>
    wanted(column.name) || column.name === idsName || maybe.includes(column)
  );
  return {
    vector,
    coordinates,
    side,
    ids: idsName,
    maybeIds: maybe.map(({ name }) => name),
    leftOut: all.filter((column) =>
      column.index !== vector && !coordinates.includes(column.index) &&
      !side.includes(column as never)
    ).map(({ name }) => name),
    names,
  };
}

function vectorColumn(
  file: string,
  found: { name: string; index: number }[],
  vectors: string | undefined,
): number | undefined {
  if (vectors !== undefined) {
    const column = found.find(({ name }) => name === vectors);
    if (column === undefined) {
      throw new InputError(`${file}: column ${quote(vectors)} holds no vectors`);
    }
    return column.index;
  }
  if (found.length <= 1) return found[0]?.index;
  const usual = found.filter(({ name }) => VECTOR_NAMES.includes(name.toLowerCase()));
  if (usual.length === 1) return usual[0].index;
  throw new InputError(
    `${file} has ${found.length} columns of vectors, ${
      listed(found.map(({ name }) => name))
    }: name ` +
      "the one to read (vectors)",
  );
}

/** Names for a sentence; the first of many. */
export function listed(names: readonly string[]): string {
  const shown = names.slice(0, 12).map((name) => quote(name)).join(", ");
  return names.length <= 12 ? shown : `${shown} and ${names.length - 12} more`;
}
