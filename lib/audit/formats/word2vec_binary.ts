import { type EmbeddingRows, type RowBlock, rowsPerBlock } from "../embedding_rows.ts";
import { InputError } from "../../io/input_error.ts";
import { bytesAt, type ByteSource } from "./byte_source.ts";
import { decode } from "./dtype.ts";
import type { FullOpenOptions, ReadFile } from "./embedding_file.ts";
import { assertColumns, assertMemory } from "./memory_limit.ts";
import { quote } from "./parse_number.ts";

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
  const decoder = new TextDecoder();
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
    const end = wordEnd(piece, from, { width, last: i === rows - 1 });
    if (end < 0 || start + end + 1 + width > source.size) {
      throw new InputError(
        `${source.name} is cut off, or damaged, at word ${i + 1} of ${rows}${
          i === 0 ? "" : `, after ${quote(words[i - 1])}`
        }: in gensim, save_word2vec_format(path, binary=False)`,
      );
    }
    words.push(decoder.decode(piece.subarray(from, end)));
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
function wordEnd(
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

/** Whether there are as many numbers as a vector has, of a size that vectors have. */
function arePlausible(piece: Uint8Array, from: number, width: number, lenient = false): boolean {
  if (from + width > piece.length) return false;
  const view = new DataView(piece.buffer, piece.byteOffset + from, width);
  for (let at = 0; at < width; at += 4) {
    const value = Math.abs(view.getFloat32(at, true));
    if (!(value < 1e9) && !(lenient && !Number.isFinite(value))) return false;
    if (!lenient && value !== 0 && value < 1e-20) return false;
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
