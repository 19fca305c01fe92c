import type { ByteSource } from "./byte_source.ts";

/** How many bytes to read at once. */
const PIECE = 1 << 20;

/**
 * Decodes a text piece by piece: UTF-8, or UTF-16 where it starts with a byte order mark that says
 * so, as spreadsheets write it. Bytes that are no text become U+FFFD: a word of a vocabulary may
 * have some.
 *
 * @returns The pieces, without the byte order mark; lines that end in CR LF, or in CR alone, end in LF.
 */
export function* textPieces(source: ByteSource): Generator<string> {
  const bytes = new Uint8Array(PIECE);
  let decoder: TextDecoder | undefined;
  let held = false;
  for (let offset = 0; offset < source.size; offset += PIECE) {
    const run = bytes.subarray(0, Math.min(PIECE, source.size - offset));
    source.read(offset, run);
    decoder ??= new TextDecoder(encodingOf(run));
    let text = decoder.decode(run, { stream: true });
    if (held) text = `\r${text}`;
    held = text.endsWith("\r");
    if (held) text = text.slice(0, -1);
    yield text.includes("\r") ? text.replace(/\r\n?/g, "\n") : text;
  }
  const rest = (held ? "\n" : "") + (decoder?.decode() ?? "");
  if (rest !== "") yield rest;
}

function encodingOf([first, second]: Uint8Array): string {
  if (first === 0xff && second === 0xfe) return "utf-16le";
  return first === 0xfe && second === 0xff ? "utf-16be" : "utf-8";
}
