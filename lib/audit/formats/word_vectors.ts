import { InputError } from "../../io/program.ts";
import type { ByteSource } from "./byte_source.ts";
import { type ByteLine, byteLines } from "./byte_lines.ts";
import type { FullOpenOptions, ReadFile } from "./embedding_file.ts";
import { finishTable } from "./finish_table.ts";
import { assertColumns, assertMemory } from "./memory_limit.ts";
import { parseDecimal } from "./parse_decimal.ts";
import { isNumber, parseNumber, quote } from "./parse_number.ts";
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
  const { declared, columns, words } = shapeOf(source);
  const store = new RowStore(name, columns, { memory: options.memory, bytes: 4 });
  if (declared !== undefined) {
    // A line has at least a word of one letter, and a digit and a space for each coordinate.
    if (declared * 2 * columns > source.size) {
      throw new InputError(
        `${name} is cut off: it declares ${declared} rows of ${columns} coordinates`,
      );
    }
    store.assertRows(declared);
  }
  const ids: string[] = [];
  let characters = 0;
  for (const line of byteLines(source)) {
    if (declared !== undefined && line.line === 1) continue;
    const start = words ? wordEnd(line, columns) : line.from;
    if (isBlank(line)) continue;
    if (words) {
      const id = DECODER.decode(line.bytes.subarray(line.from, start));
      // GloVe has words with spaces; a number after one is a coordinate too many.
      if (id === "" || /[ \t]/.test(id) && isNumber(id.split(/[ \t]/).at(-1)!)) {
        throw new InputError(
          `${name}, line ${line.line} is not a word and ${columns} coordinates, as most lines are`,
        );
      }
      characters += id.length;
      assertMemory(name, "keeping its words", characters + 24 * ids.length, options.memory);
      ids.push(line.line === 1 && id.startsWith("\ufeff") ? id.slice(1) : id);
    }
    fill(name, line, start, store);
    // Half of the guess: lines may differ, and a file is refused in the end if it is too large.
    if (store.rows === GUESS) store.assertRows(Math.floor(source.size / line.read * GUESS / 2));
  }
  if (store.rows === 0) throw new InputError(`${name} has no rows`);
  if (declared !== undefined && store.rows !== declared) {
    throw new InputError(`${name} declares ${declared} rows, it has ${store.rows}`);
  }
  const rows = store.finish();
  const format = words ? "word vectors as text" : "rows of numbers as text";
  if (words) return { rows, ids, columns: {}, format, dtype: "text", notes: [] };
  const all = Array.from({ length: columns }, (_, c) => c);
  const table = {
    vector: undefined,
    coordinates: all,
    side: [],
    ids: undefined,
    maybeIds: [],
    leftOut: [],
  };
  return finishTable(name, {
    rows,
    columns: { ...table, names: all.map((c) => `${c + 1}`) },
    side: {},
    format,
    dtype: "text",
  }, options);
}

const DECODER = new TextDecoder("utf-8", { ignoreBOM: true });

interface Shape {
  /** How many rows the header declares; undefined without one. */
  declared: number | undefined;
  columns: number;
  /** Whether each line starts with a word. */
  words: boolean;
}

/** What the first lines say of the others. */
function shapeOf(source: ByteSource): Shape {
  const lines: string[][] = [];
  for (const line of byteLines(source)) {
    if (isBlank(line)) continue;
    lines.push(
      DECODER.decode(line.bytes.subarray(line.from, line.to)).replace("\ufeff", "").trim().split(
        /[ \t]+/,
      ),
    );
    if (lines.length === 50) break;
  }
  if (lines.length === 0) throw new InputError(`${source.name} has no rows`);
  const [first, second] = lines;
  const headed = first.length === 2 && first.every((cell) => /^\d{1,15}$/.test(cell)) &&
    (second === undefined || second.length !== 2 || first[1] === "1");
  const declared = headed ? Number(first[0]) : undefined;
  if (headed) {
    assertColumns(source.name, Number(first[1]));
    return { declared, columns: Number(first[1]), words: true };
  }
  const words = lines.some((cells) => parseNumber(cells[0]) === undefined);
  const columns = commonLength(lines) - (words ? 1 : 0);
  assertColumns(source.name, columns);
  return { declared, columns, words };
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

function fill(name: string, { bytes, to, line }: ByteLine, start: number, store: RowStore): void {
  const { values, at } = store.next();
  let place = start, count = 0;
  for (;;) {
    while (place < to && isSpace(bytes[place])) place++;
    if (place >= to) break;
    let end = place;
    while (end < to && !isSpace(bytes[end])) end++;
    const value = parseDecimal(bytes, place, end);
    if (value === undefined) {
      throw new InputError(
        `${name}, line ${line}, coordinate ${count + 1}: ` +
          `${
            quote(DECODER.decode(bytes.subarray(place, Math.min(end, place + 60))))
          } is not a number`,
      );
    }
    if (count < store.columns) values[at + count] = value;
    count++;
    place = end;
  }
  if (count === store.columns) return;
  throw new InputError(
    `${name}, line ${line} has ${count} coordinates, there must be ${store.columns}`,
  );
}

function isSpace(byte: number): boolean {
  return byte === 0x20 || byte === 0x09;
}
