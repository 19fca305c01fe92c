import { Matrix } from "ml-matrix";
import { assertFinite, describe } from "../check.ts";
import { InputError, InputTypeError } from "../errors.ts";
import { cosineOf } from "../similarity/cosine_similarity.ts";

/** What one pass over all rows tells. */
export interface RowScan {
  /** The Euclidean norm of each row. */
  norms: Float64Array;
  /** How many rows are zero: they have no direction. */
  zeroRows: number;
  /** The sum of the squares of each column. */
  columnSquares: Float64Array;
  /** Whether all entries are integers that one byte can hold, signed or not. */
  bytes: boolean;
  /** With how many zeros each row ends. */
  zeroTails: Uint32Array;
}

/**
 * Reads all rows once.
 *
 * @param what How to name the rows in an error: "items" or "users".
 * @throws {InputError} If there are less than two rows that are not zero or no columns, or a row is
 * not finite; such rows are counted, and the first is named, counted from 0.
 */
export function scanRows(what: string, source: EmbeddingRows): RowScan {
  const { rows, columns } = source;
  if (rows < 2 || columns < 1) {
    throw new InputError(
      `${what} must have at least 2 rows and 1 column, their shape is ${rows} x ${columns}`,
    );
  }
  const norms = new Float64Array(rows);
  const columnSquares = new Float64Array(columns);
  const zeroTails = new Uint32Array(rows);
  let least = 0, most = 0, integers = true;
  let zeroRows = 0, notFinite = 0, firstNotFinite = -1;
  for (const block of source.blocks()) {
    const { start, values } = block;
    for (let i = 0, at = 0; i < block.rows; i++) {
      let squares = 0;
      for (let c = 0; c < columns; c++, at++) {
        const entry = values[at], square = entry * entry;
        if (integers) {
          if (entry < least) least = entry;
          if (entry > most) most = entry;
          integers = Number.isInteger(entry) && most - least <= 255;
        }
        squares += square;
        columnSquares[c] += square;
      }
      while (zeroTails[start + i] < columns && values[at - 1 - zeroTails[start + i]] === 0) {
        zeroTails[start + i]++;
      }
      norms[start + i] = Math.sqrt(squares);
      if (squares === 0 || squares === Infinity) {
        norms[start + i] = scaledNorm(values, i * columns, columns);
      }
      if (norms[start + i] === 0) zeroRows++;
      if (!Number.isFinite(norms[start + i])) {
        notFinite++;
        if (firstNotFinite < 0) firstNotFinite = start + i;
      }
    }
  }
  if (notFinite > 0) {
    throw new InputError(
      `${what} must be finite: ${notFinite} of ${rows} rows have an entry that is NaN or infinite, ` +
        `or are longer than the largest number, the first is row ${firstNotFinite}`,
    );
  }
  if (rows - zeroRows < 2) {
    throw new InputError(`${what} must have at least 2 rows that are not zero`);
  }
  const bytes = integers && (least >= 0 ? most <= 255 : least >= -128 && most <= 127);
  return { norms, zeroRows, columnSquares, bytes, zeroTails };
}

/** The norm of a row whose squares overflow or underflow. */
function scaledNorm(values: ArrayLike<number>, start: number, length: number): number {
  let largest = 0;
  for (let c = start; c < start + length; c++) largest = Math.max(largest, Math.abs(values[c]));
  if (largest === 0 || !Number.isFinite(largest)) return largest;
  let squares = 0;
  for (let c = start; c < start + length; c++) squares += (values[c] / largest) ** 2;
  return largest * Math.sqrt(squares);
}

/** Reads some rows of a larger whole, in one pass. */
export function rowsAt(source: EmbeddingRows, indices: ArrayLike<number>): Float64Array[] {
  const { columns } = source;
  const order = Uint32Array.from(indices, (_, i) => i)
    .sort((i, j) => indices[i] - indices[j]);
  const found = new Array<Float64Array>(indices.length);
  let next = 0;
  for (const { start, rows, values } of source.blocks()) {
    for (; next < order.length && indices[order[next]] < start + rows; next++) {
      const from = (indices[order[next]] - start) * columns;
      found[order[next]] = Float64Array.from(values.subarray(from, from + columns));
    }
    if (next === order.length) break;
  }
  return found;
}

/**
 * Draws some of the numbers 0 … n − 1 without replacement: selection sampling (Knuth, The Art of
 * Computer Programming, volume 2, Algorithm S).
 */
export function drawWithoutReplacement(
  n: number,
  size: number,
  random: () => number,
): Uint32Array {
  const drawn = new Uint32Array(Math.min(n, size));
  for (let i = 0, at = 0; at < drawn.length; i++) {
    if (random() * (n - i) < drawn.length - at) drawn[at++] = i;
  }
  return drawn;
}

/** So many of n places at even distances; all of them where there are not more. */
export function evenPlaces(n: number, most: number): number[] {
  const count = Math.min(n, most);
  return Array.from({ length: count }, (_, i) => Math.floor(i * n / count));
}

/** So many of some values, at even distances. */
export const evenly = <T>(values: readonly T[], most: number): T[] =>
  evenPlaces(values.length, most).map((place) => values[place]);

/** Random pairs of different numbers below n, one pair after the other. */
export function randomPairs(n: number, count: number, random: () => number): Uint32Array {
  const pairs = new Uint32Array(2 * count);
  for (let at = 0; at < pairs.length; at += 2) {
    const a = Math.floor(random() * n), b = Math.floor(random() * (n - 1));
    pairs.set([a, b < a ? b : b + 1], at);
  }
  return pairs;
}

/** Some rows of a larger whole, in memory. */
export interface RowSample {
  /** Which rows they are, ascending. */
  indices: Uint32Array;
  /** Their entries row by row, scaled to a root mean square of 1 over the whole sample. */
  values: Float64Array;
  columns: number;
}

/** Rows that are shorter, compared with the longest, count as this long: their squares would vanish. */
const LEAST = 1e-100;

/** Draws rows that are not zero, without replacement, and reads them. */
export function sampleRows(
  source: EmbeddingRows,
  norms: Float64Array,
  size: number,
  random: () => number,
): RowSample {
  const { columns } = source;
  let left = 0;
  for (const norm of norms) if (norm > 0) left++;
  let wanted = Math.min(size, left);
  const indices = new Uint32Array(wanted);
  for (let i = 0, at = 0; wanted > 0; i++) {
    if (norms[i] === 0) continue;
    // Selection sampling: each row that is left is as likely as the others.
    if (random() * left-- < wanted) {
      indices[at++] = i;
      wanted--;
    }
  }
  let squares = 0, largest = 0;
  for (const i of indices) largest = Math.max(largest, norms[i]);
  for (const i of indices) squares += Math.max(norms[i] / largest, LEAST) ** 2;
  const scale = 1 / Math.sqrt(squares / (indices.length * columns));
  const values = new Float64Array(indices.length * columns);
  let next = 0;
  for (const { start, rows, values: block } of source.blocks()) {
    for (; next < indices.length && indices[next] < start + rows; next++) {
      const from = (indices[next] - start) * columns, to = next * columns;
      // Equal entries stay equal but in rows whose squares would vanish.
      const norm = norms[indices[next]], short = norm / largest < LEAST;
      const divisor = short ? norm : largest, factor = short ? LEAST * scale : scale;
      for (let c = 0; c < columns; c++) values[to + c] = block[from + c] / divisor * factor;
    }
  }
  return { indices, values, columns };
}

/** What the entries of a sample are multiplied by to be those of the file, whose rows have these norms. */
export function unitOf({ values, indices, columns }: RowSample, norms: Float64Array): number {
  let squares = 0;
  for (let c = 0; c < columns; c++) squares += values[c] ** 2;
  return norms[indices[0]] / Math.sqrt(squares);
}

/** What two rows have to do with each other, for some pairs of rows. */
interface PairProducts {
  /** The dot product of each pair. */
  dots: Float64Array;
  /** The cosine of each pair. */
  cosines: Float64Array;
}

/** Multiplies pairs of rows of a sample; a row that a correction made zero has cosine 0. */
export function pairProducts(
  { values, columns: k }: Pick<RowSample, "values" | "columns">,
  pairs: Uint32Array,
): PairProducts {
  const dots = new Float64Array(pairs.length / 2), cosines = new Float64Array(dots.length);
  const product = (i: number, j: number) => {
    const x = i * k, y = j * k;
    let sum = 0;
    for (let c = 0; c < k; c++) sum += values[x + c] * values[y + c];
    return sum;
  };
  // Most rows are in several pairs.
  const norms = new Float64Array(values.length / k).fill(-1);
  const norm = (i: number) => norms[i] < 0 ? norms[i] = Math.sqrt(product(i, i)) : norms[i];
  for (let t = 0; t < dots.length; t++) {
    const i = pairs[2 * t], j = pairs[2 * t + 1];
    dots[t] = product(i, j);
    // By one norm after the other, whose product might overflow.
    cosines[t] = cosineOf(cosineOf(dots[t], norm(i)), norm(j));
  }
  return { dots, cosines };
}

/** A run of consecutive rows. */
export interface RowBlock {
  /** The first row. */
  start: number;
  /** How many rows. */
  rows: number;
  /** Their entries row by row; only valid until the next block is asked for. */
  values: Float32Array | Float64Array;
}

/** Embeddings that can be read block by block, again and again, without being in memory. */
export interface EmbeddingRows {
  readonly rows: number;
  readonly columns: number;
  /** All rows in order, as blocks. */
  blocks(): Iterable<RowBlock>;
}

/** About how many entries a block has. */
const BLOCK_ENTRIES = 1 << 20;

/** How many rows to read at once. */
export function rowsPerBlock(columns: number): number {
  return Math.max(1, Math.floor(BLOCK_ENTRIES / columns));
}

/** Reads rows that are in memory already. */
export function rowsInMemory(values: Float64Array, columns: number): EmbeddingRows {
  const rows = values.length / columns;
  return {
    rows,
    columns,
    *blocks() {
      const size = rowsPerBlock(columns);
      for (let start = 0; start < rows; start += size) {
        const count = Math.min(size, rows - start);
        const block = values.subarray(start * columns, (start + count) * columns);
        yield { start, rows: count, values: block };
      }
    },
  };
}

/** Reads the rows of a matrix. */
export function rowsOfMatrix(B: Matrix): EmbeddingRows {
  const values = new Float64Array(B.rows * B.columns);
  for (let i = 0; i < B.rows; i++) values.set(B.getRow(i), i * B.columns);
  return rowsInMemory(values, B.columns);
}

/** What a public function was given, as rows: a matrix is checked, rows are checked as they are read. */
export function embeddingRows(
  action: string,
  name: string,
  value: Matrix | EmbeddingRows,
): EmbeddingRows {
  if (Matrix.isMatrix(value)) {
    assertFinite(action, name, value);
    return rowsOfMatrix(value);
  }
  if (typeof value?.blocks === "function") return value;
  throw new InputTypeError(
    `Cannot ${action}: ${name} must be an ml-matrix Matrix, or rows to be read, current value is ` +
      describe(value),
  );
}
