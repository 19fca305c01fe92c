import { InputError } from "../../io/input_error.ts";
import { type Aligned, inOrderOfItems } from "./in_order_of_items.ts";
import type { EmbeddingFile, SideColumn } from "./embedding_file.ts";
import type { ByteSource } from "./byte_source.ts";
import { sideSource } from "./side_source.ts";

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
