import { InputError } from "../../io/input_error.ts";
import { csvRecords } from "./csv_records.ts";
import type { ByteSource } from "./byte_source.ts";
import { isNumber, quote } from "./parse_number.ts";
import { textLines } from "./text_lines.ts";

/** Sums of weights, too, must be numbers. */
const HEAVIEST = 1e100;

/** Pairs of ids that belong together, with weights above 0. */
export interface IdPairs {
  first: string[];
  second: string[];
  weights: number[];
}

/**
 * Reads pairs of ids from the bytes of a file: .csv, .tsv or .txt (separated by blanks) with two ids and an
 * optional weight a line, with or without a header; or TREC's qrels, four cells of which the second
 * is not used. Pairs of weight 0 are left out.
 *
 * @param source The bytes.
 * @param path The name of the file, whose end tells its kind.
 * @throws {InputError} If a line has another number of cells, or a weight is not a number from 0 to 1e100.
 */
export function readPairs(source: ByteSource, path: string): IdPairs {
  const pairs: IdPairs = { first: [], second: [], weights: [] };
  let width = 0;
  for (const { cells, line } of records(source, path)) {
    const header = width === 0 && cells.length > 2 && !isNumber(cells[cells.length - 1]);
    width ||= cells.length;
    if (width < 2 || width > 4 || cells.length !== width) {
      throw new InputError(
        `${path}, line ${line} has ${cells.length} cells: pairs are two ids and an optional weight` +
          (width === cells.length ? "" : `, and the first line has ${width}`),
      );
    }
    if (header) continue;
    const weight = width === 2 ? "1" : cells[width - 1];
    if (!isNumber(weight) || !(Number(weight) >= 0 && Number(weight) <= HEAVIEST)) {
      throw new InputError(
        `${path}, line ${line}: the weight ${quote(weight)} must be a number from 0 to ${HEAVIEST}`,
      );
    }
    if (Number(weight) === 0) continue;
    pairs.first.push(cells[0]);
    pairs.second.push(cells[width === 4 ? 2 : 1]);
    pairs.weights.push(Number(weight));
  }
  return pairs;
}

function* records(
  source: ByteSource,
  path: string,
): Generator<{ cells: string[]; line: number }> {
  if (/\.(csv|tsv)$/i.test(path)) {
    yield* csvRecords(source, /\.csv$/i.test(path) ? "," : "\t");
    return;
  }
  for (const { text, line } of textLines(source)) {
    yield { cells: text.trim().split(/\s+/), line };
  }
}
