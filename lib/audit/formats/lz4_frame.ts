const MAGIC = 0x184d2204;
const damaged = () => new Error("its LZ4 data are damaged");

/**
 * Unpacks a frame of LZ4, as Arrow files are packed by default. The library of npm for it, lz4js, misreads
 * frames whose blocks have checksums, as polars writes them, and writes without bounds.
 *
 * @param from The frame: https://github.com/lz4/lz4/blob/dev/doc/lz4_Frame_format.md. Its checksums
 * are not compared.
 * @param into Takes what is unpacked, which must be just as long.
 * @throws {Error} If the frame is damaged.
 */
export function unpackLz4(from: Uint8Array, into: Uint8Array): void {
  const view = new DataView(from.buffer, from.byteOffset, from.length);
  if (from.length < 7 || view.getUint32(0, true) !== MAGIC) throw damaged();
  const flags = from[4];
  // The size of the content and the number of a dictionary may follow, then a checksum does.
  let at = 7 + (flags & 8 ? 8 : 0) + (flags & 1 ? 4 : 0);
  let filled = 0;
  for (;;) {
    if (at + 4 > from.length) throw damaged();
    const header = view.getUint32(at, true);
    if (header === 0) break;
    const size = header & 0x7fffffff;
    at += 4;
    if (at + size > from.length) throw damaged();
    const block = from.subarray(at, at + size);
    if (header >>> 31 === 0) filled = unpackBlock(block, into, filled);
    else {
      if (filled + size > into.length) throw damaged();
      into.set(block, filled);
      filled += size;
    }
    at += size + (flags & 16 ? 4 : 0);
  }
  if (filled !== into.length) throw damaged();
}

/** Unpacks a block after what came before it. Returns how much there is then. */
function unpackBlock(from: Uint8Array, into: Uint8Array, start: number): number {
  let at = 0, filled = start;
  const lengthOf = (nibble: number): number => {
    let length = nibble;
    for (let byte = nibble === 15 ? 255 : 0; byte === 255; length += byte) {
      if (at >= from.length) throw damaged();
      byte = from[at++];
    }
    return length;
  };
  while (at < from.length) {
    const token = from[at++];
    const literals = lengthOf(token >> 4);
    if (at + literals > from.length || filled + literals > into.length) throw damaged();
    into.set(from.subarray(at, at + literals), filled);
    at += literals;
    filled += literals;
    if (at === from.length) break;
    if (at + 2 > from.length) throw damaged();
    const back = from[at] | from[at + 1] << 8;
    at += 2;
    const end = filled + lengthOf(token & 15) + 4;
    if (back === 0 || back > filled || end > into.length) throw damaged();
    // A match may overlap with what it makes: byte by byte.
    for (; filled < end; filled++) into[filled] = into[filled - back];
  }
  return filled;
}
