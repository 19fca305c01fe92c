/**
 * Arrays of numbers as bytes: how a number is stored, rows of them block by block, and the files of FAISS that
 * are nothing else.
 *
 * @module
 */
import { InputError } from "../../errors.ts";
import { type EmbeddingRows, type RowBlock, rowsPerBlock } from "../rows.ts";
import { assertColumns, bytesAt, type ByteSource } from "./bytes.ts";
import type { ReadFile } from "./embedding_file.ts";

/** How a kind of numbers is stored. */
interface NumberKind {
  /** Views its bytes in this computer's order, which is little-endian. */
  view: {
    new (buffer: ArrayBuffer, offset: number, length: number): ArrayLike<number | bigint>;
    BYTES_PER_ELEMENT: number;
  };
  /** Whether float32 holds all of its numbers exactly. */
  single?: true;
  /** What NumPy calls it. */
  numpy?: string;
  /** What safetensors calls it. */
  safetensors: string;
}

const kinds = <Name extends string>(table: Record<Name, NumberKind>) => table;

/** The numbers that are read. */
export const DTYPES = kinds({
  float16: { view: Float16Array, single: true, numpy: "f2", safetensors: "F16" },
  // The upper half of a float32.
  bfloat16: { view: Uint16Array, single: true, safetensors: "BF16" },
  float32: { view: Float32Array, single: true, numpy: "f4", safetensors: "F32" },
  float64: { view: Float64Array, numpy: "f8", safetensors: "F64" },
  int8: { view: Int8Array, single: true, numpy: "i1", safetensors: "I8" },
  int16: { view: Int16Array, single: true, numpy: "i2", safetensors: "I16" },
  int32: { view: Int32Array, numpy: "i4", safetensors: "I32" },
  int64: { view: BigInt64Array, numpy: "i8", safetensors: "I64" },
  uint8: { view: Uint8Array, single: true, numpy: "u1", safetensors: "U8" },
  uint16: { view: Uint16Array, single: true, numpy: "u2", safetensors: "U16" },
  uint32: { view: Uint32Array, numpy: "u4", safetensors: "U32" },
  uint64: { view: BigUint64Array, numpy: "u8", safetensors: "U64" },
});

/** How a file stores a number. */
export type Dtype = keyof typeof DTYPES;

/** The kind of number that NumPy or safetensors calls so; undefined where it is none that is read. */
export function dtypeCalled(by: "numpy" | "safetensors", name: string): Dtype | undefined {
  return (Object.keys(DTYPES) as Dtype[]).find((dtype) => DTYPES[dtype][by] === name);
}

/** The bytes of a number. */
export function sizeOf(dtype: Dtype): number {
  return DTYPES[dtype].view.BYTES_PER_ELEMENT;
}

/** The shape of an array without its axes of length 1, where what is left are rows; else the same. */
export function squeezed(shape: readonly number[]): readonly number[] {
  const long = shape.filter((length) => length !== 1);
  return shape.length > 2 && long.length === 2 ? long : shape;
}

/** Says that the axes of length 1 of an array are left out; nothing where it has none. */
export function squeezedNotes(name: string, shape: readonly number[]): string[] {
  return shape.length === 2 ? [] : [
    `${name} has the shape (${shape.join(", ")}), which is read as ${squeezed(shape).join(" x ")}`,
  ];
}

/** Numbers as a file stores them, from a place on. */
export interface StoredNumbers {
  source: ByteSource;
  /** Where the first of them starts. */
  offset: number;
  dtype: Dtype;
  /** @default {false} */
  bigEndian?: boolean;
}

/** An array of two dimensions. */
interface StoredRows extends StoredNumbers {
  rows: number;
  columns: number;
  /** Whether it is stored column by column. @default {false} */
  fortranOrder?: boolean;
  /** The bytes between the end of a row and the start of the next. @default {0} */
  gap?: number;
}

/**
 * Reads an array block by block: what is in memory at a time is some megabytes, whatever the size of the
 * file.
 *
 * @throws {InputError} While rows are read, if an integer of 64 bits is none that a number holds exactly.
 */
export function arrayRows(array: StoredRows): EmbeddingRows {
  const { source, offset, dtype, rows, columns, fortranOrder = false, gap = 0 } = array;
  const size = sizeOf(dtype), width = columns * size;
  if (fortranOrder) {
    return decodedRows(array, (start, count, put) => {
      const bytes = new Uint8Array(count * size);
      for (let c = 0; c < columns; c++) {
        source.read(offset + (c * rows + start) * size, bytes);
        put(bytes, c, columns);
      }
    });
  }
  let bytes = new Uint8Array(0);
  return decodedRows(array, (start, count, put) => {
    const length = count * (width + gap) - gap;
    if (bytes.length < length) bytes = new Uint8Array(length);
    const run = bytes.subarray(0, length);
    source.read(offset + start * (width + gap), run);
    // The rows move together over the gaps: a row stays behind its first place.
    for (let i = 1; gap > 0 && i < count; i++) {
      run.copyWithin(i * width, i * (width + gap), i * (width + gap) + width);
    }
    put(run.subarray(0, count * width));
  });
}

/** Vectors of one length and kind, each of which is stored on its own, as rows. */
export function stackedRows(vectors: readonly StoredNumbers[], columns: number): EmbeddingRows {
  const bytes = new Uint8Array(columns * sizeOf(vectors[0].dtype));
  return decodedRows({ ...vectors[0], rows: vectors.length, columns }, (start, count, put) => {
    for (let i = 0; i < count; i++) {
      const { source, offset } = vectors[start + i];
      source.read(offset, bytes);
      put(bytes, i * columns);
    }
  });
}

/** Gives the bytes of some rows, and the places of their numbers in a block. */
type ReadInto = (
  start: number,
  count: number,
  put: (bytes: Uint8Array<ArrayBuffer>, first?: number, stride?: number) => void,
) => void;

function decodedRows(array: StoredRows, read: ReadInto): EmbeddingRows {
  const { source, dtype, rows, columns } = array;
  return {
    rows,
    columns,
    *blocks(): Generator<RowBlock> {
      const size = Math.min(rows, rowsPerBlock(columns));
      const numbers = new (DTYPES[dtype].single ? Float32Array : Float64Array)(size * columns);
      for (let start = 0; start < rows; start += size) {
        const count = Math.min(size, rows - start);
        const values = numbers.subarray(0, count * columns);
        read(start, count, (bytes, first, stride) => decode(bytes, array, values, first, stride));
        if (dtype === "int64" || dtype === "uint64") {
          const inexact = values.findIndex((value) => Math.abs(value) > Number.MAX_SAFE_INTEGER);
          if (inexact >= 0) {
            throw new InputError(
              `${source.name}, row ${
                start + Math.floor(inexact / columns)
              }, counted from 0, has an integer beyond 2^53, which would be rounded: it is no coordinate`,
            );
          }
        }
        yield { start, rows: count, values };
      }
    },
  };
}

/**
 * Decodes all numbers in `bytes` into every `stride`-th place of `into` from `first` on. Overwrites
 * `bytes` where their order is not this computer's.
 */
export function decode(
  bytes: Uint8Array<ArrayBuffer>,
  kind: Pick<StoredNumbers, "dtype" | "bigEndian">,
  into: Float32Array | Float64Array,
  first = 0,
  stride = 1,
): void {
  const numbers = numbersIn(bytes, kind);
  if (stride === 1 && typeof numbers[0] === "number") into.set(numbers as ArrayLike<number>, first);
  else {
    for (let i = 0; i < numbers.length; i++) into[first + i * stride] = Number(numbers[i]);
  }
}

/** Decodes numbers as they are: integers beyond 2^53, which are ids, as text. */
export function decodeExactly(
  bytes: Uint8Array<ArrayBuffer>,
  kind: Pick<StoredNumbers, "dtype" | "bigEndian">,
): (number | string)[] {
  return Array.from(
    numbersIn(bytes, kind),
    (value) =>
      typeof value === "number" || Number.isSafeInteger(Number(value))
        ? Number(value)
        : String(value),
  );
}

function numbersIn(
  bytes: Uint8Array<ArrayBuffer>,
  { dtype, bigEndian = false }: Pick<StoredNumbers, "dtype" | "bigEndian">,
): ArrayLike<number | bigint> {
  const size = sizeOf(dtype);
  if (bigEndian) {
    for (let at = 0; at < bytes.length; at += size) bytes.subarray(at, at + size).reverse();
  }
  const { view: View } = DTYPES[dtype];
  const numbers = new View(bytes.buffer, bytes.byteOffset, bytes.length / size);
  if (dtype !== "bfloat16") return numbers;
  return new Float32Array(Uint32Array.from(numbers, (half) => Number(half) << 16).buffer);
}

/** How many bytes of vectors to look at at once. */
const PIECE = 1 << 22;

/**
 * Opens vectors as FAISS and the TEXMEX collections store them: before each, how many entries it
 * has, as an int32; `.fvecs` holds float32, `.bvecs` uint8. They are read in blocks.
 *
 * @throws {InputError} If vectors differ in length, or the last is cut off.
 */
export function openFvecs(source: ByteSource, dtype: Dtype): ReadFile {
  const { name, size } = source;
  if (size < 4) throw new InputError(`${name} is cut off: it has no vector`);
  const columns = new DataView(bytesAt(source, 0, 4).buffer).getInt32(0, true);
  assertColumns(name, columns);
  const width = 4 + columns * sizeOf(dtype);
  const rows = size / width;
  if (!Number.isInteger(rows)) {
    throw new InputError(
      `${name} is cut off, or its vectors differ in length: ${size} bytes are no whole number of ` +
        `vectors of ${columns} entries`,
    );
  }
  const perPiece = Math.max(1, Math.floor(PIECE / width));
  for (let start = 0; start < rows; start += perPiece) {
    const count = Math.min(perPiece, rows - start);
    const view = new DataView(bytesAt(source, start * width, count * width).buffer);
    for (let i = 0; i < count; i++) {
      const length = view.getInt32(i * width, true);
      if (length === columns) continue;
      throw new InputError(
        `${name}, row ${start + i + 1} has ${length} entries, row 1 has ${columns}`,
      );
    }
  }
  return {
    rows: arrayRows({ source, rows, columns, dtype, offset: 4, gap: 4 }),
    columns: {},
    format: "FAISS vectors",
    dtype,
    notes: [],
  };
}

/**
 * Opens vectors as the benchmarks of nearest neighbors store them (big-ann-benchmarks): how many, of how
 * many entries, as two int32, then their entries; `.fbin` holds float32, `.u8bin` uint8, `.i8bin` int8.
 *
 * @throws {InputError} If it does not hold what it declares.
 */
export function openFbin(source: ByteSource, dtype: Dtype): ReadFile {
  const { name, size } = source;
  if (size < 8) throw new InputError(`${name} is cut off: it has no vector`);
  const [rows, columns] = new Int32Array(bytesAt(source, 0, 8).buffer);
  assertColumns(name, columns);
  const needed = 8 + rows * columns * sizeOf(dtype);
  if (rows < 0 || size !== needed) {
    throw new InputError(
      `${name} is ${
        size < needed ? "cut off" : "no such file, or damaged"
      }: it declares ${rows} vectors of ` +
        `${columns} entries, which take ${needed} bytes, ${size} are there`,
    );
  }
  return {
    rows: arrayRows({ source, rows, columns, dtype, offset: 8 }),
    columns: {},
    format: "vectors of big-ann-benchmarks",
    dtype,
    notes: [],
  };
}
