import { InputError } from "../../errors.ts";
import {
  arrayRows,
  decodeExactly,
  type Dtype,
  dtypeCalled,
  sizeOf,
  squeezed,
  squeezedNotes,
  type StoredNumbers,
} from "./arrays.ts";
import { assertColumns, assertMemory, bytesAt, type ByteSource } from "./bytes.ts";
import type { ReadFile, SideColumn } from "./embedding_file.ts";

/**
 * Opens a .npy file: an array of two dimensions, items x coordinates, of floating-point numbers or
 * integers, in either byte order, stored row by row or column by column. It is read in blocks.
 *
 * @throws {InputError} If it is anything else, or cut off.
 */
export function openNpy(source: ByteSource): ReadFile {
  return openArray(npyArray(source));
}

/** The rows of an array of a .npy file, or of one in a .npz file. */
export function openArray(array: NpyArray): ReadFile {
  const { source: { name }, dtype, shape, load } = array;
  if (dtype === undefined) throw new InputError(`${name} ${array.refused}`);
  if (dtype === "text") {
    throw new InputError(
      `${name} has dtype text, which is no vector: ids are named by --ids, beside the vectors. Convert ` +
        `numbers: np.save("vectors.npy", ${load()}.astype(np.float32))`,
    );
  }
  const rowsOf = squeezed(shape);
  if (rowsOf.length !== 2) {
    throw new InputError(
      `${name} must be an array of two dimensions, items x coordinates, its shape is ` +
        `(${shape.join(", ")}). Convert it: np.save("vectors.npy", ${load()}.reshape(-1, ${
          shape.length > 2 ? shape.at(-1) : "DIMENSIONS"
        }))`,
    );
  }
  const [rows, columns] = rowsOf;
  assertColumns(name, columns);
  const ofBytes = dtype === "uint8"
    ? [
      `${name} holds uint8, which are read as numbers from 0 to 255; embeddings of packed bits must ` +
      "be unpacked first",
    ]
    : [];
  return {
    rows: arrayRows({ ...array, dtype, rows, columns }),
    columns: {},
    format: "NumPy array",
    dtype,
    notes: [...squeezedNotes(name, shape), ...ofBytes],
    reportedNotes: ofBytes,
  };
}

/**
 * Reads a .npy array of one dimension, of numbers or of text.
 *
 * @throws {InputError} If it is anything else, or cut off.
 */
export function npyVector(source: ByteSource, memory: number): SideColumn {
  return arrayVector(npyArray(source), memory);
}

/** The entries of an array of one dimension of a .npy file, or of one in a .npz file. */
export function arrayVector(array: NpyArray, memory: number): SideColumn {
  const { source, shape, dtype, size, offset, load } = array;
  if (dtype === undefined) {
    throw new InputError(
      `${source.name} has dtype ${array.called}, which is neither numbers nor plain text. Convert ids and ` +
        `labels: np.save("labels.npy", ${
          load("allow_pickle=True")
        }.astype(str)); of popularity .astype(float)`,
    );
  }
  const length = shape.reduce((a, b) => a * b, 1);
  if (shape.length === 0 || length !== Math.max(...shape)) {
    throw new InputError(
      `${source.name} must be an array of one dimension, its shape is (${shape.join(", ")})`,
    );
  }
  assertMemory(source.name, "its values", length * Math.max(size, 16), memory);
  const bytes = bytesAt(source, offset, length * size);
  return dtype === "text" ? textsIn(bytes, array) : decodeExactly(bytes, { ...array, dtype });
}

function textsIn(bytes: Uint8Array, { size, wide, bigEndian }: NpyArray): string[] {
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

/** What the header of a .npy file says of the array after it. */
export interface NpyArray extends Omit<StoredNumbers, "dtype"> {
  /** How a number is stored; `text` is of a fixed length (`<U12`, `|S12`); undefined if it is not read. */
  dtype: Dtype | "text" | undefined;
  /** The dtype, as it is shown where it is none that is read. */
  called?: string;
  /** Why entries of a kind without a `dtype` are not read, and what to type. */
  refused?: string;
  /** The bytes of an entry. */
  size: number;
  /** Whether text takes four bytes a character (`U`) or one (`S`). */
  wide: boolean;
  fortranOrder: boolean;
  shape: number[];
  /** How to load it in Python. */
  load: Load;
}

type Load = (options?: string) => string;

/** NumPy itself refuses longer headers than 10,000 characters. */
const LONGEST_HEADER = 65_535;

/** Whether bytes start as a .npy file does. */
export function isNpy(start: string): boolean {
  return start.startsWith("\x93NUMPY");
}

/**
 * Reads the header of a .npy file, of format version 1, 2 or 3.
 *
 * @param load How to load the array in Python, for an error.
 * @throws {InputError} If it is not a .npy file, its header is cut off or makes no sense, or its data
 * are cut off.
 */
export function npyArray(source: ByteSource, load: Load = loadOf(source.name)): NpyArray {
  const { name } = source;
  const start = bytesAt(source, 0, Math.min(12, source.size));
  if (!isNpy(String.fromCharCode(...start))) {
    throw new InputError(
      `${name} is not a .npy file: it does not start with \\x93NUMPY. ${rawNumbers(name)}`,
    );
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
  const array: NpyArray = {
    source,
    offset: textStart + length,
    load,
    ...parseDictionary(text, name, load),
  };
  const { dtype, shape, size, offset } = array;
  const needed = shape.reduce((a, b) => a * b, 1) * size;
  const there = source.size - offset;
  if (dtype !== undefined && there < needed) {
    throw new InputError(
      `${name} is cut off: it needs ${needed.toLocaleString("en")} bytes for an array of shape (${
        shape.join(", ")
      }) of ${dtype}, ${there.toLocaleString("en")} are there${
        shape.length < 2
          ? ""
          : `: some ${Math.floor(there / needed * shape[0]).toLocaleString("en")} of ${
            shape[0].toLocaleString("en")
          } rows`
      }; copy it again`,
    );
  }
  return array;
}

/** What to type where a file may hold nothing but numbers, as NumPy's tofile and memmap write them. */
export function rawNumbers(name: string): string {
  return "If it holds plain float32 numbers, convert it: " +
    `np.save("vectors.npy", np.fromfile(${
      JSON.stringify(name)
    }, np.float32).reshape(-1, DIMENSIONS))`;
}

/** How an array of a file is loaded in Python: of a .npz file by its key. */
export function loadOf(file: string, key?: string): Load {
  return (options) =>
    `np.load(${JSON.stringify(file)}${options === undefined ? "" : `, ${options}`})${
      key === undefined ? "" : `[${JSON.stringify(key)}]`
    }`;
}

function parseDictionary(text: string, name: string, load: Load) {
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
  const numbers = lengths.map((length) => Number(length.replace("L", "")));
  return {
    ...parseDtype(described, load, numbers),
    fortranOrder: order === "True",
    shape: numbers,
  };
}

function parseDtype(
  described: string,
  load: Load,
  shape: readonly number[],
): Pick<NpyArray, "dtype" | "size" | "wide" | "bigEndian" | "called" | "refused"> {
  const descr = described.replace(/^['"]|['"]$/g, "");
  const [, order, code = ""] = /^([<>=|]?)([A-Za-z]\d{0,6})$/.exec(descr) ?? [];
  const bigEndian = order === ">", wide = code.startsWith("U");
  const dtype = dtypeCalled("numpy", code);
  if (dtype !== undefined) return { dtype, size: sizeOf(dtype), wide, bigEndian };
  const length = /^[US]([1-9]\d*)$/.exec(code)?.[1];
  if (length !== undefined) {
    return { dtype: "text", size: Number(length) * (wide ? 4 : 1), wide, bigEndian };
  }
  const { called = descr.slice(0, 40), why = "which", saved } = NOT_READ.find(({ like }) =>
    like.test(descr)
  )!;
  return {
    dtype: undefined,
    called,
    refused: `has dtype ${called}, ${why} is not read. Convert it: ` +
      `np.save("vectors.npy", ${saved(load, descr, shape)})`,
    size: 0,
    wide,
    bigEndian,
  };
}

/** A kind of entries that NumPy saves and that is not read. */
interface NotRead {
  /** Its description in the header. */
  like: RegExp;
  /** What it is called where the description says little. */
  called?: string;
  why?: string;
  /** What to save in its place. */
  saved(load: Load, descr: string, shape: readonly number[]): string;
}

const NOT_READ: NotRead[] = [
  {
    like: /^\|?O\d*$/,
    called: "object",
    why: "a pickle of Python's own objects that can run code when it is read, so it",
    saved: (load, _, shape) =>
      // A dictionary is saved as an array without a dimension.
      `np.stack(${
        shape.length > 0
          ? load("allow_pickle=True")
          : `list(${load("allow_pickle=True")}.item().values())`
      }).astype(np.float32)`,
  },
  {
    like: /^\[/,
    called: "with fields",
    saved(load, descr) {
      const vector = /\('([^']+)', '[^']+', \(\d+,?\)\)/.exec(descr)?.[1];
      return vector === undefined
        ? `numpy.lib.recfunctions.structured_to_unstructured(${load()})`
        : `${load()}["${vector}"]`;
    },
  },
  // Types that keep norms and distances.
  { like: /^[<>=|]?c/, saved: (load) => `np.hstack([(x := ${load()}).real, x.imag])` },
  // As ml_dtypes saves bfloat16.
  {
    like: /^[<>=|]?V2$/,
    saved: (load) => `${load()}.view(ml_dtypes.bfloat16).astype(np.float32)`,
  },
  { like: /^/, saved: (load) => `${load()}.astype(np.float32)` },
];
