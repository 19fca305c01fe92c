import Papa from "papaparse";
import { InputError } from "../../errors.ts";
import {
  assertColumns,
  type ByteSource,
  LONGEST_TEXT_LINE,
  textLines,
  textPieces,
} from "./bytes.ts";
import { type FullOpenOptions, NoRowsError } from "./embedding_file.ts";
import { isNumber, isVector, parseVector } from "./numbers.ts";
import { VECTOR_NAMES } from "../side_values.ts";
import type { Table } from "./table.ts";

/** How many records tell what separates them, and whether they have a header. */
const SAMPLE = 30;
/** What separates cells. */
export const SEPARATORS = [",", ";", "\t", "|"];
/** Any of {@linkcode SEPARATORS}. */
export const SEPARATOR = new RegExp(`[${SEPARATORS.join("")}]`);
/** What separates cells where nothing else does: Hive's mark, and a space. */
const LAST_SEPARATORS = ["\x01", " "];

/**
 * Reads a table of text, whatever separates its cells; those of vectors may be separated by
 * anything else.
 *
 * @throws {InputError} If it has no rows.
 */
export function csvTable(
  source: ByteSource,
  options: Pick<FullOpenOptions, "header">,
  separators: readonly string[] = SEPARATORS,
): Table {
  const { separator, decimalComma, records, form } = separated(source, separators);
  if (records.length === 0) throw new NoRowsError(`${source.name} has no rows`);
  const usual = usualWidth(records.length > 1 ? records.slice(1) : records);
  const [first] = records;
  // An empty last column is one where it has a name.
  const width = first.length === usual + 1 && first[usual].trim() !== "" &&
      records.some(({ length }, i) => i > 0 && length === first.length)
    ? first.length
    : usual;
  assertColumns(source.name, Math.max(width, records[0].length));
  const headed = options.header ?? isHeader(records, width, decimalComma);
  if (headed && records.length < 2) {
    throw new NoRowsError(`${source.name} has no rows, only a header`);
  }
  const { names, lines } = headed
    ? headerNames(records, width, decimalComma)
    : { names: Array.from({ length: width }, (_, c) => `${c + 1}`), lines: 0 };
  return {
    file: source.name,
    names,
    named: headed,
    unit: "line",
    format: "table of text",
    dtype: "text",
    decimalComma,
    notes: [],
    *rows() {
      let above = lines;
      for (const { cells, line } of csvRecords(source, separator, form)) {
        if (above > 0) above--;
        else {
          // A comma at the end of each line is no cell.
          const extra = cells.length === width + 1 && cells[width].trim() === "";
          const whole = cells.length === width || extra;
          yield { cells, at: line, odd: whole ? undefined : "wrong-length" };
        }
      }
    },
  };
}

/**
 * What separates the cells of a table of ids and values: what its name promises, unless all records
 * are one cell by it and one other mark divides them alike.
 */
export function separatorOf(source: ByteSource, promised: string): string {
  if (csvRecords(source, promised).some(({ cells }) => cells.length > 1)) return promised;
  const found = SEPARATORS.filter((mark) => mark !== promised && widthBy(source, mark) > 1);
  return found.length === 1 ? found[0] : promised;
}

/** How many cells each of the first records has by a mark; 1 where they differ. */
function widthBy(source: ByteSource, mark: string): number {
  const widths = new Set<number>();
  try {
    for (const cells of sample(source, mark, { quotes: true })) widths.add(cells.length);
  } catch (error) {
    if (!(error instanceof InputError)) throw error;
    return 1;
  }
  return widths.size === 1 ? [...widths][0] : 1;
}

interface Separated {
  separator: string;
  decimalComma: boolean;
  records: string[][];
  form: CsvForm;
}

function separated(source: ByteSource, separators: readonly string[]): Separated {
  let best: Omit<Separated, "decimalComma"> & { score: number } = {
    score: -Infinity,
    separator: separators[0],
    records: [],
    form: {},
  };
  let failure: unknown;
  for (
    const separator of separators === SEPARATORS ? [...separators, ...LAST_SEPARATORS] : separators
  ) {
    if (LAST_SEPARATORS.includes(separator) && best.score > 0) break;
    try {
      const form: CsvForm = {
        quotes: separator !== "\t" || isQuotedThroughout(source),
        drawn: separator === "|",
      };
      let records = sample(source, separator, form);
      // A vector in brackets that no quotes hold together is parted by the same mark.
      if (
        records.some((cells) => cells.some((cell, c) => isOpened(cell) && c + 1 < cells.length))
      ) {
        form.brackets = true;
        records = sample(source, separator, form);
      }
      const score = scoreOf(records, separator, separators);
      if (score > best.score) best = { score, separator, records, form };
    } catch (error) {
      if (!(error instanceof InputError)) throw error;
      failure ??= error;
    }
  }
  if (best.score <= 0 && failure !== undefined) throw failure;
  const decimalComma = best.separator !== "," &&
    best.records.some((cells) => cells.some((cell) => !isNumber(cell) && isNumber(cell, true)));
  return { ...best, decimalComma };
}

function sample(source: ByteSource, separator: string, form: CsvForm): string[][] {
  const records: string[][] = [];
  for (const { cells } of csvRecords(source, separator, form)) {
    records.push(cells);
    if (records.length === SAMPLE || cells.length > 1e5) break;
  }
  return records;
}

/** How many numbers a separator brings to light; cells in which others separate numbers count against it. */
function scoreOf(
  records: readonly string[][],
  separator: string,
  separators: readonly string[],
): number {
  const width = usualWidth(records);
  let score = 0;
  const others = separators.filter((other) => other !== separator);
  for (const cells of records) {
    if (cells.length < width - 1 || cells.length > width + 1) {
      score--;
      continue;
    }
    if (records.length > 1 && cells.length > 1) score += 0.5;
    for (const cell of cells) {
      if (cell === "") continue;
      if (isNumber(cell, separator !== ",")) {
        // A single number a row is not a vector: the separator is another.
        if (cells.length > 1) score++;
      } else if (isVector(cell)) {
        const bare = cells.length === 1 && !/^\s*[[({]/.test(cell);
        if (bare && separators.some((other) => cell.includes(other))) continue;
        const vector = parseVector(cell);
        // A decimal comma looks like two numbers: what is in brackets is a vector for sure.
        score += typeof vector === "string" ? 2 : vector.length * (/^\s*[[({]/.test(cell) ? 2 : 1);
      } else if (
        others.some((other) =>
          cell.includes(other) &&
          isMixed(cell, other)
        )
      ) score -= 5;
    }
  }
  return score;
}

/** Whether a cell has numbers that another mark parts from something. */
function isMixed(cell: string, mark: string): boolean {
  const parts = cell.split(mark);
  return parts.filter((part) => part !== "" && (isNumber(part) || isVector(part))).length > 0;
}

function usualWidth(records: readonly string[][]): number {
  const counts = new Map<number, number>();
  for (const { length } of records) counts.set(length, (counts.get(length) ?? 0) + 1);
  const [width] = [...counts].sort((a, b) => b[1] - a[1])[0] ?? [0];
  // A comma at the end of each line is no cell.
  const trailing = width > 1 &&
    records.every((cells) => cells.length !== width || cells[width - 1].trim() === "");
  return trailing && records.length > 1 && records.some((cells) => cells.length === width)
    ? width - 1
    : width;
}

/**
 * Whether the first record is a header: a word over a column of numbers, or a count from 0 or 1, as
 * pandas writes without names; over fractions, any integers in equal steps.
 */
function isHeader(records: string[][], width: number, decimalComma: boolean): boolean {
  const [first, ...rest] = records;
  const isValue = (cell = "") => isNumber(cell, decimalComma) || isVector(cell);
  if (rest.length === 0) return first.some((cell) => cell.trim() !== "" && !isValue(cell));
  if (first.length === width - 1 && first.every((cell) => !isVector(cell))) return true;
  // Names of vectors and ids are a header, also over what is empty in the first rows.
  const isName = (cell: string) => VECTOR_NAMES.includes(cell.trim().toLowerCase());
  if (first.some(isName) && first.every((cell) => !isValue(cell))) return true;
  const values = rest.flatMap((cells) => cells.length >= width ? [cells] : []);
  const isColumn = (c: number) =>
    values.filter((cells) => isValue(cells[c])).length >= 0.5 * values.length;
  const odd = first.filter((cell, c) =>
    cell.trim() !== "" && !isMissing(cell) && !isValue(cell) && isColumn(c)
  );
  const matched = first.filter((cell, c) => isValue(cell) && isColumn(c));
  if (odd.length > 0 && odd.length >= matched.length) return true;
  const numbers = first.filter((cell) => isNumber(cell)).map(Number);
  const step = numbers[1] - numbers[0];
  const others = values.flat().filter((cell) => isNumber(cell)).map(Number);
  const isFractions =
    others.filter((value) => !Number.isInteger(value)).length >= 0.9 * others.length;
  const counted = numbers.length >= Math.max(3, first.length - 3) && Number.isInteger(numbers[0]) &&
    (step === 1 && (numbers[0] === 0 || numbers[0] === 1) ||
      Number.isInteger(step) && step > 0 && isFractions) &&
    numbers.every((value, i) => value === numbers[0] + i * step);
  return counted || odd.length > 0 && matched.length <= 3;
}

function isMissing(cell: string): boolean {
  return /^\s*(\\N|null|none|n\/?a|nan|-)?\s*$/i.test(cell);
}

/** The names of the columns, and how many lines they take. */
function headerNames(
  records: string[][],
  width: number,
  decimalComma: boolean,
): { names: string[]; lines: number } {
  const namesOf = (cells: string[]) => {
    const names = cells.map((name) => name.trim().replace(/^#\s*/, ""));
    // R's write.table leaves out the name of the column of row names.
    if (names.length === width - 1) names.unshift("");
    return Array.from({ length: width }, (_, c) => names[c] ?? "");
  };
  let names = namesOf(records[0]), lines = 1;
  // pandas writes columns that have two names on two lines, and the name of the index on one more.
  const areRepeated = () => new Set(names.slice(1)).size <= 0.5 * (width - 1);
  while (
    width > 2 && areRepeated() && records.length > lines + 1 &&
    isHeader(records.slice(lines), width, decimalComma)
  ) {
    const next = namesOf(records[lines++]);
    names = names.map((name, c) => [name, next[c]].filter((part) => part !== "").join("."));
  }
  const index = records[lines];
  if (
    lines > 1 && records.length > lines + 1 && index.length === width && index[0].trim() !== "" &&
    index.slice(1).every((cell) => cell.trim() === "")
  ) {
    names[0] = index[0].trim();
    lines++;
  }
  return { names, lines };
}

/** What of Papa Parse is used; its types would bring those of all of Node. */
const parse = Papa.parse as (
  text: string,
  options: { delimiter: string; newline: string; quoteChar?: string },
) => { data: string[][]; errors: { code: string; row?: number }[] };

/** A record of a table of text. */
interface CsvRecord {
  cells: string[];
  /** The line of the file on which it starts, counted from 1. */
  line: number;
}

/** How cells are written. */
export interface CsvForm {
  /** Whether quotation marks around cells are marks. @default {but for tabs, if all text is quoted} */
  quotes?: boolean;
  /** Whether vectors in brackets stand there without quotes. @default {false} */
  brackets?: boolean;
  /** Whether lines may be drawn around the cells, as psql, MySQL and Markdown do. @default {false} */
  drawn?: boolean;
}

/**
 * The records of separated text (RFC 4180: quoted cells may hold separators, line ends and doubled
 * quotes), parsed by Papa Parse piece by piece; those that are blank are left out.
 *
 * @param separator What separates cells.
 * @throws {InputError} If a quote does not end, or a quoted cell goes on after its quote.
 */
export function csvRecords(
  source: ByteSource,
  separator: string,
  form: CsvForm = {},
): Generator<CsvRecord> {
  const { quotes = separator !== "\t" || isQuotedThroughout(source), brackets, drawn } = form;
  const records = quotes ? quotedRecords(source, separator) : plainRecords(source, separator);
  return brackets || drawn ? tidied(records, separator, form) : records;
}

/** Records without the lines of a drawn table, and with vectors in brackets as one cell. */
function* tidied(
  records: Iterable<CsvRecord>,
  separator: string,
  { brackets, drawn }: CsvForm,
): Generator<CsvRecord> {
  for (const { cells, line } of records) {
    if (drawn && isDrawn(cells)) continue;
    const whole = brackets ? withWholeBrackets(cells, separator) : cells;
    yield { cells: drawn ? whole.map((cell) => cell.trim()) : whole, line };
  }
}

function* plainRecords(source: ByteSource, separator: string): Generator<CsvRecord> {
  for (const { text, line } of textLines(source)) {
    if (isComment(text)) continue;
    yield { cells: text.split(separator).map((cell) => cell.replace(/\r$/, "")), line };
  }
}

function* quotedRecords(source: ByteSource, separator: string): Generator<CsvRecord> {
  let line = 1;
  for (const text of wholeRecords(source)) {
    const { data, errors } = parse(text, { delimiter: separator, newline: "\n" });
    const quoted = text.includes('"');
    for (const [i, cells] of data.entries()) {
      const error = errors.find(({ row }) => row === i);
      if (error !== undefined) {
        throw new InputError(
          `${source.name}, line ${line}: ${
            error.code === "MissingQuotes"
              ? "a quote does not end"
              : "a quoted cell goes on after its quote"
          }`,
        );
      }
      if (i < data.length - 1 || cells.length > 1 || cells[0] !== "") {
        if (cells.some((cell) => cell !== "") && !isComment(cells[0])) yield { cells, line };
        line += 1 + (quoted ? lineEnds(cells) : 0);
      }
    }
  }
}

/** A line between the rows of a drawn table, or how many rows it has. */
function isDrawn(cells: readonly string[]): boolean {
  return cells.every((cell) => /^[\s+:=-]*$/.test(cell)) &&
      cells.some((cell) => cell.includes("--")) ||
    cells.length === 1 && /^\(?\d+ rows?\b/.test(cells[0]);
}

/** Whether a cell is the start of a vector in brackets that ends in another. */
function isOpened(cell: string): boolean {
  return /^\s*[[({]\s*[+-]?[\d.]/.test(cell) && !/[\])}]/.test(cell);
}

function withWholeBrackets(cells: readonly string[], separator: string): string[] {
  const whole: string[] = [];
  let open = false;
  for (const cell of cells) {
    if (open) whole[whole.length - 1] += separator + cell;
    else whole.push(cell);
    open = open ? !/[\])}]\s*$/.test(cell) : isOpened(cell);
  }
  return whole;
}

/** Pieces that end where a record does: at a line end before which quotes are in pairs. */
function* wholeRecords(source: ByteSource): Generator<string> {
  let rest = "", quotes = 0;
  for (const piece of textPieces(source)) {
    let end = -1;
    const pairs = quotes;
    if (!piece.includes('"')) {
      if (quotes % 2 === 0) end = piece.lastIndexOf("\n");
    } else {
      for (let i = 0; i < piece.length; i++) {
        if (piece[i] === '"') quotes++;
        else if (piece[i] === "\n" && quotes % 2 === 0) end = i;
      }
    }
    if (end < 0) {
      rest += piece;
      if (rest.length > LONGEST_TEXT_LINE) {
        throw new InputError(
          `${source.name} has a ${pairs % 2 === 1 ? "quoted cell" : "line"} of more than ` +
            `${LONGEST_TEXT_LINE.toLocaleString("en")} characters`,
        );
      }
      continue;
    }
    yield rest + piece.slice(0, end + 1);
    rest = piece.slice(end + 1);
  }
  if (rest !== "") yield rest;
}

function lineEnds(cells: readonly string[]): number {
  return cells.reduce(
    (sum, cell) => sum + (cell.includes("\n") ? cell.split("\n").length - 1 : 0),
    0,
  );
}

const SEPARATOR_LINE = new RegExp(`^sep=${SEPARATOR.source}?\\r?$`, "i");

/** Comments start with "# ", or with # where no id does; "sep=;" is Excel's word for the separator. */
function isComment(text: string): boolean {
  return SEPARATOR_LINE.test(text) || /^\s*(#|%)(\s|!|$|[A-Za-z_]+\s*[:=])/.test(text);
}

/**
 * Whether quotation marks around cells are marks and not text: each that starts a cell must end one.
 * Programs that separate by tabs write words as they are, a word `"` among them.
 */
function isQuotedThroughout(source: ByteSource): boolean {
  let quoted = 0, texts = 0, lines = 0;
  for (const { text } of textLines(source)) {
    for (const cell of text.split("\t")) {
      if (!cell.startsWith('"')) {
        if (cell !== "" && Number.isNaN(Number(cell))) texts++;
        continue;
      }
      if (cell.length < 2 || !cell.endsWith('"')) {
        // A vector over several lines starts a cell of its own.
        if (!/^"\s*[[({]/.test(cell)) return false;
      }
      quoted++;
    }
    if (++lines === 1000) break;
  }
  return quoted > 0 && quoted >= texts;
}
