import { InputError } from "../../errors.ts";
import { assertMemory, bytesAt, type ByteSource, memorySource } from "./bytes.ts";

const PIECE = 1 << 20;

/** Whether bytes start as gzip does. */
export function isGzip(source: ByteSource): boolean {
  if (source.size < 3) return false;
  const [first, second, method] = bytesAt(source, 0, 3);
  return first === 0x1f && second === 0x8b && method === 8;
}

/**
 * Unpacks gzip into memory: one member, or several one after the other, as `cat a.gz b.gz`, bgzip and
 * Hadoop write them.
 *
 * @throws {InputError} If it is damaged, or takes more than `memory` megabytes.
 */
export async function unpackedGzip(source: ByteSource, memory: number): Promise<ByteSource> {
  const { name, size } = source;
  const pieces: Uint8Array[] = [];
  let length = 0;
  const unpack = async (start: number, end: number) => {
    const found: Uint8Array[] = [];
    let taken = length;
    for await (const piece of unpackedMember(source, start, end)) {
      taken += piece.length;
      assertMemory(name, "unpacking it", taken, memory, "; unpack it first, by gunzip");
      found.push(piece);
    }
    pieces.push(...found);
    length = taken;
  };
  try {
    for (let start = 0; start < size;) start = await nextMember(source, start, unpack);
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

/**
 * Unpacks the member that starts somewhere, and says where it ends. DecompressionStream takes one member
 * and does not say how long it is: it is the rest, or else ends where another seems to start; its
 * checksum says whether it does.
 */
async function nextMember(
  source: ByteSource,
  start: number,
  unpack: (start: number, end: number) => Promise<void>,
): Promise<number> {
  try {
    await unpack(start, source.size);
    return source.size;
  } catch (error) {
    if (error instanceof InputError) throw error;
    for (const end of memberStarts(source, start + LEAST_MEMBER)) {
      try {
        await unpack(start, end);
        return end;
      } catch (inner) {
        if (inner instanceof InputError) throw inner;
      }
    }
    throw error;
  }
}

/** A member has a header of 10 bytes and a trailer of 8. */
const LEAST_MEMBER = 18;

/** Where members may start: three bytes and flags of which three are never set. */
function* memberStarts(source: ByteSource, from: number): Generator<number> {
  for (let offset = from; offset + LEAST_MEMBER <= source.size; offset += PIECE) {
    const bytes = bytesAt(source, offset, Math.min(PIECE + 3, source.size - offset));
    for (
      let i = bytes.indexOf(0x1f);
      i >= 0 && i + 3 < bytes.length;
      i = bytes.indexOf(0x1f, i + 1)
    ) {
      if (i < PIECE && bytes[i + 1] === 0x8b && bytes[i + 2] === 8 && bytes[i + 3] < 32) {
        yield offset + i;
      }
    }
  }
}

function unpackedMember(
  source: ByteSource,
  start: number,
  end: number,
): ReadableStream<Uint8Array> {
  let offset = start;
  const packed = new ReadableStream<Uint8Array<ArrayBuffer>>({
    pull(controller) {
      if (offset >= end) return controller.close();
      const bytes = bytesAt(source, offset, Math.min(PIECE, end - offset));
      offset += bytes.length;
      controller.enqueue(bytes);
    },
  });
  return packed.pipeThrough(new DecompressionStream("gzip"));
}
