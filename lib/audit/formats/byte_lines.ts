import { InputError } from "../../io/input_error.ts";
import type { ByteSource } from "./byte_source.ts";

/** How many bytes to read at once. */
const PIECE = 1 << 20;
/** More than any vector takes as text. */
const LONGEST_LINE = 4_000_000;

/** A line as bytes: from `from` to `to`, without its end; only valid until the next is asked for. */
export interface ByteLine {
  bytes: Uint8Array;
  from: number;
  to: number;
  /** Counted from 1. */
  line: number;
  /** How many bytes of the file come before the next line. */
  read: number;
}

/** The lines of a text as bytes, for what is too much to be made strings of first. */
export function* byteLines(source: ByteSource): Generator<ByteLine> {
  let bytes = new Uint8Array(2 * PIECE);
  let filled = 0, line = 0;
  for (let offset = 0; offset < source.size;) {
    const length = Math.min(PIECE, source.size - offset);
    if (filled + length > bytes.length) {
      const larger = new Uint8Array(2 * bytes.length);
      larger.set(bytes.subarray(0, filled));
      bytes = larger;
    }
    source.read(offset, bytes.subarray(filled, filled + length));
    filled += length;
    offset += length;
    let from = 0;
    for (;;) {
      const end = bytes.subarray(0, filled).indexOf(0x0a, from);
      if (end < 0) break;
      line++;
      const to = end > from && bytes[end - 1] === 0x0d ? end - 1 : end;
      yield { bytes, from, to, line, read: offset - filled + end + 1 };
      from = end + 1;
    }
    bytes.copyWithin(0, from, filled);
    filled -= from;
    if (filled > LONGEST_LINE) {
      throw new InputError(
        `${source.name}, line ${line + 1} has more than ${LONGEST_LINE.toLocaleString("en")} bytes`,
      );
    }
  }
  if (filled > 0) yield { bytes, from: 0, to: filled, line: line + 1, read: source.size };
}
