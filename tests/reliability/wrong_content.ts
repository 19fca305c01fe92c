import { Matrix } from "ml-matrix";
import { Interactions } from "cosine-lab";
import type { ValidCall } from "./valid_calls/valid_call.ts";
import type { WrongCall } from "./wrong_call.ts";

/** A value of the right kind that is wrong, and what is wrong with it. */
type Wrong = [what: string, value: unknown];

const NUMBERS = {
  ...{ "-1": -1, "0": 0, "1.5": 1.5, "5e9": 5e9, "2^53": 2 ** 53, "1e300": 1e300, Infinity },
};
/** What is not finite, or whose square is not; and what is no count and no index. */
const ENTRIES = { NaN, Infinity, "1e200": 1e200 }, COUNTS = { "-1": -1, "0.5": 0.5, "1e9": 1e9 };
const RESULTS = { NaN, "0": 0, "1": 1 };

/** However many rounds are asked for, somebody may have the time. */
const ROUNDS = ["epochs", "maxRounds", "maxSteps", "patience", "samples", "starts", "steps"];
/** Where any text is right, or a file would be written there. */
const TEXTS = [
  "caption",
  "description",
  "formula",
  "folder",
  "label",
  "name",
  "seed",
  "subtitle",
  "svg",
  "title",
];
/** Whose entries may be any numbers that are finite: labels are names. */
const REAL = [
  "a",
  "b",
  "bias",
  "clusters",
  "d",
  "itemBias",
  "labels",
  "max",
  "mean",
  "min",
  "offset",
  "others",
  "values",
];
const UNIMPORTANT = ["onProgress", "showLicence"];

/** The calls in which one number, text, function or entry of an array is not what it should be. */
export function* wrongContent({ args, options }: ValidCall, names: string[]): Generator<WrongCall> {
  for (const [position, valid] of args.entries()) {
    if (names[position] === "this") continue;
    for (const [what, value] of wrong(names[position], valid)) {
      const changed = args.with(position, value);
      yield { what, args: options === undefined ? changed : [...changed, options] };
    }
  }
  for (const [name, valid] of Object.entries(options ?? {})) {
    for (const [what, value] of wrong(name, valid)) {
      yield { what, args: [...args, { ...options, [name]: value }] };
    }
  }
}

function* wrong(name: string, valid: unknown): Generator<Wrong> {
  const last = name.split(".").at(-1)!;
  if (typeof valid === "number") {
    for (const [what, value] of Object.entries(NUMBERS)) {
      if (what !== "5e9" || !ROUNDS.includes(name)) yield [`${name} is ${what}`, value];
    }
  } else if (typeof valid === "string") {
    if (!TEXTS.includes(last)) yield [`${name} is another word`, "another"];
    if (!TEXTS.includes(last)) yield [`${name} is an empty text`, ""];
  } else if (typeof valid === "function") {
    if (UNIMPORTANT.includes(name)) return;
    for (const [what, value] of Object.entries(RESULTS)) {
      yield [`${name} gives ${what}`, giving(value)];
    }
  } else if (valid instanceof Matrix) {
    yield* wrongMatrices(name, valid, last === "counts" ? { ...ENTRIES, ...COUNTS } : ENTRIES);
  } else if (valid instanceof Interactions) {
    yield* wrongInteractions(name, valid);
  } else if (valid instanceof Set) {
    for (const [what, value] of Object.entries({ ...ENTRIES, ...COUNTS })) {
      yield [`${name} has ${what}`, new Set([...valid, value])];
    }
  } else if (Array.isArray(valid) || ArrayBuffer.isView(valid)) {
    yield* wrongArrays(name, valid as ArrayLike<unknown>);
  } else if (isPlain(valid) && "schema" in valid) {
    // What the library itself made, whole and of this version or not at all.
    yield [`${name} is of another version`, { ...valid, schema: "another" }];
    yield [`${name} has no parts`, { schema: valid.schema }];
  } else if (isPlain(valid)) {
    for (const [key, field] of Object.entries(valid)) {
      for (const [what, value] of wrong(`${name}.${key}`, field)) {
        yield [what, { ...valid, [key]: value }];
      }
    }
  }
}

function isPlain(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null &&
    Object.getPrototypeOf(value) === Object.prototype;
}

/** A function that gives a value, and leaves it in what it was given to be filled. */
function giving(value: number): (...given: unknown[]) => number {
  return (...given) => {
    for (const each of given) if (each instanceof Float64Array) each.fill(value);
    return value;
  };
}

function* wrongMatrices(
  name: string,
  valid: Matrix,
  entries: Record<string, number>,
): Generator<[string, Matrix]> {
  const { rows, columns } = valid;
  for (const [what, value] of Object.entries(entries)) {
    // Off the diagonal, which may not count.
    yield [`${name} has ${what}`, valid.clone().set(rows - 1, 0, value)];
  }
  const row = valid.getRow(0), column = valid.getColumn(0);
  if (rows > 1) yield [`${name} lacks a row`, valid.clone().removeRow(rows - 1)];
  if (columns > 1) yield [`${name} lacks a column`, valid.clone().removeColumn(columns - 1)];
  yield [`${name} has a row more`, valid.clone().addRow(row)];
  yield [`${name} has a column more`, valid.clone().addColumn(column)];
}

function* wrongArrays(name: string, valid: ArrayLike<unknown>): Generator<Wrong> {
  const last = valid.length - 1, list = Array.from(valid);
  const like = (entries: unknown[]): ArrayLike<unknown> =>
    valid instanceof Float64Array
      ? Float64Array.from(entries as number[])
      : valid instanceof Uint32Array
      ? Uint32Array.from(entries as number[])
      : entries;
  yield [`${name} is one short`, like(list.slice(0, -1))];
  yield [`${name} is one long`, like([...list, list[last]])];
  if (last > 0) yield [`${name} is empty`, like([])];
  if (typeof list[last] === "number") {
    const real = REAL.includes(name.split(".").at(-1)!.replace("[]", ""));
    for (const [what, value] of Object.entries(real ? ENTRIES : { ...ENTRIES, ...COUNTS })) {
      const changed = like(list.with(last, value));
      // An array of integers cannot hold every number.
      if (Object.is(changed[last], value)) yield [`${name} has ${what}`, changed];
    }
  } else {
    yield [`${name} has null`, list.with(last, null)];
    for (const [what, value] of wrong(`${name}[]`, list[last])) {
      yield [what, list.with(last, value)];
    }
  }
}

/** Arrays that do not fit each other, in something that says it is an Interactions; other shapes. */
function* wrongInteractions(name: string, valid: Interactions): Generator<Wrong> {
  const like = (changed: Partial<Interactions>) =>
    Object.assign(Object.create(Interactions.prototype), valid, changed);
  const beyond = valid.columnIndices.slice().fill(valid.items);
  yield [`${name} has items beyond its columns`, like({ columnIndices: beyond })];
  yield [
    `${name} has rows beyond its items`,
    like({ rowStarts: valid.rowStarts.map((t) => 2 * t) }),
  ];
  yield [`${name} has rows in descending order`, like({ rowStarts: valid.rowStarts.toReversed() })];
  yield [`${name} has more users than rows`, like({ users: valid.users + 1 })];
  // It cannot be made of what is not finite, let alone given.
  for (const [what, m] of wrongMatrices(name, valid.toDense(), { "-1": -1, "1e200": 1e200 })) {
    yield [what, Interactions.fromDense(m)];
  }
}
