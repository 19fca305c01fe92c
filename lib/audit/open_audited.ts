import { InputError } from "../errors.ts";
import type { AuditOptions, RelevantPairs } from "./audit_options.ts";
import type { CommandLine } from "./cli.ts";
import type { CompareOptions } from "./compare/compare_embeddings.ts";
import { looseIds } from "./compare/matched_rows.ts";
import {
  type EmbeddingFile,
  type OpenOptions,
  type SideColumn,
  takenSentence,
} from "./formats/embedding_file.ts";
import {
  matched,
  type ReadBytes,
  readPairs,
  sideColumns,
  type SideNames,
} from "./formats/side_columns.ts";
import { type EmbeddingRows, evenPlaces, rowsAt } from "./rows.ts";
import { knownPairs, labelNumbers, numericValues, rowsById } from "./side_values.ts";

/** What a command line names, opened. */
interface Audited {
  embeddings: EmbeddingFile;
  options: AuditOptions;
  /** What was taken for granted, to be said once it is known that the files can be used. */
  notes: string[];
  /** What is to be said as well unless the report is shown, which says it. */
  reportedNotes: string[];
}

/** Where files come from: a system's, or those that a person chose on a page. */
export interface FileAccess {
  open(path: string, options: OpenOptions): Promise<EmbeddingFile>;
  bytes: ReadBytes;
}

/** What a command line, or a page, says of the audit of a file. */
export type AuditedLine = Omit<CommandLine, "help">;

/** How a file is to be opened, by what a command line says. */
export function openOptionsOf(
  { header, columns: coordinates, strict, vectors, memory }: Omit<AuditedLine, "files">,
  columns: readonly string[] = [],
): OpenOptions {
  return { columns, header, coordinates, strict, vectors, memory };
}

/** Opens the file that a command line names, and everything that it says beside. */
export async function openAudited(line: AuditedLine, files: FileAccess): Promise<Audited> {
  const names: SideNames = {
    ids: line.ids ?? [],
    labels: line.labels ?? ["label", "cluster"],
    popularity: line.popularity ?? ["popularity"],
  };
  const columns = Object.values(names).flat();
  const embeddings = await files.open(line.files[0], openOptionsOf(line, columns));
  const { reportedNotes = [] } = embeddings;
  const notes = embeddings.notes.filter((note) => !reportedNotes.includes(note));
  return {
    embeddings,
    options: await optionsOf(line, names, embeddings, files, notes),
    notes,
    reportedNotes,
  };
}

/** The two files of a comparison, opened. */
interface Compared {
  a: EmbeddingFile;
  b: EmbeddingFile;
  options: CompareOptions;
  notes: string[];
}

/** Opens the two files that are to be compared, and what is known of their items. */
export async function openCompared(line: AuditedLine, files: FileAccess): Promise<Compared> {
  const { files: [pathOfA, pathOfB], ids: idsOfA, neighbors, sample, seed } = line;
  const idsOfB = line.idsB ?? idsOfA;
  const open = async (file: string, ids: string | undefined, popularity?: string) => {
    const columns = [ids, popularity].filter((name) => name !== undefined);
    const opened = await files.open(file, openOptionsOf(line, columns));
    const names = { ids: ids ?? [], labels: [], popularity: popularity ?? [] };
    return { ...opened, found: sideColumns(names, opened, files.bytes) };
  };
  const a = await open(pathOfA, idsOfA, line.popularity);
  if (idsOfB !== undefined && a.found.ids === undefined) {
    throw new InputError(`--ids-b needs ids of A too, and ${pathOfA} has none: give --ids`);
  }
  const b = await open(pathOfB, idsOfB);
  const notes = [...a.notes, ...b.notes], { popularity } = a.found;
  let [ofA, ofB] = [a.found.ids, b.found.ids];
  if (ofA === undefined || ofB === undefined) {
    const named = ofA === undefined ? ofB === undefined ? null : pathOfA : pathOfB;
    if (named !== null) {
      notes.push(
        `${named} has no ids: rows are matched by their position (--ids and --ids-b give ids)`,
      );
    }
    // Where records were left out, the rows that are left no longer stand at the places of their records.
    const gaps = a.kept !== undefined || b.kept !== undefined;
    [ofA, ofB] = gaps ? [recordsOf(a), recordsOf(b)] : [undefined, undefined];
  }
  return {
    a,
    b,
    options: {
      idsOfA: ofA,
      idsOfB: line.looseIds && ofA && ofB ? looseIds(ofA, ofB) : ofB,
      popularity: popularity && numericValues("popularity", popularity),
      neighbors,
      sample,
      seed,
    },
    notes,
  };
}

/** The record of each row, counted from 0. */
function recordsOf({ kept, rows }: EmbeddingFile): number[] {
  return Array.from({ length: rows.rows }, (_, row) => kept?.[row] ?? row);
}

async function optionsOf(
  line: AuditedLine,
  names: SideNames,
  embeddings: EmbeddingFile,
  files: FileAccess,
  notes: string[],
): Promise<AuditOptions> {
  const { format, dtype, records, leftOut } = embeddings;
  const { trained, biases, sample, neighbors, seed, userCounts } = line;
  const { ids, labels, popularity } = sideColumns(names, embeddings, files.bytes, notes);
  const open = async (path: string | undefined, columns?: string[]) =>
    path === undefined ? undefined : await files.open(path, openOptionsOf(line, columns));
  const users = await open(line.users, userCounts === undefined ? [] : [userCounts]);
  if (users !== undefined && isSame(users.rows, embeddings.rows)) {
    throw new InputError(
      `--users ${line.users} holds the items themselves: its vectors are those of ${line.files[0]}`,
    );
  }
  const queries = await open(line.queries);
  notes.push(...users?.notes ?? [], ...queries?.notes ?? []);
  return {
    trained,
    biases,
    file: {
      format,
      dtype,
      taken: takenSentence(embeddings, line.ids),
      records,
      leftOut,
    },
    sample,
    neighbors,
    seed,
    ids,
    labels: labels && labelNumbers(labels),
    popularity: popularity && numericValues("popularity", popularity),
    users: users?.rows,
    userCounts: users && userCounts !== undefined
      ? countsOf(userCounts, users, files.bytes)
      : undefined,
    queries: queries?.rows,
    pairs: queries && line.pairs !== undefined
      ? relevantPairs(line.pairs, files.bytes, queries, ids, embeddings, notes)
      : undefined,
  };
}

/** How many rows are looked at to tell whether two files hold the same vectors. */
const LOOKED_AT = 100;
/** What text or single precision may change of a number. */
const ROUNDING = 1e-5;

/** Whether two files hold the same vectors but for how numbers are stored, by rows at even distances. */
function isSame(a: EmbeddingRows, b: EmbeddingRows): boolean {
  if (a.rows !== b.rows || a.columns !== b.columns) return false;
  const places = evenPlaces(a.rows, LOOKED_AT), others = rowsAt(b, places);
  return rowsAt(a, places).every((row, i) =>
    row.every((entry, c) => Math.abs(entry - others[i][c]) <= ROUNDING * Math.abs(entry))
  );
}

function countsOf(where: string, users: EmbeddingFile, read: ReadBytes): Float64Array {
  const values = Object.hasOwn(users.columns, where)
    ? users.columns[where]
    : matched("user counts", where, read, users.ids, users.rows.rows);
  return numericValues("user counts", values);
}

/** Pairs of ids as pairs of rows; without ids the records of the file are counted from 0. */
function relevantPairs(
  path: string,
  read: ReadBytes,
  queries: EmbeddingFile,
  ids: SideColumn | undefined,
  items: EmbeddingFile,
  notes: string[],
): RelevantPairs {
  const pairs = readPairs(read(path), path);
  const ofQuery = rowsById(queries.ids, queries.rows.rows, queries);
  const ofItem = rowsById(ids, items.rows.rows, items);
  const { kept, weights, note } = knownPairs(
    pairs,
    [{ what: "query", rows: ofQuery }, { what: "item", rows: ofItem }],
    path,
  );
  if (note !== null) notes.push(note);
  return {
    queries: kept.map((i) => ofQuery.get(pairs.first[i])!),
    items: kept.map((i) => ofItem.get(pairs.second[i])!),
    weights,
  };
}
