import { crc32, deflateRawSync } from "node:zlib";
import { joined, littleEndian, utf8 } from "./bytes.ts";

/** An entry of a zip file, which may lie about all that it says. */
export interface ZipEntry {
  name: string;
  content: Uint8Array;
  /** Whether the content is compressed already, so that the size must be said. */
  packed?: boolean;
  /** 0 as it is, 8 deflated; others are declared and not done. @default {0} */
  method?: number;
  /** What is declared in place of what is true. */
  crc?: number;
  size?: number;
  packedSize?: number;
  flags?: number;
  offset?: number;
}

/** A zip file. */
export function zipBytes(entries: readonly ZipEntry[]): Uint8Array<ArrayBuffer> {
  const locals: Uint8Array[] = [], directory: Uint8Array[] = [];
  let at = 0;
  for (const entry of entries) {
    const { name, content, method = 0, flags = 0, packed = false } = entry;
    const data = method === 8 && !packed ? deflateRawSync(content) : content;
    const fields = joined(
      littleEndian(20, 2),
      littleEndian(flags, 2),
      littleEndian(method, 2),
      new Uint8Array(4),
      littleEndian(entry.crc ?? (packed ? 0 : crc32(content)), 4),
      littleEndian(entry.packedSize ?? data.length, 4),
      littleEndian(entry.size ?? content.length, 4),
      littleEndian(utf8(name).length, 2),
      new Uint8Array(2),
    );
    const local = joined("PK\x03\x04", fields, name, data);
    const place = littleEndian(entry.offset ?? at, 4);
    directory.push(
      joined("PK\x01\x02", littleEndian(20, 2), fields, new Uint8Array(10), place, name),
    );
    locals.push(local);
    at += local.length;
  }
  const central = joined(...directory);
  const count = littleEndian(Math.min(entries.length, 65_535), 2);
  return joined(
    ...locals,
    central,
    "PK\x05\x06",
    new Uint8Array(4),
    count,
    count,
    littleEndian(central.length, 4),
    littleEndian(at, 4),
    new Uint8Array(2),
  );
}

/** Zeros without end, deflated: the same piece of 10 MB over and over. */
export function deflatedZeros(pieces: number): Uint8Array<ArrayBuffer> {
  const flush = { finishFlush: 2 };
  const piece = deflateRawSync(new Uint8Array(10_000_000), flush);
  return joined(...Array.from({ length: pieces }, () => piece), deflateRawSync(new Uint8Array(0)));
}
