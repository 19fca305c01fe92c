import { createHash } from "node:crypto";
import { Matrix } from "ml-matrix";
import { flatMatrix } from "../linalg/flat_matrix.ts";

/** The bytes of the SHA-256 checksum at the start. */
const CHECKSUM = 32;

/**
 * Writes plain data with Float64Arrays and matrices in it, for instance a training, to bytes: a
 * checksum, the length of a description in JSON, the description, and the numbers of all arrays and
 * matrices, which the description only refers to.
 */
export function encodeNumbers(data: unknown): Uint8Array {
  const arrays: Float64Array[] = [];
  let length = 0;
  const refer = (entries: Float64Array, columns?: number) => {
    arrays.push(entries);
    const reference = { $at: length, $length: entries.length, $columns: columns };
    length += entries.length;
    return reference;
  };
  const description = JSON.stringify(
    data,
    function (this: Record<string, unknown>, key, plain) {
      // A matrix has made itself an array by now.
      const value = this[key];
      if (value instanceof Float64Array) return refer(value);
      return value instanceof Matrix
        ? refer(Float64Array.from(value.to1DArray()), value.columns)
        : plain;
    },
  );
  const text = new TextEncoder().encode(description);
  const bytes = new Uint8Array(CHECKSUM + 4 + text.length + 8 * length);
  new DataView(bytes.buffer).setUint32(CHECKSUM, text.length, true);
  bytes.set(text, CHECKSUM + 4);
  let at = CHECKSUM + 4 + text.length;
  for (const array of arrays) {
    bytes.set(new Uint8Array(array.buffer, array.byteOffset, array.byteLength), at);
    at += array.byteLength;
  }
  bytes.set(checksum(bytes));
  return bytes;
}

/** Reads what {@linkcode encodeNumbers} wrote; `undefined` if the bytes are damaged. */
export function decodeNumbers(bytes: Uint8Array): unknown {
  if (bytes.length < CHECKSUM + 4) return undefined;
  const sum = checksum(bytes);
  if (sum.some((byte, i) => byte !== bytes[i])) return undefined;
  const start = CHECKSUM + 4;
  const length = new DataView(bytes.buffer, bytes.byteOffset).getUint32(CHECKSUM, true);
  const numbers = new Float64Array(bytes.slice(start + length).buffer);
  const text = new TextDecoder().decode(bytes.subarray(start, start + length));
  return JSON.parse(text, (_key, value) => {
    if (typeof value?.$at !== "number") return value;
    const entries = numbers.slice(value.$at, value.$at + value.$length);
    return value.$columns === undefined ? entries : flatMatrix(entries, value.$columns);
  });
}

/** SHA-256 of all that follows the checksum. */
function checksum(bytes: Uint8Array): Uint8Array {
  return createHash("sha256").update(bytes.subarray(CHECKSUM)).digest();
}
