import { InputError } from "../../io/input_error.ts";
import type { ByteSource } from "./byte_source.ts";
import { type ByteLine, byteLines } from "./byte_lines.ts";
import type { FullOpenOptions, LeftOutReason, ReadFile } from "./embedding_file.ts";
import { Leaver } from "./left_out.ts";
import { assertColumns, assertMemory } from "./memory_limit.ts";
import { parseDecimal } from "./parse_decimal.ts";
import { parseNumber, quote } from "./parse_number.ts";
import { columnOf, risingColumns, withoutColumns } from "./rising_columns.ts";
import { RowStore } from "./row_store.ts";

/** After how many rows their number is guessed from the size of the file. */
const GUESS = 1000;

/**
 * Opens word vectors as text: on each line a word and its coordinates, parted by spaces or tabs, as
 * word2vec, fastText (with a header: how many, of how many dimensions) and GloVe (without) write
 * them; the words are the ids. Lines of numbers alone, as NumPy's `savetxt` writes them, have none.
 *
 * These programs compute in float32, and so the numbers are kept.
 *
 * @throws {InputError} If lines differ in their number of coordinates, one is not a number, or there
 * are less lines than the header says; the line is named.
 */
export function openWordVectors(source: ByteSource, options: FullOpenOptions): ReadFile {
  const { name } = source;
  const { declared, columns, words, named, start } = shapeOf(source);
  const store = new RowStore(name, columns, { memory: options.memory, bytes: 4 });
  if (declared !== undefined) {
    // A line has at least a word of one letter, and a digit and a space for each coordinate.
    if (declared * columns > source.size) {
      throw new InputError(
        `${name} is cut off: it declares ${declared} rows of ${columns} coordinates`,
      );
    }
    store.assertRows(Math.min(declared, Math.ceil(source.size / (2 * columns))));
  }
  const ids: string[] = [];
  const row = new Float64Array(columns);
  const leaver = new Leaver(name, options.strict);
  let characters = 0;
  for (const line of byteLines(source)) {
    if (line.line < start || isBlank(line)) continue;
    const end = words ? wordEnd(line, columns) : line.from;
    const word = words ? wordOf(line, end) : undefined;
    // R quotes the names of rows, under a line of names of columns.
    const id = named ? word?.replace(/^"(.*)"$/, "$1") : word;
    const fault = oddWord(id, columns, declared !== undefined) ?? fill(line, end, row);
    if (fault !== undefined) {
      leaver.leave(fault.reason, `, line ${line.line}${fault.says}`, id?.slice(0, 60));
      continue;
    }
    leaver.keep();
    if (id !== undefined) {
      characters += id.length;
      assertMemory(name, "keeping its words", characters + 24 * ids.length, options.memory);
      ids.push(id);
    }
    const { values, at } = store.next();
    values.set(row, at);
    // Half of the guess: lines may differ, and a file is refused in the end if it is too large.
    if (store.rows === GUESS) store.assertRows(Math.floor(source.size / line.read * GUESS / 2));
  }
  const left = leaver.finish();
  const notes: string[] = [];
  if (declared !== undefined && left.records !== declared) {
    notes.push(
      `${name}: its header declares ${declared} rows, it has ${left.records}: all of them are read`,
    );
    if (options.strict || left.records! < 0.9 * declared) {
      throw new InputError(
        `${name} ${
          left.records! < declared ? "is cut off" : "is not as its header says"
        }: its header declares ${declared} rows, it has ${left.records}`,
      );
    }
  }
  const format = words ? "word vectors as text" : "rows of numbers as text";
  const rows = store.finish();
  const rising = words ? [] : risingColumns(rows);
  if (rising.length > 0) {
    notes.push(
      `${name}: column ${
        rising[0] + 1
      } holds integers that only rise or fall, like a row number: it ` +
        "is taken as the ids, it is no coordinate",
    );
  }
  const taken = [
    `${left.records} rows`,
    declared !== undefined
      ? "header: how many rows and coordinates"
      : named
      ? "header"
      : "no header",
    words ? "ids: the words" : rising.length > 0 ? `ids: column ${rising[0] + 1}` : "no ids",
    `${columns - rising.length} coordinates`,
  ];
  return {
    rows: withoutColumns(rows, rising),
    ids: words ? ids : rising.length > 0 ? columnOf(rows, rising[0]) : undefined,
    columns: {},
    format,
    dtype: "text",
    notes,
    taken: taken.join("; "),
    ...left,
  };
}

function wordOf({ bytes, from, to, line }: ByteLine, start: number): string {
  const word = DECODER.decode(bytes.subarray(from, start));
  if (line === 1 && word.startsWith("\ufeff")) return word.slice(1);
  if (word !== "") return word;
  // The word is a space, and so is what follows it.
  let blank = from;
  while (blank < to && isSpace(bytes[blank])) blank++;
  return DECODER.decode(bytes.subarray(from, Math.max(from, blank - 1)));
}

/**
 * Words have spaces, and may end in a number; one that ends in a fraction is a coordinate too many.
 * Where the header says how many there are, short fractions are taken for words, too.
 */
function oddWord(word: string | undefined, columns: number, headed: boolean): Fault | undefined {
  const last = word === undefined || !/[ \t]/.test(word) ? "" : word.split(/[ \t]+/).at(-1)!;
  const fraction = headed ? /^[+-]?\d*\.\d{3,}$/ : /^[+-]?\d*\.\d+$/;
  if (!fraction.test(last) && !/^[+-]?\d[\d.]*e[+-]?\d+$/i.test(last)) return undefined;
  return {
    reason: "wrong-length",
    says: ` is not a word and ${columns} coordinates, as most lines are`,
  };
}

interface Fault {
  reason: LeftOutReason;
  says: string;
}

const DECODER = new TextDecoder("utf-8", { ignoreBOM: true });

interface Shape {
  /** How many rows the header declares; undefined without one. */
  declared: number | undefined;
  columns: number;
  /** Whether each line starts with a word. */
  words: boolean;
  /** Whether a line of names stands above the numbers. */
  named: boolean;
  /** The line that vectors start on, counted from 1. */
  start: number;
}

/** What the first lines say of the others. */
function shapeOf(source: ByteSource): Shape {
  const lines: string[][] = [];
  const numbers: number[] = [];
  for (const line of byteLines(source)) {
    if (isBlank(line)) continue;
    const text = DECODER.decode(line.bytes.subarray(line.from, line.to)).replace("\ufeff", "");
    const cells = text.trim().split(/[ \t]+/);
    if (lines.length === 0 && isComment(cells)) continue;
    lines.push(cells);
    numbers.push(line.line);
    if (lines.length === 50) break;
  }
  if (lines.length === 0) throw new InputError(`${source.name} has no rows`);
  const [first, second] = lines;
  const headed = first.length === 2 && first.every((cell) => /^\d{1,15}$/.test(cell)) &&
    (second === undefined || second.length !== 2 || first[1] === "1");
  const declared = headed ? Number(first[0]) : undefined;
  if (headed) {
    assertColumns(source.name, Number(first[1]));
    const start = numbers[0] + 1;
    return { declared, columns: Number(first[1]), words: true, named: false, start };
  }
  // No line of vectors is without a number.
  const named = first.length > 1 && lines.length > 1 && !first.some(isNumeric);
  const vectors = named ? lines.slice(1) : lines;
  const length = commonLength(vectors);
  const words = named && first.length === length - 1 || vectors.some(([cell]) => !isNumeric(cell));
  const columns = length - (words ? 1 : 0);
  assertColumns(source.name, columns);
  return { declared, columns, words, named, start: numbers[named ? 1 : 0] };
}

const isNumeric = (cell: string) => parseNumber(cell) !== undefined;

/** Whether a line is a remark, as NumPy's `savetxt` puts above: "#" may be a word with its vector. */
function isComment([first, ...rest]: string[]): boolean {
  return first.startsWith("#") && (rest.length === 0 || !rest.every(isNumeric));
}

/** How many cells most lines have; of several such numbers, the least: words may hold spaces. */
function commonLength(lines: readonly string[][]): number {
  const counts = new Map<number, number>();
  for (const { length } of lines) counts.set(length, (counts.get(length) ?? 0) + 1);
  const most = Math.max(...counts.values());
  return Math.min(...[...counts].filter(([, count]) => count === most).map(([length]) => length));
}

function isBlank({ bytes, from, to }: ByteLine): boolean {
  for (let i = from; i < to; i++) if (!isSpace(bytes[i])) return false;
  return true;
}

/** Where the word ends: words may hold spaces, so coordinates are counted from the end. */
function wordEnd({ bytes, from, to }: ByteLine, columns: number): number {
  let at = to;
  while (at > from && isSpace(bytes[at - 1])) at--;
  for (let c = 0; c < columns; c++) {
    while (at > from && !isSpace(bytes[at - 1])) at--;
    const spaces = at;
    while (at > from && isSpace(bytes[at - 1])) at--;
    if (at === spaces && at > from) break;
  }
  return at;
}

function fill({ bytes, to }: ByteLine, start: number, values: Float64Array): Fault | undefined {
  let place = start, count = 0;
  for (;;) {
    while (place < to && isSpace(bytes[place])) place++;
    if (place >= to) break;
    let end = place;
    while (end < to && !isSpace(bytes[end])) end++;
    const value = parseDecimal(bytes, place, end);
    if (value === undefined || !Number.isFinite(value)) {
      const shown = quote(DECODER.decode(bytes.subarray(place, Math.min(end, place + 60))));
      return value === undefined
        ? { reason: "not-a-number", says: `, coordinate ${count + 1}: ${shown} is not a number` }
        : { reason: "not-finite", says: `, coordinate ${count + 1} is NaN or infinite` };
    }
    if (count < values.length) values[count] = value;
    count++;
    place = end;
  }
  if (count === values.length) return undefined;
  return {
    reason: "wrong-length",
    says: ` has ${count} coordinates, there must be ${values.length}`,
  };
}

function isSpace(byte: number): boolean {
  return byte === 0x20 || byte === 0x09;
}
