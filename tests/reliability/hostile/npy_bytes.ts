import { joined, littleEndian } from "./bytes.ts";

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
