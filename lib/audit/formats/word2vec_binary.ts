import { type EmbeddingRows, type RowBlock, rowsPerBlock } from "../embedding_rows.ts";
import { InputError } from "../../io/program.ts";
import { bytesAt, type ByteSource } from "./byte_source.ts";
import { decode } from "./dtype.ts";
import type { FullOpenOptions, ReadFile } from "./embedding_file.ts";
import { assertColumns, assertMemory } from "./memory_limit.ts";

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
    if (at + LONGEST_WORD > start + piece.length && start + piece.length < source.size) {
      start = at;
      piece = bytesAt(source, start, Math.min(PIECE, source.size - start));
    }
    // The original program ends each vector with a line end, gensim does not.
    let from = at - start;
    if (piece[from] === 0x0a) from++;
    const end = piece.indexOf(0x20, from);
    if (end < 0 || end - from > LONGEST_WORD || start + end + 1 + width > source.size) {
      throw new InputError(`${source.name} is cut off, or damaged, at word ${i + 1} of ${rows}`);
    }
    words.push(decoder.decode(piece.subarray(from, end)));
    places[i] = start + end + 1;
    at = places[i] + width;
  }
  // A word with a space, which the format cannot hold, shifts all that follows.
  if (source.size - at > 1) {
    throw new InputError(
      `${source.name} is damaged: ${source.size - at} bytes are left after ${rows} words`,
    );
  }
  return { words, places };
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
