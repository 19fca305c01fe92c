/** Text as UTF-8. */
export function utf8(text: string): Uint8Array<ArrayBuffer> {
  return new TextEncoder().encode(text);
}

/** Parts one after the other. */
export function joined(...parts: (Uint8Array | string)[]): Uint8Array<ArrayBuffer> {
  const bytes = parts.map((part) => typeof part === "string" ? utf8(part) : part);
  const all = new Uint8Array(bytes.reduce((sum, { length }) => sum + length, 0));
  let at = 0;
  for (const part of bytes) {
    all.set(part, at);
    at += part.length;
  }
  return all;
}

/** Numbers as the bytes of a typed array. */
export function bytesOf(
  numbers: Float32Array | Float64Array | Int32Array | BigInt64Array | BigUint64Array,
): Uint8Array<ArrayBuffer> {
  return new Uint8Array(numbers.slice().buffer as ArrayBuffer);
}

/** A number of some bytes, the lowest first. */
export function littleEndian(value: number, bytes: 2 | 4 | 8): Uint8Array<ArrayBuffer> {
  const view = new DataView(new ArrayBuffer(8));
  view.setBigUint64(0, BigInt(value), true);
  return new Uint8Array(view.buffer).slice(0, bytes);
}
