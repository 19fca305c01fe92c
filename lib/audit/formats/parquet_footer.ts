/** More than this in the description of a file is no table of embeddings. */
const MOST_ENTRIES = 2_000_000;
const DEEPEST = 20;

/** A run of rows of a Parquet file. */
export interface RowGroup {
  rows: number;
  /** Unpacked. */
  bytes: number;
}

/**
 * Reads from the end of a Parquet file how its rows are grouped, so that a group can be read at a
 * time: FileMetaData in Thrift's compact protocol, field 4 of
 * https://github.com/apache/parquet-format/blob/master/src/main/thrift/parquet.thrift.
 *
 * @throws {Error} If it makes no sense.
 */
export function rowGroups(footer: Uint8Array): RowGroup[] {
  const metadata = new Compact(footer).struct(0);
  const groups = metadata.get(4);
  if (!Array.isArray(groups)) throw new Error("its footer has no groups of rows");
  return groups.map((group) => {
    const fields = group as Map<number, unknown>;
    if (!(fields instanceof Map)) throw new Error("its footer has no groups of rows");
    const [bytes, rows] = [Number(fields.get(2)), Number(fields.get(3))];
    if (!(bytes >= 0) || !(rows >= 0)) throw new Error("its footer declares no sizes");
    return { bytes, rows };
  });
}

class Compact {
  readonly #bytes: Uint8Array;
  #at = 0;
  #left = MOST_ENTRIES;

  constructor(bytes: Uint8Array) {
    this.#bytes = bytes;
  }

  struct(depth: number): Map<number, unknown> {
    if (depth > DEEPEST) throw new Error("its footer is nested without end");
    const fields = new Map<number, unknown>();
    for (let id = 0;;) {
      const head = this.#byte();
      if (head === 0) return fields;
      const step = head >> 4;
      id = step === 0 ? Number(this.#zigzag()) : id + step;
      fields.set(id, this.#value(head & 15, depth));
    }
  }

  #value(type: number, depth: number): unknown {
    if (--this.#left < 0) throw new Error("its footer is too long");
    switch (type) {
      case 1:
      case 2:
        return type === 1;
      case 3:
        return this.#byte();
      case 4:
      case 5:
      case 6:
        return this.#zigzag();
      case 7:
        this.#skip(8);
        return 0;
      case 8:
        this.#skip(Number(this.#varint()));
        return "";
      case 9:
      case 10:
        return this.#list(depth);
      case 12:
        return this.struct(depth + 1);
      default:
        throw new Error("its footer is damaged");
    }
  }

  #list(depth: number): unknown[] {
    const head = this.#byte();
    const length = head >> 4 === 15 ? Number(this.#varint()) : head >> 4;
    if (length > this.#bytes.length - this.#at) throw new Error("its footer is cut off");
    const type = head & 15;
    // Within a list a truth value takes a byte.
    return Array.from({ length }, () => type <= 2 ? this.#byte() : this.#value(type, depth + 1));
  }

  #byte(): number {
    if (this.#at >= this.#bytes.length) throw new Error("its footer is cut off");
    return this.#bytes[this.#at++];
  }

  #skip(count: number): void {
    this.#at += count;
    if (!(this.#at <= this.#bytes.length)) throw new Error("its footer is cut off");
  }

  #varint(): bigint {
    let value = 0n;
    for (let shift = 0n; shift < 70n; shift += 7n) {
      const byte = this.#byte();
      value |= BigInt(byte & 127) << shift;
      if (byte < 128) return value;
    }
    throw new Error("its footer is damaged");
  }

  #zigzag(): bigint {
    const value = this.#varint();
    return (value >> 1n) ^ -(value & 1n);
  }
}
