import { InputError } from "../../errors.ts";
import { type ByteSource, textLines } from "./bytes.ts";
import type { FullOpenOptions } from "./embedding_file.ts";
import {
  asRecords,
  entriesOf,
  fieldOf,
  type Fields,
  isFields,
  parseOrdered,
  parseValues,
  untransposed,
} from "./json_text.ts";
import { fromBytes, parseNumber, parseVector, quote } from "./numbers.ts";
import { idsRank, VECTOR_NAMES } from "../side_values.ts";
import { listed, severalVectors, type Table } from "./table.ts";

/** How many lines tell where the vectors are. */
const SAMPLE = 300;
const LONGEST_SAMPLE = 6000;
/** How many objects of a list tell what they have in common. */
const LOOKED_AT = 300;
const DEEPEST = 16;

/** A step on the way to the vectors: into a field, or into all that a list or dictionary holds. */
type Step = { key: string } | "each";

interface Place {
  path: Step[];
  /** How many vectors there are among those that were looked at. */
  count: number;
  /** Their usual length, and how many have it. */
  width: number;
  alike: number;
  /** Whether rows are records of numbers, not lists. */
  wide: boolean;
  /** Whether its vectors are the indices or the values of sparse ones. */
  sparse?: boolean;
  /** Whether its first vectors have entries that are no integers. */
  fractions?: boolean;
}

/** A value and what it lies in. */
interface Node {
  value: unknown;
  /** Fields of the objects around it and lists beside it, the nearest first. */
  up?: Node;
  /** Its key in a dictionary, or its place in a list of several. */
  key?: string;
  index?: number;
  /** What stands beside the list or dictionary that it is of, at the same place. */
  beside?: [string, unknown][];
}

/**
 * Finds the vectors of a JSON file: the place where lists of numbers of one length repeat, however
 * deep. Fields beside them are columns; ids are fields, or the keys of a dictionary.
 *
 * @throws {InputError} If there is no such place, or several and none is named.
 */
export function jsonTable(source: ByteSource, options: FullOpenOptions): Table {
  const repeats: string[] = [];
  const { root, note } = untransposed(
    parseOrdered(source, options.memory, (sentence) => {
      if (options.strict) throw new InputError(`${source.name}: ${sentence} (--strict)`);
      repeats.push(`${source.name}: ${sentence}`);
    }),
  );
  const table = placeTable(source.name, [root], () => [{ value: root, at: 1 }], options, "JSON");
  if (note !== undefined) table.notes!.push(`${source.name}: ${note}`);
  table.notes!.push(...repeats);
  return table;
}

/** A line of JSON lines, or that there is none on it. */
interface Root {
  value: unknown;
  at: number;
  broken?: InputError;
}

/**
 * The same of JSON lines: the first lines tell where the vectors are, the others are read one by one.
 *
 * @throws {InputError} If most of the first lines are no JSON.
 */
export function jsonLinesTable(source: ByteSource, options: FullOpenOptions): Table {
  function* lines(): Generator<Root> {
    let action: Fields | undefined;
    for (const { text, line: at } of textLines(source)) {
      let values: unknown[];
      try {
        values = parseValues(text, `${source.name}, line ${at}`);
      } catch (error) {
        if (!(error instanceof InputError)) throw error;
        yield { value: undefined, at, broken: error };
        continue;
      }
      // Several records stand on a line where a program has left out a line end.
      for (const value of values) {
        // Elasticsearch writes what is to be done on a line before what it is done with.
        const found = bulkAction(value);
        if (found !== undefined) {
          action = found;
          continue;
        }
        yield {
          value: action !== undefined && isFields(value)
            ? new Map([...entriesOf(action), ...entriesOf(value)])
            : value,
          at,
        };
        action = undefined;
      }
    }
  }
  const sample: Root[] = [];
  for (const root of lines()) {
    sample.push(root);
    // Where the first records have no vectors yet, others further on may.
    if (sample.length % SAMPLE > 0) continue;
    const places: Place[] = [];
    find(sample.slice(-SAMPLE), [], places, false);
    if (places.length > 0 || sample.length >= LONGEST_SAMPLE) break;
  }
  if (sample.length === 0) throw new InputError(`${source.name} has no rows`);
  const whole = sample.filter(({ broken }) => broken === undefined).map(({ value }) => value);
  if (whole.length < 0.5 * sample.length) {
    throw sample.find(({ broken }) => broken !== undefined)!.broken;
  }
  const records = asRecords(whole);
  const roots = records === undefined ? lines : function* () {
    for (const root of lines()) {
      const [value] = asRecords([root.value]) ?? [root.value];
      yield { ...root, value };
    }
  };
  return placeTable(source.name, records ?? whole, roots, options, "JSON lines");
}

function bulkAction(value: unknown): Fields | undefined {
  if (!isFields(value)) return undefined;
  const entries = [...entriesOf(value)];
  const [[action, inner]] = entries.length === 1 ? entries : [["", undefined]];
  if (!["index", "create", "update", "delete"].includes(action) || !isFields(inner)) {
    return undefined;
  }
  const isRecord = Array.from(entriesOf(inner)).some(([, field]) =>
    Array.isArray(field) || isFields(field)
  );
  return isRecord ? undefined : inner;
}

function placeTable(
  file: string,
  sample: unknown[],
  roots: () => Iterable<Root>,
  options: FullOpenOptions,
  format: string,
): Table {
  const places: Place[] = [];
  // Numbers as text are read where there are no others: lists of ids look like them.
  for (const texts of [false, true]) {
    if (places.length === 0) find(sample.map((value) => ({ value })), [], places, texts);
  }
  if (format === "JSON" && vectorOf(sample[0]) === sample[0]) {
    throw new InputError(`${file} is one list of numbers, not a list of vectors`);
  }
  if (places.length === 0) assertNoErrors(file, sample);
  const notes: string[] = [];
  const lines = format === "JSON lines";
  const place = chosenPlace(file, places, options.vectors, notes, lines ? sample.length : 0);
  function* nodes() {
    let row = 0;
    for (const { value, at, broken } of roots()) {
      if (broken !== undefined) yield { node: { value: undefined }, at, broken };
      else {
        for (const node of inOrder(nodesAt({ value }, place.path, 0))) {
          yield { node, at: lines ? at : ++row };
        }
      }
    }
  }
  const vectorName = place.wide ? undefined : stepsName(place.path) || "vector";
  const names = namesOf(nodes, place.wide, lines, [
    ...options.columns,
    ...options.ids === undefined ? [] : [options.ids],
  ]);
  const others = names.filter((name) => name !== vectorName);
  notes.push(...severalNote(file, place, lines, nodes));
  return {
    file,
    names: vectorName === undefined ? others : [...others, vectorName],
    named: true,
    unit: lines ? "line" : "row",
    format,
    dtype: "text",
    typed: true,
    vector: vectorName,
    lists: listsOf(nodes),
    notes,
    *rows() {
      const moved = new Map<string, number>();
      const mayMove = lines && !options.strict;
      for (const { node: found, at, broken } of nodes()) {
        if (broken !== undefined) {
          yield { cells: [], at, odd: "not-json" };
          continue;
        }
        const node = mayMove && isNothing(found.value) ? elsewhere(found, place, moved) : found;
        const fields = fieldsOf(node, place.wide, lines);
        const cells: unknown[] = others.map((name) => fields.get(name));
        if (vectorName !== undefined) cells.push(vectorOf(node.value) ?? node.value);
        const failed = !place.wide && isNothing(node.value) && isFailed(node);
        yield { cells, at, odd: failed ? "failed-request" : undefined };
      }
      for (const [path, count] of moved) {
        const note =
          `${file}: the vectors of ${count} rows are read at ${quote(path)}, where they ` +
          `have none at ${quote(pathName(place.path))}`;
        if (!notes.includes(note)) notes.push(note);
      }
    },
  };
}

/** The names of fields that hold a list of words, in the record of the first vector. */
function listsOf(nodes: () => Iterable<{ node: Node }>): string[] {
  const [found] = Iterator.from(nodes()).take(1);
  let node = found?.node;
  while (node !== undefined && !isFields(node.value)) node = node.up!;
  if (node === undefined) return [];
  return Array.from(entriesOf(node.value as Fields)).flatMap(([name, value]) =>
    Array.isArray(value) && value.every((entry) => typeof entry === "string") ? [name] : []
  );
}

function isNothing(value: unknown): boolean {
  return value === null || value === undefined;
}

/** The node of a vector of the same length elsewhere in a record: fields are renamed halfway at times. */
function elsewhere(node: Node, { width }: Place, moved: Map<string, number>): Node {
  let root = node;
  while (root.up !== undefined) root = root.up;
  const places: Place[] = [];
  find([root], [], places, false);
  const [other, ...more] = places.filter((place) => !place.wide && place.width === width);
  if (other === undefined || more.length > 0) return node;
  const path = pathName(other.path);
  moved.set(path, (moved.get(path) ?? 0) + 1);
  return [...nodesAt(root, other.path, 0)][0];
}

/**
 * Says that lists hold several vectors each: of several inputs, where nothing tells them apart but
 * their place.
 *
 * @throws {InputError} If the lists are those of items, as models give a vector for each token.
 */
function severalNote(
  file: string,
  place: Place,
  lines: boolean,
  nodes: () => Iterable<{ node: Node }>,
): string[] {
  const lists = new Map<Node, number>();
  for (const { node } of nodes()) {
    const list = node.up;
    // Lists beside have something to say of each vector.
    if (node.index === undefined || list === undefined) return [];
    if (node.beside?.some(([, value]) => typeof value !== "object")) return [];
    lists.set(list, (lists.get(list) ?? 0) + 1);
    if (lists.size > LOOKED_AT) break;
  }
  const counts = [...lists.values()].filter((count) => count > 1);
  if (lists.size < 2 || counts.length <= 0.5 * lists.size) return [];
  // Few keys over many vectors each are kinds of items.
  const areKinds = [...lists.keys()].every(({ key }) => key !== undefined) &&
    lists.size < counts[0];
  if (!areKinds && !areBatches(lists) && areItems([...lists.keys()], lines)) {
    throw severalVectors(file, pathName(place.path).replace(/(.)\[\]$/, "$1"));
  }
  return [
    `${file} has lists of several vectors, ${
      counts[0]
    } in the first of them: each vector is a row, ` +
    "the mean of a list is not taken",
  ];
}

/** Whether lists without a name are answers to batches of inputs: equally many each, but in the last. */
function areBatches(lists: Map<Node, number>): boolean {
  const counts = [...lists.values()];
  return [...lists.keys()].every(({ up, index }) => up === undefined || index !== undefined) &&
    counts.slice(0, -1).every((count) => count === counts[0]) && counts.at(-1)! <= counts[0];
}

/** Whether lists are those of items: they lie in a list or a dictionary, or beside an id or a text. */
function areItems(lists: Node[], lines: boolean): boolean {
  if (lists.every(({ up, index, key }) => up === undefined || (index ?? key) !== undefined)) {
    return true;
  }
  const fields = lists.map((list) => fieldsOf(list, false, lines));
  const names = new Set(fields.flatMap((one) => [...one.keys()]));
  return [...names].some((name) => {
    const values = fields.map((one) => one.get(name));
    // A batch's names for its requests are not ids of items.
    const isName = name !== "custom_id" &&
      (idsRank(name) >= 0 || values.every((value) => typeof value === "string"));
    return isName && new Set(values).size > 0.5 * values.length;
  });
}

/** @throws {InputError} If there are errors in place of vectors. */
function assertNoErrors(file: string, sample: unknown[]): void {
  const errors = sample.map((value) => errorIn(value, 0)).filter((error) => error !== undefined);
  if (errors.length === 0) return;
  throw new InputError(
    `${file} holds no vectors, but ${
      sample.length > 1 ? `${errors.length} requests that failed, the first by` : "an error"
    }: ${quote(errors[0])}`,
  );
}

/** An API's error message. */
function errorIn(value: unknown, depth: number): string | undefined {
  if (!isFields(value) || depth > DEEPEST) return undefined;
  if (fieldOf(value, "object") === "error") return String(fieldOf(value, "message"));
  for (const [key, inner] of entriesOf(value)) {
    const [first] = Array.isArray(inner) ? inner : [inner];
    if (/^errors?$/.test(key) && !isNothing(first)) {
      return isFields(first) ? String(fieldOf(first, "message") ?? quote(first)) : String(first);
    }
    const found = errorIn(inner, depth + 1);
    if (found !== undefined) return found;
  }
  return undefined;
}

/** Looks where vectors are: all nodes of a path are looked at together. */
function find(nodes: Node[], path: Step[], places: Place[], texts: boolean): void {
  if (path.length > DEEPEST) return;
  const there = nodes.filter(({ value }) => value !== null && value !== undefined);
  const lengths = new Map<number, number>();
  let vectors = 0, fractions = false;
  const name = stepsName(path);
  for (const { value } of there) {
    const vector = vectorOf(value, name, texts);
    if (vector === undefined) continue;
    vectors++;
    fractions ||= Array.prototype.some.call(vector, (entry) => !Number.isInteger(Number(entry)));
    lengths.set(vector.length, (lengths.get(vector.length) ?? 0) + 1);
  }
  if (vectors > 0 && vectors >= 0.5 * there.filter(({ value }) => !isEmpty(value)).length) {
    const [[width, alike]] = [...lengths].sort((a, b) => b[1] - a[1] || b[0] - a[0]);
    places.push({ path, count: vectors, width, alike, wide: false, fractions });
    return;
  }
  const lists = there.filter(({ value }) => Array.isArray(value));
  if (lists.length > 0) {
    const inner = lists.flatMap((node) => elementsOf(node).slice(0, LOOKED_AT));
    if (inner.length > 0) find(inner, [...path, "each"], places, texts);
  }
  const objects = there.filter(({ value }) => isFields(value));
  if (objects.length === 0) return;
  if (isDictionary(objects)) {
    const inner = objects.flatMap((node) => elementsOf(node).slice(0, LOOKED_AT));
    find(inner, [...path, "each"], places, texts);
    return;
  }
  const numbers = new Map<string, number>();
  const keys = new Set<string>();
  for (const { value } of objects) {
    for (const [key, inner] of entriesOf(value as Fields)) {
      keys.add(key);
      if (typeof inner === "number") numbers.set(key, (numbers.get(key) ?? 0) + 1);
    }
  }
  const wide = [...numbers.values()].filter((count) => count >= 0.5 * objects.length).length;
  if (wide >= 2 && objects.length > 1) {
    const sparse = [...numbers.keys()].every((key) => SPARSE.test(key));
    const count = objects.length;
    places.push({ path, count, width: wide, alike: count, wide: true, sparse });
  }
  if (keys.size > 5000) return;
  for (const key of keys) {
    find(
      nodes.map((node) => ({ value: childOf(node.value, key), up: node })),
      [...path, { key }],
      places,
      texts,
    );
  }
}

/** What the entries of a sparse vector are called. */
const SPARSE = /^(index|indices|idx|dimension|token|value|values|weight|score)$/i;

function childOf(value: unknown, key: string): unknown {
  return isFields(value) ? shaped(fieldOf(value, key)) : undefined;
}

/** A list of cells, of which one is a vector and the first is text, as the record that it is. */
function shaped(value: unknown): unknown {
  if (!Array.isArray(value) || typeof value[0] !== "string") return value;
  return asRecords([value])?.[0] ?? value;
}

/** All nodes of a path, those among them that hold nothing. */
function* nodesAt(node: Node, path: Step[], at: number): Generator<Node> {
  if (at === path.length) {
    yield node;
    return;
  }
  const step = path[at];
  if (step === "each") {
    if (Array.isArray(node.value) || isFields(node.value)) {
      for (const element of elementsOf(node)) yield* nodesAt(element, path, at + 1);
    } else yield { ...node, value: undefined };
  } else yield* nodesAt({ value: childOf(node.value, step.key), up: node }, path, at + 1);
}

/** What a list or a dictionary holds, with what stands beside it in lists of the same length. */
function elementsOf(node: Node): Node[] {
  const { value, up } = node;
  if (Array.isArray(value)) {
    const lists = listsBeside(node, value);
    return value.map((inner, i) => ({
      value: shaped(inner),
      up: node,
      index: i,
      beside: lists.length === 0 ? undefined : lists.map(([name, list]) => [name, list[i]]),
    }));
  }
  const around = up !== undefined && isFields(up.value) ? [...entriesOf(up.value)] : [];
  const dictionaries = around.filter(([, other]) => isFields(other) && other !== value) as [
    string,
    Fields,
  ][];
  return Array.from(entriesOf(value as Fields), ([key, inner]) => ({
    value: inner,
    up: node,
    key,
    beside: dictionaries.map(([name, fields]) => [name, fieldOf(fields, key)]),
  }));
}

/** The lists of the same length in the records around a list, and at its place in lists beside it. */
function listsBeside(node: Node, value: unknown[]): [string, unknown[]][] {
  const found: [string, unknown[]][] = [];
  const add = (entries: Iterable<[string, unknown]>) => {
    for (const [name, given] of entries) {
      const other = isFields(given) ? byRow(given, value.length) : given;
      if (Array.isArray(other) && other !== value && other.length === value.length) {
        found.push([name, other]);
      }
    }
  };
  for (let current = node; current !== undefined; current = current.up!) {
    if (current.index !== undefined || current.key !== undefined) {
      add(current.beside ?? []);
      break;
    }
    if (current.up !== undefined && isFields(current.up.value)) add(entriesOf(current.up.value));
  }
  return found;
}

/** The names of rows, of a dictionary of the rows by their names or of the names by their rows. */
function byRow(fields: Fields, rows: number): unknown[] | undefined {
  const entries = [...entriesOf(fields)];
  if (entries.length !== rows || rows < 2) return undefined;
  const isNumbered = entries.every(([, value]) => typeof value === "number");
  const named = isNumbered
    ? entries.map(([key, value]): [string, unknown] => [String(value), key])
    : entries;
  const names = new Map(named);
  const list = Array.from({ length: rows }, (_, row) => names.get(String(row)));
  return list.every((name) => typeof name === "string") ? list : undefined;
}

/** OpenAI and those that answer like it number the inputs of a request. */
function inOrder(nodes: Iterable<Node>): Node[] {
  const all = [...nodes];
  if (all.length < 2 || !all.every(({ up }) => up !== undefined && numberIn(up) !== undefined)) {
    return all;
  }
  if (all.some(({ up }) => up!.up !== all[0].up!.up)) return all;
  return all.toSorted((a, b) => numberIn(a.up!)! - numberIn(b.up!)!);
}

/** The number that a record gives its input within a request. */
function numberIn({ value }: Node): number | undefined {
  if (!isFields(value) || fieldOf(value, "object") !== "embedding") return undefined;
  const index = fieldOf(value, "index");
  return Number.isInteger(index) ? index as number : undefined;
}

/** So many lists of vectors are those of items; fewer are kinds of them, as users and items. */
const LEAST_LISTS = 5;

/**
 * Whether the keys of objects are ids, not names: what they hold is alike, and different objects
 * have different keys.
 */
function isDictionary(objects: Node[]): boolean {
  const looked = objects.slice(0, LOOKED_AT);
  const all = looked.map(({ value }) => [...entriesOf(value as Fields)]);
  if (looked.length > 1) {
    const total = all.reduce((sum, entries) => sum + entries.length, 0);
    const keys = new Set(all.flatMap((entries) => entries.map(([key]) => key)));
    return keys.size > 0.5 * total && total >= 2 && all.every((entries) =>
      entries.every(([, value]) =>
        typeof value === "object" && value !== null
      )
    ) && keys.size > 1;
  }
  // One record of a list is no dictionary.
  if (looked[0].index !== undefined) return false;
  const [entries] = all;
  const values = entries.map(([, value]) => value).filter((value) => value !== null);
  if (values.length < 1) return false;
  const several = values.map((value) => {
    const [inner] = Array.isArray(value)
      ? value
      : isFields(value)
      ? Array.from(entriesOf(value), ([, one]) => one)
      : [];
    return vectorOf(inner)?.length;
  });
  if (values.length >= LEAST_LISTS && new Set(several).size === 1 && several[0] !== undefined) {
    return true;
  }
  const vectors = values.map((value) => vectorOf(value)?.length).filter((n) => n !== undefined);
  if (vectors.length > 0) {
    return vectors.length >= 0.5 * values.length && vectors.length >= 2 &&
      entries.every(([key]) => !VECTOR_NAMES.includes(key.toLowerCase()));
  }
  if (values.length < 2 || !values.every((value) => isFields(value))) return false;
  // Records: most of their keys are in all of them.
  const counts = new Map<string, number>();
  let most = 0;
  for (const value of values.slice(0, LOOKED_AT)) {
    for (const [key] of entriesOf(value as Fields)) {
      const count = (counts.get(key) ?? 0) + 1;
      counts.set(key, count);
      most = Math.max(most, count);
    }
  }
  const shared =
    [...counts.values()].filter((count) => count > 0.5 * Math.min(values.length, LOOKED_AT)).length;
  return shared > 0 && shared >= 0.3 * Math.min(counts.size, 30);
}

/** A vector in any of the ways that JSON holds one; undefined where it is none. */
function vectorOf(
  value: unknown,
  name?: string,
  texts = false,
): ArrayLike<unknown> | undefined {
  if (Array.isArray(value)) {
    if (value.length === 0) return undefined;
    let numbers = 0;
    for (const entry of value) {
      if (typeof entry === "number" || typeof entry === "bigint") numbers++;
      else if (texts && typeof entry === "string" && parseNumber(entry) !== undefined) numbers++;
      else if (entry !== null && typeof entry !== "string") return undefined;
    }
    return numbers >= 0.5 * value.length && numbers > 0 ? value : undefined;
  }
  if (typeof value === "string") {
    if (value.length < 8) return undefined;
    const vector = /^\s*[[({]/.test(value) ? parseVector(value) : "no vector";
    if (typeof vector !== "string") return vector;
    if (name && !isVectorName(name) && !/^(base64|b64)$/i.test(name)) return undefined;
    const bare = name && isVectorName(name) ? parseVector(value) : "no vector";
    return typeof bare === "string" ? fromBytes(value) : bare;
  }
  if (!isFields(value)) return undefined;
  // A vector by the number of each entry, as pandas writes a nested frame.
  let i = 0;
  const numbers: unknown[] = [];
  for (const [key, entry] of entriesOf(value)) {
    if (key !== String(i++) || typeof entry !== "number" && entry !== null) return undefined;
    numbers.push(entry);
  }
  return numbers.length > 2 ? numbers : undefined;
}

function isVectorName(name: string): boolean {
  return VECTOR_NAMES.includes(name.toLowerCase());
}

function isEmpty(value: unknown): boolean {
  return value === null || value === undefined || Array.isArray(value) && value.length === 0 ||
    isFields(value) && [...entriesOf(value)].length === 0;
}

/** The last name of a path. */
function stepsName(path: readonly Step[]): string {
  const named = path.filter((step) => step !== "each").at(-1);
  return named === undefined ? "" : named.key;
}

/** A path as it is named on a command line: "result.points[].vector.text". */
function pathName(path: readonly Step[]): string {
  let text = "";
  for (const step of path) {
    text += step === "each" ? "[]" : `${text === "" ? "" : "."}${step.key}`;
  }
  return text || "[]";
}

function chosenPlace(
  file: string,
  places: Place[],
  wanted: string | undefined,
  notes: string[],
  records: number,
): Place {
  const lists = places.filter(({ wide }) => !wide);
  if (wanted !== undefined) {
    const clean = (text: string) => text.replaceAll("[]", "").replace(/^[$.]+/, "");
    const found = places.filter(({ path }) => pathName(path) === wanted);
    const byEnd = places.filter(({ path }) =>
      `.${clean(pathName(path))}`.endsWith(`.${clean(wanted)}`)
    );
    const [place] = found.length > 0 ? found : byEnd.filter(({ wide }) => !wide);
    if (place !== undefined) return place;
    throw new InputError(
      `${file} has no vectors at ${quote(wanted)}, it has ${
        listed(lists.map(({ path }) => pathName(path))) || "none"
      }`,
    );
  }
  const dense = lists.filter((place) => place.width > 1 && !isSparse(place, places));
  const some = dense.length > 0 ? dense : lists.filter((place) => !isSparse(place, places));
  const candidates = likelyPlaces(some);
  const shown = ({ path, count, width }: Place) => `${quote(pathName(path))} (${count} x ${width})`;
  const chosen = (place: Place) => {
    const others = some.filter((other) => other !== place && other.count > 1);
    if (others.length > 0) {
      notes.push(
        `${file}: the vectors at ${shown(place)} are read, those at ${
          others.slice(0, 12).map(shown).join(", ")
        } are not (--vectors ${shortest(others[0].path)})`,
      );
    }
    return place;
  };
  if (
    candidates.length === 1 &&
    (candidates[0].count > 1 || places.length === 1 ||
      !places.some(({ wide, count }) => wide && count > 1))
  ) {
    return chosen(candidates[0]);
  }
  const most = candidates.toSorted((a, b) => b.count - a.count);
  // Lines of which each has one of the places had their field renamed.
  if (most.length > 1 && most.reduce((sum, { count }) => sum + count, 0) <= records) return most[0];
  if (candidates.length > 1) {
    const usual = candidates.filter(({ path }) =>
      isVectorName(stepsName(path)) || /^float_?$/.test(stepsName(path))
    );
    const float = usual.filter(({ path }) => /^float/.test(stepsName(path)));
    const found = float.length === 1 ? float : usual;
    if (found.length === 1) return chosen(found[0]);
    const several = found.length > 1 ? found : candidates;
    throw new InputError(
      `${file} has vectors at ${several.length} places, ${
        several.slice(0, 12).map(shown).join(", ")
      }: name the one ` +
        `to read (--vectors ${shortest(several[0].path)})`,
    );
  }
  const [wide] = places.filter((place) => place.wide).sort((a, b) => b.count - a.count);
  if (lists.length > some.length || wide?.sparse) {
    throw new InputError(
      `${file} has sparse vectors alone, the indices and values of each, which are not read: ` +
        "write all entries of each (.toarray() in SciPy)",
    );
  }
  if (wide !== undefined) return wide;
  throw new InputError(
    `${file} must hold lists of numbers of one length, however deep, and has none: [[…], …], ` +
      '[{ "id", "embedding": […] }, …], { "data": […] } or { "WORD": […], … }',
  );
}

/** What numbers of tokens are called, and which of them count. */
const TOKENS = /^(input_ids|token_ids|attention_mask|token_type_ids|special_tokens_mask)$/i;

/** A vector of so few entries is a place on a map where another has so many more. */
const FEW = 3, MANY = 8;

/**
 * The places whose vectors may be meant: those of one length, and many; with them those of the same
 * length. Numbers of tokens and places on maps stand beside embeddings, and are none.
 */
function likelyPlaces(places: Place[]): Place[] {
  places = places.filter(({ path }) => !TOKENS.test(stepsName(path)));
  const isLong = places.some(({ width }) => width >= MANY);
  const hasFractions = places.some(({ fractions }) => fractions);
  const likely = places.filter(({ alike, count, width, fractions }) =>
    alike > 0.5 * count && !(isLong && width <= FEW) && (fractions || !hasFractions)
  );
  const most = Math.max(0, ...likely.map(({ count }) => count));
  const many = likely.filter(({ count }) => count >= 0.5 * most);
  const widths = new Set(many.map(({ width }) => width));
  const alike = likely.filter((place) =>
    many.includes(place) || place.count > 1 && widths.has(place.width)
  );
  return alike.length > 0 ? alike : places;
}

/** Whether numbers are the indices or the values of a sparse vector, which stand beside each other. */
function isSparse({ path }: Place, places: Place[]): boolean {
  const parent = pathName(path.slice(0, -1));
  const beside = places.filter((other) =>
    other.path.length === path.length && pathName(other.path.slice(0, -1)) === parent
  ).map((other) => stepsName(other.path));
  return beside.includes("indices") && beside.includes("values");
}

function shortest(path: Step[]): string {
  return stepsName(path) || pathName(path);
}

/** The names of the fields that records have, of a sample; what is the same in all of them says nothing. */
function namesOf(
  nodes: () => Iterable<{ node: Node }>,
  wide: boolean,
  lines: boolean,
  asked: readonly string[],
): string[] {
  const names = new Map<string, unknown>();
  const various = new Set<string>();
  let seen = 0;
  for (const { node } of nodes()) {
    for (const [name, value] of fieldsOf(node, wide, lines)) {
      if (!names.has(name)) {
        names.set(name, value);
        if (seen > 0) various.add(name);
      } else if (names.get(name) !== value) various.add(name);
    }
    if (++seen === SAMPLE) break;
  }
  const isAsked = (name: string) => asked.some((one) => name === one || name.endsWith(`.${one}`));
  return [...names.keys()].filter((name) =>
    seen < 2 || wide || various.has(name) || isAsked(name) || idsRank(name) >= 0
  );
}

/**
 * What there is to know of a node: the fields of its record, what stands beside lists and
 * dictionaries that it is of, and the fields of records around it. Those around all records are left.
 */
function fieldsOf(node: Node, wide: boolean, lines: boolean): Map<string, unknown> {
  const fields = new Map<string, unknown>();
  let tag = "";
  const add = (name: string, value: unknown, depth = 0) => {
    if (isFields(value)) {
      if (depth >= 4 || vectorOf(value) !== undefined) return;
      for (const [key, inner] of entriesOf(value)) add(`${name}.${key}`, inner, depth + 1);
    } else if (fields.has(name) || value === undefined) return;
    else if (value === null) {
      if (wide) fields.set(name, null);
    } else if (typeof value !== "object") {
      fields.set(name, tag !== "" && idsRank(name) >= 0 ? `${value}${tag}` : value);
    }
  };
  const addRecord = (record: Fields, inside: unknown) => {
    // The number of an input within its request is no id.
    const isNumbered = fieldOf(record, "object") === "embedding";
    for (const [name, value] of entriesOf(record)) {
      if (value === inside || isNumbered && name === "index") continue;
      if (tag !== "" && isFields(value)) continue;
      // Vespa's documents are called by what puts them.
      add(name === "put" && isFields(fieldOf(record, "fields")) ? "id" : name, value);
    }
  };
  if (wide && isFields(node.value)) addRecord(node.value, undefined);
  for (let current: Node = node; current !== undefined;) {
    const { up, key, index, beside } = current;
    for (const [name, value] of beside ?? []) add(name, value);
    // A record with an id of its own needs no key.
    if (key !== undefined && ![...fields.keys()].some(isOwnId)) {
      add("key", key);
    }
    if (up === undefined) break;
    if (index !== undefined || key !== undefined) {
      const several = index !== undefined && (up.value as unknown[]).length > 1;
      if (several || key !== undefined) tag = `:${numberIn(current) ?? index ?? key}${tag}`;
    } else if (isFields(up.value) && isOfMany(up, lines)) addRecord(up.value, current.value);
    current = up;
  }
  return fields;
}

/** Whether a name is that of a record's own id, and not of another thing's. */
function isOwnId(name: string): boolean {
  return /^(custom_id|_?ids?)$/i.test(name);
}

/** Whether a node is one of several, or all that there is. */
function isOfMany(node: Node, lines: boolean): boolean {
  if (lines) return true;
  for (let one: Node | undefined = node; one !== undefined; one = one.up) {
    if (one.index !== undefined || one.key !== undefined) return true;
  }
  return false;
}

/** Whether a request failed: something around it has an error. */
function isFailed(node: Node): boolean {
  for (let up = node.up; up !== undefined; up = up.up) {
    if (!isFields(up.value)) continue;
    const error = fieldOf(up.value, "error");
    const status = fieldOf(up.value, "status_code");
    if (error !== null && error !== undefined) return true;
    if (typeof status === "number" && status >= 400) return true;
  }
  return false;
}
