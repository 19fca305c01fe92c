import { type EmbeddingRows, type RowBlock, rowsPerBlock } from "./embedding_rows.ts";
import { InputError } from "./input_error.ts";
import { type NpyHeader, readInto, readNpyHeader, SUPPORTED } from "./npy_header.ts";

/**
 * Reads embeddings from a .npy file, block by block: what is in memory at a time is some
 * megabytes, whatever the size of the file.
 *
 * @param path A two-dimensional array of float16, float32 or float64, in either byte order, stored
 * row by row or column by column.
 * @throws {InputError} If it is anything else, or cut off.
 */
export function npyRows(path: string): EmbeddingRows {
  using file = Deno.openSync(path);
  const header = readNpyHeader(file, path);
  if (header.kind !== "f") {
    throw new InputError(
      `${path} has dtype ${dtypeName(header)}, those that can be read are ${SUPPORTED}`,
    );
  }
  if (header.shape.length !== 2) {
    throw new InputError(
      `${path} must be an array of two dimensions, items x coordinates, its shape is ` +
        `(${header.shape.join(", ")})`,
    );
  }
  const [rows, columns] = header.shape;
  return {
    rows,
    columns,
    *blocks(): Generator<RowBlock> {
      using open = Deno.openSync(path);
      const size = rowsPerBlock(columns);
      const bytes = new Uint8Array(size * columns * header.size);
      const block = new (header.size === 8 ? Float64Array : Float32Array)(size * columns);
      for (let start = 0; start < rows; start += size) {
        const count = Math.min(size, rows - start);
        if (header.fortranOrder) {
          const column = bytes.subarray(0, count * header.size);
          for (let c = 0; c < columns; c++) {
            fill(open, path, header.offset + (c * rows + start) * header.size, column);
            decode(column, header, block, c, columns);
          }
        } else {
          const run = bytes.subarray(0, count * columns * header.size);
          fill(open, path, header.offset + start * columns * header.size, run);
          decode(run, header, block, 0, 1);
        }
        yield { start, rows: count, values: block.subarray(0, count * columns) };
      }
    },
  };
}

/**
 * Reads a one-dimensional .npy array of numbers, integers included.
 *
 * @throws {InputError} If it is anything else, or cut off.
 */
export function npyVector(path: string): Float64Array {
  using file = Deno.openSync(path);
  const header = readNpyHeader(file, path);
  const length = header.shape.reduce((a, b) => a * b, 1);
  if (header.shape.length === 0 || length !== Math.max(...header.shape)) {
    throw new InputError(
      `${path} must be an array of one dimension, its shape is (${header.shape.join(", ")})`,
    );
  }
  const bytes = new Uint8Array(length * header.size);
  fill(file, path, header.offset, bytes);
  const values = new Float64Array(length);
  decode(bytes, header, values, 0, 1);
  return values;
}

function fill(file: Deno.FsFile, path: string, position: number, bytes: Uint8Array): void {
  if (readInto(file, position, bytes) < bytes.length) {
    throw new InputError(`${path} became shorter while it was read`);
  }
}

/** Decodes entries into every `stride`-th place from `first` on. Overwrites `bytes`. */
function decode(
  bytes: Uint8Array,
  header: NpyHeader,
  into: Float32Array | Float64Array,
  first: number,
  stride: number,
): void {
  if (header.bigEndian) {
    for (let at = 0; at < bytes.length; at += header.size) {
      bytes.subarray(at, at + header.size).reverse();
    }
  }
  const length = bytes.length / header.size;
  const entries = new ARRAYS[dtypeName(header)](
    bytes.buffer as ArrayBuffer,
    bytes.byteOffset,
    length,
  );
  const bigints = header.kind !== "f" && header.size === 8;
  if (stride === 1 && !bigints) {
    into.set(entries as ArrayLike<number>, first);
    return;
  }
  for (let i = 0; i < length; i++) into[first + i * stride] = Number(entries[i]);
}

const ARRAYS: Record<
  string,
  new (buffer: ArrayBuffer, offset: number, length: number) => ArrayLike<number | bigint>
> = {
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

function dtypeName({ kind, size }: NpyHeader): string {
  return `${{ f: "float", i: "int", u: "uint" }[kind]}${size * 8}`;
}
