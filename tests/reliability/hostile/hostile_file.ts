import { crc32, deflateRawSync } from "node:zlib";
import seedrandom from "seedrandom";
import { randomNormal } from "../../../lib/math/random.ts";

/** A file that is made to harm, or that is damaged, and what an audit of it must end in. */
export interface HostileFile {
  /** Its path below the folder of all of them. */
  name: string;
  /** What is in it, or how it is made where it is more, or less, than bytes. */
  content: string | Uint8Array | ((path: string) => void | Promise<void>);
  /**
   * What the line says that refuses it; `"read"` where it turns out to be right, so that all
   * figures must be finite; `"either"` where a random damage may be one or the other.
   */
  outcome: RegExp | "read" | "either";
}

/** Writes a file of a corpus. */
export async function writeHostile({ content }: HostileFile, path: string): Promise<void> {
  if (typeof content === "string") Deno.writeTextFileSync(path, content);
  else if (content instanceof Uint8Array) Deno.writeFileSync(path, content);
  else await content(path);
}

/** A file that says much and holds nothing: the rest of its size takes no place on the disk. */
export function sparse(start: Uint8Array, size: number): (path: string) => void {
  return (path) => {
    Deno.writeFileSync(path, start);
    Deno.truncateSync(path, size);
  };
}

/** How many items and coordinates a file of a corpus has where nothing is wrong with that. */
export const ITEMS = 64;
export const DIMENSIONS = 4;

/** Four clusters of items: what a file would hold if it were not hostile. */
export function goodRows(seed: string): number[][] {
  const normal = randomNormal(seedrandom.alea(seed));
  const centers = Array.from({ length: 4 }, () => Array.from({ length: DIMENSIONS }, normal));
  return Array.from(
    { length: ITEMS },
    (_, i) => centers[i % 4].map((entry) => Math.fround(entry + 0.4 * normal())),
  );
}

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

/** A .npy file whose header says what it is told to, whatever comes after it. */
export function npyBytes(
  descr: string,
  shape: string,
  data: Uint8Array,
  order = "False",
): Uint8Array<ArrayBuffer> {
  return npyOf(`{'descr': ${descr}, 'fortran_order': ${order}, 'shape': ${shape}, }`, data);
}

/** The same with any text in place of the header's dictionary. */
export function npyOf(dictionary: string, data: Uint8Array, version = 1): Uint8Array<ArrayBuffer> {
  const header = `${dictionary.padEnd(117)}\n`;
  const start = Uint8Array.of(0x93, 0x4e, 0x55, 0x4d, 0x50, 0x59, version, 0);
  return joined(start, littleEndian(header.length, version === 1 ? 2 : 4), header, data);
}

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
