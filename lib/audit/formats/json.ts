import { InputError } from "../../io/program.ts";
import type { ByteSource } from "./byte_source.ts";
import type { FullOpenOptions, ReadFile, SideColumn } from "./embedding_file.ts";
import { isFields, jsonRecord, numbers } from "./json_record.ts";
import { assertMemory } from "./memory_limit.ts";
import { RecordStore } from "./record_store.ts";
import { VECTOR_NAMES } from "./side_names.ts";
import { textPieces } from "./text_pieces.ts";

/** What parsed JSON takes, for each byte of its text: the text as a string, and its numbers. */
const PARSED = 2;

/**
 * Parses a JSON file.
 *
 * @throws {InputError} If it is none, or too large to be parsed at once.
 */
export function parseJson(source: ByteSource, memory: number): unknown {
  assertMemory(
    source.name,
    "parsing it at once",
    source.size * PARSED,
    memory,
    "; JSON lines (.jsonl) are read line by line",
  );
  const text = [...textPieces(source)].join("");
  try {
    return JSON.parse(text);
  } catch (error) {
    const { message } = error as Error;
    // V8 quotes the text, line ends and all.
    throw new InputError(
      `${source.name} is no JSON: ${message.replaceAll(/\s+/g, " ").slice(0, 200)}`,
    );
  }
}

/** The forms of JSON, as an error names them. */
export const JSON_FORMS = '[[…], …], { "embeddings": [[…], …], "NAME": […] }, a list of records ' +
  '{ "id", "embedding" }, { "data": [{ "embedding" }, …] } as OpenAI answers, or { "WORD": […], … }';

/**
 * Opens embeddings in JSON: a list of vectors or of records, one of these in a field with a usual
 * name, as the services for embeddings and the databases of vectors answer, or a dictionary.
 *
 * @throws {InputError} If it is nothing of these, or rows differ in length; the row is named.
 */
export function openJson(source: ByteSource, options: FullOpenOptions): ReadFile {
  const json = parseJson(source, options.memory);
  const found = listWithin(json, options);
  if (Array.isArray(found)) return fromList(source.name, found, json, options);
  if (isFields(json) && isDictionary(json)) {
    const store = new RecordStore(source.name, { ...options, ids: "key" });
    for (const [key, vector] of Object.entries(json)) {
      const where = `entry ${JSON.stringify(key.slice(0, 40))}`;
      store.add({ vector: numbers(vector, `${source.name}, ${where}`), fields: { key } }, where);
    }
    return store.finish("JSON dictionary, its keys are the ids");
  }
  throw new InputError(`${source.name} must hold ${JSON_FORMS}`);
}

/** The list of vectors or records, in the place where it is. */
function listWithin(json: unknown, { vectors }: Pick<FullOpenOptions, "vectors">): unknown {
  if (Array.isArray(json)) return json;
  if (!isFields(json)) return undefined;
  const names = [
    ...(vectors === undefined ? [] : [vectors]),
    ...VECTOR_NAMES,
    "data",
    "points",
    "items",
    "records",
  ];
  for (const name of names) {
    const value = json[name];
    if (Array.isArray(value)) return typeof value[0] === "number" ? undefined : value;
    // Cohere: { embeddings: { float: [[…]] } }.
    if (isFields(value) && Array.isArray(value.float)) return value.float;
  }
  // Qdrant: { result: { points: […] } }; what is deeper is nobody's answer.
  const { result } = json;
  return isFields(result) && !isFields(result.result) ? listWithin(result, {}) : undefined;
}

function fromList(
  name: string,
  list: unknown[],
  json: unknown,
  options: FullOpenOptions,
): ReadFile {
  const store = new RecordStore(name, options);
  const ordered = inOrder(list);
  ordered.forEach((item, i) => {
    store.add(jsonRecord(item, options, `${name}, row ${i + 1}`), `row ${i + 1}`);
  });
  const file = store.finish(
    Array.isArray(ordered[0]) ? "JSON, a list of vectors" : "JSON, a list of records",
  );
  if (!isFields(json)) return file;
  const beside = (key: string | undefined) =>
    key !== undefined && Array.isArray(json[key]) && json[key] !== list
      ? plain(name, key, json[key])
      : undefined;
  for (const key of options.columns) {
    const column = beside(key);
    if (column !== undefined) file.columns[key] ??= column;
  }
  file.ids ??= beside(
    options.ids ?? ["ids", "id", "words", "keys"].find((key) => Array.isArray(json[key])),
  );
  return file;
}

/** OpenAI numbers its answers: they need not come in order. */
function inOrder(list: unknown[]): unknown[] {
  const numbered = list.every((item) =>
    isFields(item) && item.object === "embedding" && Number.isInteger(item.index)
  );
  if (!numbered) return list;
  return list.toSorted((a, b) => (a as { index: number }).index - (b as { index: number }).index);
}

function isDictionary(json: Record<string, unknown>): boolean {
  const [first] = Object.values(json);
  return Array.isArray(first) && typeof first[0] === "number";
}

function plain(file: string, key: string, values: unknown[]): SideColumn {
  const bad = values.findIndex((value) => !["string", "number", "boolean"].includes(typeof value));
  if (bad < 0) return values.map((value) => typeof value === "number" ? value : String(value));
  throw new InputError(
    `${file}, "${key}", entry ${bad + 1} is neither text nor a number`,
  );
}
