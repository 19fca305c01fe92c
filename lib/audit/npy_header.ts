import { InputError } from "./input_error.ts";

/** What the header of a .npy file says of the array after it. */
export interface NpyHeader {
  /** f, i or u: a floating-point number, or an integer with or without a sign. */
  kind: "f" | "i" | "u";
  /** The bytes of an entry. */
  size: number;
  bigEndian: boolean;
  /** Whether the array is stored column by column. */
  fortranOrder: boolean;
  shape: number[];
  /** Where the entries start. */
  offset: number;
}

const MAGIC = [0x93, 0x4e, 0x55, 0x4d, 0x50, 0x59];

/**
 * Reads the header of a .npy file, of format version 1, 2 or 3.
 *
 * @param file The open file, at its start.
 * @param path How to name it in an error.
 * @throws {InputError} If it is no .npy file, its header is cut off or makes no sense, it holds no
 * plain numbers, or its data are cut off.
 */
export function readNpyHeader(file: Deno.FsFile, path: string): NpyHeader {
  const start = readBytes(file, 0, 12);
  if (start.length < 6 || MAGIC.some((byte, i) => start[i] !== byte)) {
    throw new InputError(`${path} is no .npy file: it does not start with \\x93NUMPY`);
  }
  const view = new DataView(start.buffer);
  const major = start.length > 6 ? start[6] : 0;
  const wide = major >= 2;
  const cut = () => new InputError(`${path} is cut off: it ends within the header`);
  if (start.length < (wide ? 12 : 10)) throw cut();
  if (major < 1 || major > 3) {
    throw new InputError(
      `${path} has .npy format version ${major}, the versions that can be read are 1, 2 and 3`,
    );
  }
  const length = wide ? view.getUint32(8, true) : view.getUint16(8, true);
  const textStart = wide ? 12 : 10;
  const { size: fileSize } = file.statSync();
  if (textStart + length > fileSize) throw cut();
  const text = new TextDecoder().decode(readBytes(file, textStart, length));
  const header = { ...parseDictionary(text, path), offset: textStart + length };
  const needed = header.shape.reduce((a, b) => a * b, 1) * header.size;
  const there = fileSize - header.offset;
  if (there < needed) {
    throw new InputError(
      `${path} is cut off: an array of shape (${header.shape.join(", ")}) takes ${needed} bytes, ` +
        `there are ${there}`,
    );
  }
  return header;
}

/** Reads `length` bytes from `position` on, or as many as there are. */
export function readBytes(file: Deno.FsFile, position: number, length: number): Uint8Array {
  const bytes = new Uint8Array(length);
  return bytes.subarray(0, readInto(file, position, bytes));
}

/** Fills `bytes` from `position` on. Returns how many bytes there were. */
export function readInto(file: Deno.FsFile, position: number, bytes: Uint8Array): number {
  file.seekSync(position, Deno.SeekMode.Start);
  let count = 0;
  while (count < bytes.length) {
    const read = file.readSync(bytes.subarray(count));
    if (read === null) break;
    count += read;
  }
  return count;
}

function parseDictionary(text: string, path: string): Omit<NpyHeader, "offset"> {
  const part = (name: string, value: string) =>
    text.match(new RegExp(`['"]${name}['"]\\s*:\\s*${value}`))?.[1];
  const order = part("fortran_order", "(True|False)");
  const shape = part("shape", "\\(([\\d\\s,L]*)\\)");
  const described = text.match(/['"]descr['"]\s*:\s*(\[.*\]|['"][^'"]*['"])/s)?.[1];
  if (order === undefined || shape === undefined || described === undefined) {
    throw new InputError(`${path} has a .npy header without descr, fortran_order or shape`);
  }
  const dtype = described.slice(1, -1);
  const match = described.startsWith("[") ? null : dtype.match(/^([<>=|]?)([fiu])([1248])$/);
  if (match === null || match[2] === "f" && match[3] === "1") {
    throw new InputError(
      `${path} has dtype ${described.startsWith("[") ? "with fields" : dtype}, those that can be ` +
        `read are ${SUPPORTED}`,
    );
  }
  return {
    kind: match[2] as "f" | "i" | "u",
    size: Number(match[3]),
    bigEndian: match[1] === ">",
    fortranOrder: order === "True",
    shape: shape.split(",").map((length) => length.trim().replace(/L$/, ""))
      .filter((length) => length !== "").map(Number),
  };
}

/** The dtypes of embeddings, as an error names them. */
export const SUPPORTED = "float16, float32 and float64, in either byte order";
