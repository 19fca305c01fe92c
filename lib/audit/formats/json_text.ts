import { InputError } from "../../errors.ts";
import { assertMemory, type ByteSource, textPieces } from "./bytes.ts";

/** The memory that a parsed file takes, in multiples of its bytes. */
const PARSED = 2;
/** Values within one another, where they are gone through by recursion. */
const DEEPEST = 1000;

/**
 * Reads JSON as JavaScript does.
 *
 * @throws {InputError} If it is none, or takes more than `memory` megabytes.
 */
export function parseJson(source: ByteSource, memory: number): unknown {
  const text = wholeText(source, memory);
  try {
    return JSON.parse(text);
  } catch (error) {
    throw noJson(source.name, error, text);
  }
}

/**
 * Reads JSON and keeps what it says: the order of keys that are integers, integers that a number
 * cannot hold (as bigint), NaN and Infinity as Python writes them, JSON within text.
 *
 * @param onRepeat Told of keys that an object has twice: of their values only the last is kept.
 * @returns Objects are maps where the order of their keys would be lost otherwise; several values one
 * after the other, as jq prints them, are a list.
 * @throws {InputError} If it is none, or takes more than `memory` megabytes.
 */
export function parseOrdered(
  source: ByteSource,
  memory: number,
  onRepeat: (sentence: string) => void,
): unknown {
  const text = wholeText(source, memory);
  const found = parsed(text, source.name);
  const repeated = keysWritten(text) - keysKept(found.values);
  if (repeated > 0) {
    onRepeat(
      repeated === 1
        ? "1 key stands twice in its object: the last value is taken, the other is left out"
        : `${repeated} keys stand again in their objects: the last value of each is taken, ` +
          "the others are left out",
    );
  }
  const whole = meant(text, found, source.name);
  return whole.length === 1 ? whole[0] : whole;
}

/** The values of a text, which may be several of one kind, one after the other. */
export function parseValues(text: string, name: string): unknown[] {
  return meant(text, parsed(text, name), name);
}

/** The keys and values of an object, in the order of the file. */
export function entriesOf(value: Fields): Iterable<[string, unknown]> {
  return value instanceof Map ? value.entries() : Object.entries(value);
}

/** The value of a key. */
export function fieldOf(value: Fields, key: string): unknown {
  if (value instanceof Map) return value.get(key);
  return Object.hasOwn(value, key) ? (value as Record<string, unknown>)[key] : undefined;
}

/** An object of JSON. */
export type Fields = Map<string, unknown> | Record<string, unknown>;

/** Whether a value is an object of JSON. */
export function isFields(value: unknown): value is Fields {
  return typeof value === "object" && value !== null && !Array.isArray(value) &&
    !ArrayBuffer.isView(value);
}

/** How many keys a text has: JavaScript does not say when it drops one. */
function keysWritten(text: string): number {
  let keys = 0;
  for (let at = text.indexOf('"'); at >= 0; at = text.indexOf('"', at)) {
    for (let isEscaped = true; isEscaped;) {
      at = text.indexOf('"', at + 1);
      let slashes = 0;
      while (text[at - 1 - slashes] === "\\") slashes++;
      isEscaped = slashes % 2 === 1;
    }
    at++;
    while (text[at] === " " || text[at] === "\n" || text[at] === "\t") at++;
    if (text[at] === ":") keys++;
  }
  return keys;
}

/** How many keys there are in values, however deep: without recursion, which may be deeper than a stack. */
function keysKept(values: unknown[]): number {
  let keys = 0;
  const left: object[] = [values];
  for (let value = left.pop(); value !== undefined; value = left.pop()) {
    const inner: unknown[] = Array.isArray(value) ? value : Object.values(value);
    if (inner !== value) keys += inner.length;
    for (const one of inner) if (typeof one === "object" && one !== null) left.push(one);
  }
  return keys;
}

/** A key that is an integer, or an integer of 16 digits and more outside of text. */
const NEEDS_CARE = /"(0|[1-9]\d{0,9})"\s*:|(?:[[,:\s]|^)-?\d{16,}\s*(?:[,}\]]|$)/;

/**
 * What the engine would lose or refuse: keys that are integers, long integers, what is no number in
 * JSON, commas behind the last of several, and the end of a value before the start of another; escapes
 * and quotes tell what is text.
 */
const CARE = new RegExp(
  String.raw`\\.|"(?:(0|[1-9]\d{0,9})"(?=\s*:))?|[}\]](?=\s*[[{])|,(?=\s*(?:[}\]]|$))|` +
    String.raw`NaN|-?Infinity|(?<=[[,:\s]|^)-?\d{16,}(?=\s*(?:[,}\]]|$))`,
  "g",
);

/** Stands before what is put into strings for the engine; as JSON writes it, and as it is read. */
const WRITTEN_MARK = String.raw`\u0000`, MARK = "\0";

interface Parsed {
  /** Several where they stand one after the other and are of one kind. */
  values: unknown[];
  isMarked: boolean;
}

/** Parses a text by the engine, which is quick; what it would lose or refuse is put into strings. */
function parsed(text: string, name: string): Parsed {
  if (!NEEDS_CARE.test(text)) {
    try {
      return { values: [JSON.parse(text)], isMarked: false };
    } catch {
      // It may be one of those that the engine refuses.
    }
  }
  let isText = false, ends = 0;
  const marked = text.replace(CARE, (found, key?: string) => {
    if (found === '"') isText = !isText;
    if (isText || found === '"') return found;
    if (found === ",") return "";
    if (found === "}" || found === "]") {
      ends++;
      return `${found},`;
    }
    return `"${WRITTEN_MARK}${key ?? found}"`;
  });
  try {
    const values: unknown[] = JSON.parse(`[${marked}]`);
    if (values.length > ends && values.slice(1).every((one) => areAlike(values[0], one))) {
      return { values, isMarked: true };
    }
    throw new SyntaxError("what comes after its first value is of another kind");
  } catch (error) {
    throw noJson(name, refusal(text) ?? error, text);
  }
}

/** Why the engine refuses a text as it stands. */
function refusal(text: string): unknown {
  try {
    JSON.parse(text);
    return undefined;
  } catch (error) {
    return error;
  }
}

/** Whether both are objects, lists of numbers, or lists of lists or objects. */
function areAlike(one: unknown, other: unknown): boolean {
  if (!Array.isArray(one) || !Array.isArray(other)) return isFields(one) && isFields(other);
  return one.length === 0 || other.length === 0 ||
    (typeof one[0] === "object") === (typeof other[0] === "object");
}

function wholeText(source: ByteSource, memory: number): string {
  assertMemory(
    source.name,
    "parsing it at once",
    source.size * PARSED,
    memory,
    "; JSON lines (.jsonl) are read line by line",
  );
  return [...textPieces(source)].join("");
}

function noJson(name: string, error: unknown, text = ""): InputError {
  // V8 quotes the text, line ends and all.
  const message = (error as Error).message.replaceAll(/\s+/g, " ").slice(0, 200);
  const starts = /^\s*[[{]/.test(text);
  const way = /after JSON/.test(message)
    ? "; something follows the JSON: delete what is behind it"
    : starts && !/[\]},]\s*$/.test(text.slice(-100))
    ? "; it is cut off"
    : !starts && /^[^\n]*\w[^\n]*\n\s*[[{]/.test(text.slice(0, 2000))
    ? "; delete the line before the JSON"
    : "";
  return new InputError(`${name} is no JSON: ${message}${way}`);
}

/** Values that carry their type: MongoDB's Extended JSON, those of Firestore and of DynamoDB. */
const TAGGED =
  /"(?:\$(?:number\w+|oid|binary|uuid)"|doubleValue"|L"\s*:\s*\[\s*\{\s*"N")\s*:|"Buffer"/;

const BLANKS = String.raw`(?:\s|\\[nrt])*`;
/** Text that starts as objects, lists of them, or text within text do. */
const NESTED = new RegExp(
  String.raw`"${BLANKS}(?:\{${BLANKS}\\+"|\[${BLANKS}[[{]|\\+"${BLANKS}[[{\\])`,
);

/** What values mean: without marks and the tags of their types, and with the JSON that text holds. */
function meant(text: string, { values, isMarked }: Parsed, name: string): unknown[] {
  const isTagged = TAGGED.test(text);
  const isNested = NESTED.test(text);
  if (!isMarked && !isTagged && !isNested) return values;
  const plain = (value: unknown, depth: number): unknown => {
    if (typeof value === "string") {
      if (value.startsWith(MARK)) return unmarked(value.slice(MARK.length));
      return isNested ? nested(value, name) : value;
    }
    if (typeof value !== "object" || value === null) return value;
    if (depth > DEEPEST) {
      throw noJson(name, new SyntaxError(`it has more than ${DEEPEST} levels`));
    }
    if (Array.isArray(value)) {
      value.forEach((entry, i) => {
        if (typeof entry !== "number") value[i] = plain(entry, depth + 1);
      });
      return value;
    }
    const fields = new Map<string, unknown>();
    for (const [key, inner] of Object.entries(value)) {
      fields.set(key.startsWith(MARK) ? key.slice(MARK.length) : key, plain(inner, depth + 1));
    }
    if (!isTagged || fields.size > 2) return fields;
    if (fields.get("type") === "Buffer") return float32Of(fields.get("data")) ?? fields;
    const [[tag, inner] = [""]] = fields;
    return fields.size === 1 ? TAGS.get(tag)?.(inner) ?? fields : fields;
  };
  return values.map((value) => plain(value, 0));
}

function unmarked(text: string): unknown {
  const value = Number(text);
  if (Number.isNaN(value)) return text === "NaN" ? NaN : text;
  return Number.isInteger(value) && !Number.isSafeInteger(value) ? BigInt(text) : value;
}

/** What a text holds where that is JSON in its turn: an object, a list of them, or one of vectors. */
function nested(text: string, name: string): unknown {
  if (!/^\s*(?:\{\s*"|\[\s*[[{]|"\s*[[{"\\])/.test(text)) return text;
  try {
    const values = parseValues(text, name);
    return values.length === 1 ? values[0] : values;
  } catch (error) {
    if (error instanceof InputError) return text;
    throw error;
  }
}

const asNumber = (value: unknown) => typeof value === "string" ? Number(value) : undefined;
const asInteger = (value: unknown) =>
  typeof value === "string" && /^-?\d+$/.test(value) ? unmarked(value) : undefined;
const asText = (value: unknown) => typeof value === "string" ? value : undefined;
const asList = (value: unknown) => Array.isArray(value) ? value : undefined;
const asFields = (value: unknown) => isFields(value) ? value : undefined;
const asIs = (value: unknown) => value;

/** The value inside a tag, by its only key; undefined where that key is not a tag. */
const TAGS = new Map<string, (value: unknown) => unknown>(Object.entries({
  $numberDouble: asNumber,
  $numberDecimal: asNumber,
  $numberInt: asInteger,
  $numberLong: asInteger,
  $oid: asText,
  $uuid: asText,
  $binary: binaryVector,
  doubleValue: asIs,
  integerValue: asInteger,
  stringValue: asText,
  booleanValue: asIs,
  arrayValue: (value) => isFields(value) ? asList(fieldOf(value, "values") ?? []) : undefined,
  mapValue: (value) => isFields(value) ? asFields(fieldOf(value, "fields")) : undefined,
  S: asText,
  N: (value) => asInteger(value) ?? asNumber(value),
  L: asList,
  M: asFields,
}));

/** A vector of float32 or int8 as MongoDB packs it: its type and padding stand before it. */
function binaryVector(value: unknown): unknown {
  if (!isFields(value) || fieldOf(value, "subType") !== "09") return undefined;
  const text = fieldOf(value, "base64");
  if (typeof text !== "string") return undefined;
  const bytes = Uint8Array.from(atob(text), (letter) => letter.charCodeAt(0));
  if (bytes[0] === 0x27 && bytes.length % 4 === 2) {
    return Array.from(new Float32Array(bytes.buffer.slice(2)));
  }
  return bytes[0] === 0x03 ? Array.from(new Int8Array(bytes.buffer.slice(2))) : undefined;
}

/** The float32 numbers in the bytes of a Buffer of Node, as JSON.stringify writes it. */
function float32Of(bytes: unknown): number[] | undefined {
  if (!Array.isArray(bytes) || bytes.length === 0 || bytes.length % 4 > 0) return undefined;
  const numbers = Array.from(new Float32Array(Uint8Array.from(bytes).buffer));
  return numbers.every((value) => Math.abs(value) < 1e6) ? numbers : undefined;
}

/** Rows that JSON holds in another shape than as a list of records, and what was taken for granted. */
interface Untransposed {
  root: unknown;
  note?: string;
}

/**
 * pandas, ClickHouse and their like write frames by columns, or names and cells apart: they are made
 * records.
 */
export function untransposed(root: unknown): Untransposed {
  if (Array.isArray(root)) return { root: asRecords(root) ?? root };
  if (!isFields(root)) return { root };
  const columns = fieldOf(root, "columns") ?? fieldOf(root, "meta");
  const data = fieldOf(root, "data") ?? fieldOf(root, "rows");
  // polars writes the values of a column beside its name.
  const series = Array.isArray(columns) ? columns.map(seriesValues) : [];
  if (
    series.length > 1 &&
    series.every((values) => values?.length === series[0]?.length && values !== undefined)
  ) {
    const names = (columns as Fields[]).map((column) => String(fieldOf(column, "name")));
    return {
      root: series[0]!.map((_, r) =>
        new Map(names.map((name, c) => [name, seriesValues(series[c]![r]) ?? series[c]![r]]))
      ),
    };
  }
  if (Array.isArray(columns) && Array.isArray(data) && data.every(Array.isArray)) {
    const names = columns.map((column) =>
      isFields(column) ? String(fieldOf(column, "name")) : String(column)
    );
    if (data.every((row) => row.length === names.length)) {
      const index = fieldOf(root, "index");
      return {
        root: data.map((row, r) =>
          new Map<string, unknown>([
            ...Array.isArray(index) ? [["index", index[r]] as [string, unknown]] : [],
            ...names.map((name, c) => [name, row[c]] as [string, unknown]),
          ])
        ),
      };
    }
  }
  return byColumns(root) ?? { root };
}

/** A vector as text. */
const PRINTED = /^\s*\[[-+\d.,e\s]+\]\s*$/i;

/** Lists of cells, among them a vector or a word, as records; undefined for other lists. */
export function asRecords(list: readonly unknown[]): Fields[] | undefined {
  const [first] = list;
  if (!Array.isArray(first)) return undefined;
  const { length } = first;
  const isNumber = (cell: unknown) => typeof cell === "number";
  const vectors = first.filter((cell) =>
    Array.isArray(cell) ? cell.every(isNumber) : typeof cell === "string" && PRINTED.test(cell)
  );
  const isFlat = first.length > 2 && typeof first[0] === "string" && first.slice(1).every(isNumber);
  const others = first.filter((cell) =>
    !vectors.includes(cell) && !Array.isArray(cell) && !isFields(cell)
  );
  // Different integers beside vectors alone are what these are called.
  const areNumbers = length === 2 && list.length > 2 &&
    list.every((row) => Array.isArray(row) && Number.isSafeInteger(row[0])) &&
    new Set(list.map((row) => (row as unknown[])[0])).size === list.length;
  const isId = (cell: unknown) => typeof cell === "string" || areNumbers;
  const isRecord = isFlat || first.length > 1 && vectors.length > 0 && others.length > 0;
  if (!isRecord || !list.every((row) => Array.isArray(row) && row.length === length)) {
    return undefined;
  }
  return (list as unknown[][]).map((row) =>
    new Map(row.map((cell, c) => [c === 0 && isId(cell) ? "id" : `c${c}`, cell]))
  );
}

/** The values of a series of polars. */
function seriesValues(value: unknown): unknown[] | undefined {
  const values = isFields(value) ? fieldOf(value, "values") : undefined;
  return Array.isArray(values) ? values : undefined;
}

function byColumns(root: Fields): Untransposed | undefined {
  const columns = [...entriesOf(root)];
  if (columns.length < 2) return undefined;
  if (columns.every(([, column]) => Array.isArray(column))) {
    const records = listsByColumn(columns as [string, unknown[]][]);
    return records && { root: records };
  }
  if (!columns.every(([, column]) => isFields(column))) return undefined;
  const maps = columns as [string, Fields][];
  const keys = Array.from(entriesOf(maps[0][1]), ([key]) => key);
  if (keys.length < 2) return undefined;
  const isFrame = maps.every(([, column]) => {
    const own = [...entriesOf(column)];
    return own.length === keys.length && own.every(([key], i) => key === keys[i]);
  });
  if (!isFrame) return undefined;
  const kinds = maps.map(([, column]) => kindOfCells(column));
  const outer = maps.map(([key]) => key);
  const isNumeric = kinds.every((kind) => kind === "number");
  const { areColumns, certain } = isNumeric
    ? columnsFirst(outer, keys)
    : { areColumns: kinds.every((kind) => kind !== "mixed"), certain: true };
  // Of frames that hold one kind of cells, records under their ids are no columns.
  if (!areColumns || !isNumeric && new Set(kinds).size === 1 && !isCounted(keys)) {
    return certain ? undefined : { root, note: guess(outer.length, keys.length) };
  }
  // Row numbers are no ids.
  const areNumbers = keys.every((key, i) => key === String(i));
  return {
    root: keys.map((key) =>
      new Map<string, unknown>([
        ...(areNumbers ? [] : [["key", key] as [string, unknown]]),
        ...maps.map(([name, column]) => [name, fieldOf(column, key)] as [string, unknown]),
      ])
    ),
    note: certain ? undefined : guess(keys.length, outer.length),
  };
}

const guess = (rows: number, columns: number) =>
  `its keys do not tell rows from columns: it is taken as ${rows} rows of ${columns}; ` +
  'df.to_json(path, orient="records") leaves no doubt';

/** Lists, as DataFrame.to_dict("list") has them: some are text, or all are called like coordinates. */
function listsByColumn(lists: [string, unknown[]][]): Fields[] | undefined {
  const length = lists[0][1].length;
  if (length < 2 || lists.some(([, list]) => list.length !== length)) return undefined;
  const plain = lists.filter(([, list]) => list.every((cell) => typeof cell === "number")).length;
  const texts = lists.filter(([, list]) => typeof list[0] === "string").length;
  const names = lists.map(([name]) => name);
  if (plain < 2 || texts === 0 && !areCoordinates(names)) return undefined;
  return Array.from(
    { length },
    (_, r) => new Map(lists.map(([name, list]) => [name, list[r]])),
  );
}

function kindOfCells(fields: Fields): string {
  const kinds = new Set<string>();
  for (const [, value] of entriesOf(fields)) {
    if (value !== null) kinds.add(Array.isArray(value) ? "list" : typeof value);
  }
  return kinds.size > 1 ? "mixed" : [...kinds][0] ?? "number";
}

/** Whether keys are one word and a number that counts, or numbers alone. */
function isCounted(keys: readonly string[]): boolean {
  const [, stem, start] = /^(.*?)(\d+)$/.exec(keys[0]) ?? [];
  const first = Number(start);
  return stem !== undefined && first <= 1 && keys.every((key, i) => key === `${stem}${first + i}`);
}

/** Whether keys are counted, and called as coordinates are: items may be counted as well. */
function areCoordinates(keys: readonly string[]): boolean {
  return isCounted(keys) && COORDINATE.test(keys[0]);
}

const COORDINATE =
  /^(d|dims?|dimension|x|f|v|e|z|c|emb|embedding|vec|vector|feat|feature|col|column|pc|component|factor|latent)[_ .-]?\d/i;

/** Of a frame of numbers, whether the outer keys are those of columns, as pandas writes them. */
function columnsFirst(
  outer: readonly string[],
  inner: readonly string[],
): { areColumns: boolean; certain: boolean } {
  const rank = (keys: readonly string[]) =>
    areCoordinates(keys) ? 2 : isCounted(keys) && /^\d/.test(keys[0]) ? 1 : 0;
  const [first, second] = [rank(outer), rank(inner)];
  if (first !== second && Math.max(first, second) === 2) {
    return { areColumns: first > second, certain: true };
  }
  // Row numbers are counted as well: rows are more than coordinates, mostly.
  if (first === 1 && second === 0) return { areColumns: true, certain: true };
  return {
    areColumns: first + second > 0 && inner.length > outer.length,
    certain: first + second === 0,
  };
}
