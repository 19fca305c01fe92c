import type { IdPairs } from "../side_values.ts";
import { InputError } from "../../errors.ts";
import { type ByteSource, textLines } from "./bytes.ts";
import { csvRecords, separatorOf } from "./csv.ts";
import type { EmbeddingFile, SideColumn } from "./embedding_file.ts";
import { isNumber, quote } from "./numbers.ts";
import { type Aligned, inOrderOfItems, sideSource } from "./side_source.ts";

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
