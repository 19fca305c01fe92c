import { Inflate } from "pako";
import { InputError, memorySentence } from "../../errors.ts";

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
export function unpackedGzip(source: ByteSource, memory: number): ByteSource {
  const { name, size } = source;
  const pieces: Uint8Array[] = [];
  let length = 0;
  const unpacker = () => {
    const inflate = new Inflate({ chunkSize: PIECE });
    inflate.onData = (piece) => {
      length += piece.length;
      assertMemory(name, "unpacking it", length, memory, "; unpack it first, by gunzip");
      pieces.push(piece as Uint8Array);
    };
    return inflate;
  };
  let inflate = unpacker();
  for (let offset = 0; offset < size; offset += PIECE) {
    // The next member starts where a piece does.
    if (inflate.ended) inflate = unpacker();
    inflate.push(bytesAt(source, offset, Math.min(PIECE, size - offset)), false);
    if (inflate.err !== 0) break;
  }
  if (!inflate.ended || inflate.err !== 0) {
    throw new InputError(
      `${name} is compressed by gzip, and damaged or cut off${
        inflate.msg ? `: ${inflate.msg}` : ""
      }; copy it again`,
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

/** The longest line, in characters: no record of one item is longer, whatever it says of it. */
export const LONGEST_TEXT_LINE = 16_000_000;

/**
 * The lines of a text, with their numbers, counted from 1; those that are blank are left out
 * unless they are asked for.
 *
 * @throws {InputError} If a line is longer than {@linkcode LONGEST_TEXT_LINE}.
 */
export function* textLines(
  source: ByteSource,
  { blank = false } = {},
): Generator<{ text: string; line: number }> {
  let line = 0, rest = "";
  for (const piece of textPieces(source)) {
    const lines = piece.split("\n");
    lines[0] = rest + lines[0];
    rest = lines.pop()!;
    for (const text of lines) {
      line++;
      assertLine(source, text, line);
      if (blank || text.trim() !== "") yield { text, line };
    }
    assertLine(source, rest, line + 1);
  }
  if (blank ? rest !== "" : rest.trim() !== "") yield { text: rest, line: line + 1 };
}

function assertLine({ name }: ByteSource, text: string, line: number): void {
  if (text.length <= LONGEST_TEXT_LINE) return;
  throw new InputError(
    `${name}, line ${line} has more than ${LONGEST_TEXT_LINE.toLocaleString("en")} characters`,
  );
}

/**
 * Decodes a text piece by piece, as {@linkcode decodeText} does; UTF-16, as spreadsheets and
 * PowerShell write it, is known by its byte order mark, or by how it looks.
 *
 * @returns The pieces, without the byte order mark; lines that end in CR LF, or in CR alone, end in LF.
 */
export function* textPieces(source: ByteSource): Generator<string> {
  const bytes = new Uint8Array(PIECE + LONGEST_SEQUENCE);
  const wide = wideEncoding(source);
  const decoder = wide === undefined ? undefined : new TextDecoder(wide);
  let held = false, carried = 0;
  for (let offset = 0; offset < source.size; offset += PIECE) {
    const length = Math.min(PIECE, source.size - offset);
    source.read(offset, bytes.subarray(carried, carried + length));
    const run = bytes.subarray(0, carried + length);
    const isLast = offset + length === source.size;
    let text: string;
    if (decoder !== undefined) text = decoder.decode(run, { stream: !isLast });
    else {
      const end = isLast ? run.length : run.length - cutSequence(run);
      text = decodeText(run.subarray(0, end));
      if (offset === 0 && text.startsWith("\ufeff")) text = text.slice(1);
      carried = run.length - end;
      bytes.copyWithin(0, end, run.length);
    }
    if (held) text = `\r${text}`;
    held = text.endsWith("\r");
    if (held) text = text.slice(0, -1);
    yield text.includes("\r") ? text.replace(/\r\n?/g, "\n") : text;
  }
  if (held) yield "\n";
}

/**
 * A source whose text is UTF-8: the same, or what UTF-16 says, in memory.
 *
 * @throws {InputError} If it takes more than `memory` megabytes.
 */
export function utf8Source(source: ByteSource, memory: number): ByteSource {
  if (wideEncoding(source) === undefined) return source;
  assertMemory(source.name, "decoding its UTF-16", 2 * source.size, memory);
  const text = [...textPieces(source)].join("");
  return memorySource(new TextEncoder().encode(text), source.name);
}

/** The kind of UTF-16 that a text is in; undefined for UTF-8 and all else. */
function wideEncoding(source: ByteSource): "utf-16le" | "utf-16be" | undefined {
  const start = bytesAt(source, 0, Math.min(64, source.size));
  const [first, second] = start;
  if (first === 0xff && second === 0xfe) return "utf-16le";
  if (first === 0xfe && second === 0xff) return "utf-16be";
  if (start.length < 8) return undefined;
  // Without a mark: every other byte is zero, and none of those between is a control character.
  const isText = (byte: number) => byte >= 0x20 || byte >= 0x09 && byte <= 0x0d;
  for (const low of [0, 1]) {
    if (start.every((byte, i) => i % 2 === low ? isText(byte) : byte === 0)) {
      return low === 0 ? "utf-16le" : "utf-16be";
    }
  }
  return undefined;
}

const LONGEST_SEQUENCE = 4;
const STRICT = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true });
const WINDOWS = new TextDecoder("windows-1252");

/**
 * Decodes UTF-8. A byte that is none is taken as Windows-1252 has it, byte by byte: a table that an
 * older program has written keeps its letters, and words that differ in such bytes stay different.
 */
export function decodeText(bytes: Uint8Array): string {
  try {
    return STRICT.decode(bytes);
  } catch {
    let text = "", from = 0;
    for (let at = 0; at < bytes.length;) {
      const length = sequenceLength(bytes, at);
      if (length > 0) at += length;
      else {
        text += STRICT.decode(bytes.subarray(from, at));
        text += WINDOWS.decode(bytes.subarray(at, ++at));
        from = at;
      }
    }
    return text + STRICT.decode(bytes.subarray(from));
  }
}

/** How many bytes the character at a place takes; 0 where there is none (Unicode 15, table 3-7). */
function sequenceLength(bytes: Uint8Array, at: number): number {
  const lead = bytes[at], second = bytes[at + 1];
  if (lead < 0x80) return 1;
  const length = lead >= 0xf0 ? 4 : lead >= 0xe0 ? 3 : 2;
  if (lead < 0xc2 || lead > 0xf4 || at + length > bytes.length) return 0;
  const least = lead === 0xe0 ? 0xa0 : lead === 0xf0 ? 0x90 : 0x80;
  const most = lead === 0xed ? 0x9f : lead === 0xf4 ? 0x8f : 0xbf;
  if (second < least || second > most) return 0;
  for (let i = 2; i < length; i++) if (bytes[at + i] >> 6 !== 2) return 0;
  return length;
}

/** How many bytes at the end are a character that is cut off. */
function cutSequence(bytes: Uint8Array): number {
  for (let back = 1; back < LONGEST_SEQUENCE && back <= bytes.length; back++) {
    const byte = bytes[bytes.length - back];
    if (byte >> 6 === 2) continue;
    const length = byte >= 0xf0 ? 4 : byte >= 0xe0 ? 3 : byte >= 0xc0 ? 2 : 1;
    return length > back ? back : 0;
  }
  return 0;
}

/**
 * What a reader throws at a damaged file, as a sentence about the file; what is one already, or is for want
 * of memory, stays as it is.
 */
export function damaged(name: string, format: string, error: unknown): unknown {
  if (error instanceof InputError || memorySentence(error) !== undefined) return error;
  const [message] = String((error as Error)?.message ?? error).split("\n");
  return new InputError(
    `${name} is not ${format} that can be read: ${message}; copy it again, or write it anew`,
    { cause: error },
  );
}

/** How many megabytes readers take unless told otherwise. */
export const DEFAULT_MEMORY = 1000;

/** The most coordinates that a row may have: more than any model's that is known. */
const MOST_COLUMNS = 16_384;

/**
 * Throws unless something fits into memory, before it is taken.
 *
 * @param name The file.
 * @param what What would take it.
 * @param bytes How much it would take.
 * @param memory The limit, in megabytes.
 * @param instead What else could be done.
 */
export function assertMemory(
  name: string,
  what: string,
  bytes: number,
  memory: number,
  instead = "",
): void {
  if (bytes <= memory * 1e6) return;
  throw new InputError(
    `${name}: ${what} takes ${megabytes(bytes)}, the limit (memory) is ${megabytes(memory * 1e6)}` +
      instead,
  );
}

/** Throws unless rows may have so many coordinates. */
export function assertColumns(name: string, columns: number): void {
  if (columns >= 1 && columns <= MOST_COLUMNS) return;
  throw new InputError(
    columns < 1
      ? `${name} has no coordinates`
      : `${name} has rows of ${columns.toLocaleString("en")} coordinates, the most that are read ` +
        `are ${MOST_COLUMNS.toLocaleString("en")}`,
  );
}

function megabytes(bytes: number): string {
  return `${Math.ceil(bytes / 1e6).toLocaleString("en")} MB`;
}
