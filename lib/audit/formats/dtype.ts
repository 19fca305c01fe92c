/** How a file stores a number. */
export type Dtype =
  | "float16"
  | "bfloat16"
  | "float32"
  | "float64"
  | "int8"
  | "int16"
  | "int32"
  | "int64"
  | "uint8"
  | "uint16"
  | "uint32"
  | "uint64";

/** A typed array that views bytes in this computer's order, which is little-endian. */
type View = new (buffer: ArrayBuffer, offset: number, length: number) => ArrayLike<number | bigint>;

const VIEWS: Record<Exclude<Dtype, "bfloat16">, View> = {
  float16: Float16Array,
  float32: Float32Array,
  float64: Float64Array,
  int8: Int8Array,
  int16: Int16Array,
  int32: Int32Array,
  int64: BigInt64Array,
  uint8: Uint8Array,
  uint16: Uint16Array,
  uint32: Uint32Array,
  uint64: BigUint64Array,
};

/** The bytes of a number. */
export function sizeOf(dtype: Dtype): number {
  return Number(/\d+/.exec(dtype)![0]) / 8;
}

/** Whether a Float32Array holds all numbers of a kind exactly. */
export function fitsFloat32(dtype: Dtype): boolean {
  return /^(b?float16|float32|u?int(8|16))$/.test(dtype);
}

/**
 * Decodes all numbers in `bytes` into every `stride`-th place of `into` from `first` on. Overwrites
 * `bytes` where their order is not this computer's.
 */
export function decode(
  bytes: Uint8Array<ArrayBuffer>,
  { dtype, bigEndian = false }: { dtype: Dtype; bigEndian?: boolean },
  into: Float32Array | Float64Array,
  first = 0,
  stride = 1,
): void {
  const size = sizeOf(dtype);
  if (bigEndian) {
    for (let at = 0; at < bytes.length; at += size) bytes.subarray(at, at + size).reverse();
  }
  const length = bytes.length / size;
  if (dtype === "bfloat16") return decodeBrain(bytes, into, first, stride);
  const numbers = new VIEWS[dtype](bytes.buffer, bytes.byteOffset, length);
  if (stride === 1 && !dtype.endsWith("int64")) into.set(numbers as ArrayLike<number>, first);
  else for (let i = 0; i < length; i++) into[first + i * stride] = Number(numbers[i]);
}

/** A bfloat16 is the upper half of a float32. */
function decodeBrain(
  bytes: Uint8Array<ArrayBuffer>,
  into: Float32Array | Float64Array,
  first: number,
  stride: number,
): void {
  const halves = new Uint16Array(bytes.buffer, bytes.byteOffset, bytes.length / 2);
  const bits = new Uint32Array(1);
  const float = new Float32Array(bits.buffer);
  for (let i = 0; i < halves.length; i++) {
    bits[0] = halves[i] << 16;
    into[first + i * stride] = float[0];
  }
}

/** Decodes numbers as they are: integers beyond 2^53, which are ids, as text. */
export function decodeExactly(
  bytes: Uint8Array<ArrayBuffer>,
  { dtype, bigEndian = false }: { dtype: Dtype; bigEndian?: boolean },
): (number | string)[] {
  if (!dtype.endsWith("int64")) {
    const values = new Float64Array(bytes.length / sizeOf(dtype));
    decode(bytes, { dtype, bigEndian }, values);
    return Array.from(values);
  }
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
  return Array.from({ length: bytes.length / 8 }, (_, i) => {
    const value = dtype === "int64"
      ? view.getBigInt64(8 * i, !bigEndian)
      : view.getBigUint64(8 * i, !bigEndian);
    return Number.isSafeInteger(Number(value)) ? Number(value) : String(value);
  });
}
