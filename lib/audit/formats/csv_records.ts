import Papa from "papaparse";
import { InputError } from "../../io/input_error.ts";
import type { ByteSource } from "./byte_source.ts";
import { LONGEST_LINE, textLines } from "./text_lines.ts";
import { textPieces } from "./text_pieces.ts";

/** What of Papa Parse is used; its types would bring those of all of Node. */
const parse = Papa.parse as (
  text: string,
  options: { delimiter: string; newline: string; quoteChar?: string },
) => { data: string[][]; errors: { code: string; row?: number }[] };

/** A record of a table of text. */
export interface CsvRecord {
  cells: string[];
  /** The line of the file on which it starts, counted from 1. */
  line: number;
}

/**
 * The records of separated text (RFC 4180: quoted cells may hold separators, line ends and doubled
 * quotes), parsed by Papa Parse piece by piece; those that are blank are left out.
 *
 * @param separator What separates cells.
 * @throws {InputError} If a quote does not end, or a quoted cell goes on after its quote.
 */
export function* csvRecords(
  source: ByteSource,
  separator: string,
  quotes = separator !== "\t" || isQuotedThroughout(source),
): Generator<CsvRecord> {
  if (!quotes) {
    for (const { text, line } of textLines(source)) {
      if (isComment(text)) continue;
      yield { cells: text.split(separator).map((cell) => cell.replace(/\r$/, "")), line };
    }
    return;
  }
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
      if (rest.length > LONGEST_LINE) {
        throw new InputError(
          `${source.name} has a ${pairs % 2 === 1 ? "quoted cell" : "line"} of more than ` +
            `${LONGEST_LINE.toLocaleString("en")} characters`,
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

/** Comments start with "# ", or with # where no id does; "sep=;" is Excel's word for the separator. */
function isComment(text: string): boolean {
  return /^sep=[,;|\t]?\r?$/i.test(text) || /^\s*(#|%)(\s|!|$|[A-Za-z_]+\s*[:=])/.test(text);
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
