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
import { csvTable } from "./csv.ts";
import type { FullOpenOptions, ReadFile } from "./embedding_file.ts";
import { isNumber, mostCommon, parseDecimal, quote } from "./numbers.ts";
import { allDistinct } from "../side_values.ts";
import type { Fault, Table } from "./table.ts";

/**
 * Reads word vectors as text: on each line a word and its coordinates, parted by spaces or tabs, as
 * word2vec, fastText (with a header: how many, of how many dimensions) and GloVe (without) write
 * them, or as `word: [0.1, 0.2]`; the words are the ids. Lines of numbers alone, as NumPy's `savetxt`
 * writes them, are a table.
 *
 * These programs compute in float32, and so the numbers are kept.
 *
 * @throws {InputError} If no lines end in numbers, or they are not as a header says.
 */
export function wordVectorTable(source: ByteSource, options: FullOpenOptions): Table {
  const { name, size } = source;
  const shape = shapeOf(source);
  if (shape === undefined) return csvTable(source, options, [" "]);
  const { declared, columns, named, start, frame, length } = shape;
  if (declared !== undefined && declared * columns > size) {
    // A line has at least a word of one letter, and a digit and a space for each coordinate.
    throw new InputError(
      `${name} is cut off: it declares ${declared} rows of ${columns} coordinates`,
    );
  }
  return {
    file: name,
    names: ["the words", ""],
    named: true,
    header: declared !== undefined
      ? "the first line counts rows and coordinates"
      : named
      ? "header"
      : "no header",
    ids: "the words",
    vector: "",
    unit: "line",
    format: "word vectors as text",
    dtype: "text",
    singles: [true, true],
    // Half of the guess: lines may differ, and a file is refused in the end if it is too large.
    size: declared === undefined
      ? Math.floor(size / length / 2)
      : Math.min(declared, Math.ceil(size / (2 * columns))),
    declared,
    *rows() {
      const values = new Float64Array(columns);
      for (const line of byteLines(source)) {
        const end = line.line < start ? -1 : wordEnd(line, columns, shape);
        if (end < 0) continue;
        const word = wordOf(line, end, shape).replace(frame, "$<word>");
        const fault = oddWord(word, columns, declared !== undefined) ??
          fill(line, end, values, shape);
        yield {
          cells: [fault === undefined ? word : word.slice(0, 60), values],
          at: line.line,
          odd: fault?.reason,
          says: fault?.says,
        };
      }
    },
  };
}

/** What the first lines say of the others. */
interface Shape {
  /** How many rows the header declares; undefined without one. */
  declared: number | undefined;
  columns: number;
  /** Whether a line of names stands above the numbers. */
  named: boolean;
  /** The line that vectors start on, counted from 1. */
  start: number;
  /** Of each byte, 1 if it parts numbers. */
  blanks: Uint8Array;
  /** Whether a comma stands before fractions. */
  decimalComma: boolean;
  /** What stands around words, `<word>` within. */
  frame: RegExp;
  /** How many bytes a line takes. */
  length: number;
}

/** The separators of numbers: blanks, or blanks and the marks of a list. */
const BLANKS = [" \t", " \t,;[](){}"];
/** What stands around words, where it does around all: `"word":`, `word:` or nothing. */
const FRAMES = [
  /^(?<word>.*\S)\s+(?:np\.)?(?:array|tensor)$/,
  /^(["'])(?<word>.*)\1\s*[:=]?$/,
  /^(?<word>.*\S)\s*[:=]$/,
  /^(?<word>.*)$/s,
];

/** What the first lines say of the others; undefined where they are numbers alone. */
function shapeOf(source: ByteSource): Shape | undefined {
  const texts: string[] = [];
  const numbers: number[] = [];
  let read = 0;
  for (const line of byteLines(source)) {
    const text = decodeText(line.bytes.subarray(line.from, line.to)).replace("\ufeff", "");
    if (text.trim() === "" || texts.length === 0 && isRemark(text)) continue;
    texts.push(text);
    numbers.push(line.line);
    read = line.read;
    if (texts.length === 50) break;
  }
  if (texts.length === 0) throw new InputError(`${source.name} has no rows`);
  const cellsBy = (marks: string) => {
    const letters = new Set(marks);
    return texts.map((text) =>
      Array.from(text, (letter) => letters.has(letter) ? " " : letter).join("").trim().split(/ +/)
    );
  };
  const ends = BLANKS.map((marks) =>
    mostCommon(cellsBy(marks).map((cells) => numbersAtEnd(cells, false)), "least")
  );
  const plain = cellsBy(BLANKS[0]).map((cells) => cells.slice(1)).flat();
  const commas = plain.filter((cell) => /^[+-]?\d+,\d+(e[+-]?\d+)?$/i.test(cell)).length;
  const decimalComma = commas > 0.5 * plain.length;
  const marks = BLANKS[ends[1] > ends[0] && !decimalComma ? 1 : 0];
  const lines = cellsBy(marks).map((cells) =>
    decimalComma ? cells.map((cell) => cell.replace(/^([+-]?\d+),(\d)/, "$1.$2")) : cells
  );
  const [first, second] = lines;
  const blanks = new Uint8Array(256);
  for (const letter of marks) blanks[letter.charCodeAt(0)] = 1;
  const headed = first.length === 2 && first.every((cell) => /^\d{1,15}$/.test(cell)) &&
    (second === undefined || second.length !== 2 || first[1] === "1");
  // No line of vectors is without a number.
  const below = mostCommon(lines.slice(1).map((cells) => numbersAtEnd(cells, true)), "least");
  const named = !headed && first.length > 1 && lines.length > 1 && first.length >= below - 1 &&
    !first.some((cell) => isNumber(cell));
  const vectors = headed || named ? lines.slice(1) : lines;
  const lengths = vectors.map(({ length }) => length);
  const numeric = vectors.flat().filter((cell) => isNumber(cell)).length;
  const words = headed || vectors.some(([cell]) => !isNumber(cell)) ||
    numeric < 0.5 * vectors.flat().length ||
    named && first.length === mostCommon(lengths, "least") - 1;
  if (!words) return undefined;
  const there = vectors.map((cells) => numbersAtEnd(cells, true));
  // Names of columns say how many there are where the words of all lines end in a number.
  const isCounted = named && lengths.every((length) => length > first.length) &&
    there.every((count) => count >= first.length);
  const columns = headed
    ? Number(first[1])
    : isCounted
    ? first.length
    : withoutEnds(vectors, mostCommon(there, "least"));
  if (columns === 0) {
    throw new InputError(
      `${source.name} has no lines that end in numbers, line ${numbers[0]} is ${
        quote(first.join(" ").slice(0, 60))
      }`,
    );
  }
  assertColumns(source.name, columns);
  assertWhole(source.name, texts);
  if (headed) {
    const fewer = there.filter((count) => count < columns).length;
    // A word that ends in a number looks like a coordinate more.
    const isMore = there.length > 0 && there.every((count) => count > columns);
    if (isMore || fewer > 0.5 * there.length) {
      throw new InputError(
        `${source.name}: its first line says that there are ${columns} coordinates, most lines have ` +
          `${mostCommon(there, "least")}: correct the first line, or delete it`,
      );
    }
  }
  const sampled = vectors.map((cells) => cells.slice(0, cells.length - columns).join(" "));
  return {
    declared: headed ? Number(first[0]) : undefined,
    columns,
    named,
    start: numbers[lines.length - vectors.length] ?? numbers[0] + 1,
    blanks,
    decimalComma,
    frame: FRAMES.find((frame) => sampled.every((word) => frame.test(word)))!,
    length: read / numbers.at(-1)!,
  };
}

/** A bracket before a number, and one after: those of a word are no vector's. */
const OPENED = /[[({]\s*(?=[+-]?[\d.][\d.e+-]*(?:[\s,;\])}]|$))/i, CLOSED = /(?<=\d\.?\s*)[\])}]/;

/** Throws where vectors in brackets lost entries, or go on in other lines: so they are printed. */
function assertWhole(name: string, lines: readonly string[]): void {
  const odd = lines.filter((line) =>
    /\d[,\s]+(\.\.\.|…)[,\s]+[+-]?\.?\d/.test(line) ||
    line.split(OPENED).length !== line.split(CLOSED).length
  );
  if (odd.length <= 0.25 * lines.length) return;
  throw new InputError(
    `${name} holds vectors as NumPy prints them, abbreviated by "..." or over several lines: ` +
      'np.save("vectors.npy", np.stack(vectors))',
  );
}

/** How many coordinates there are, where words end in an integer that alone tells them apart. */
function withoutEnds(lines: readonly string[][], columns: number): number {
  const words = lines.filter(({ length }) => length > columns)
    .map((cells) => cells.slice(0, cells.length - columns + 1));
  const fractions = lines.flatMap((cells) => cells.slice(cells.length - columns + 1))
    .filter((cell) => /[.e]/i.test(cell)).length;
  const names = words.map((cells) => cells.slice(0, -1).join(" "));
  const isPart = columns > 2 && fractions >= 0.9 * lines.length * (columns - 1) &&
    words.every((cells) => /^\d+$/.test(cells.at(-1)!)) && !allDistinct(names) &&
    allDistinct(words.map((cells) => cells.join(" ")));
  return isPart ? columns - 1 : columns;
}

/** How many numbers stand at the end of a line, behind a word if there are words. */
function numbersAtEnd(cells: readonly string[], words: boolean): number {
  const word = cells.findLastIndex((cell) => !isNumber(cell));
  return cells.length - Math.max(word + 1, words ? 1 : 0);
}

/** Whether a line is a remark, as NumPy's `savetxt` puts above: "#" may be a word with its vector. */
function isRemark(text: string): boolean {
  const [first, ...rest] = text.trim().split(/[ \t]+/);
  return /^[#%]/.test(first) && (rest.length === 0 || !rest.every((cell) => isNumber(cell)));
}

/** Where the word ends: words may hold blanks, so coordinates are counted from the end. -1 for none. */
function wordEnd({ bytes, from, to }: ByteLine, columns: number, { blanks }: Shape): number {
  let at = to;
  while (at > from && blanks[bytes[at - 1]]) at--;
  if (at === from) return -1;
  for (let c = 0; c < columns; c++) {
    while (at > from && !blanks[bytes[at - 1]]) at--;
    const end = at;
    while (at > from && blanks[bytes[at - 1]]) at--;
    if (at === end && at > from) break;
  }
  return at;
}

function wordOf({ bytes, from, to, line }: ByteLine, end: number, { blanks }: Shape): string {
  const word = decodeText(bytes.subarray(from, end));
  if (line === 1 && word.startsWith("\ufeff")) return word.slice(1);
  if (word !== "") return word;
  // The word is a blank, and so is what follows it.
  let blank = from;
  while (blank < to && blanks[bytes[blank]]) blank++;
  return decodeText(bytes.subarray(from, Math.max(from, blank - 1)));
}

/**
 * Words have blanks, and may end in a number; one that ends in a fraction is a coordinate too many.
 * Where the header says how many there are, short fractions are taken for words, too.
 */
function oddWord(word: string, columns: number, headed: boolean): Fault | undefined {
  const parts = /[ \t]/.test(word) ? word.split(/[ \t]+/) : [];
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

function fill(
  { bytes, to }: ByteLine,
  start: number,
  values: Float64Array,
  { blanks, decimalComma }: Shape,
): Fault | undefined {
  let place = start, count = 0;
  for (;;) {
    while (place < to && blanks[bytes[place]]) place++;
    if (place >= to) break;
    let end = place;
    while (end < to && !blanks[bytes[end]]) end++;
    const value = parseDecimal(bytes, place, end, decimalComma);
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
    // The bytes between must be text.
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
