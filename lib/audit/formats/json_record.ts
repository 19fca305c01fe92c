import { InputError } from "../../io/program.ts";
import type { FullOpenOptions } from "./embedding_file.ts";
import { quote } from "./parse_number.ts";
import { idsRank, VECTOR_NAMES } from "./side_names.ts";

/** A vector with what stands beside it. */
export interface JsonRecord {
  vector: ArrayLike<number>;
  fields: Record<string, unknown>;
}

type Fields = Record<string, unknown>;

/** Whether a value is an object with fields. */
export function isFields(value: unknown): value is Fields {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

/**
 * Finds the vector of a record: in the field that is asked for, in one of a usual name, or in the
 * only one that is a list of numbers. Text is taken for float32 in base64, as OpenAI sends it where
 * it is asked for.
 *
 * @param where How to name the record in an error.
 */
export function jsonRecord(
  value: unknown,
  { vectors }: FullOpenOptions,
  where: string,
): JsonRecord {
  if (Array.isArray(value)) return { vector: numbers(value, where), fields: {} };
  if (!isFields(value)) {
    throw new InputError(`${where}: ${quote(value)} is neither a list of numbers nor a record`);
  }
  const fields = unwrapped(value);
  const name = vectors ?? VECTOR_NAMES.find((name) => fields[name] !== undefined) ??
    onlyList(fields, where);
  const found = fields[name];
  if (found === undefined) throw new InputError(`${where} has no field ${quote(name)}`);
  // Weaviate, Qdrant and Cohere can name vectors within the field.
  const inner = isFields(found) ? Object.values(found) : [];
  const list = inner.length === 1 ? inner[0] : found;
  const vector = typeof list === "string" ? fromBase64(list, where) : numbers(list, where);
  return { vector, fields };
}

/** The embedding within one line of the OpenAI batch interface's results. */
function unwrapped(record: Fields): Fields {
  const body = isFields(record.response) ? record.response.body : undefined;
  if (!isFields(body) || !Array.isArray(body.data)) return record;
  return { ...record, ...(isFields(body.data[0]) ? body.data[0] : {}) };
}

function onlyList(fields: Fields, where: string): string {
  const lists = Object.keys(fields).filter((name) =>
    Array.isArray(fields[name]) && (fields[name] as unknown[]).every((v) => typeof v === "number")
  );
  if (lists.length === 1) return lists[0];
  throw new InputError(
    lists.length === 0
      ? `${where} has no list of numbers`
      : `${where} has ${lists.length} lists of numbers, ${
        lists.slice(0, 12).map(quote).join(", ")
      }: ` +
        "name the one to read (vectors)",
  );
}

/** Checks that a value is a list of numbers. */
export function numbers(list: unknown, where: string): number[] {
  if (!Array.isArray(list)) throw new InputError(`${where} is not a list of numbers`);
  for (let c = 0; c < list.length; c++) {
    if (typeof list[c] === "number") continue;
    throw new InputError(`${where}, column ${c + 1}: ${quote(list[c])} is not a number`);
  }
  return list;
}

function fromBase64(text: string, where: string): Float32Array {
  let bytes: Uint8Array<ArrayBuffer>;
  try {
    bytes = Uint8Array.from(atob(text), (c) => c.charCodeAt(0));
  } catch {
    throw new InputError(`${where}: ${quote(text)} is not a list of numbers, and no base64`);
  }
  if (bytes.length === 0 || bytes.length % 4 !== 0) {
    throw new InputError(`${where}: base64 of ${bytes.length} bytes holds no float32 numbers`);
  }
  return new Float32Array(bytes.buffer);
}

/** The field that holds the ids, by its name; an "index" is only a place. Undefined without. */
export function idsField(fields: Fields): string | undefined {
  return Object.keys(fields)
    .filter((name) =>
      name !== "index" && idsRank(name) >= 0 && ["string", "number"].includes(typeof fields[name])
    )
    .sort((a, b) => idsRank(a) - idsRank(b))[0];
}
