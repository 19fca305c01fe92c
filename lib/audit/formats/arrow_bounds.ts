/** More tables and entries than this in the description of a file are no table of embeddings. */
const MOST_ENTRIES = 1_000_000;
const MAGIC = 6;

/**
 * Throws unless all lists in the description of Arrow data are within it.
 *
 * Flechette takes the length of a list as it is declared: a damaged one would have it fill the memory
 * with entries that are not there. What is checked is what it reads: the slots of the FlatBuffers
 * tables in https://github.com/apache/arrow/tree/main/format (Footer, Message, Schema, RecordBatch).
 *
 * @throws {Error} If a list ends beyond the data, or tables lie within one another without end.
 */
export function assertArrowBounds(bytes: Uint8Array): void {
  const whole = new Tables(bytes);
  if (String.fromCharCode(...bytes.subarray(0, MAGIC)) !== "ARROW1") {
    for (let at = 0; at + 8 <= bytes.length;) {
      const next = checkMessage(bytes, at);
      if (next === null) break;
      at = next;
    }
    return;
  }
  const end = bytes.length - MAGIC - 4;
  const footer = whole.table(end - whole.int32(end));
  checkSchema(whole, whole.slot(footer, 6));
  for (const slot of [8, 10]) {
    for (const block of whole.list(whole.slot(footer, slot), 24)) {
      checkMessage(bytes, Number(whole.view.getBigInt64(block, true)));
    }
  }
  whole.list(whole.slot(footer, 12), 4);
}

/** Returns where the next message starts; null after the last. */
function checkMessage(bytes: Uint8Array, start: number): number | null {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
  let at = start, length = view.getInt32(at, true);
  at += 4;
  if (length === -1) {
    length = view.getInt32(at, true);
    at += 4;
  }
  if (length === 0) return null;
  if (length < 0 || at + length > bytes.length) throw new Error("its description is cut off");
  const head = new Tables(bytes.subarray(at, at + length));
  const message = head.table(0);
  const kind = head.slot(message, 6), header = head.slot(message, 8), body = head.slot(message, 10);
  const type = kind === 0 ? 0 : head.view.getUint8(kind);
  if (type === 1) checkSchema(head, header);
  else if (type === 2) checkDictionary(head, header);
  else checkBatch(head, header);
  const size = body === 0 ? 0 : Number(head.view.getBigInt64(body, true));
  if (size < 0 || at + length + size > bytes.length) throw new Error("its data are cut off");
  return at + length + size;
}

function checkSchema(tables: Tables, place: number): void {
  if (place === 0) throw new Error("it has no schema");
  const schema = tables.table(place);
  checkFields(tables, tables.slot(schema, 6), 0);
  tables.list(tables.slot(schema, 8), 4);
}

function checkFields(tables: Tables, place: number, depth: number): void {
  if (depth > 50) throw new Error("its columns lie within one another without end");
  for (const entry of tables.list(place, 4)) {
    const field = tables.table(entry);
    checkFields(tables, tables.slot(field, 14), depth + 1);
    tables.list(tables.slot(field, 16), 4);
    const type = tables.slot(field, 10);
    const kind = tables.slot(field, 8);
    // A union lists the types that it may have.
    if (type > 0 && kind > 0 && tables.view.getUint8(kind) === 14) {
      tables.list(tables.slot(tables.table(type), 6), 4);
    }
  }
}

function checkDictionary(tables: Tables, place: number): void {
  if (place > 0) checkBatch(tables, tables.slot(tables.table(place), 6));
}

function checkBatch(tables: Tables, place: number): void {
  if (place === 0) return;
  const batch = tables.table(place);
  tables.list(tables.slot(batch, 6), 16);
  const buffers = tables.list(tables.slot(batch, 8), 16).length;
  for (const entry of tables.list(tables.slot(batch, 12), 8)) {
    const count = tables.view.getBigInt64(entry, true);
    if (count < 0n || count > BigInt(buffers)) {
      throw new Error("it declares buffers that it has not");
    }
  }
}

/** FlatBuffers tables; what lies beyond the bytes throws. */
class Tables {
  readonly view: DataView;
  #entries = 0;

  constructor(bytes: Uint8Array) {
    this.view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
  }

  int32(at: number): number {
    return this.view.getInt32(at, true);
  }

  /** The table to which the entry at a place leads. */
  table(place: number): number {
    return place + this.int32(place);
  }

  /** Where a field of a table is; 0 where it has none. */
  slot(table: number, slot: number): number {
    const fields = table - this.int32(table);
    if (slot >= this.view.getInt16(fields, true)) return 0;
    const offset = this.view.getInt16(fields + slot, true);
    return offset === 0 ? 0 : table + offset;
  }

  /** Where the entries of a list are. */
  list(place: number, stride: number): number[] {
    if (place === 0) return [];
    const base = place + this.int32(place);
    const length = this.int32(base);
    this.#entries += length;
    if (length < 0 || base + 4 + length * stride > this.view.byteLength) {
      throw new Error("a list in its description ends beyond it");
    }
    if (this.#entries > MOST_ENTRIES) throw new Error("its description is too long");
    return Array.from({ length }, (_, i) => base + 4 + i * stride);
  }
}
