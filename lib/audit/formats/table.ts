import { InputError } from "../../errors.ts";
import type { FullOpenOptions, LeftOutReason, ReadFile, SideColumn } from "./embedding_file.ts";
import { Leaver, RowStore } from "./left_out.ts";
import { assertColumns } from "./bytes.ts";
import {
  columnOf,
  isVector,
  parseNumber,
  parseVector,
  quote,
  risingColumns,
  withoutColumns,
} from "./numbers.ts";
import {
  allDistinct,
  idsRank,
  isLikeIds,
  isSideName,
  SideCollector,
  VECTOR_NAMES,
} from "../side_values.ts";

/** What every tabular format is read as: all that happens to ids and columns happens after it. */
export interface Table {
  /** How to name the file in an error. */
  file: string;
  names: readonly string[];
  /** Whether the file has names, or they are numbers counted from 1. */
  named: boolean;
  /** What a record is called in an error. */
  unit: "line" | "row";
  format: string;
  /** How numbers are stored; those of text may be written with a decimal comma. */
  dtype: string;
  decimalComma?: boolean;
  /** Whether the format tells numbers from text. @default {false} */
  typed?: boolean;
  /** Of each column, whether float32 holds its numbers; otherwise `dtype` is that of all. */
  singles?: readonly boolean[];
  /** How many rows there are, where it is known. */
  size?: number;
  notes?: string[];
  /** The column of vectors, where the format tells. */
  vector?: string;
  rows(): Iterable<TableRow>;
}

export interface TableRow {
  /** Numbers, text, vectors, or null and undefined where nothing is. */
  cells: ArrayLike<unknown>;
  /** Its line or row, counted from 1. */
  at: number;
  /** Why it cannot be used, where the format knows. */
  odd?: LeftOutReason;
  /** What is wrong with it, where the format knows: the end of a sentence. */
  says?: string;
}

const SAMPLE = 300;
/** A column whose numbers are so many times larger or smaller than the others' is no coordinate. */
const SCALE = 30;
/** More rows are looked at where a column is empty in the first: vectors may come later. */
const LONGEST_SAMPLE = 20_000;
/** Digits that are no number: padded by zeros, or more than a number holds. */
const IDENTIFIER = /^\s*[+-]?(0\d+|\d{16,})\s*$/;
const MISSING = new Set(["", "\\n", "null", "none", "na", "n/a", "<na>", "nan", "-"]);

/** A table of so many columns of numbers has its vectors in them. */
const MANY = 5;

type Kind = "number" | "text" | "vector" | "other" | "missing";

interface Column {
  index: number;
  name: string;
  kind: Kind;
  integers: boolean;
  /** Whether its numbers are not all the same. */
  varies: boolean;
  scale: number;
  /** The usual length of its vectors. */
  width: number;
  /** Whether entries were left out of vectors when they were written. */
  abbreviated: boolean;
}

/**
 * Makes embeddings of a table: finds the vectors, the ids and what was asked for, leaves out records
 * that are odd and columns that are no coordinates, and says so.
 *
 * @throws {InputError} If there are no vectors, several columns could be meant, or most are odd.
 */
export function tableEmbeddings(table: Table, options: FullOpenOptions): ReadFile {
  const columns = profile(table);
  const roles = rolesOf(table, columns, options);
  const { vector, coordinates, ids, side, candidates } = roles;
  const { file, unit } = table;
  const width = vector?.width || coordinates.length;
  if (vector !== undefined && width === 0 && vector.abbreviated) {
    throw noEntries(table, vector.name);
  }
  assertColumns(file, width);
  const { singles } = table;
  const wanted = vector === undefined ? coordinates : [vector];
  const dtype = singles === undefined
    ? table.dtype
    : wanted.every(({ index }) => singles[index])
    ? "float32"
    : "float64";
  const bytes = dtype === "float32" ? 4 : 8;
  const store = new RowStore(file, width, { memory: options.memory, bytes });
  if (table.size !== undefined) store.assertRows(table.size);
  const leaver = new Leaver(file, options.strict);
  const collector = new SideCollector(file, options.memory);
  const row = new Float64Array(width);
  for (const { cells, at, odd, says: told } of table.rows()) {
    const fault = odd !== undefined
      ? { reason: odd, says: "" }
      : vector !== undefined
      ? fillVector(cells[vector.index], row, table, vector)
      : fillCoordinates(cells, coordinates, row, table);
    if (fault !== undefined) {
      const says = told || fault.says || sayOdd(fault.reason, cells, columns);
      leaver.leave(fault.reason, `, ${unit} ${at}${says}`, ids[0] && cells[ids[0].index]);
      continue;
    }
    leaver.keep();
    const next = store.next();
    next.values.set(row, next.at);
    for (const column of side) {
      const where = `${unit} ${at}`;
      const value = plain(cells[column.index]);
      if (candidates.includes(column)) collector.addCandidate(column.name, value, where);
      else collector.add(column.name, value ?? "", where);
    }
  }
  const left = leaver.finish();
  return named({ ...table, dtype }, options, roles, store, collector, left);
}

/** A sample of the table, and of what kind each of its columns is. */
function profile(table: Table): Column[] {
  const columns = table.names.map((name, index) => ({
    name,
    index,
    counts: { number: 0, text: 0, vector: 0, other: 0, missing: 0 },
    integers: true,
    varies: false,
    first: undefined as unknown,
    abbreviated: false,
    sizes: [] as number[],
    lengths: new Map<number, number>(),
  }));
  let seen = 0;
  for (const { cells, odd } of table.rows()) {
    if (odd !== undefined) continue;
    for (const column of columns) {
      const cell = cells[column.index];
      const kind = kindOf(cell, table);
      column.counts[kind]++;
      if (kind === "number") {
        const value = numberOf(cell, table)!;
        if (!Number.isInteger(value)) column.integers = false;
        // As it is written: numbers round long ids to one.
        column.first ??= cell;
        if (cell !== column.first) column.varies = true;
        if (value !== 0 && Number.isFinite(value)) column.sizes.push(Math.abs(value));
      } else if (kind === "vector") {
        const vector = typeof cell === "string" ? parseVector(cell) : cell as ArrayLike<number>;
        if (vector === "abbreviated") column.abbreviated = true;
        else if (typeof vector !== "string") {
          column.lengths.set(vector.length, (column.lengths.get(vector.length) ?? 0) + 1);
        }
      }
    }
    seen++;
    if (seen < SAMPLE) continue;
    const isEmpty = columns.some(({ counts }) => counts.missing === seen);
    const isFound = columns.some(({ counts }) => counts.vector > 0) ||
      columns.filter(({ counts }) => counts.number > 0).length >= MANY;
    if (!isEmpty || isFound || seen === LONGEST_SAMPLE) break;
  }
  return columns.map(({ name, index, counts, integers, varies, abbreviated, sizes, lengths }) => {
    const there = seen - counts.missing;
    const kind: Kind = there === 0
      ? "missing"
      : counts.vector >= 0.5 * there
      ? "vector"
      : counts.number >= 0.5 * there
      ? "number"
      : counts.text + counts.number >= 0.5 * there
      ? "text"
      : "other";
    sizes.sort((a, b) => a - b);
    const [usual] = [...lengths].sort((a, b) => b[1] - a[1] || b[0] - a[0]);
    return {
      name,
      index,
      kind,
      integers,
      varies,
      scale: sizes[Math.floor(sizes.length / 2)] ?? 0,
      width: usual?.[0] ?? 0,
      abbreviated,
    };
  });
}

function kindOf(cell: unknown, table: Table): Kind {
  if (isMissing(cell)) return "missing";
  switch (typeof cell) {
    case "number":
      return "number";
    case "bigint":
      // A number would round it: it is an id.
      return Number.isSafeInteger(Number(cell)) ? "number" : "text";
    case "boolean":
      return "text";
    case "string":
      if (!table.typed && numberOf(cell, table) !== undefined) {
        return IDENTIFIER.test(cell) ? "text" : "number";
      }
      return isVector(cell) ? "vector" : "text";
    default:
      return isList(cell) && Array.prototype.every.call(cell, isEntry) ? "vector" : "other";
  }
}

/** Whether nothing is in a cell, by any of the marks that programs write for it. */
export function isMissing(cell: unknown): boolean {
  return cell === null || cell === undefined ||
    typeof cell === "string" &&
      (MISSING.has(cell.trim().toLowerCase()) || /^\s*[[({]\s*[\])}]\s*$/.test(cell)) ||
    isList(cell) && cell.length === 0;
}

/** Whether a list with it may be a vector. */
function isEntry(entry: unknown): boolean {
  return entry === null || entry === undefined || typeof entry === "number" ||
    typeof entry === "bigint" || typeof entry === "string" && parseNumber(entry) !== undefined;
}

function isList(cell: unknown): cell is ArrayLike<unknown> {
  return Array.isArray(cell) || ArrayBuffer.isView(cell);
}

function numberOf(cell: unknown, { decimalComma, typed }: Table): number | undefined {
  if (typeof cell === "number") return cell;
  if (typeof cell === "bigint") {
    // A number would round it: it is no coordinate.
    return Number.isSafeInteger(Number(cell)) ? Number(cell) : undefined;
  }
  return typeof cell === "string" && !typed ? parseNumber(cell, decimalComma) : undefined;
}

/** Text and numbers as they are kept: an integer that a number cannot hold is text. */
function plain(cell: unknown): unknown {
  if (typeof cell !== "bigint") return cell;
  return Number.isSafeInteger(Number(cell)) ? Number(cell) : String(cell);
}

interface Roles {
  vector?: Column;
  coordinates: Column[];
  /** Columns that are called as ids are, the likeliest first; that which was asked for, alone. */
  ids: Column[];
  /** Columns to be kept: ids, what was asked for, and candidates. */
  side: Column[];
  /** Columns of text, or of integers without a name, that are the ids if all of their values differ. */
  candidates: Column[];
  leftOut: Column[];
  /** Coordinates that are called like one another and counted: they are none by accident. */
  counted: Column[];
}

function rolesOf(table: Table, columns: Column[], options: FullOpenOptions): Roles {
  const { file, named } = table;
  const { columns: asked, ids: askedIds, vectors } = options;
  const isAsked = ({ name }: Column) =>
    named && [...asked, ...askedIds === undefined ? [] : [askedIds]].some((n) => isCalled(name, n));
  for (const name of [askedIds, table.vector === undefined ? vectors : undefined]) {
    if (name === undefined || named && columns.some((column) => isCalled(column.name, name))) {
      continue;
    }
    throw new InputError(
      `${file} has no column ${quote(name)}${
        named ? `, it has ${listed(table.names)}` : ": it has no header"
      }`,
    );
  }
  const chosen = chosenCoordinates(table, columns, options.coordinates);
  const vector = chosen === undefined ? vectorColumn(table, columns, vectors) : undefined;
  const numeric = columns.filter((column) =>
    column.kind === "number" && !isAsked(column) && !(named && isSideName(plainName(column.name)))
  );
  const counted = vector === undefined ? countedGroup(file, numeric, chosen !== undefined) : [];
  const coordinates = vector !== undefined ? [] : chosen ?? likeTheOthers(numeric, counted, named);
  if (vector === undefined && coordinates.length === 0) throw noCoordinates(table, columns);
  const rest = columns.filter((column) =>
    column !== vector && !coordinates.includes(column) && column.kind !== "missing" &&
    (column.kind === "number" || column.kind === "text" || isAsked(column))
  );
  const rank = ({ name }: Column) => named ? idsRank(plainName(name)) : -1;
  const ids = askedIds !== undefined
    ? rest.filter(({ name }) => isCalled(name, askedIds)).slice(0, 1)
    : rest.filter((column) => rank(column) >= 0).sort((a, b) => rank(a) - rank(b))
      .slice(0, MOST_IDS);
  const candidates = ids.some(({ name }) => askedIds !== undefined || !isLikeIds(plainName(name)))
    ? []
    : rest.filter((column) =>
      !isAsked(column) && !ids.includes(column) &&
      (column.kind === "text" || !named && column.integers && column.varies)
    );
  const side = rest.filter((column) =>
    isAsked(column) || ids.includes(column) || candidates.includes(column)
  );
  return {
    vector,
    coordinates,
    ids,
    side,
    candidates,
    leftOut: columns.filter((column) =>
      column !== vector && !coordinates.includes(column) && !side.includes(column) &&
      !(column.kind === "missing" && column.name === "")
    ),
    counted,
  };
}

/** Of so many columns that are called as ids are, those are the ids whose values all differ. */
const MOST_IDS = 6;

function noCoordinates({ file, named }: Table, columns: Column[]): InputError {
  const shown = columns.slice(0, 12).map(({ name, kind }) =>
    `${named ? quote(name) : name} (${KIND_NAMES[kind]})`
  );
  const more = columns.length > 12 ? ` and ${columns.length - 12} more` : "";
  const says = shown.length === 0 ? "" : `: its columns are ${shown.join(", ")}${more}`;
  return new InputError(
    `${file} has neither a column of vectors nor one of numbers that are coordinates${says}`,
  );
}

const KIND_NAMES: Record<Kind, string> = {
  number: "numbers",
  text: "text",
  vector: "vectors",
  other: "lists of vectors, or what is no number, text or vector",
  missing: "empty",
};

/** RecBole writes the kind of a column behind its name: "item_id:token". */
function plainName(name: string): string {
  return name.replace(/:(token|float)(_seq)?$/, "").split(".").at(-1)!;
}

/** Whether a column is called so; the last part of a path is enough. */
function isCalled(name: string, asked: string): boolean {
  return name === asked || name.endsWith(`.${asked}`) || name.replace(/:\w+$/, "") === asked;
}

function vectorColumn(
  { file, vector }: Table,
  columns: Column[],
  vectors: string | undefined,
): Column | undefined {
  const found = columns.filter(({ kind }) => kind === "vector");
  const indices = found.find(({ name }) =>
    name.endsWith(".indices") &&
    columns.some((other) => other.name === name.replace(/indices$/, "values"))
  );
  if (indices !== undefined) {
    throw new InputError(
      `${file}: column ${
        quote(indices.name.replace(/\.indices$/, ""))
      } holds sparse vectors, which ` +
        "are not read: write all entries of each (vector_to_array in Spark)",
    );
  }
  if (vector !== undefined) return columns.find(({ name }) => name === vector);
  if (vectors !== undefined) {
    const column = found.find(({ name }) => isCalled(name, vectors));
    if (column === undefined) {
      throw new InputError(`${file}: column ${quote(vectors)} holds no vectors`);
    }
    return column;
  }
  if (found.length <= 1) return found[0];
  const usual = found.filter(({ name }) => VECTOR_NAMES.includes(plainName(name).toLowerCase()));
  if (usual.length === 1) return usual[0];
  throw new InputError(
    `${file} has ${found.length} columns of vectors, ${listed(found.map(({ name }) => name))}: ` +
      `name the one to read (--vectors ${found[0].name})`,
  );
}

/** The columns that were named as coordinates, one by one or by the first and the last. */
function chosenCoordinates(
  { file, names }: Table,
  columns: Column[],
  wanted: FullOpenOptions["coordinates"],
): Column[] | undefined {
  if (wanted === undefined) return undefined;
  const place = (name: string) => {
    const index = names.indexOf(name);
    if (index >= 0) return index;
    throw new InputError(`${file} has no column ${quote(name)}, it has ${listed(names)}`);
  };
  const parts = typeof wanted === "string" ? wanted.split(",").map((part) => part.trim()) : wanted;
  return parts.flatMap((part) => {
    if (names.includes(part)) return [columns[place(part)]];
    for (let at = part.indexOf("-", 1); at > 0; at = part.indexOf("-", at + 1)) {
      const [from, to] = [part.slice(0, at), part.slice(at + 1)].map((name) => names.indexOf(name));
      if (from >= 0 && to >= from) return columns.slice(from, to + 1);
    }
    return [columns[place(part)]];
  });
}

/**
 * The columns that are called alike and counted, as f0, f1, …; none where they are few.
 *
 * @throws {InputError} If there are two such groups and none was chosen: they are two embeddings.
 */
function countedGroup(file: string, numeric: Column[], isChosen: boolean): Column[] {
  const groups = new Map<string, Column[]>();
  for (const column of numeric) {
    const stem = /^(.*?)[[(]?\d+[\])]?$/.exec(column.name)?.[1];
    if (stem === undefined) continue;
    groups.set(stem, [...groups.get(stem) ?? [], column]);
  }
  const [largest = [], next = []] = [...groups.values()].sort((a, b) => b.length - a.length);
  if (!isChosen && next.length >= 5 && next.length >= 0.5 * largest.length) {
    const range = (group: Column[]) => `${group[0].name}-${group.at(-1)!.name}`;
    throw new InputError(
      `${file} has several groups of columns that are counted, ${range(largest)} and ${
        range(next)
      } among them: ` +
        `say which are the coordinates (--columns ${
          range(largest)
        }; several with a comma between them)`,
    );
  }
  return largest.length >= 3 && largest.length >= 0.5 * numeric.length ? largest : [];
}

function likeTheOthers(numeric: Column[], counted: Column[], named: boolean): Column[] {
  if (named && counted.length > 0) return counted;
  if (numeric.length < 5) return numeric;
  const scales = numeric.map(({ scale }) => scale).filter((scale) => scale > 0)
    .sort((a, b) => a - b);
  const middle = scales[Math.floor(scales.length / 2)] ?? 0;
  const integers = numeric.filter((column) => column.integers).length;
  return numeric.filter((column, place) => {
    const ratio = column.scale === 0 || middle === 0 ? 1 : column.scale / middle;
    const other = column.integers && integers <= 0.25 * numeric.length && column.scale > 0;
    if (named) return !(ratio > SCALE || ratio < 1 / SCALE ** 2 || other && numeric.length >= 8);
    // An integer before or behind fractions is an id or a label.
    const outside = place === 0 || place === numeric.length - 1;
    return !(other && (ratio > SCALE || outside && column.varies));
  });
}

interface Fault {
  reason: LeftOutReason;
  says: string;
}

function fillVector(
  cell: unknown,
  into: Float64Array,
  table: Table,
  { name, width }: Column,
): Fault | undefined {
  const where = table.named ? `, column ${quote(name)}` : "";
  if (isMissing(cell)) return { reason: "missing", says: `${where}: there is no vector` };
  const vector = typeof cell === "string" ? parseVector(cell) : cell;
  if (vector === "abbreviated") throw noEntries(table, name);
  if (!isList(vector)) {
    return { reason: "not-a-number", says: `${where}: ${quote(cell)} is not a vector` };
  }
  if (vector.length !== width) {
    return vector.length === 0 ? { reason: "missing", says: `${where}: the vector is empty` } : {
      reason: "wrong-length",
      says: `${where} has a vector of ${vector.length} entries, most have ${width}`,
    };
  }
  for (let c = 0; c < width; c++) {
    const entry = vector[c];
    if (entry === null || entry === undefined) {
      return { reason: "missing", says: `${where}, entry ${c + 1} is missing` };
    }
    const value = typeof entry === "number" ? entry : numberOf(entry, { ...table, typed: false });
    if (value === undefined) {
      return {
        reason: "not-a-number",
        says: `${where}, entry ${c + 1}: ${quote(entry)} is not a number`,
      };
    }
    if (!Number.isFinite(value)) {
      return { reason: "not-finite", says: `${where}, entry ${c + 1} is NaN or infinite` };
    }
    into[c] = value;
  }
  return undefined;
}

function noEntries({ file, named }: Table, name: string): InputError {
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
    if (value !== undefined && Number.isFinite(value)) {
      into[i] = value;
      continue;
    }
    const where = `, column ${table.named ? quote(name) : index + 1}`;
    if (value !== undefined) {
      return { reason: "not-finite", says: `${where} is NaN or infinite` };
    }
    if (isMissing(cell)) {
      return { reason: "missing", says: `${where} is missing` };
    }
    return { reason: "not-a-number", says: `${where}: ${quote(cell)} is not a number` };
  }
  return undefined;
}

function sayOdd(reason: LeftOutReason, cells: ArrayLike<unknown>, columns: Column[]): string {
  if (reason === "wrong-length") return ` has ${cells.length} cells, most have ${columns.length}`;
  if (reason === "not-json") return " is no JSON";
  return reason === "failed-request" ? " is a request that failed" : " has no vector";
}

function named(
  table: Table,
  { columns: asked, ids: askedIds }: FullOpenOptions,
  roles: Roles,
  store: RowStore,
  collector: SideCollector,
  left: Pick<ReadFile, "leftOut" | "records" | "kept">,
): ReadFile {
  const { file } = table;
  const called = (name: string) => table.named ? quote(name) : name;
  const isWanted = (name: string) => asked.some((one) => isCalled(name, one));
  const notes = [...table.notes ?? []];
  const reportedNotes: string[] = [];
  let idsNote: string | undefined;
  const leftOut = roles.leftOut.map(({ name }) => name);
  let rows = store.finish();
  let coordinates = roles.coordinates;
  // Of several columns that are called as ids are, one whose values all differ.
  const idsColumn = roles.ids.length < 2
    ? roles.ids[0]
    : roles.ids.find(({ name }) => allDistinct(collector.columns[name] ?? [])) ?? roles.ids[0];
  let idsName: string | undefined = idsColumn?.name;
  let ids: SideColumn | undefined = idsColumn && collector.columns[idsColumn.name];
  leftOut.push(
    ...roles.ids.filter((column) => column !== idsColumn && !isWanted(column.name)).map((
      { name },
    ) => name),
  );
  if (ids !== undefined && askedIds === undefined && isLikeIds(plainName(idsName!))) {
    const distinct = new Set(ids).size;
    if (distinct <= ids.length / 2) {
      notes.push(
        `${file}: column ${
          quote(idsName!)
        } has ${distinct} values in ${ids.length} rows: these are ` +
          `groups, and rows are numbered (--ids ${idsName} takes it as ids)`,
      );
      leftOut.push(idsName!);
      ids = idsName = undefined;
    }
  }
  for (const { name, kind } of roles.candidates) {
    const values = collector.columns[name];
    if (ids === undefined && values !== undefined && allDistinct(values)) {
      ids = values;
      idsName = name;
      idsNote = `${file}: column ${called(name)} holds ${
        kind === "text" ? "text that is" : "integers that are"
      } different in every row: it is taken as the ids`;
      notes.push(idsNote);
    } else leftOut.push(name);
  }
  const rising = roles.vector !== undefined ? [] : risingColumns(rows)
    .filter((place) => !(table.named && roles.counted.includes(coordinates[place])));
  for (const [i, place] of rising.entries()) {
    const name = coordinates[place].name;
    const taken = ids === undefined && i === 0;
    if (taken) {
      ids = columnOf(rows, place);
      idsName = name;
    } else leftOut.push(name);
    notes.push(
      `${file}: column ${
        called(name)
      } holds integers that only rise or fall, like a row number: it is ` +
        `${taken ? "taken as the ids" : "ignored"}, it is no coordinate`,
    );
  }
  rows = withoutColumns(rows, rising);
  coordinates = coordinates.filter((_, place) => !rising.includes(place));
  if (
    idsColumn !== undefined && idsName === idsColumn.name && askedIds === undefined &&
    !asked.includes(idsName)
  ) {
    const { name } = idsColumn;
    idsNote = `${file}: ${
      name === "" ? "the column without a name" : `column ${quote(name)}`
    } is taken as the ids`;
    notes.push(idsNote);
  }
  // What failed requests say of their errors is no column of the items.
  const failed = left.leftOut?.some(({ reason }) => reason === "failed-request");
  const ignored = failed ? leftOut.filter((name) => !/^error\b/.test(name)) : leftOut;
  if (ignored.length > 0) {
    reportedNotes.push(
      `${file}: ${ignored.length === 1 ? "column" : "columns"} ${
        table.named ? listed(ignored) : ignored.join(", ")
      } ignored: not part of the vector`,
    );
    notes.push(...reportedNotes);
  }
  const beside = asked.flatMap((want): [string, SideColumn][] => {
    const column = roles.side.find(({ name }) => name === want) ??
      roles.side.find(({ name }) => isCalled(name, want));
    return column === undefined ? [] : [[want, collector.columns[column.name] ?? []]];
  });
  const others = beside.map(([name]) => name).filter((name) => !isCalled(idsName ?? "", name));
  const column = table.named ? "" : "column ";
  const understood = {
    header: table.typed ? undefined : table.named ? "header" : "no header",
    ids: idsName === "" ? "the column without a name" : idsName && `${column}${idsName}`,
    vectors: roles.vector !== undefined
      ? `vectors: ${column}${roles.vector.name} (${roles.vector.width})`
      : `coordinates: ${table.named ? "" : "columns "}${
        coordinates.length > 2
          ? `${coordinates[0].name} to ${coordinates.at(-1)!.name} (${coordinates.length})`
          : coordinates.map(({ name }) => name).join(", ")
      }`,
    beside: others.length === 0 ? undefined : others.join(", "),
    leftOut: ignored.length === 0
      ? undefined
      : `${table.named ? "" : "columns "}${ignored.slice(0, 12).join(", ")}${
        ignored.length > 12 ? ` and ${ignored.length - 12} more` : ""
      }`,
  };
  return {
    rows,
    ids,
    columns: Object.fromEntries(beside),
    format: `${table.format}, ${
      roles.vector === undefined ? "a column for each coordinate" : "vectors in one column"
    }`,
    dtype: table.dtype,
    notes,
    idsNote,
    understood,
    reportedNotes,
    ...left,
  };
}

/** Names for a sentence; the first of many. */
export function listed(names: readonly string[]): string {
  const shown = names.slice(0, 12).map((name) => quote(name)).join(", ");
  return names.length <= 12 ? shown : `${shown} and ${names.length - 12} more`;
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
  return {
    ...first,
    size: tables.every(({ size }) => size !== undefined)
      ? tables.reduce((sum, { size }) => sum + size!, 0)
      : undefined,
    *rows() {
      for (const [t, table] of tables.entries()) {
        const places = orders[t];
        if (places === undefined) yield* table.rows();
        else {
          for (const row of table.rows()) {
            yield {
              ...row,
              cells: places.map((place) => row.cells[place]),
            };
          }
        }
      }
    },
  };
}
