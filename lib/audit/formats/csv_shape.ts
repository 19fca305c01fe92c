import { InputError } from "../../io/program.ts";
import type { ByteSource } from "./byte_source.ts";
import { csvRecords } from "./csv_records.ts";
import { assertColumns } from "./memory_limit.ts";
import { isNumber } from "./parse_number.ts";
import { parseVector } from "./parse_vector.ts";

/** How a table of text is written. */
export interface CsvShape {
  separator: string;
  /** Whether numbers are written as 1,5, as spreadsheets do where cells are separated by `;`. */
  decimalComma: boolean;
  /** The names of the columns; null where the file has no header. */
  names: string[] | null;
  /** The cells of the first row; null where there is none. */
  first: string[] | null;
}

/** How many records are looked at to tell separators from one another. */
const SAMPLE = 20;

/**
 * Finds out how a table of text is written: the separator is that which makes most numbers and
 * vectors of the first rows, with the same number of cells in each.
 */
export function csvShape(source: ByteSource, separators: readonly string[]): CsvShape {
  let best = { score: -1, separator: separators[0], records: [] as string[][] };
  let failure: unknown;
  for (const separator of separators) {
    try {
      const records = sample(source, separator);
      const score = scoreOf(records, separator === ";");
      if (score > best.score) best = { score, separator, records };
    } catch (error) {
      if (!(error instanceof InputError)) throw error;
      failure ??= error;
    }
  }
  const { separator, records } = best;
  if (best.score <= 0 && failure !== undefined) throw failure;
  const decimalComma = separator === ";" &&
    records.some((cells) => cells.some((cell) => !isNumber(cell) && isNumber(cell, true)));
  const headed = records.length > 0 && isHeader(records[0], records[1], decimalComma);
  if (records.length > 0) assertColumns(source.name, records[0].length);
  return {
    separator,
    decimalComma,
    names: headed ? records[0].map((name) => name.trim()) : null,
    first: records[headed ? 1 : 0] ?? null,
  };
}

function sample(source: ByteSource, separator: string): string[][] {
  const records: string[][] = [];
  for (const { cells } of csvRecords(source, separator)) {
    records.push(cells);
    // One is enough to see that there are too many cells.
    if (records.length === SAMPLE || cells.length > 1e5) break;
  }
  return records;
}

/** How many numbers and vectors there are, in rows that are as long as the first. */
function scoreOf(records: readonly string[][], decimalComma: boolean): number {
  let score = 0;
  for (const cells of records) {
    if (cells.length !== records[0].length) continue;
    for (const cell of cells) {
      if (isVector(cell)) score += 2;
      // A single number a row is not a vector: the separator is another.
      else if (cells.length > 1 && isNumber(cell, decimalComma)) score++;
    }
  }
  return score;
}

/** Whether a cell holds a vector, or what NumPy left of one. */
export function isVector(cell: string): boolean {
  return /^\s*[[({]/.test(cell) && parseVector(cell) !== "no vector";
}

/** Whether a record names columns: words stand where the next has numbers, or 0, 1, 2, … do. */
function isHeader(
  record: readonly string[],
  next: readonly string[] | undefined,
  decimalComma: boolean,
): boolean {
  const isValue = (cell = "") => isNumber(cell, decimalComma) || isVector(cell);
  if (next === undefined) return record.some((cell) => cell !== "" && !isValue(cell));
  if (record.some((cell, c) => cell !== "" && !isValue(cell) && isValue(next[c]))) return true;
  const numbers = record.filter((cell) => isValue(cell));
  const counted = numbers.every((cell, i) => Number(cell) === Number(numbers[0]) + i);
  return numbers.length > 2 && numbers.length < record.length && counted &&
    ["0", "1"].includes(numbers[0]);
}
