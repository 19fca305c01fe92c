import { InputError } from "./input_error.ts";

/** A table of text, column by column. */
export interface CsvTable {
  /** The names of the columns; null where the file has no header. */
  names: string[] | null;
  /** The cells of each row. */
  rows: string[][];
  /** The line of the file on which each row starts, counted from 1. */
  lines: number[];
}

/**
 * Parses comma- or tab-separated text (RFC 4180: quoted cells may hold separators, line ends and
 * doubled quotes). The first row is a header if one of its cells is neither empty nor a number.
 *
 * @param text The text of the file.
 * @param separator What separates cells.
 * @param path How to name the file in an error.
 * @throws {InputError} If a quote does not end, or rows differ in their number of cells.
 *
 * @example
 * ```ts
 * import { parseCsv } from "./csv_table.ts";
 * import assert from "node:assert/strict";
 *
 * const { names, rows } = parseCsv('id,x\n"a, b",1\n', ",", "items.csv");
 * assert.deepEqual(names, ["id", "x"]);
 * assert.deepEqual(rows, [["a, b", "1"]]);
 * ```
 */
export function parseCsv(text: string, separator: string, path: string): CsvTable {
  const rows: string[][] = [];
  const lines: number[] = [];
  let at = text.startsWith("\ufeff") ? 1 : 0;
  let line = 1;
  while (at < text.length) {
    const firstLine = line;
    const row: string[] = [];
    for (;;) {
      let cell: string;
      if (text[at] === '"') {
        const end = closingQuote(text, at);
        if (end < 0) throw new InputError(`${path}, line ${line}: a quote does not end`);
        cell = text.slice(at + 1, end).replaceAll('""', '"');
        line += cell.split("\n").length - 1;
        at = end + 1;
      } else {
        let end = at;
        while (end < text.length && text[end] !== separator && text[end] !== "\n") end++;
        cell = text.slice(at, end).replace(/\r$/, "");
        at = end;
      }
      row.push(cell);
      if (text[at] === "\r") at++;
      if (text[at] === separator) at++;
      else break;
    }
    if (at < text.length && text[at] !== "\n") {
      throw new InputError(`${path}, line ${line}: a quoted cell goes on after its quote`);
    }
    at++;
    line++;
    if (row.length === 1 && row[0] === "") continue;
    if (rows.length > 0 && row.length !== rows[0].length) {
      throw new InputError(
        `${path}, line ${firstLine} has ${row.length} cells, line ${lines[0]} has ${
          rows[0].length
        }`,
      );
    }
    rows.push(row);
    lines.push(firstLine);
  }
  const headed = rows.length > 0 && rows[0].some((cell) => cell !== "" && !isNumber(cell));
  return headed
    ? { names: rows[0], rows: rows.slice(1), lines: lines.slice(1) }
    : { names: null, rows, lines };
}

/** Whether a cell is a number as Python and spreadsheets write it; nan and inf are. */
export function isNumber(cell: string): boolean {
  const trimmed = cell.trim();
  return trimmed !== "" &&
    (!Number.isNaN(Number(trimmed)) || /^[+-]?(nan|inf|infinity)$/i.test(trimmed));
}

function closingQuote(text: string, at: number): number {
  for (let i = at + 1; i < text.length; i++) {
    if (text[i] !== '"') continue;
    if (text[i + 1] === '"') i++;
    else return i;
  }
  return -1;
}
