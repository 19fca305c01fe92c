import { InputError } from "../../errors.ts";
import { assertColumns } from "./bytes.ts";
import {
  type Column,
  type Fault,
  isList,
  isMissing,
  listed,
  mayBeGroups,
  numberOf,
  profile,
  type Roles,
  rolesOf,
  shortened,
  type Table,
} from "./table.ts";
import type { FullOpenOptions, OddRowReason, ReadFile, SideColumn } from "./embedding_file.ts";
import { mostCommon, parseVector, quote } from "./numbers.ts";
import { RowStore, RowTally } from "./odd_rows.ts";
import { allDistinct, SideCollector } from "../side_values.ts";

/**
 * Makes embeddings of a table: finds the vectors, the ids and what was asked for, leaves out records
 * that are odd and columns that are no coordinates, and says so.
 *
 * @throws {InputError} If there are no vectors, several columns could be meant, or most are odd.
 */
export function tableEmbeddings(table: Table, options: FullOpenOptions): ReadFile {
  const columns = profile(table);
  const roles = rolesOf(table, columns, options);
  const { vector, coordinates, ids, candidates, beside } = roles;
  const { file, unit, singles } = table;
  const width = vector?.width || coordinates.length;
  if (vector !== undefined && width === 0 && vector.abbreviated) throw noEntries(table, vector);
  assertColumns(file, width);
  const isSingle = singles !== undefined &&
    (vector === undefined ? coordinates : [vector]).every(({ index }) => singles[index]);
  const store = new RowStore(file, width, { memory: options.memory, bytes: isSingle ? 4 : 8 });
  if (table.size !== undefined) store.assertRows(table.size);
  const tally = new RowTally(file, options.strict);
  const collector = new SideCollector(file, options.memory);
  const kept = new Set([...ids, ...beside.map(([, column]) => column)]);
  const maybe = candidates.map(({ column }) => column);
  const row = new Float64Array(width);
  const lengths: { length: number; at: number }[] = [];
  const usual = { width, count: 0, first: [] as number[] };
  for (const { cells, at, odd, says } of table.rows()) {
    const fault: Fault | undefined = odd !== undefined
      ? { reason: odd, says: sayOdd(odd, cells, columns) }
      : vector !== undefined
      ? fillVector(cells[vector.index], row, table, vector)
      : fillCoordinates(cells, coordinates, row, table);
    if (fault !== undefined) {
      if (vector !== undefined && fault.length !== undefined) {
        lengths.push({ length: fault.length, at });
      }
      const id = ids[0] && cells[ids[0].index];
      tally.leaveOut(fault.reason, `, ${unit} ${at}${says ?? fault.says}`, id);
      continue;
    }
    tally.keep();
    if (usual.count++ < SAID) usual.first.push(at);
    const next = store.next();
    next.values.set(row, next.at);
    const where = `${unit} ${at}`;
    for (const { name, index } of kept) collector.add(name, plain(cells[index]) ?? "", where);
    for (const { name, index } of maybe) collector.addCandidate(name, plain(cells[index]), where);
  }
  if (vector !== undefined) assertOneLength(table, vector, usual, lengths, tally.records);
  const left = tally.finish();
  const notes = [...table.notes ?? [], ...declaredNotes(table, left.records!, options.strict)];
  return {
    rows: store.finish(),
    format: vector?.name === ""
      ? table.format
      : `${table.format}, ${
        vector === undefined ? "a column for each coordinate" : "vectors in one column"
      }`,
    dtype: isSingle && table.typed ? "float32" : table.dtype,
    ...described(table, columns, roles, collector.columns, left, options, notes),
    ...left,
  };
}

/** How many rows of each length a message names. */
const SAID = 3;

/** Throws where a good part of the vectors has one other length: of another model, or cut. */
function assertOneLength(
  { file, unit, named }: Table,
  { name }: Column,
  usual: { width: number; count: number; first: number[] },
  others: { length: number; at: number }[],
  records: number,
): void {
  const other = mostCommon(others.map(({ length }) => length));
  const rows = others.filter(({ length }) => length === other).map(({ at }) => at);
  if (rows.length < 2 || 4 * rows.length < records) return;
  const said = (first: number[], count: number) =>
    `${unit}s ${first.slice(0, SAID).join(", ")}${count > SAID ? ", …" : ""}`;
  const example = named && name !== ""
    ? `, in pandas \`df[df[${quote(name)}].map(len) == ${usual.width}]\` where they are lists`
    : "";
  throw new InputError(
    `${file} has vectors of several lengths: ${usual.count} have ${usual.width} numbers ` +
      `(${said(usual.first, usual.count)}), ${rows.length} have ${other} (${
        said(rows, rows.length)
      }; ` +
      "counted from 1): they may be of two models, or some were cut; save those of one length in a " +
      `file, and audit that${example}`,
  );
}

/** Says that a file has other rows than it declares; many that are missing were cut off. */
function declaredNotes({ file, declared }: Table, records: number, strict: boolean): string[] {
  if (declared === undefined || declared === records) return [];
  const says = `its header declares ${declared} rows, it has ${records}`;
  if (strict || records < 0.9 * declared) {
    const is = records < declared ? "is cut off" : "is not as its header says";
    throw new InputError(`${file} ${is}: ${says}`);
  }
  return [`${file}: ${says}: all of them are read`];
}

/**
 * Text and numbers as they are kept: an integer that a number cannot hold is text, and text that Excel
 * is told to keep (="007") is what it says.
 */
function plain(cell: unknown): unknown {
  if (typeof cell === "string") return cell.replace(/^="(.*)"$/, "$1");
  if (typeof cell !== "bigint") return cell;
  return Number.isSafeInteger(Number(cell)) ? Number(cell) : String(cell);
}

function fillVector(
  cell: unknown,
  into: Float64Array,
  table: Table,
  column: Column,
): Fault | undefined {
  const width = into.length;
  const where = table.named ? `, column ${quote(column.name)}` : "";
  if (isMissing(cell)) return { reason: "missing", says: `${where}: there is no vector` };
  const vector = typeof cell === "string" ? parseVector(cell) : cell;
  if (vector === "abbreviated") throw noEntries(table, column);
  if (!isList(vector)) {
    return { reason: "not-a-number", says: `${where}: ${quote(cell)} is not a vector` };
  }
  if (vector.length !== width) {
    return vector.length === 0 ? { reason: "missing", says: `${where}: the vector is empty` } : {
      reason: "wrong-length",
      length: vector.length,
      says: `${where} has a vector of ${vector.length} entries, most have ${width}`,
    };
  }
  for (let c = 0; c < width; c++) {
    const entry = vector[c];
    const value = typeof entry === "number" ? entry : numberOf(entry, { ...table, typed: false });
    if (!Number.isFinite(value)) return oddEntry(entry, value, `${where}, entry ${c + 1}`);
    into[c] = value!;
  }
  return undefined;
}

/** What is wrong with an entry of a vector that is no finite number. */
function oddEntry(entry: unknown, value: number | undefined, where: string): Fault {
  return value !== undefined
    ? { reason: "not-finite", says: `${where} is NaN or infinite` }
    : isMissing(entry)
    ? { reason: "missing", says: `${where} is missing` }
    : { reason: "not-a-number", says: `${where}: ${quote(entry)} is not a number` };
}

function noEntries({ file, named }: Table, { name }: Column): InputError {
  return new InputError(
    `${file}${named ? `, column ${quote(name)}` : ""}: NumPy abbreviated vectors by "...", their ` +
      "entries are lost; save lists (df[column].map(list)), or a .npy file by np.save(path, np.stack(df[column]))",
  );
}

function fillCoordinates(
  cells: ArrayLike<unknown>,
  coordinates: Column[],
  into: Float64Array,
  table: Table,
): Fault | undefined {
  for (let i = 0; i < coordinates.length; i++) {
    const { index, name } = coordinates[i];
    const cell = cells[index];
    const value = typeof cell === "number" ? cell : numberOf(cell, table);
    if (!Number.isFinite(value)) {
      return oddEntry(cell, value, `, column ${table.named ? quote(name) : index + 1}`);
    }
    into[i] = value!;
  }
  return undefined;
}

function sayOdd(reason: OddRowReason, cells: ArrayLike<unknown>, columns: Column[]): string {
  if (reason === "wrong-length") return ` has ${cells.length} cells, most have ${columns.length}`;
  if (reason === "not-json") return " is no JSON";
  return reason === "failed-request" ? " is a request that failed" : " has no vector";
}

/** What was taken for what: the ids, what was asked for, and what is said of it. */
function described(
  table: Table,
  columns: Column[],
  { vector, coordinates, ids: called, candidates, beside }: Roles,
  values: Record<string, SideColumn>,
  { leftOut }: Pick<ReadFile, "leftOut">,
  options: FullOpenOptions,
  notes: string[],
): Pick<ReadFile, "ids" | "columns" | "notes" | "idsNote" | "reportedNotes" | "understood"> {
  const { file, named } = table;
  const isDistinct = ({ name }: Column) => allDistinct(values[name] ?? []);
  const isGiven = table.ids !== undefined || options.ids !== undefined;
  let ids = called.find((column) => isGiven || isDistinct(column)) ?? called[0];
  if (ids !== undefined && !isGiven && mayBeGroups(ids)) {
    const all = values[ids.name] ?? [], distinct = new Set(all).size;
    if (distinct <= all.length / 2) {
      notes.push(
        `${file}: column ${
          quote(ids.name)
        } has ${distinct} values in ${all.length} rows: these are ` +
          `groups, and rows are numbered (--ids ${ids.name} takes it as ids)`,
      );
      ids = undefined!;
    }
  }
  const candidate = ids === undefined
    ? candidates.find(({ column }) => values[column.name] !== undefined && isDistinct(column))
    : undefined;
  ids ??= candidate?.column!;
  let idsNote: string | undefined;
  if (ids !== undefined && !isGiven && !options.columns.includes(ids.name)) {
    const column = ids.name === ""
      ? "the column without a name"
      : `column ${named ? quote(ids.name) : ids.name}`;
    idsNote = `${file}: ${column} ${
      candidate === undefined ? "" : `holds ${candidate.holds}: it `
    }is taken as the ids`;
    notes.push(idsNote);
  }
  const used = [ids, vector, ...coordinates, ...beside.map(([, column]) => column)];
  // The error messages of failed requests are not a column of the items.
  const failed = leftOut?.some(({ reason }) => reason === "failed-request");
  const ignored = columns.filter((column) =>
    !used.includes(column) && !(column.kind === "missing" && column.name === "") &&
    !(failed && /^error\b/.test(column.name))
  ).map(({ name }) => name);
  const columnsOf = (names: string[]) => named ? "" : names.length === 1 ? "column " : "columns ";
  const reportedNotes: string[] = [];
  if (ignored.length > 0) {
    reportedNotes.push(
      `${file}: ${ignored.length === 1 ? "column" : "columns"} ${
        named ? listed(ignored) : shortened(ignored)
      } ignored: not part of the vector`,
    );
    notes.push(...reportedNotes);
  }
  const names = coordinates.map(({ name }) => name);
  return {
    ids: ids && values[ids.name],
    columns: Object.fromEntries(beside.map(([want, { name }]) => [want, values[name] ?? []])),
    notes,
    idsNote,
    reportedNotes,
    understood: {
      header: table.header ?? (table.typed ? undefined : named ? "header" : "no header"),
      ids: ids && (ids.name === "" ? "the column without a name" : `${columnsOf([""])}${ids.name}`),
      vectors: vector?.name === ""
        ? `${vector.width} coordinates`
        : vector !== undefined
        ? `vectors: ${columnsOf([""])}${vector.name} (${vector.width})`
        : `coordinates: ${columnsOf(names)}${
          names.length > 2 ? `${names[0]} to ${names.at(-1)} (${names.length})` : names.join(", ")
        }`,
      beside: beside.flatMap(([want, column]) => column === ids ? [] : [want]),
      names: named
        ? table.names.filter((name) => name !== vector?.name && !names.includes(name))
        : undefined,
      lists: table.lists,
      ignored: ignored.length === 0 ? undefined : `${columnsOf(ignored)}${shortened(ignored)}`,
    },
  };
}

/** A table with a column more, of one value: what the name of its folder says, as "lang=de". */
export function withConstants(table: Table, constants: readonly [string, string][]): Table {
  const added = constants.filter(([name]) => !table.names.includes(name));
  if (added.length === 0 || !table.named) return table;
  const values = added.map(([, value]) => value);
  return {
    ...table,
    names: [...table.names, ...added.map(([name]) => name)],
    singles: table.singles && [...table.singles, ...values.map(() => true)],
    *rows() {
      for (const row of table.rows()) {
        const cells = Array.from({ length: table.names.length }, (_, c) => row.cells[c]);
        yield { ...row, cells: [...cells, ...values] };
      }
    },
  };
}

/** Several tables with the same columns as one. */
export function joinTables(tables: readonly Table[]): Table {
  const [first] = tables;
  const orders = tables.map(({ file, names }) => {
    if (names.length === first.names.length && names.every((name, c) => name === first.names[c])) {
      return undefined;
    }
    // The same columns in another order.
    const places = first.names.map((name) => names.indexOf(name));
    if (
      names.length === places.length && new Set(places).size === places.length &&
      !places.includes(-1)
    ) {
      return places;
    }
    throw new InputError(`${file} has other columns than ${first.file}: ${listed(names)}`);
  });
  const total = (key: "size" | "declared") =>
    tables.every((table) => table[key] !== undefined)
      ? tables.reduce((sum, table) => sum + table[key]!, 0)
      : undefined;
  return {
    ...first,
    size: total("size"),
    declared: total("declared"),
    *rows() {
      for (const [t, table] of tables.entries()) {
        const places = orders[t];
        if (places === undefined) yield* table.rows();
        else {
          for (const row of table.rows()) {
            yield { ...row, cells: places.map((place) => row.cells[place]) };
          }
        }
      }
    },
  };
}
