import { InputError } from "../../errors.ts";
import { type EmbeddingRows, type RowBlock, rowsPerBlock } from "../rows.ts";
import { decode } from "./arrays.ts";
import {
  assertColumns,
  assertMemory,
  type ByteLine,
  byteLines,
  bytesAt,
  type ByteSource,
  decodeText,
} from "./bytes.ts";
import type { FullOpenOptions, LeftOutReason, ReadFile } from "./embedding_file.ts";
import { Leaver, RowStore } from "./left_out.ts";
import {
  columnOf,
  parseDecimal,
  parseNumber,
  quote,
  risingColumns,
  withoutColumns,
} from "./numbers.ts";

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
  const { declared, columns, words, named, start, whole } = shapeOf(source);
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
  const format = words && whole === undefined ? "word vectors as text" : "rows of numbers as text";
  const rows = store.finish();
  const rising = words ? [] : risingColumns(rows);
  const first = `${name}: column ${(rising[0] ?? 0) + 1} holds integers`;
  if (rising.length > 0) {
    notes.push(
      `${first} that only rise or fall, like a row number: it is taken as the ids, it is no coordinate`,
    );
  } else if (whole !== undefined) {
    const is = whole === "ids"
      ? "that differ from row to row: it is taken as the ids, it is"
      : "that are the same in many rows: these are groups, it is left out,";
    notes.push(`${first}, and the others fractions, ${is} no coordinate`);
  }
  const withIds = words && whole !== "groups";
  return {
    rows: withoutColumns(rows, rising),
    ids: withIds ? ids : rising.length > 0 ? columnOf(rows, rising[0]) : undefined,
    columns: {},
    format,
    dtype: "text",
    notes,
    understood: {
      header: declared !== undefined
        ? "the first line counts rows and coordinates"
        : named
        ? "header"
        : "no header",
      ids: withIds && whole === undefined
        ? "the words"
        : withIds || rising.length > 0
        ? `column ${(rising[0] ?? 0) + 1}`
        : undefined,
      vectors: `${columns - rising.length} coordinates`,
      leftOut: whole === "groups" ? "column 1" : undefined,
    },
    ...left,
  };
}

function wordOf({ bytes, from, to, line }: ByteLine, start: number): string {
  const word = decodeText(bytes.subarray(from, start));
  if (line === 1 && word.startsWith("\ufeff")) return word.slice(1);
  if (word !== "") return word;
  // The word is a space, and so is what follows it.
  let blank = from;
  while (blank < to && isSpace(bytes[blank])) blank++;
  return decodeText(bytes.subarray(from, Math.max(from, blank - 1)));
}

/**
 * Words have spaces, and may end in a number; one that ends in a fraction is a coordinate too many.
 * Where the header says how many there are, short fractions are taken for words, too.
 */
function oddWord(word: string | undefined, columns: number, headed: boolean): Fault | undefined {
  const parts = word === undefined || !/[ \t]/.test(word) ? [] : word.split(/[ \t]+/);
  const last = parts.at(-1) ?? "";
  const fraction = headed ? /^[+-]?\d*\.\d{3,}$/ : /^[+-]?\d*\.\d+$/;
  // Two lines that became one hold the coordinates of the first in the word.
  const many = parts.filter((part) => /^[+-]?\d*\.\d+$/.test(part)).length > 0.5 * columns;
  if (!many && !fraction.test(last) && !/^[+-]?\d[\d.]*e[+-]?\d+$/i.test(last)) return undefined;
  return {
    reason: "wrong-length",
    says: ` is not a word and ${columns} coordinates, as most lines are`,
  };
}

interface Fault {
  reason: LeftOutReason;
  says: string;
}

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
  /** What the words are where they are integers before fractions: no coordinates. */
  whole?: "ids" | "groups";
}

/** What the first lines say of the others. */
function shapeOf(source: ByteSource): Shape {
  const lines: string[][] = [];
  const numbers: number[] = [];
  for (const line of byteLines(source)) {
    if (isBlank(line)) continue;
    const text = decodeText(line.bytes.subarray(line.from, line.to)).replace("\ufeff", "");
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
    const columns = Number(first[1]);
    assertColumns(source.name, columns);
    const there = lines.slice(1).map((cells) => numbersAtEnd(cells, true));
    const fewer = there.filter((count) => count < columns).length;
    // A word that ends in a number looks like a coordinate more.
    const isMore = there.length > 0 && there.every((count) => count > columns);
    if (isMore || fewer > 0.5 * there.length) {
      throw new InputError(
        `${source.name}: its first line says that there are ${columns} coordinates, most lines have ` +
          `${usual(there)}: correct the first line, or delete it`,
      );
    }
    return { declared, columns, words: true, named: false, start: numbers[0] + 1 };
  }
  // No line of vectors is without a number.
  const named = first.length > 1 && lines.length > 1 && !first.some(isNumeric);
  const vectors = named ? lines.slice(1) : lines;
  const whole = wholeFirst(vectors);
  const words = whole !== undefined || vectors.some(([cell]) => !isNumeric(cell)) ||
    named && first.length === usual(vectors.map(({ length }) => length)) - 1;
  const there = vectors.map((cells) => numbersAtEnd(cells, words));
  // Names of columns say how many there are where the words of all lines end in a number.
  const isCounted = named && words && vectors.every(({ length }) => length > first.length) &&
    there.every((count) => count >= first.length);
  const columns = isCounted ? first.length : usual(there);
  if (columns === 0) {
    throw new InputError(
      `${source.name} has no lines that end in numbers, line ${numbers[0]} is ${
        quote(first.join(" ").slice(0, 60))
      }`,
    );
  }
  assertColumns(source.name, columns);
  return { declared, columns, words, named, start: numbers[named ? 1 : 0], whole };
}

/** How many numbers stand at the end of a line, behind a word if there are words. */
function numbersAtEnd(cells: readonly string[], words: boolean): number {
  const word = cells.findLastIndex((cell) => !isNumeric(cell));
  return cells.length - Math.max(word + 1, words ? 1 : 0);
}

/** What the first column is where it holds integers, not all the same, and the others hold fractions. */
function wholeFirst(lines: readonly string[][]): Shape["whole"] {
  const values = new Set(lines.map(([cell]) => cell));
  const rest = lines.flatMap((cells) => cells.slice(1));
  if (
    lines.length < 3 || values.size === 1 || ![...values].every((cell) => /^[+-]?\d+$/.test(cell))
  ) {
    return undefined;
  }
  const fractions = rest.filter((cell) => isNumeric(cell) && /[.e]/i.test(cell)).length;
  if (fractions < 0.9 * rest.length || rest.length < 2 * lines.length) return undefined;
  return values.size === lines.length ? "ids" : "groups";
}

const isNumeric = (cell: string) => parseNumber(cell) !== undefined;

/** Whether a line is a remark, as NumPy's `savetxt` puts above: "#" may be a word with its vector. */
function isComment([first, ...rest]: string[]): boolean {
  return first.startsWith("#") && (rest.length === 0 || !rest.every(isNumeric));
}

/** The number that most lines have; of several, the least above 0. */
function usual(numbers: readonly number[]): number {
  const counts = new Map<number, number>();
  for (const number of numbers) {
    if (number > 0) counts.set(number, (counts.get(number) ?? 0) + 1);
  }
  if (counts.size === 0) return 0;
  const most = Math.max(...counts.values());
  return Math.min(...[...counts].filter(([, count]) => count === most).map(([number]) => number));
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
      const shown = quote(decodeText(bytes.subarray(place, Math.min(end, place + 60))));
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

/** The first line of the format: how many words, of how many dimensions. */
const HEADER = /^(\d{1,12}) (\d{1,9}) ?\n/;
const LONGEST_WORD = 10_000;
const PIECE = 1 << 22;

/** What the header says; null where there is none. */
export function word2vecHeader(
  source: ByteSource,
): { rows: number; columns: number; offset: number } | null {
  const start = bytesAt(source, 0, Math.min(64, source.size));
  const match = HEADER.exec(String.fromCharCode(...start));
  return match && { rows: Number(match[1]), columns: Number(match[2]), offset: match[0].length };
}

/**
 * Opens word2vec's binary format: a header, then for each word its text, a space and its float32
 * coordinates. One pass finds the words, which are the ids; the coordinates are read in blocks.
 *
 * @throws {InputError} If there is no header, or less than it declares.
 */
export function openWord2vecBinary(source: ByteSource, options: FullOpenOptions): ReadFile {
  const { name } = source;
  const header = word2vecHeader(source);
  if (header === null) {
    throw new InputError(
      `${name} is no word2vec .bin file: it does not start with how many words and dimensions it has`,
    );
  }
  const { rows, columns } = header;
  assertColumns(name, columns);
  const needed = rows * (4 * columns + 2);
  if (needed > source.size - header.offset) {
    throw new InputError(
      `${name} is cut off: ${rows} words of ${columns} dimensions take at least ${needed} bytes, ` +
        `there are ${source.size - header.offset}`,
    );
  }
  assertMemory(name, `keeping ${rows} words`, rows * 40, options.memory);
  const { words, places } = findWords(source, header);
  return {
    rows: scatteredRows(source, places, columns),
    ids: words,
    columns: {},
    format: "word2vec, binary",
    dtype: "float32",
    notes: [],
  };
}

/** Reads through the file, and tells where the coordinates of each word start. */
function findWords(
  source: ByteSource,
  { rows, columns, offset }: { rows: number; columns: number; offset: number },
): { words: string[]; places: Float64Array } {
  const width = 4 * columns;
  const words: string[] = [];
  const places = new Float64Array(rows);
  let piece = new Uint8Array(0), start = offset;
  let at = offset;
  for (let i = 0; i < rows; i++) {
    if (
      at + 2 * (LONGEST_WORD + width) > start + piece.length && start + piece.length < source.size
    ) {
      start = at;
      piece = bytesAt(source, start, Math.min(PIECE, source.size - start));
    }
    // The original program ends each vector with a line end, gensim does not.
    let from = at - start;
    if (piece[from] === 0x0a) from++;
    const end = binaryWordEnd(piece, from, { width, last: i === rows - 1 });
    if (end < 0 || start + end + 1 + width > source.size) {
      throw new InputError(
        `${source.name} is cut off, or damaged, at word ${i + 1} of ${rows}${
          i === 0 ? "" : `, after ${quote(words[i - 1])}`
        }: in gensim, save_word2vec_format(path, binary=False)`,
      );
    }
    words.push(decodeText(piece.subarray(from, end)));
    places[i] = start + end + 1;
    at = places[i] + width;
  }
  if (source.size - at > 1) {
    throw new InputError(
      `${source.name} is damaged: ${source.size - at} bytes are left after ${rows} words`,
    );
  }
  return { words, places };
}

/**
 * Where a word ends. A word may have spaces, which the format has no mark for: the right one is that
 * after which there are plausible numbers, and another word.
 */
function binaryWordEnd(
  piece: Uint8Array,
  from: number,
  { width, last }: { width: number; last: boolean },
): number {
  let first = -1;
  for (let end = piece.indexOf(0x20, from), tries = 0; end >= 0 && tries < 60; tries++) {
    if (end - from > LONGEST_WORD) break;
    if (first < 0) first = end;
    if (arePlausible(piece, end + 1, width) && (last || isWord(piece, end + 1 + width))) return end;
    const next = piece.indexOf(0x20, end + 1);
    // What lies between must be text.
    if (next < 0 || hasControl(piece, from, Math.min(next, end + 200))) break;
    end = next;
  }
  // Words may hold what is no text, and numbers be as small as they like, or all NaN.
  if (first < 0 || !arePlausible(piece, first + 1, width, true)) return -1;
  const inStep = arePlausible(piece, first + 1, width) || last || isWord(piece, first + 1 + width);
  return inStep ? first : -1;
}

/**
 * What ends in a space, as the last part of a word does, is a smaller number where it is taken for float32.
 */
const LEAST_ENTRY = 1e-18;

/** Whether there are as many numbers as a vector has, of a size that vectors have. */
function arePlausible(piece: Uint8Array, from: number, width: number, lenient = false): boolean {
  if (from + width > piece.length) return false;
  const view = new DataView(piece.buffer, piece.byteOffset + from, width);
  for (let at = 0; at < width; at += 4) {
    const value = Math.abs(view.getFloat32(at, true));
    if (!(value < 1e9) && !(lenient && !Number.isFinite(value))) return false;
    if (!lenient && value !== 0 && value < LEAST_ENTRY) return false;
  }
  return true;
}

/** Whether a word may start here. */
function isWord(piece: Uint8Array, from: number): boolean {
  if (from >= piece.length) return true;
  if (piece[from] === 0x0a) from++;
  const end = piece.indexOf(0x20, from);
  return (end >= 0 || from >= piece.length) && end - from <= LONGEST_WORD &&
    !hasControl(piece, from, end);
}

function hasControl(piece: Uint8Array, from: number, to: number): boolean {
  for (let at = from; at < to; at++) if (piece[at] < 0x20 || piece[at] === 0x7f) return true;
  return false;
}

function scatteredRows(source: ByteSource, places: Float64Array, columns: number): EmbeddingRows {
  const rows = places.length, width = 4 * columns;
  return {
    rows,
    columns,
    *blocks(): Generator<RowBlock> {
      const size = Math.min(rows, rowsPerBlock(columns));
      const values = new Float32Array(size * columns);
      const packed = new Uint8Array(size * width);
      for (let start = 0; start < rows; start += size) {
        const count = Math.min(size, rows - start);
        const first = places[start];
        const run = bytesAt(source, first, places[start + count - 1] + width - first);
        for (let i = 0; i < count; i++) {
          const from = places[start + i] - first;
          packed.set(run.subarray(from, from + width), i * width);
        }
        const block = values.subarray(0, count * columns);
        decode(packed.subarray(0, count * width), { dtype: "float32" }, block);
        yield { start, rows: count, values: block };
      }
    },
  };
}
