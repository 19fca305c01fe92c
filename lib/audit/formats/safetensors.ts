import { InputError } from "../../errors.ts";
import { arrayRows, decodeExactly, type Dtype, sizeOf, stackedRows } from "./array_rows.ts";
import { assertColumns, assertMemory, bytesAt, type ByteSource } from "./bytes.ts";
import type { FullOpenOptions, ReadFile, SideColumn } from "./embedding_file.ts";
import { isFields } from "./json_text.ts";
import { quote } from "./numbers.ts";
import { idsRank } from "../side_values.ts";
import { listed } from "./table.ts";

const DTYPES: Record<string, Dtype> = {
  F16: "float16",
  BF16: "bfloat16",
  F32: "float32",
  F64: "float64",
  I8: "int8",
  I16: "int16",
  I32: "int32",
  I64: "int64",
  U8: "uint8",
  U16: "uint16",
  U32: "uint32",
  U64: "uint64",
};

/** The specification allows no longer headers. */
const LONGEST_HEADER = 100_000_000;

interface Tensor {
  name: string;
  dtype: string;
  shape: number[];
  /** Where its first byte and the one after its last are, after the header. */
  ends: [number, number];
}

/**
 * Opens the tensor of two dimensions of a .safetensors file, or the one of them that is named. It is
 * read in blocks.
 *
 * @throws {InputError} If the header makes no sense, no tensor or several could be meant, or data are
 * cut off.
 */
export function openSafetensors(source: ByteSource, options: FullOpenOptions): ReadFile {
  const { name } = source;
  const { tensors, offset } = readHeader(source, options.memory);
  const byName = options.vectors === undefined ? vectorsByName(source, tensors, offset) : undefined;
  if (byName !== undefined) return byName;
  const tensor = chosen(name, tensors, options.vectors);
  const dtype = Object.hasOwn(DTYPES, tensor.dtype) ? DTYPES[tensor.dtype] : undefined;
  const label = `${name}, tensor ${quote(tensor.name)}`;
  if (dtype === undefined) {
    throw new InputError(
      `${label} has dtype ${tensor.dtype.slice(0, 40)}, those that can be read are ${
        Object.keys(DTYPES).join(", ")
      }: save_file({"NAME": tensor.float()}, path)`,
    );
  }
  const [rows, columns] = tensor.shape;
  const [from, to] = tensor.ends;
  if (to - from !== rows * columns * sizeOf(dtype)) {
    throw new InputError(
      `${label} has ${to - from} bytes, its shape (${rows}, ${columns}) takes ${
        rows * columns * sizeOf(dtype)
      }`,
    );
  }
  if (offset + to > source.size) {
    throw new InputError(`${label} is cut off: it ends at byte ${offset + to} of ${source.size}`);
  }
  assertColumns(label, columns);
  const ids = idsBeside(source, tensors, offset, rows);
  const scale = tensors.find((other) => other !== tensor && /scale/i.test(other.name));
  return {
    rows: arrayRows(source, { rows, columns, dtype, offset: offset + from }),
    ids: ids?.values,
    columns: {},
    format: `safetensors, tensor ${quote(tensor.name)}`,
    dtype,
    notes: scale === undefined || !/int/.test(dtype) ? [] : [
      `${name}: ${dtype} are read as they are, tensor ${
        quote(scale.name)
      } is not applied: cosines are ` +
      "those of the vectors where each row has one scale, norms are not",
    ],
    understood: { ids: ids?.name, vectors: `vectors: ${tensor.name} (${columns})` },
  };
}

/** The integers of a tensor beside the vectors that is called as ids are. */
function idsBeside(
  source: ByteSource,
  tensors: readonly Tensor[],
  offset: number,
  rows: number,
): { name: string; values: SideColumn } | undefined {
  const found = tensors.find(({ name, shape, dtype, ends: [from, to] }) =>
    idsRank(name) >= 0 && shape.length === 1 && shape[0] === rows && /^[IU]\d/.test(dtype) &&
    to - from === rows * sizeOf(DTYPES[dtype]) && offset + to <= source.size
  );
  if (found === undefined) return undefined;
  const { name, dtype, ends: [from, to] } = found;
  const bytes = bytesAt(source, offset + from, to - from);
  return { name, values: decodeExactly(bytes, { dtype: DTYPES[dtype] }) };
}

/** A file with a tensor for each item: their names are the ids. */
function vectorsByName(
  source: ByteSource,
  tensors: readonly Tensor[],
  offset: number,
): ReadFile | undefined {
  const [first] = tensors;
  if (tensors.length < LEAST_NAMED || !/^B?F\d/.test(first.dtype)) return undefined;
  const dtype = DTYPES[first.dtype], [columns] = first.shape;
  if (dtype === undefined || !(columns > 1)) return undefined;
  const isAlike = tensors.every(({ dtype: other, shape, ends: [from, to] }) =>
    other === first.dtype && shape.length === 1 && shape[0] === columns &&
    to - from === columns * sizeOf(dtype) && offset + to <= source.size
  );
  if (!isAlike) return undefined;
  const vectors = tensors.map(({ ends }) => ({ source, offset: offset + ends[0], dtype }));
  return {
    rows: stackedRows(vectors, columns),
    ids: tensors.map(({ name }) => name),
    columns: {},
    format: "safetensors, a tensor for each item",
    dtype,
    notes: [`${source.name} has a tensor for each item: their names are taken as the ids`],
    understood: { ids: "the names of the tensors", vectors: `${columns} coordinates` },
  };
}

/** Fewer vectors than this are biases and norms of a model, not items. */
const LEAST_NAMED = 5;

/** Whether bytes start as a .safetensors file does: a length, and the brace that opens JSON. */
export function isSafetensors(bytes: Uint8Array, size: number): boolean {
  if (bytes.length < 9 || bytes[8] !== 0x7b) return false;
  const length = new DataView(bytes.buffer, bytes.byteOffset).getBigUint64(0, true);
  return length >= 2n && length <= BigInt(Math.min(LONGEST_HEADER, size - 8));
}

function readHeader(source: ByteSource, memory: number): { tensors: Tensor[]; offset: number } {
  const { name } = source;
  if (!isSafetensors(bytesAt(source, 0, Math.min(9, source.size)), source.size)) {
    throw new InputError(`${name} is no .safetensors file, or cut off: it has no header`);
  }
  const length = Number(new DataView(bytesAt(source, 0, 8).buffer).getBigUint64(0, true));
  // A header as JSON in memory is some times its text.
  assertMemory(name, "its header", length * 5, memory);
  let header: unknown;
  try {
    header = JSON.parse(new TextDecoder().decode(bytesAt(source, 8, length)));
  } catch {
    throw new InputError(`${name} has a .safetensors header that is no JSON`);
  }
  if (!isFields(header)) {
    throw new InputError(`${name} has a .safetensors header that is no record`);
  }
  const tensors = Object.entries(header)
    .filter(([key]) => key !== "__metadata__")
    .map(([key, value]) => asTensor(name, key, value));
  return { tensors, offset: 8 + length };
}

function asTensor(file: string, name: string, value: unknown): Tensor {
  const { dtype, shape, data_offsets: ends } = isFields(value)
    ? value as Record<string, unknown>
    : {} as Record<string, unknown>;
  const lengths = (list: unknown): list is number[] =>
    Array.isArray(list) && list.every((length) => Number.isSafeInteger(length) && length >= 0);
  if (typeof dtype === "string" && lengths(shape) && lengths(ends) && ends.length === 2) {
    return { name, dtype, shape, ends: [ends[0], ends[1]] };
  }
  throw new InputError(
    `${file}, tensor ${quote(name)} has no dtype, shape and data_offsets that make sense`,
  );
}

function chosen(file: string, tensors: Tensor[], wanted: string | undefined): Tensor {
  const all = tensors.filter(({ shape }) => shape.length === 2);
  const wide = all.filter(({ shape }) => shape[1] > 1);
  const flat = wanted === undefined && wide.length > 0 ? wide : all;
  const shapes = flat.map(({ name, shape }) => `${name} (${shape.join(" x ")})`);
  if (wanted !== undefined) {
    const tensor = flat.find(({ name }) => name === wanted);
    if (tensor !== undefined) return tensor;
    throw new InputError(
      `${file} has no tensor ${quote(wanted)} of two dimensions, it has ${
        listed(shapes) || "none"
      }`,
    );
  }
  if (flat.length === 1) return flat[0];
  throw new InputError(
    flat.length === 0
      ? `${file} has no tensor of two dimensions, items x coordinates`
      : `${file} has ${flat.length} tensors of two dimensions, ${
        listed(shapes)
      }: name the one to read (--vectors ${
        (flat.find(({ name }) => /item|word|emb|vec/i.test(name)) ?? flat[0]).name
      })`,
  );
}
