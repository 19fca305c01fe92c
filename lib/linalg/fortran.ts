/**
 * An integer argument for Fortran, or room for several, 8 bytes each: libraries with 32-bit integers
 * read the lower half, those with 64-bit integers all of it.
 */
export function integer(value: number, length = 1): Uint8Array<ArrayBuffer> {
  const integers = new BigInt64Array(length);
  integers[0] = BigInt(value);
  return bytes(integers);
}

/** A letter as an argument for Fortran. */
export function letter(text: string): Uint8Array<ArrayBuffer> {
  return Uint8Array.of(text.charCodeAt(0));
}

/** A number as an argument for Fortran. */
export function double(value: number): Uint8Array<ArrayBuffer> {
  return bytes(Float64Array.of(value));
}

/** An array as an argument for Fortran: its own bytes, from the first one on. */
export function bytes({ buffer }: { buffer: ArrayBuffer }): Uint8Array<ArrayBuffer> {
  return new Uint8Array(buffer);
}
