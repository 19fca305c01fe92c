import { InputError } from "../../io/input_error.ts";
import { bytesAt, type ByteSource, memorySource } from "./byte_source.ts";
import { assertMemory } from "./memory_limit.ts";

const PIECE = 1 << 20;

/** Whether bytes start as gzip does. */
export function isGzip(source: ByteSource): boolean {
  if (source.size < 18) return false;
  const [first, second, method] = bytesAt(source, 0, 3);
  return first === 0x1f && second === 0x8b && method === 8;
}

/**
 * Unpacks gzip into memory.
 *
 * @throws {InputError} If it is damaged, or takes more than `memory` megabytes.
 */
export async function unpackedGzip(source: ByteSource, memory: number): Promise<ByteSource> {
  const { name, size } = source;
  let offset = 0;
  const packed = new ReadableStream<Uint8Array<ArrayBuffer>>({
    pull(controller) {
      if (offset >= size) return controller.close();
      const bytes = bytesAt(source, offset, Math.min(PIECE, size - offset));
      offset += bytes.length;
      controller.enqueue(bytes);
    },
  });
  const pieces: Uint8Array[] = [];
  let length = 0;
  try {
    for await (const piece of packed.pipeThrough(new DecompressionStream("gzip"))) {
      length += piece.length;
      assertMemory(name, "unpacking it", length, memory, "; unpack it first, by gunzip");
      pieces.push(piece);
    }
  } catch (error) {
    if (error instanceof InputError) throw error;
    throw new InputError(
      `${name} is compressed by gzip, and damaged or cut off: ${(error as Error).message}`,
      { cause: error },
    );
  }
  const bytes = new Uint8Array(length);
  let at = 0;
  for (const piece of pieces) {
    bytes.set(piece, at);
    at += piece.length;
  }
  return memorySource(bytes, name);
}
