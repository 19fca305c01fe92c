import type { AuditOptions } from "./audit_options.ts";
import type { EmbeddingRows } from "./embedding_rows.ts";
import { InputError } from "../io/input_error.ts";
import type { RelevantPairs } from "./assert_pairs.ts";
import { type CommandLine, openOptionsOf } from "./cli.ts";
import type { EmbeddingFile, SideColumn } from "./formats/embedding_file.ts";
import { openEmbeddings } from "./formats/open_embeddings.ts";
import { pairFile } from "./formats/pair_file.ts";
import { matched, sideColumns, type SideNames } from "./formats/side_columns.ts";
import { labelNumbers, numericValues } from "./side_values.ts";

/** What a command line names, opened. */
export interface Audited {
  rows: EmbeddingRows;
  options: AuditOptions;
  /** What was taken for granted, to be said once it is known that the files can be used. */
  notes: string[];
}

function open(path: string, parsed: CommandLine, columns?: readonly string[]) {
  return openEmbeddings(path, openOptionsOf(parsed, columns));
}

/**
 * Opens the file that a command line names, and everything that it says beside.
 *
 * @throws {InputError} If a file cannot be used, or does not fit the others.
 */
export async function openAudited(parsed: CommandLine): Promise<Audited> {
  const names: SideNames = {
    ids: parsed.ids ?? ["id", "item", "item_id"],
    labels: parsed.labels ?? ["label", "cluster"],
    popularity: parsed.popularity ?? ["popularity"],
  };
  const embeddings = await open(parsed.files[0], parsed, Object.values(names).flat());
  // Which column was taken for ids is no news where another was named.
  const notes = embeddings.notes.filter((note) =>
    parsed.ids === undefined || !note.endsWith("is taken as the ids")
  );
  return {
    rows: embeddings.rows,
    options: await optionsOf(parsed, names, embeddings, notes),
    notes,
  };
}

async function optionsOf(
  parsed: CommandLine,
  names: SideNames,
  embeddings: EmbeddingFile,
  notes: string[],
): Promise<AuditOptions> {
  const { format, dtype, taken, records, leftOut } = embeddings;
  const { trained, biases, sample, neighbors, seed, userCounts } = parsed;
  const { ids, labels, popularity } = sideColumns(names, embeddings, notes);
  const users = parsed.users === undefined
    ? undefined
    : await open(parsed.users, parsed, userCounts === undefined ? [] : [userCounts]);
  const queries = parsed.queries === undefined ? undefined : await open(parsed.queries, parsed);
  notes.push(...users?.notes ?? [], ...queries?.notes ?? []);
  return {
    trained,
    biases,
    file: { format, dtype, taken, records, leftOut },
    sample,
    neighbors,
    seed,
    ids,
    labels: labels && labelNumbers(labels),
    popularity: popularity && numericValues("popularity", popularity),
    users: users?.rows,
    userCounts: users && userCounts !== undefined ? countsOf(userCounts, users) : undefined,
    queries: queries?.rows,
    pairs: queries && parsed.pairs !== undefined
      ? relevantPairs(parsed.pairs, queries, ids, embeddings, notes)
      : undefined,
  };
}

function countsOf(where: string, users: EmbeddingFile): Float64Array {
  const values = Object.hasOwn(users.columns, where)
    ? users.columns[where]
    : matched("user counts", where, users.ids, users.rows.rows);
  return numericValues("user counts", values);
}

/** Pairs of ids as pairs of rows; without ids the records of the file are counted from 0. */
function relevantPairs(
  path: string,
  queries: EmbeddingFile,
  ids: SideColumn | undefined,
  items: EmbeddingFile,
  notes: string[],
): RelevantPairs {
  const { first, second, weights } = pairFile(path);
  const ofQuery = rowsById(queries.ids, queries), ofItem = rowsById(ids, items);
  const pairs = { queries: [] as number[], items: [] as number[], weights: [] as number[] };
  first.forEach((id, i) => {
    const query = ofQuery.get(id), item = ofItem.get(second[i]);
    if (query === undefined || item === undefined) return;
    pairs.queries.push(query);
    pairs.items.push(item);
    pairs.weights.push(weights[i]);
  });
  const missing = first.length - pairs.queries.length;
  if (pairs.queries.length === 0) {
    throw new InputError(`${path}: none of its ${first.length} pairs is of a query and an item`);
  }
  if (missing > 0) notes.push(`${path}: ${missing} pairs are of no query or no item`);
  return pairs;
}

function rowsById(
  ids: SideColumn | undefined,
  { rows: { rows }, kept }: EmbeddingFile,
): Map<string, number> {
  return new Map(
    Array.from({ length: rows }, (_, row) => [String(ids?.[row] ?? kept?.[row] ?? row), row]),
  );
}
