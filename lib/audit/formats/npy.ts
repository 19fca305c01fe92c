import { InputError } from "../../errors.ts";
import { arrayRows, decodeExactly, type Dtype, sizeOf } from "./array_rows.ts";
import { assertColumns, assertMemory, bytesAt, type ByteSource } from "./bytes.ts";
import type { ReadFile, SideColumn } from "./embedding_file.ts";

/**
 * Opens a .npy file: an array of two dimensions, items x coordinates, of floating-point numbers or
 * integers, in either byte order, stored row by row or column by column. It is read in blocks.
 *
 * @throws {InputError} If it is anything else, or cut off.
 */
export function openNpy(source: ByteSource): ReadFile {
  const header = readNpyHeader(source);
  const { dtype, shape } = header;
  if (dtype === "text") {
    throw new InputError(
      `${source.name} has dtype text, those that can be read are ${NPY_DTYPES}: ` +
        "np.save(path, array.astype(np.float32)); ids are read by --ids, beside the vectors",
    );
  }
  if (shape.length !== 2) {
    throw new InputError(
      `${source.name} must be an array of two dimensions, items x coordinates, its shape is ` +
        `(${shape.join(", ")}): np.save("vectors.npy", array.reshape(-1, ${
          shape.length > 2 ? shape.at(-1) : "DIMENSIONS"
        }))`,
    );
  }
  const [rows, columns] = shape;
  assertColumns(source.name, columns);
  const notes = dtype === "uint8"
    ? [
      `${source.name} holds uint8, which are read as numbers from 0 to 255; embeddings of packed bits ` +
      "must be unpacked first",
    ]
    : [];
  return {
    rows: arrayRows(source, { ...header, dtype, rows, columns }),
    columns: {},
    format: "NumPy array",
    dtype,
    notes,
  };
}

/**
 * Reads a .npy array of one dimension, of numbers or of text.
 *
 * @throws {InputError} If it is anything else, or cut off.
 */
export function npyVector(source: ByteSource, memory: number): SideColumn {
  const header = readNpyHeader(
    source,
    "np.save(path, array.astype(str)) of ids and labels, array.astype(float) of popularity",
  );
  const length = header.shape.reduce((a, b) => a * b, 1);
  if (header.shape.length === 0 || length !== Math.max(...header.shape)) {
    throw new InputError(
      `${source.name} must be an array of one dimension, its shape is (${header.shape.join(", ")})`,
    );
  }
  assertMemory(source.name, "its values", length * Math.max(header.size, 16), memory);
  const bytes = bytesAt(source, header.offset, length * header.size);
  return header.dtype === "text"
    ? decodeText(bytes, header)
    : decodeExactly(bytes, { ...header, dtype: header.dtype });
}

function decodeText(bytes: Uint8Array, { size, wide, bigEndian }: NpyHeader): string[] {
  const view = new DataView(bytes.buffer);
  return Array.from({ length: bytes.length / size }, (_, i) => {
    let text = "";
    for (let at = i * size; at < (i + 1) * size; at += wide ? 4 : 1) {
      const code = wide ? view.getUint32(at, !bigEndian) : bytes[at];
      if (code !== 0) text += code <= 0x10ffff ? String.fromCodePoint(code) : "\ufffd";
    }
    return text;
  });
}

/** An array whose entries are neither plain numbers nor plain text. */
export class DtypeError extends InputError {}

/** What the header of a .npy file says of the array after it. */
interface NpyHeader {
  /** How a number is stored; `text` is fixed-length text (`<U12`, `|S12`), which may be ids. */
  dtype: Dtype | "text";
  /** The bytes of an entry. */
  size: number;
  /** Whether text takes four bytes a character (`U`) or one (`S`). */
  wide: boolean;
  bigEndian: boolean;
  /** Whether the array is stored column by column. */
  fortranOrder: boolean;
  shape: number[];
  /** Where the entries start. */
  offset: number;
}

/** The dtypes of embeddings, as an error names them. */
const NPY_DTYPES = "float16, float32, float64 and integers of 8 to 64 bits, in either byte order";

/** NumPy itself refuses longer headers than 10,000 characters. */
const LONGEST_HEADER = 65_535;

/**
 * Reads the header of a .npy file, of format version 1, 2 or 3.
 *
 * @throws {DtypeError} If it holds neither plain numbers nor plain text.
 * @throws {InputError} If it is not a .npy file, its header is cut off or makes no sense, or its data
 * are cut off.
 */
export function readNpyHeader(source: ByteSource, instead = NO_OBJECTS): NpyHeader {
  const { name } = source;
  const start = bytesAt(source, 0, Math.min(12, source.size));
  if (!isNpy(start)) {
    throw new InputError(`${name} is not a .npy file: it does not start with \\x93NUMPY`);
  }
  const cut = () => new InputError(`${name} is cut off: it ends within the header`);
  const major = start.length > 6 ? start[6] : 0;
  const textStart = major >= 2 ? 12 : 10;
  if (start.length < textStart) throw cut();
  if (major < 1 || major > 3) {
    throw new InputError(
      `${name} has .npy format version ${major}, the versions that can be read are 1, 2 and 3`,
    );
  }
  const view = new DataView(start.buffer);
  const length = major >= 2 ? view.getUint32(8, true) : view.getUint16(8, true);
  if (length > LONGEST_HEADER) {
    throw new InputError(
      `${name} declares a header of ${
        length.toLocaleString("en")
      } bytes, the longest that is read ` +
        `has ${LONGEST_HEADER.toLocaleString("en")}`,
    );
  }
  if (textStart + length > source.size) throw cut();
  const text = new TextDecoder().decode(bytesAt(source, textStart, length));
  const header = { ...parseDictionary(text, name, instead), offset: textStart + length };
  const needed = header.shape.reduce((a, b) => a * b, 1) * header.size;
  const there = source.size - header.offset;
  if (there < needed) {
    throw new InputError(
      `${name} is cut off: it needs ${needed.toLocaleString("en")} bytes for an array of shape (${
        header.shape.join(", ")
      }) of ${header.dtype}, ${there.toLocaleString("en")} are there${
        header.shape.length < 2
          ? ""
          : `: some ${Math.floor(there / needed * header.shape[0]).toLocaleString("en")} of ${
            header.shape[0].toLocaleString("en")
          } rows`
      }; copy it again`,
    );
  }
  return header;
}

/** Whether bytes start as a .npy file does. */
export function isNpy(bytes: Uint8Array): boolean {
  return bytes.length >= 6 &&
    [0x93, 0x4e, 0x55, 0x4d, 0x50, 0x59].every((byte, i) => bytes[i] === byte);
}

/** What to type where an array is of Python's objects. */
const NO_OBJECTS =
  "np.save(path, np.stack(array).astype(np.float32)), after np.load(…, allow_pickle=True)";

function parseDictionary(
  text: string,
  name: string,
  instead: string,
): Omit<NpyHeader, "offset"> {
  const part = (key: string, value: string) =>
    text.match(new RegExp(`['"]${key}['"]\\s*:\\s*${value}`))?.[1];
  const order = part("fortran_order", "(True|False)");
  const shape = part("shape", "\\(([^()]*)\\)");
  const described = text.match(/['"]descr['"]\s*:\s*(\[.*\]|['"][^'"]*['"])/s)?.[1];
  if (order === undefined || shape === undefined || described === undefined) {
    throw new InputError(`${name} has a .npy header without descr, fortran_order or shape`);
  }
  const lengths = shape.split(",").map((length) => length.trim()).filter((length) => length !== "");
  const bad = lengths.find((length) => !/^\d{1,15}L?$/.test(length));
  if (bad !== undefined) {
    throw new InputError(`${name} has a .npy header whose shape has "${bad.slice(0, 20)}"`);
  }
  return {
    ...parseDtype(described, name, instead),
    fortranOrder: order === "True",
    shape: lengths.map((length) => Number(length.replace("L", ""))),
  };
}

function parseDtype(
  described: string,
  name: string,
  instead: string,
): Pick<NpyHeader, "dtype" | "size" | "wide" | "bigEndian"> {
  const fields = described.startsWith("[");
  const [, order, kind, digits] = fields
    ? []
    : described.slice(1, -1).match(/^([<>=|]?)([fiuSU])(\d{1,6})$/) ?? [];
  const bigEndian = order === ">";
  const size = Number(digits);
  if (kind === "S" || kind === "U") {
    if (size > 0) {
      return { dtype: "text", size: size * (kind === "U" ? 4 : 1), wide: kind === "U", bigEndian };
    }
  }
  const dtype = `${{ f: "float", i: "int", u: "uint" }[kind as "f"]}${size * 8}` as Dtype;
  if (/^['"]\|?O\d*['"]$/.test(described)) {
    throw new DtypeError(
      `${name} has dtype object, a pickle of Python's lists, which can run code: ${instead}`,
    );
  }
  if (kind === undefined || ![1, 2, 4, 8].includes(size) || dtype === ("float8" as string)) {
    throw new DtypeError(
      `${name} has dtype ${
        fields ? "with fields" : described.slice(1, -1).slice(0, 40)
      }, those that ` +
        `can be read are ${NPY_DTYPES}: ${
          fields
            ? 'np.save(path, array["FIELD"])'
            : /^['"][<>=|]?c/.test(described)
            ? "np.save(path, np.hstack([array.real, array.imag])), which keeps norms and distances"
            : "np.save(path, array.astype(np.float32))"
        }`,
    );
  }
  return { dtype, size: sizeOf(dtype), wide: false, bigEndian };
}
