/**
 * Bytes that can be read at any place: of a file, of a Blob in a browser, or in memory.
 *
 * Reading is synchronous, so that measuring is: a file is read by system calls, a Blob by a worker's
 * FileReaderSync.
 */
export interface ByteSource {
  /** How to name it in an error, on one line. */
  readonly name: string;
  /** In bytes. */
  readonly size: number;
  /**
   * Fills `bytes` with those from `offset` on.
   *
   * @throws {InputError} If there are less, or they cannot be read.
   */
  read(offset: number, bytes: Uint8Array): void;
}

/** Reads `length` bytes from `offset` on, which must be there. */
export function bytesAt(
  source: ByteSource,
  offset: number,
  length: number,
): Uint8Array<ArrayBuffer> {
  const bytes = new Uint8Array(length);
  source.read(offset, bytes);
  return bytes;
}

/** Bytes in memory. */
export function memorySource(bytes: Uint8Array, name: string): ByteSource {
  return {
    name,
    size: bytes.length,
    read: (offset, into) => into.set(bytes.subarray(offset, offset + into.length)),
  };
}

/** A run of the bytes of another source. */
export function partOf(
  source: ByteSource,
  part: { offset: number; size: number; name: string },
): ByteSource {
  return {
    name: part.name,
    size: part.size,
    read: (offset, into) => source.read(part.offset + offset, into),
  };
}
