import Papa from "papaparse";
import { InputError } from "../../errors.ts";
import { assertColumns, type ByteSource, LONGEST_TEXT_LINE, textLines } from "./bytes.ts";
import { type FullOpenOptions, NoRowsError } from "./embedding_file.ts";
import { isNumber, isVector, mostCommon, parseVector, quote as quoted } from "./numbers.ts";
import { VECTOR_NAMES } from "../side_values.ts";
import { isMissing, type Table } from "./table.ts";

/** How many records tell what separates them, and whether they have a header. */
const SAMPLE = 30;
/** The separators of cells. */
const SEPARATORS = [",", ";", "\t", "|"];
/** Any of {@linkcode SEPARATORS}. */
export const SEPARATOR = new RegExp(`[${SEPARATORS.join("")}]`);
/** A cell in which a vector begins, and does not end. */
const PARTED = /^[^[(]*[[(]\s*[+-]?\d*\.\d+\s*$/;
/** Separators that are tried where no other one fits: Hive's mark, and a space. */
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
  const { name: file } = source;
  const { dialect, records } = bestDialect(source, separators);
  if (records.length === 0) {
    csvRecords(source, dialect.separator).next();
    throw new NoRowsError(`${file} has no rows`);
  }
  const parted = records.flatMap((cells) => cells.find((cell) => PARTED.test(cell)) ?? []);
  if (parted.length > 0.5 * records.length) {
    throw new InputError(
      `${file}: vectors in brackets are no cells of their own, as in ${
        quoted(parted[0].slice(0, 60))
      }: save them alone in their column, by df.to_csv or as .parquet`,
    );
  }
  const commas = records.flat().filter((cell) => !isNumber(cell) && isNumber(cell, true));
  // Where a comma separates cells, three digits behind another one may be thousands.
  const decimalComma = commas.length > 0 &&
    (dialect.separator !== "," || !commas.every((cell) => /,\d{3}$/.test(cell)));
  const usual = usualWidth(records.length > 1 ? records.slice(1) : records);
  // A line of few cells does not name the columns: it is a title, or a row that was cut off.
  const filled = (cells: string[]) => cells.filter((cell) => cell.trim() !== "").length;
  const titles = usual < 3 ? 0 : records.findIndex((cells) => filled(cells) >= usual - 1);
  if (titles > 0) records.splice(0, titles);
  const [first] = records;
  // An empty last column is one where it has a name.
  const width = first.length === usual + 1 && first[usual].trim() !== "" &&
      records.some(({ length }, i) => i > 0 && length === first.length)
    ? first.length
    : usual;
  assertColumns(file, Math.max(width, first.length));
  const named = options.header ?? isHeader(records, width, decimalComma);
  if (named && records.length < 2) throw new NoRowsError(`${file} has no rows, only a header`);
  const { names, lines } = named
    ? headerNames(records, width, decimalComma)
    : { names: Array.from({ length: width }, (_, c) => `${c + 1}`), lines: 0 };
  return {
    file,
    names,
    named,
    unit: "line",
    format: "table of text",
    dtype: "text",
    decimalComma,
    *rows() {
      let above = named ? Math.max(titles, 0) + lines : 0;
      for (const { cells, line, broken } of recordsBy(source, dialect)) {
        if (above > 0 && broken === undefined) above--;
        else {
          // A comma at the end of each line is no cell.
          const whole = cells.length === width ||
            cells.length === width + 1 && cells[width].trim() === "";
          yield {
            cells,
            at: line,
            odd: whole ? undefined : "wrong-length",
            says: broken && `: ${broken}`,
          };
        }
      }
    },
  };
}

/**
 * What separates the cells of a table of ids and values: what its name promises, unless one other mark
 * alone divides all records alike.
 */
export function separatorOf(source: ByteSource, promised: string): string {
  const lines = firstLines(source);
  const divides = (mark: string) => {
    const widths = sample(source, dialectBy(lines, mark)).map((cells) => cells.length);
    return widths[0] > 1 && widths.every((width) => width === widths[0]);
  };
  if (divides(promised)) return promised;
  const found = SEPARATORS.filter((mark) => mark !== promised && divides(mark));
  return found.length === 1 ? found[0] : promised;
}

/** How the cells of a table of text are told apart. */
interface Dialect {
  separator: string;
  /** What stands around cells that may hold anything; empty where nothing does. */
  quote: string;
  /** Whether vectors in brackets stand there without quotes. */
  brackets: boolean;
  /** Whether lines may be drawn around the cells, as psql, MySQL and Markdown do. */
  drawn: boolean;
  /** How many cells most lines have. */
  width: number;
}

function dialectBy(lines: readonly string[], separator: string): Dialect {
  return {
    separator,
    quote: quoteOf(lines, separator),
    brackets: false,
    drawn: separator === "|",
    width: mostCommon(
      lines.flatMap((line) => isComment(line) ? [] : [line.split(separator).length]),
    ),
  };
}

/** The dialect that brings most numbers to light, and the first records by it. */
function bestDialect(
  source: ByteSource,
  separators: readonly string[],
): { dialect: Dialect; records: string[][] } {
  const lines = firstLines(source);
  let best = {
    score: -Infinity,
    dialect: dialectBy(lines, separators[0]),
    records: [] as string[][],
  };
  const last = separators === SEPARATORS ? LAST_SEPARATORS : [];
  for (const separator of [...separators, ...last]) {
    if (last.includes(separator) && best.score > 0) break;
    const dialect = dialectBy(lines, separator);
    let records = sample(source, dialect);
    // A vector in brackets that no quotes hold together is parted by the same mark.
    if (records.some((cells) => cells.some((cell, c) => isOpened(cell) && c + 1 < cells.length))) {
      dialect.brackets = true;
      records = sample(source, dialect);
    }
    const score = scoreOf(records, separator, separators);
    if (score > best.score) best = { score, dialect, records };
  }
  return best;
}

function sample(source: ByteSource, dialect: Dialect): string[][] {
  const records: string[][] = [];
  for (const { cells, broken } of recordsBy(source, dialect)) {
    if (broken === undefined) records.push(cells);
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
      } else if (others.some((other) => cell.includes(other) && isMixed(cell, other))) score -= 5;
    }
  }
  return score;
}

/** Whether a cell has numbers that another mark parts from something. */
function isMixed(cell: string, mark: string): boolean {
  return cell.split(mark).some((part) => isNumber(part) || isVector(part));
}

function usualWidth(records: readonly string[][]): number {
  const width = mostCommon(records.map(({ length }) => length));
  // A comma at the end of each line is no cell.
  const isTrailing = width > 1 && records.length > 1 &&
    records.every((cells) => cells.length !== width || cells[width - 1].trim() === "");
  return isTrailing ? width - 1 : width;
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
  const odd = first.filter((cell, c) => !isMissing(cell) && !isValue(cell) && isColumn(c));
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

/** A record of a table of text. */
interface CsvRecord {
  cells: string[];
  /** The line of the file on which it starts, counted from 1. */
  line: number;
  /** Why its quotes are none: then they are taken as text, and it ends where its line does. */
  broken?: string;
}

/**
 * The records of a table of ids and values; those that are blank are left out.
 *
 * @param separator What separates cells.
 * @throws {InputError} If a quote does not end, or a quoted cell goes on after its quote.
 */
export function* csvRecords(source: ByteSource, separator: string): Generator<CsvRecord> {
  for (const record of recordsBy(source, dialectBy(firstLines(source), separator))) {
    const { line, broken } = record;
    if (broken !== undefined) throw new InputError(`${source.name}, line ${line}: ${broken}`);
    yield record;
  }
}

/** What of Papa Parse is used; its types would bring those of all of Node. */
const { Parser } = Papa as unknown as {
  Parser: new (
    options: { delimiter: string; newline: string; quoteChar: string; escapeChar?: string },
  ) => {
    parse(text: string): { data: string[][]; errors: { code: string }[] };
  };
};

/**
 * The records of separated text (RFC 4180: quoted cells may hold separators, line ends and doubled
 * quotes). What has quotes is parsed by Papa Parse, a record at a time, with as many lines as a quoted
 * cell takes.
 */
function* recordsBy(source: ByteSource, dialect: Dialect): Generator<CsvRecord> {
  const { separator, quote, brackets, drawn, width } = dialect;
  const options = { delimiter: separator, newline: "\n", quoteChar: quote };
  const parser = new Parser(options);
  // Spark, Hive and MySQL write a quote within quotes behind a backslash.
  const escaped = new Parser({ ...options, escapeChar: "\\" });
  const padded = new RegExp(`(^|[${separator}])\\s+(?=${quote})`, "g");
  const lines = textLines(source, { blank: true });
  // Lines that were read ahead, the next one last.
  const ahead: TextLine[] = [];
  let seen = false;
  const next = () => ahead.pop() ?? lines.next().value as TextLine | undefined;
  for (let first = next(); first !== undefined; first = next()) {
    const { text, line } = first;
    let cells = text.split(separator), broken: string | undefined;
    // A word may be a # as well: its line is like the others.
    const isLikeOthers = cells.length === width && (width > 1 || seen);
    if (SEPARATOR_LINE.test(text) || !isLikeOthers && isComment(text)) continue;
    seen = true;
    if (quote !== "" && text.includes(quote)) {
      let whole = text, { data, errors } = parser.parse(text);
      const more: TextLine[] = [];
      if (data[0].some((cell) => /^\s+\S/.test(cell) && cell.trimStart().startsWith(quote))) {
        whole = text.replace(padded, "$1");
        ({ data, errors } = parser.parse(whole));
        data[0] = data[0].map((cell) => cell.trim());
      }
      if (errors.length > 0 && text.includes(`\\${quote}`)) {
        const other = escaped.parse(text);
        if (other.errors.length === 0) ({ data, errors } = other);
      }
      while (errors.length === 1 && errors[0].code === "MissingQuotes") {
        const following = whole.length > LONGEST_TEXT_LINE ? undefined : next();
        if (following === undefined) break;
        more.push(following);
        whole += `\n${following.text}`;
        if (following.text.includes(quote)) ({ data, errors } = parser.parse(whole));
      }
      if (errors.length === 0) [cells] = data;
      else {
        broken = errors[0].code === "MissingQuotes"
          ? "a quote does not end"
          : "a quoted cell goes on after its quote";
        while (more.length > 0) ahead.push(more.pop()!);
        const around = new RegExp(`^${quote}(.*)${quote}$`);
        cells = cells.map((cell) => cell.replace(around, "$1"));
      }
    }
    // Columns of numbers are aligned by several spaces.
    if (separator === " " && (cells.includes("") || text.includes("\t"))) {
      cells = cells.flatMap((cell) => cell.split("\t")).filter((cell) => cell !== "");
    }
    if (drawn && isDrawn(cells) || cells.every((cell) => cell === "")) continue;
    if (brackets) cells = withWholeBrackets(cells, separator);
    yield { cells: drawn ? cells.map((cell) => cell.trim()) : cells, line, broken };
  }
}

type TextLine = { text: string; line: number };

/** A line between the rows of a drawn table, or how many rows it has. */
function isDrawn(cells: readonly string[]): boolean {
  return cells.every((cell) => /^[\s+:=-]*$/.test(cell)) &&
      cells.some((cell) => cell.includes("--")) ||
    cells.length === 1 && /^\(?\d+ rows?\b/.test(cells[0]);
}

/** Whether a cell is the start of a vector in brackets that ends in another. */
function isOpened(cell: string): boolean {
  return /^\s*[\w.]*[[({]+\s*[+-]?[\d.]/.test(cell) && !/[\])}]/.test(cell);
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

/** Excel's word for the separator: "sep=;". */
const SEPARATOR_LINE = new RegExp(`^sep=${SEPARATOR.source}?\\r?$`, "i");

/** Comments start with "# ", or with # where no id does. */
function isComment(text: string): boolean {
  return /^\s*(#|%)(\s|!|$|[A-Za-z_]+\s*[:=])/.test(text);
}

/** How many lines tell whether quotes are marks. */
const LINES = 1000;

function firstLines(source: ByteSource): string[] {
  return Array.from(textLines(source).take(LINES), ({ text }) => text);
}

/** The mark that stands around cells: a single one where all text has it, a double one elsewhere. */
function quoteOf(lines: readonly string[], separator: string): string {
  if (isQuotedBy("'", lines, separator)) return "'";
  // Programs that separate by tabs write words as they are, a word `"` among them.
  return separator !== "\t" || isQuotedBy('"', lines, separator) ? '"' : "";
}

/** Whether quotes stand around most text, and each that starts a cell ends one. */
function isQuotedBy(quote: string, lines: readonly string[], separator: string): boolean {
  if (!lines.some((line) => line.includes(quote))) return false;
  const whole = `${quote}(?:[^${quote}]|${quote}${quote})*${quote}`;
  const cells = new RegExp(`(?<=^|[${separator}])${whole}(?=[${separator}]|$)`, "g");
  let quoted = 0, texts = 0;
  for (const line of lines) {
    const rest = line.replace(cells, () => {
      quoted++;
      return "";
    });
    for (const cell of rest.split(separator)) {
      // A vector over several lines starts a cell, too.
      if (cell.startsWith(quote) && !/^.\s*[[({]/.test(cell)) return false;
      if (cell !== "" && Number.isNaN(Number(cell))) texts++;
    }
  }
  return quoted > 0 && quoted >= texts;
}
