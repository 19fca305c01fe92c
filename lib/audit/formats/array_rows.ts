import { InputError } from "../../errors.ts";
import { type EmbeddingRows, type RowBlock, rowsPerBlock } from "../rows.ts";
import type { ByteSource } from "./bytes.ts";

/** Where and how an array of two dimensions is stored. */
interface ArrayLayout {
  rows: number;
  columns: number;
  dtype: Dtype;
  bigEndian?: boolean;
  /** Whether it is stored column by column. @default {false} */
  fortranOrder?: boolean;
  /** Where its first entry starts. */
  offset: number;
  /** The bytes between the end of a row and the start of the next. @default {0} */
  gap?: number;
}

/**
 * Reads an array block by block: what is in memory at a time is some megabytes, whatever the size
 * of the file.
 */
export function arrayRows(source: ByteSource, layout: ArrayLayout): EmbeddingRows {
  const { rows, columns, dtype, fortranOrder = false } = layout;
  return exactRows(source.name, {
    rows,
    columns,
    *blocks(): Generator<RowBlock> {
      const size = Math.min(rows, rowsPerBlock(columns));
      const values = new (fitsFloat32(dtype) ? Float32Array : Float64Array)(size * columns);
      const fill = fortranOrder ? columnReader(source, layout) : rowReader(source, layout);
      for (let start = 0; start < rows; start += size) {
        const count = Math.min(size, rows - start);
        const block = values.subarray(0, count * columns);
        fill(start, count, block);
        yield { start, rows: count, values: block };
      }
    },
  }, () => dtype.endsWith("int64"));
}

/** A vector on its own, of an array or a tensor for each item. */
export interface StoredVector {
  source: ByteSource;
  offset: number;
  dtype: Dtype;
  bigEndian?: boolean;
}

/** Vectors of one length and kind, each of which is stored on its own, as rows. */
export function stackedRows(vectors: readonly StoredVector[], columns: number): EmbeddingRows {
  const rows = vectors.length;
  const [{ source, dtype }] = vectors;
  return exactRows(source.name, {
    rows,
    columns,
    *blocks(): Generator<RowBlock> {
      const size = Math.min(rows, rowsPerBlock(columns));
      const values = new (fitsFloat32(dtype) ? Float32Array : Float64Array)(size * columns);
      const bytes = new Uint8Array(columns * sizeOf(dtype));
      for (let start = 0; start < rows; start += size) {
        const count = Math.min(size, rows - start);
        for (let i = 0; i < count; i++) {
          const vector = vectors[start + i];
          vector.source.read(vector.offset, bytes);
          decode(bytes, vector, values, i * columns);
        }
        yield { start, rows: count, values: values.subarray(0, count * columns) };
      }
    },
  }, () => dtype.endsWith("int64"));
}

type Fill = (start: number, count: number, block: Float32Array | Float64Array) => void;

function rowReader(source: ByteSource, layout: ArrayLayout): Fill {
  const { columns, dtype, offset, gap = 0 } = layout;
  const width = columns * sizeOf(dtype);
  let bytes = new Uint8Array(0);
  return (start, count, block) => {
    const length = count * (width + gap) - gap;
    if (bytes.length < length) bytes = new Uint8Array(length);
    const run = bytes.subarray(0, length);
    source.read(offset + start * (width + gap), run);
    // The rows move together over the gaps: a row stays behind its first place.
    for (let i = 1; gap > 0 && i < count; i++) {
      run.copyWithin(i * width, i * (width + gap), i * (width + gap) + width);
    }
    decode(run.subarray(0, count * width), layout, block);
  };
}

function columnReader(source: ByteSource, layout: ArrayLayout): Fill {
  const { rows, columns, dtype, offset } = layout;
  const size = sizeOf(dtype);
  return (start, count, block) => {
    const bytes = new Uint8Array(count * size);
    for (let c = 0; c < columns; c++) {
      source.read(offset + (c * rows + start) * size, bytes);
      decode(bytes, layout, block, c, columns);
    }
  };
}

/** How a file stores a number. */
export type Dtype =
  | "float16"
  | "bfloat16"
  | "float32"
  | "float64"
  | "int8"
  | "int16"
  | "int32"
  | "int64"
  | "uint8"
  | "uint16"
  | "uint32"
  | "uint64";

/** A typed array that views bytes in this computer's order, which is little-endian. */
type View = new (buffer: ArrayBuffer, offset: number, length: number) => ArrayLike<number | bigint>;

const VIEWS: Record<Exclude<Dtype, "bfloat16">, View> = {
  float16: Float16Array,
  float32: Float32Array,
  float64: Float64Array,
  int8: Int8Array,
  int16: Int16Array,
  int32: Int32Array,
  int64: BigInt64Array,
  uint8: Uint8Array,
  uint16: Uint16Array,
  uint32: Uint32Array,
  uint64: BigUint64Array,
};

/** The bytes of a number. */
export function sizeOf(dtype: Dtype): number {
  return Number(/\d+/.exec(dtype)![0]) / 8;
}

/** Whether a Float32Array holds all numbers of a kind exactly. */
function fitsFloat32(dtype: Dtype): boolean {
  return /^(b?float16|float32|u?int(8|16))$/.test(dtype);
}

/**
 * Decodes all numbers in `bytes` into every `stride`-th place of `into` from `first` on. Overwrites
 * `bytes` where their order is not this computer's.
 */
export function decode(
  bytes: Uint8Array<ArrayBuffer>,
  { dtype, bigEndian = false }: { dtype: Dtype; bigEndian?: boolean },
  into: Float32Array | Float64Array,
  first = 0,
  stride = 1,
): void {
  const size = sizeOf(dtype);
  if (bigEndian) {
    for (let at = 0; at < bytes.length; at += size) bytes.subarray(at, at + size).reverse();
  }
  const length = bytes.length / size;
  if (dtype === "bfloat16") return decodeBrain(bytes, into, first, stride);
  const numbers = new VIEWS[dtype](bytes.buffer, bytes.byteOffset, length);
  if (stride === 1 && !dtype.endsWith("int64")) into.set(numbers as ArrayLike<number>, first);
  else for (let i = 0; i < length; i++) into[first + i * stride] = Number(numbers[i]);
}

/** A bfloat16 is the upper half of a float32. */
function decodeBrain(
  bytes: Uint8Array<ArrayBuffer>,
  into: Float32Array | Float64Array,
  first: number,
  stride: number,
): void {
  const halves = new Uint16Array(bytes.buffer, bytes.byteOffset, bytes.length / 2);
  const bits = new Uint32Array(1);
  const float = new Float32Array(bits.buffer);
  for (let i = 0; i < halves.length; i++) {
    bits[0] = halves[i] << 16;
    into[first + i * stride] = float[0];
  }
}

/** Decodes numbers as they are: integers beyond 2^53, which are ids, as text. */
export function decodeExactly(
  bytes: Uint8Array<ArrayBuffer>,
  { dtype, bigEndian = false }: { dtype: Dtype; bigEndian?: boolean },
): (number | string)[] {
  if (!dtype.endsWith("int64")) {
    const values = new Float64Array(bytes.length / sizeOf(dtype));
    decode(bytes, { dtype, bigEndian }, values);
    return Array.from(values);
  }
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
  return Array.from({ length: bytes.length / 8 }, (_, i) => {
    const value = dtype === "int64"
      ? view.getBigInt64(8 * i, !bigEndian)
      : view.getBigUint64(8 * i, !bigEndian);
    return Number.isSafeInteger(Number(value)) ? Number(value) : String(value);
  });
}

/**
 * Rows of integers of 64 bits or more, which float64 holds exactly, or that end in an error which
 * says where one is not: beyond ±(2^53 − 1) they would be rounded, and are ids rather than
 * coordinates.
 *
 * @param isLong Whether a column holds such integers.
 */
function exactRows(
  name: string,
  source: EmbeddingRows,
  isLong: (column: number) => boolean,
): EmbeddingRows {
  const { rows, columns } = source;
  const which = Array.from({ length: columns }, (_, c) => c).filter(isLong);
  if (which.length === 0) return source;
  return {
    rows,
    columns,
    *blocks() {
      for (const block of source.blocks()) {
        for (let i = 0; i < block.rows; i++) {
          for (const c of which) {
            if (Math.abs(block.values[i * columns + c]) <= Number.MAX_SAFE_INTEGER) continue;
            throw new InputError(
              `${name}, row ${
                block.start + i
              }, counted from 0, has an integer beyond 2^53, which ` +
                "would be rounded: it is no coordinate",
            );
          }
        }
        yield block;
      }
    },
  };
}
