import { InputError } from "../../errors.ts";
import type { FullOpenOptions, OddRowReason } from "./embedding_file.ts";
import { isVector, mostCommon, parseNumber, parseVector, quote } from "./numbers.ts";
import { idsRank, isLikeIds, isSideName, VECTOR_NAMES } from "../side_values.ts";

/** What every tabular format is read as: all that happens to ids and columns happens after it. */
export interface Table {
  /** How to name the file in an error. */
  file: string;
  names: readonly string[];
  /** Whether the file has names, or they are numbers counted from 1. */
  named: boolean;
  /** What the first line is. @default {"header" or "no header", unless the format is typed} */
  header?: string;
  /** What a record is called in an error. */
  unit: "line" | "row";
  format: string;
  /** How numbers are stored; those of text may be written with a decimal comma. */
  dtype: string;
  decimalComma?: boolean;
  /** Whether the format tells numbers from text. @default {false} */
  typed?: boolean;
  /** Of each column, whether float32 holds its numbers; otherwise float64 is taken for all. */
  singles?: readonly boolean[];
  /** How many rows there are, where it is known, or at least, where it can be guessed. */
  size?: number;
  /** How many rows the file says that it has. */
  declared?: number;
  notes?: string[];
  /** The column of vectors, where the format tells; without a name where it has no other. */
  vector?: string;
  /** The column of ids, where the format tells. */
  ids?: string;
  /** Fields that are not columns, since they hold a list for each record. */
  lists?: readonly string[];
  rows(): Iterable<TableRow>;
}

export interface TableRow {
  /** Numbers, text, vectors, or null and undefined where nothing is. */
  cells: ArrayLike<unknown>;
  /** Its line or row, counted from 1. */
  at: number;
  /** Why it cannot be used, where the format knows. */
  odd?: OddRowReason;
  /** What is wrong with it, where the format knows: the end of a sentence. */
  says?: string;
}

/** Why a row cannot be used, and the end of a sentence that says so. */
export interface Fault {
  reason: OddRowReason;
  says: string;
  /** How many entries there are in place of those of most. */
  length?: number;
}

/** How many rows tell what a column is. */
const SAMPLE = 300;
/** More rows are looked at where a column is empty in the first: vectors may come later. */
const LONGEST_SAMPLE = 20_000;
/** A table of so many columns of numbers has its vectors in them. */
const MANY = 5;
/** A column whose numbers are so many times larger or smaller than the others' is no coordinate. */
const SCALE = 30;
/** How much the scales of principal components change from one to the next. */
const STEPS = { most: 1.5, least: 1 / 5 };
/** A vector of so few entries is a place on a map where another has so many. */
const FEW_ENTRIES = 3, MANY_ENTRIES = 8;
/** With fewer rows, integers may rise, or fractions look alike, by chance. */
const ENOUGH_ROWS = { rising: 10, written: 3 };
/** Of so many numbers that are padded by zeros some have one at the end. */
const ENOUGH_CELLS = 40;
/** Of so many columns that are called as ids are, those are the ids whose values all differ. */
const MOST_IDS = 6;

/** Digits that are no number: padded by zeros, or more than a number holds. */
const IDENTIFIER = /^\s*[+-]?(0\d+|\d{16,})\s*$/;
const MISSING = new Set(["", "\\n", "null", "none", "na", "n/a", "<na>", "nan", "-"]);

const KIND_NAMES = {
  number: "numbers",
  text: "text",
  vector: "vectors",
  lists: "lists of vectors",
  other: "what is no number, text or vector",
  missing: "empty",
};

type Kind = keyof typeof KIND_NAMES;

/** What the columns of a table are, by their first rows. */
export function profile(table: Table): Column[] {
  const columns = table.names.map((name, index) => new Column(name, index));
  let seen = 0;
  for (const { cells, odd } of table.rows()) {
    if (odd !== undefined) continue;
    for (const column of columns) column.add(cells[column.index], table);
    if (++seen < SAMPLE) continue;
    const isEmpty = columns.some(({ kind }) => kind === "missing");
    const isFound = columns.some(({ counts }) => counts.vector > 0) ||
      columns.filter(({ counts }) => counts.number > 0).length >= MANY;
    if (!isEmpty || isFound || seen === LONGEST_SAMPLE) break;
  }
  return columns;
}

/** What a column of a table looks like in its first rows. */
export class Column {
  readonly counts = { number: 0, text: 0, vector: 0, lists: 0, other: 0, missing: 0 };
  /** The longest of its texts. */
  text = "";
  /** One of its numbers, as it is written. */
  example: unknown;
  /** Whether its numbers are not all the same. */
  varies = false;
  integers = true;
  /** The most digits behind the point, of text; Infinity for numbers that are stored as such. */
  decimals = 0;
  /** Whether zeros end fractions, as in "5.10": what writes the shortest number writes none. */
  padded = false;
  /** Whether entries were left out of vectors when they were written. */
  abbreviated = false;
  readonly #sizes: number[] = [];
  readonly #widths: number[] = [];
  readonly #ways = new Set<number>();
  #last = NaN;

  constructor(readonly name: string, readonly index: number) {}

  add(cell: unknown, table: Table): void {
    const kind = kindOf(cell, table);
    this.counts[kind]++;
    if (kind === "vector") {
      const vector = typeof cell === "string" ? parseVector(cell) : cell as ArrayLike<number>;
      if (vector === "abbreviated") this.abbreviated = true;
      else if (typeof vector !== "string") this.#widths.push(vector.length);
    }
    if (kind === "text" && String(cell).length > this.text.length) this.text = String(cell);
    if (kind !== "number") return;
    const value = numberOf(cell, table)!;
    if (!Number.isInteger(value)) this.integers = false;
    if (!Number.isNaN(this.#last)) this.#ways.add(Math.sign(value - this.#last));
    this.#last = value;
    // As it is written: numbers round long ids to one.
    this.example ??= cell;
    if (cell !== this.example) this.varies = true;
    if (value !== 0 && Number.isFinite(value)) this.#sizes.push(Math.abs(value));
    const [whole, behind = "", zero] = typeof cell === "string"
      ? /^[^.,e]*(?:[.,](\d*?(0?)))?\s*$/i.exec(cell) ?? []
      : [];
    this.decimals = Math.max(this.decimals, whole === undefined ? Infinity : behind.length);
    if (zero === "0") this.padded = true;
  }

  get kind(): Kind {
    const { number, text, vector, lists, other } = this.counts;
    const there = number + text + vector + lists + other;
    if (there === 0) return "missing";
    if (vector >= 0.5 * there) return "vector";
    if (number >= 0.5 * there) return "number";
    if (text + number >= 0.5 * there) return "text";
    return lists >= 0.5 * there ? "lists" : "other";
  }

  /** Whether it holds integers that only rise, or only fall. */
  get rising(): boolean {
    return this.integers && this.counts.number >= ENOUGH_ROWS.rising && this.#ways.size === 1 &&
      !this.#ways.has(0);
  }

  /** The median of its numbers, without signs. */
  get scale(): number {
    return median(this.#sizes);
  }

  /** The usual length of its vectors. */
  get width(): number {
    return mostCommon(this.#widths);
  }
}

/** Whether an entry of a list is a vector in its turn. */
function isNumbers(entry: unknown): boolean {
  return isList(entry) && entry.length > 0 && Array.prototype.every.call(entry, isEntry);
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
      if (!isList(cell)) return "other";
      if (Array.prototype.every.call(cell, isNumbers)) return "lists";
      return Array.prototype.every.call(cell, isEntry) ? "vector" : "other";
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

/** Whether a cell holds several values. */
export function isList(cell: unknown): cell is ArrayLike<unknown> {
  return Array.isArray(cell) || ArrayBuffer.isView(cell);
}

/** The number that a cell holds; undefined for what is none. */
export function numberOf(
  cell: unknown,
  { decimalComma, typed }: Pick<Table, "decimalComma" | "typed">,
): number | undefined {
  if (typeof cell === "number") return cell;
  if (typeof cell === "bigint") {
    // A number would round it: it is no coordinate.
    return Number.isSafeInteger(Number(cell)) ? Number(cell) : undefined;
  }
  return typeof cell === "string" && !typed ? parseNumber(cell, decimalComma) : undefined;
}

/** What the columns of a table are for. */
export interface Roles {
  vector?: Column;
  coordinates: Column[];
  /** Columns that are called as ids are, the likeliest first; that which was asked for, alone. */
  ids: Column[];
  /** Columns that are the ids if all of their values differ, and none is called so. */
  candidates: Candidate[];
  /** Columns that were asked for, by the names by which they were. */
  beside: [string, Column][];
}

/** A column that is the ids if all of its values differ, and what it holds. */
interface Candidate {
  column: Column;
  holds: string;
}

/**
 * Finds out what the columns of a table are for.
 *
 * @throws {InputError} If there are no vectors, several columns could be meant, or a column that was
 * asked for is not there.
 */
export function rolesOf(table: Table, columns: Column[], options: FullOpenOptions): Roles {
  const { file, named } = table;
  const askedIds = table.ids ?? options.ids;
  const vectors = table.vector === undefined ? options.vectors : undefined;
  for (const name of [askedIds, vectors]) {
    if (name === undefined || named && columns.some((column) => isCalled(column, name))) continue;
    throw new InputError(
      `${file} has no column ${quote(name)}${
        named ? `, it has ${listed(table.names)}` : ": it has no header"
      }`,
    );
  }
  const find = (want: string) =>
    columns.find(({ name }) => name === want) ?? columns.find((column) => isCalled(column, want));
  const beside = new Map(named ? options.columns.map((want) => [want, find(want)]) : []);
  const isAsked = (column: Column) =>
    [...beside.values()].includes(column) ||
    askedIds !== undefined && named && isCalled(column, askedIds);
  const chosen = chosenCoordinates(table, columns, options.coordinates);
  const vector = chosen === undefined ? vectorColumn(table, columns, vectors) : undefined;
  const numeric = columns.filter((column) =>
    column.kind === "number" && !isAsked(column) && !(named && isSideName(plainName(column)))
  );
  const others = vector !== undefined || chosen !== undefined
    ? new Map<Column, string | undefined>()
    : noCoordinates(table, numeric);
  const coordinates = vector !== undefined
    ? []
    : chosen ?? numeric.filter((column) => !others.has(column));
  if (vector === undefined && coordinates.length === 0) throw nothingToRead(table, columns);
  const called = named
    ? columns.filter((column) => /(user|item|movie|product|book|track)_?id$/i.test(column.name))
    : [];
  if (
    called.length > 1 && vector === undefined && chosen === undefined && coordinates.length <= 2
  ) {
    throw new InputError(
      `${file} holds interactions of users with items, not embeddings: its columns are ${
        listed(table.names)
      }; \`audit fix\` takes it as --interactions`,
    );
  }
  const rest = columns.filter((column) =>
    column !== vector && !coordinates.includes(column) && column.kind !== "missing" &&
    (column.kind === "number" || column.kind === "text" || isAsked(column))
  );
  const rank = (column: Column) => named ? rankOf(column) : -1;
  const ids = askedIds !== undefined
    ? rest.filter((column) => isCalled(column, askedIds)).slice(0, 1)
    : rest.filter((column) => rank(column) >= 0).sort((a, b) => rank(a) - rank(b))
      .slice(0, MOST_IDS);
  const isSure = askedIds !== undefined || ids.some((column) => !mayBeGroups(column));
  return {
    vector,
    coordinates,
    ids,
    candidates: isSure ? [] : rest.flatMap((column) => {
      const holds = column.kind === "text" ? TEXT : others.get(column) ??
        (!named && column.integers && column.varies ? INTEGERS : undefined);
      return holds === undefined || isAsked(column) || ids.includes(column)
        ? []
        : [{ column, holds }];
    }),
    beside: Array.from(beside).flatMap(([want, column]): [string, Column][] =>
      column !== undefined && rest.includes(column) ? [[want, column]] : []
    ),
  };
}

/**
 * The refusal of several vectors for each item, as models give one for each token of a text.
 *
 * @param place The column that holds them, or the path of JSON, where it has a name.
 */
export function severalVectors(file: string, place: string): InputError {
  const name = /\w[^.[\]]*(?=[[\]]*$)/.exec(place)?.[0];
  return new InputError(
    `${file} holds several vectors for each item${
      name === undefined ? "" : `, at ${quote(place)}`
    }, ` +
      "and an audit takes one: average them (numpy.mean(list(v), axis=0) of each list v), or write " +
      `each as a row of its own${
        name === undefined ? "" : ` (df.explode(${quote(name)}) in pandas)`
      }`,
  );
}

function nothingToRead({ file, named }: Table, columns: Column[]): InputError {
  const lists = columns.find(({ kind }) => kind === "lists");
  if (lists !== undefined) return severalVectors(file, lists.name);
  const shown = columns.map(({ name, kind }) =>
    `${named ? quote(name) : name} (${KIND_NAMES[kind]})`
  );
  const hint = HINTS.find(([mark]) => columns.some(({ text }) => mark.test(text)))?.[1];
  const says = shown.length === 0 ? "" : `: its columns are ${shortened(shown)}`;
  return new InputError(
    `${file} has neither a column of vectors nor one of numbers that are coordinates${says}${
      hint === undefined ? "" : `. ${hint}`
    }`,
  );
}

/** Patterns of texts that were vectors once, and how to convert them. */
const HINTS: [mark: RegExp, sentence: string][] = [
  [
    /^b(['"]).*\1$/s,
    "What begins with b' are bytes as Python prints them: " +
    'df[column] = [np.frombuffer(b, "float32").tolist() for b in vectors], and save it again',
  ],
  [
    /^\[\s*[-+\d.][^\]]{30000,}$/,
    "Vectors have no end: spreadsheets cut cells at 32,767 characters; save from the tool that made them",
  ],
];

/** RecBole writes the kind of a column behind its name: "item_id:token". */
function plainName({ name }: Column): string {
  return name.replace(/:(token|float)(_seq)?$/, "").split(".").at(-1)!;
}

/** How early a column is believed to be the ids: titles and names come last. */
function rankOf(column: Column): number {
  const name = plainName(column);
  return /^(name|title)$/i.test(name) ? Infinity : idsRank(name);
}

/** Whether many rows may share a value of a column with this name, such as a category or another id. */
export function mayBeGroups(column: Column): boolean {
  const name = plainName(column);
  return isLikeIds(name) || /^(name|title|word|token|key)$/i.test(name);
}

/** Whether a column is called so; the last part of a path is enough. */
export function isCalled({ name }: Column, asked: string): boolean {
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
  const longest = Math.max(...found.map(({ width }) => width));
  if (vectors !== undefined) {
    const column = found.find((column) => isCalled(column, vectors));
    if (column === undefined) {
      throw new InputError(`${file}: column ${quote(vectors)} holds no vectors`);
    }
    return column;
  }
  // A place on a map is no embedding where another column has so many more entries.
  const long = found.filter(({ width }) => longest < MANY_ENTRIES || width > FEW_ENTRIES);
  if (long.length <= 1) return long[0];
  const usual = long.filter((column) => VECTOR_NAMES.includes(plainName(column).toLowerCase()));
  if (usual.length === 1) return usual[0];
  throw new InputError(
    `${file} has ${long.length} columns of vectors, ${listed(long.map(({ name }) => name))}: ` +
      `name the one to read (--vectors ${long.find(({ width }) => width === longest)!.name})`,
  );
}

/** The columns that were named as coordinates, one by one or by the first and the last. */
function chosenCoordinates(
  { file, names }: Table,
  columns: Column[],
  wanted: FullOpenOptions["coordinates"],
): Column[] | undefined {
  if (wanted === undefined) return undefined;
  const parts = typeof wanted === "string" ? wanted.split(",").map((part) => part.trim()) : wanted;
  return parts.flatMap((part) => {
    const index = names.indexOf(part);
    if (index >= 0) return [columns[index]];
    for (let at = part.indexOf("-", 1); at > 0; at = part.indexOf("-", at + 1)) {
      const [from, to] = [part.slice(0, at), part.slice(at + 1)].map((name) => names.indexOf(name));
      if (from >= 0 && to >= from) return columns.slice(from, to + 1);
    }
    const range = /[*:]|\.\./.test(part) ? "; a range of columns is written like f0-f15" : "";
    throw new InputError(`${file} has no column ${quote(part)}, it has ${listed(names)}${range}`);
  });
}

/** What columns hold that may be ids. */
const TEXT = "text that is different in every row";
const INTEGERS = "integers that are different in every row";
const RISING = "integers that only rise or fall, like a row number";

/** Of each column of numbers that is no coordinate, what it holds where it may be the ids. */
function noCoordinates({ file, named }: Table, numeric: Column[]): Map<Column, string | undefined> {
  const counted = named ? countedGroup(file, numeric) : [];
  const middle = median(numeric.map(({ scale }) => scale).filter((scale) => scale > 0));
  const integers = numeric.filter((column) => column.integers).length;
  // Principal components decline from one to the next.
  const isSpectrum = numeric.every(({ scale }, i) => {
    const step = i === 0 ? 1 : scale / numeric[i - 1].scale;
    return step <= STEPS.most && step >= STEPS.least;
  });
  // Where all of them rise they are a pattern.
  const areRising = numeric.every(({ rising }) => rising);
  const found = new Map<Column, string | undefined>();
  for (const [place, column] of numeric.entries()) {
    const { scale, varies } = column;
    const ratio = scale === 0 || middle === 0 ? 1 : scale / middle;
    const isWhole = column.integers && integers <= 0.25 * numeric.length && scale > 0;
    const rising = column.rising && !areRising ? RISING : undefined;
    // A column before or after the others that is unlike them holds ids or labels.
    const outside = varies && (place === 0 || place === numeric.length - 1);
    if (counted.length > 0) {
      const isClass = isWhole && outside && column.counts.number >= ENOUGH_ROWS.rising;
      const isOnly = place === 0 && varies && column.integers && integers === 1;
      if (!counted.includes(column)) found.set(column, rising ?? (isOnly ? INTEGERS : undefined));
      else if (isClass) found.set(column, INTEGERS);
    } else if (rising !== undefined) found.set(column, rising);
    else if (named && numeric.length >= MANY) {
      const isOther = !isSpectrum && (ratio > SCALE || ratio < 1 / SCALE ** 2);
      if (isOther || isWhole && numeric.length >= 8) {
        found.set(column, undefined);
      }
    } else if (!named) {
      const isLarge = column.integers && outside && ratio > SCALE;
      if (isWhole && (ratio > SCALE || outside) || isLarge) found.set(column, INTEGERS);
      else if (outside && isWrittenOtherwise(column, numeric)) {
        found.set(
          column,
          column.integers
            ? INTEGERS
            : `numbers that are written otherwise than the others (${column.example}) and different ` +
              "in every row",
        );
      }
    }
  }
  return found;
}

/**
 * Whether numbers have fewer decimals than all others, by two or more, or zeros at the end, which no
 * other has: one program writes the coordinates of a vector alike.
 */
function isWrittenOtherwise(column: Column, numeric: Column[]): boolean {
  const others = numeric.filter((other) => other !== column && !other.integers);
  if (
    column.counts.number < ENOUGH_ROWS.written || others.length < 2 || column.decimals === Infinity
  ) {
    return false;
  }
  const cells = others.reduce((sum, { counts }) => sum + counts.number, 0);
  return others.every(({ decimals }) => decimals >= column.decimals + 2) ||
    column.padded && cells >= ENOUGH_CELLS && !others.some(({ padded }) => padded);
}

/**
 * The columns that are called alike and counted, as f0, f1, …; none where they are few.
 *
 * @throws {InputError} If there are two such groups: they are two embeddings.
 */
function countedGroup(file: string, numeric: Column[]): Column[] {
  const groups = new Map<string, Column[]>();
  for (const column of numeric) {
    const stem = /^(.*?)[[(]?\d+[\])]?$/.exec(column.name)?.[1];
    if (stem !== undefined) groups.set(stem, [...groups.get(stem) ?? [], column]);
  }
  const [largest = [], next = []] = [...groups.values()].sort((a, b) => b.length - a.length);
  if (next.length >= MANY && next.length >= 0.5 * largest.length) {
    const range = (group: Column[]) => `${group[0].name}-${group.at(-1)!.name}`;
    throw new InputError(
      `${file} has several groups of columns that are counted, ${range(largest)} and ${
        range(next)
      } among them: say which are the coordinates (--columns ${
        range(largest)
      }; several with a comma between them)`,
    );
  }
  return largest.length >= 3 && largest.length >= 0.5 * numeric.length ? largest : [];
}

function median(values: number[]): number {
  return values.sort((a, b) => a - b)[Math.floor(values.length / 2)] ?? 0;
}

/** Names for a sentence, in quotes; the first of many. */
export function listed(names: readonly string[]): string {
  return shortened(names.map((name) => quote(name)));
}

/** What is named in a sentence; the first of many. */
export function shortened(names: readonly string[]): string {
  const shown = names.slice(0, 12).join(", ");
  return names.length <= 12 ? shown : `${shown} and ${names.length - 12} more`;
}
