/**
 * How the library checks what it is given: once, in the public function. Every function here takes the
 * action that fails, so that the error starts with "Cannot {action}: ", and the name of the value as
 * the caller knows it.
 *
 * @module
 */
import { Matrix } from "ml-matrix";
import { InputRangeError, InputTypeError } from "./errors.ts";

/**
 * A value as an error names it: a string in quotes, so that "1" does not look like the number,
 * and an object by its class.
 */
export function describe(value: unknown): string {
  if (typeof value === "string") return JSON.stringify(value);
  if (typeof value === "function") return "a function";
  if (typeof value !== "object" || value === null) return String(value);
  const kind = value.constructor?.name || "Object";
  return `${/^[AEIOU]/.test(kind) ? "an" : "a"} ${kind}`;
}

/** How one option is checked, and what it is where it is not given. */
export interface OptionCheck<T> {
  /** Throws unless a value is allowed. */
  readonly check: (action: string, name: string, value: unknown) => void;
  /** The value of an option that is not given; undefined where there is none. */
  readonly fallback: T;
}

/** The values that a table of checks lets through. */
export type Checked<Table> = {
  [Name in keyof Table]: Table[Name] extends OptionCheck<infer T> ? T : never;
};

/** An integer between `min` and `max`; an option without a fallback has to be given. */
export const integer = (
  min: number,
  max = Infinity,
  fallback?: number,
): OptionCheck<number> => ({
  check: (action, name, value) =>
    assertInteger(action, name, value, min, Math.min(max, Number.MAX_SAFE_INTEGER)),
  fallback: fallback as number,
});

/** A finite number between `min` and `max`, or above `min.above`. */
export const number = (
  min: LowerBound = -Infinity,
  max = Infinity,
  fallback?: number,
): OptionCheck<number> => ({
  check: (action, name, value) => assertNumber(action, name, value, min, max),
  fallback: fallback as number,
});

/** A string. */
export const text = (fallback?: string): OptionCheck<string> => ({
  check: assertString,
  fallback: fallback as string,
});

/** `true` or `false`. */
export const flag = (fallback: boolean): OptionCheck<boolean> => ({
  check: assertBoolean,
  fallback,
});

/** One of some words. */
export const oneOf = <const Word extends string>(
  words: readonly Word[],
  fallback?: Word,
): OptionCheck<Word> => ({
  check: (action, name, value) => assertOneOf(action, name, value, words),
  fallback: fallback as Word,
});

/** A function that is called with (done, total) while the work goes on; optional. */
export const callback: OptionCheck<((done: number, total: number) => void) | undefined> = {
  check: (action, name, value) => {
    if (value !== undefined) assertFunction(action, name, value);
  },
  fallback: undefined,
};

/** Any value, which the function itself checks. */
export const anything = <T>(fallback?: T): OptionCheck<T> => ({
  check: () => {},
  fallback: fallback as T,
});

/** The same check for an option that may be left out without a value in its place. */
export const optional = <T>({ check }: OptionCheck<T>): OptionCheck<T | undefined> => ({
  check: (action, name, value) => {
    if (value !== undefined) check(action, name, value);
  },
  fallback: undefined,
});

/**
 * Checks the options of a function by a table that has a line for each, and fills in their defaults. A
 * misspelled option would otherwise be the default in silence.
 *
 * @param action What cannot be done otherwise; the message starts with "Cannot {action}".
 * @param given The options as they were given.
 * @param table The check of each option that there is. They run in this order.
 * @returns The value of each option.
 * @throws {TypeError} If `given` is not an object, an option is unknown or of the wrong kind.
 * @throws {RangeError} If an option is out of bounds.
 *
 * @example
 * ```ts
 * import { checkedOptions, integer, text } from "./check.ts";
 * import assert from "node:assert/strict";
 *
 * const table = { rank: integer(1, 12, 5), seed: text("start") };
 * assert.deepEqual(checkedOptions("train", { rank: 3 }, table), { rank: 3, seed: "start" });
 * assert.throws(
 *   () => checkedOptions("train", { ranc: 3 }, table),
 *   /TypeError: Cannot train: there is no option "ranc", there are rank and seed/,
 * );
 * assert.throws(
 *   () => checkedOptions("train", { rank: 0 }, table),
 *   /RangeError: Cannot train: rank must be an integer between 1 and 12, current value is 0/,
 * );
 * ```
 */
export function checkedOptions<Table extends Record<string, OptionCheck<unknown>>>(
  action: string,
  given: object,
  table: Table,
): Checked<Table> {
  assertKnown(action, given, Object.keys(table));
  const values = Object.entries(table).map(([name, { check, fallback }]) => {
    const { [name]: value = fallback } = given as Record<string, unknown>;
    check(action, name, value);
    return [name, value];
  });
  return Object.fromEntries(values);
}

/**
 * Throws unless `given` is an object that has none but the options that there are; what is called
 * `onProgress` is a function everywhere.
 */
export function assertKnown(action: string, given: object, known: readonly string[]): void {
  assertObject(action, "options", given);
  const other = Object.keys(given).find((name) => !known.includes(name));
  if (other === undefined) {
    const { onProgress } = given as { onProgress?: unknown };
    if (onProgress !== undefined) assertFunction(action, "onProgress", onProgress);
    return;
  }
  const all = known.length > 1
    ? `there are ${known.slice(0, -1).join(", ")} and ${known.at(-1)}`
    : `there is ${known}`;
  throw new InputTypeError(`Cannot ${action}: there is no option "${other}", ${all}`);
}

/**
 * Throws a TypeError unless `value` is an object with properties, like the options of a
 * function.
 */
export function assertObject(
  action: string,
  name: string,
  value: unknown,
): asserts value is object {
  if (typeof value !== "object" || value === null || Array.isArray(value)) {
    throw new InputTypeError(
      `Cannot ${action}: ${name} must be an object, current value is ${describe(value)}`,
    );
  }
}

/**
 * Throws a TypeError unless `value` is true or false: any other value would count as one of
 * them, `"false"` as true.
 */
export function assertBoolean(
  action: string,
  name: string,
  value: unknown,
): asserts value is boolean {
  if (typeof value === "boolean") return;
  throw new InputTypeError(
    `Cannot ${action}: ${name} must be true or false, current value is ${describe(value)}`,
  );
}

/**
 * Throws a TypeError unless `value` is a string. A seed has to be one: from `undefined`,
 * seedrandom would draw a seed of its own, and every run would differ.
 */
export function assertString(
  action: string,
  name: string,
  value: unknown,
): asserts value is string {
  if (typeof value !== "string") {
    throw new InputTypeError(
      `Cannot ${action}: ${name} must be a string, current value is ${describe(value)}`,
    );
  }
}

/** Throws a RangeError unless `value` is one of the words that are allowed. */
export function assertOneOf(
  action: string,
  name: string,
  value: unknown,
  allowed: readonly string[],
): void {
  if (allowed.includes(value as string)) return;
  const words = allowed.map((word) => `"${word}"`).join(" or ");
  throw new InputRangeError(
    `Cannot ${action}: ${name} must be ${words}, current value is ${describe(value)}`,
  );
}

/** Throws a TypeError unless `value` is a function. */
export function assertFunction(
  action: string,
  name: string,
  value: unknown,
  // deno-lint-ignore ban-types -- of any arguments
): asserts value is Function {
  if (typeof value === "function") return;
  throw new InputTypeError(
    `Cannot ${action}: ${name} must be a function, current value is ${describe(value)}`,
  );
}

/** A lower bound: the smallest value that is allowed, or the one that a value must be above. */
export type LowerBound = number | { above: number };

/**
 * Throws unless `value` is a finite number within bounds: a TypeError for another kind, a
 * RangeError out of bounds.
 */
export function assertNumber(
  action: string,
  name: string,
  value: unknown,
  min: LowerBound = -Infinity,
  max = Infinity,
): asserts value is number {
  const message = `Cannot ${action}: ${name} must be a finite number${bounds(min, max)}, ` +
    "current value is";
  if (typeof value !== "number") throw new InputTypeError(`${message} ${describe(value)}`);
  const low = typeof min === "number" ? value < min : value <= min.above;
  if (!Number.isFinite(value) || low || value > max) {
    throw new InputRangeError(`${message} ${value}`);
  }
}

function bounds(min: LowerBound, max: number): string {
  if (typeof min !== "number") {
    return ` above ${min.above}${max === Infinity ? "" : ` and at most ${max}`}`;
  }
  if (max !== Infinity) return ` between ${min} and ${max}`;
  return min === -Infinity ? "" : ` of at least ${min}`;
}

/**
 * Throws unless `value` is an integer within bounds. Integers above 2⁵³ − 1 are not exact and
 * are rejected.
 */
export function assertInteger(
  action: string,
  name: string,
  value: unknown,
  min: number,
  max: number = Number.MAX_SAFE_INTEGER,
): asserts value is number {
  const tooLarge = typeof value === "number" && value > Number.MAX_SAFE_INTEGER;
  const bounds = max === Number.MAX_SAFE_INTEGER && !tooLarge
    ? `of at least ${min}`
    : `between ${min} and ${max}`;
  const message = `Cannot ${action}: ${name} must be an integer ${bounds}, current value is`;
  if (typeof value !== "number") throw new InputTypeError(`${message} ${describe(value)}`);
  if (!Number.isInteger(value) || value < min || value > max) {
    throw new InputRangeError(`${message} ${value}`);
  }
}

/**
 * Throws unless `values` is an array, typed or not, of finite numbers within bounds; the first
 * that is not is named.
 */
export function assertNumbers(
  action: string,
  name: string,
  values: unknown,
  min: LowerBound = -Infinity,
  max = Infinity,
): asserts values is ArrayLike<number> {
  const isArray = Array.isArray(values) || ArrayBuffer.isView(values) && "length" in values;
  if (!isArray) {
    throw new InputTypeError(
      `Cannot ${action}: ${name} must be an array of numbers, current value is ${describe(values)}`,
    );
  }
  const entries = values as ArrayLike<number>;
  for (let i = 0; i < entries.length; i++) {
    assertNumber(action, `${name}[${i}]`, entries[i], min, max);
  }
}

/**
 * The largest factor that is allowed in a product: three of them, added up however often, do not
 * overflow.
 */
export const LARGEST_FACTOR = 1e100;

/** Throws unless two matrices have as many rows and columns as each other; each is given by its name. */
export function assertEqualShapes(action: string, matrices: Record<string, Matrix>): void {
  const [[first, a], [second, b]] = Object.entries(matrices);
  if (a.rows === b.rows && a.columns === b.columns) return;
  throw new InputRangeError(
    `Cannot ${action}: ${first} and ${second} must have the same shape, ` +
      `they are ${a.rows} x ${a.columns} and ${b.rows} x ${b.columns}`,
  );
}

/**
 * Throws unless `value` is a matrix with at least one row and one column, all of it finite and
 * at most `largest` in size; the first entry that is not is named.
 */
export function assertFinite(
  action: string,
  name: string,
  value: unknown,
  largest: number = Number.MAX_VALUE,
): asserts value is Matrix {
  if (!Matrix.isMatrix(value)) {
    throw new InputTypeError(`Cannot ${action}: ${name} must be an ml-matrix Matrix`);
  }
  const { rows, columns } = value;
  if (rows === 0 || columns === 0) {
    throw new InputRangeError(
      `Cannot ${action}: ${name} must not be empty, its shape is ${rows} x ${columns}`,
    );
  }
  for (let i = 0; i < rows; i++) {
    for (let j = 0; j < columns; j++) {
      const entry = value.get(i, j);
      if (Math.abs(entry) <= largest) continue;
      if (Number.isFinite(entry)) {
        throw new InputRangeError(
          `Cannot ${action}: ${name} must be at most ${largest} in size, entry (${i}, ${j}) is ${entry}`,
        );
      }
      throw new InputRangeError(
        `Cannot ${action}: ${name} must be finite, entry (${i}, ${j}) is ${entry}`,
      );
    }
  }
}

/** The most numbers that a WebAssembly kernel can address, in double precision. */
export const LARGEST_KERNEL = 2 ** 29;

/** The largest number of entries of one result; as Float64 they take 17 GB. */
const MOST = 2 ** 31;

/**
 * Throws a RangeError if a result of this many numbers would be too large, before any memory is taken.
 * `what` names the result, with the values that determine its size.
 */
export function assertSize(
  action: string,
  what: string,
  numbers: number,
  most: number = MOST,
): void {
  if (numbers <= most) return;
  const gigabytes = (8 * numbers / 1e9).toLocaleString("en", {
    maximumSignificantDigits: 2,
    useGrouping: false,
  });
  throw new InputRangeError(
    `Cannot ${action}: ${what} would take ${gigabytes} GB, ${
      Math.round(8 * most / 1e9)
    } GB are the most`,
  );
}

/** A working generator never repeats a number this often. */
const MOST_EQUAL = 100;

/**
 * Checks the uniform random numbers of a given generator as they are drawn. A generator that is
 * stuck would otherwise be asked forever wherever draws are rejected.
 */
export function uniformNumbers(action: string, random: () => number): () => number {
  assertFunction(action, "random", random);
  let last = NaN, equal = 0;
  return () => {
    const number = random();
    if (!(number >= 0 && number < 1)) {
      throw new InputRangeError(
        `Cannot ${action}: random must give numbers from 0 to below 1, it gave ${number}`,
      );
    }
    equal = number === last ? equal + 1 : 0;
    last = number;
    if (equal < MOST_EQUAL) return number;
    throw new InputRangeError(
      `Cannot ${action}: random must give different numbers, it gave ${number} again and again`,
    );
  };
}
