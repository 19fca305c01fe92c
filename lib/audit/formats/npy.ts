import { InputError } from "../../io/input_error.ts";
import { arrayRows } from "./array_rows.ts";
import { bytesAt, type ByteSource } from "./byte_source.ts";
import { decodeExactly } from "./dtype.ts";
import type { ReadFile, SideColumn } from "./embedding_file.ts";
import { assertColumns, assertMemory } from "./memory_limit.ts";
import { NPY_DTYPES, type NpyHeader, readNpyHeader } from "./npy_header.ts";

/**
 * Opens a .npy file: an array of two dimensions, items x coordinates, of floating-point numbers or
 * integers, in either byte order, stored row by row or column by column. It is read in blocks.
 *
 * @throws {InputError} If it is anything else, or cut off.
 */
export function openNpy(source: ByteSource): ReadFile {
  const header = readNpyHeader(source);
  const { dtype, shape } = header;
  if (dtype === "text") {
    throw new InputError(`${source.name} has dtype text, those that can be read are ${NPY_DTYPES}`);
  }
  if (shape.length !== 2) {
    throw new InputError(
      `${source.name} must be an array of two dimensions, items x coordinates, its shape is ` +
        `(${shape.join(", ")}): np.save("vectors.npy", array.reshape(-1, ${
          shape.length > 2 ? shape.at(-1) : "DIMENSIONS"
        }))`,
    );
  }
  const [rows, columns] = shape;
  assertColumns(source.name, columns);
  const notes = dtype === "uint8"
    ? [
      `${source.name} holds uint8, which are read as numbers from 0 to 255; embeddings of packed bits ` +
      "must be unpacked first",
    ]
    : [];
  return {
    rows: arrayRows(source, { ...header, dtype, rows, columns }),
    columns: {},
    format: "NumPy array",
    dtype,
    notes,
  };
}

/**
 * Reads a .npy array of one dimension, of numbers or of text.
 *
 * @throws {InputError} If it is anything else, or cut off.
 */
export function npyVector(source: ByteSource, memory: number): SideColumn {
  const header = readNpyHeader(source);
  const length = header.shape.reduce((a, b) => a * b, 1);
  if (header.shape.length === 0 || length !== Math.max(...header.shape)) {
    throw new InputError(
      `${source.name} must be an array of one dimension, its shape is (${header.shape.join(", ")})`,
    );
  }
  assertMemory(source.name, "its values", length * Math.max(header.size, 16), memory);
  const bytes = bytesAt(source, header.offset, length * header.size);
  return header.dtype === "text"
    ? decodeText(bytes, header)
    : decodeExactly(bytes, { ...header, dtype: header.dtype });
}

function decodeText(bytes: Uint8Array, { size, wide, bigEndian }: NpyHeader): string[] {
  const view = new DataView(bytes.buffer);
  return Array.from({ length: bytes.length / size }, (_, i) => {
    let text = "";
    for (let at = i * size; at < (i + 1) * size; at += wide ? 4 : 1) {
      const code = wide ? view.getUint32(at, !bigEndian) : bytes[at];
      if (code !== 0) text += code <= 0x10ffff ? String.fromCodePoint(code) : "\ufffd";
    }
    return text;
  });
}
