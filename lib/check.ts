import { Matrix } from "ml-matrix";

/**
 * How a value that was given is named in an error: a string with its quotes, so that "1" does not
 * look like the number.
 *
 * @param value Any value.
 * @returns A few words.
 *
 * @example
 * ```ts
 * import { describe } from "./describe.ts";
 * import assert from "node:assert/strict";
 *
 * assert.deepEqual(["1", 1, null, []].map(describe), ['"1"', "1", "null", "an Array"]);
 * ```
 */
export function describe(value: unknown): string {
  if (typeof value === "string") return JSON.stringify(value);
  if (typeof value === "function") return "a function";
  if (typeof value !== "object" || value === null) return String(value);
  const kind = value.constructor?.name || "Object";
  return `${/^[AEIOU]/.test(kind) ? "an" : "a"} ${kind}`;
}

/**
 * Throws unless `options` is an object that has none but the options that there are: a misspelled one
 * would otherwise be the default in silence. What is called `onProgress` is a function everywhere.
 *
 * @param action What cannot be done otherwise; the message starts with "Cannot {action}".
 * @param options The options to check.
 * @param known The options that there are.
 * @throws {TypeError} If options is not an object, has another property, or an onProgress that is not a function.
 *
 * @example
 * ```ts
 * import { assertKnown } from "./assert_known.ts";
 * import assert from "node:assert/strict";
 *
 * assert.throws(
 *   () => assertKnown("train", { ranc: 3 }, ["rank", "seed"]),
 *   /TypeError: Cannot train: there is no option "ranc", there are rank and seed/,
 * );
 * ```
 */
export function assertKnown(action: string, options: object, known: readonly string[]): void {
  assertObject(action, "options", options);
  const other = Object.keys(options).find((name) => !known.includes(name));
  const { onProgress } = options as { onProgress?: unknown };
  if (other === undefined) {
    if (onProgress !== undefined) assertFunction(action, "onProgress", onProgress);
    return;
  }
  const all = known.length > 1
    ? `there are ${known.slice(0, -1).join(", ")} and ${known.at(-1)}`
    : `there is ${known}`;
  throw new TypeError(`Cannot ${action}: there is no option "${other}", ${all}`);
}

/**
 * Throws unless `value` is an object with properties, like the options of a function.
 *
 * @param action What cannot be done otherwise; the message starts with "Cannot {action}".
 * @param name The name of the value, as the caller knows it.
 * @param value The value to check.
 * @throws {TypeError} If the value is null, undefined, a primitive, an array or a function.
 *
 * @example
 * ```ts
 * import { assertObject } from "./assert_object.ts";
 * import assert from "node:assert/strict";
 *
 * assert.throws(
 *   () => assertObject("train", "options", null),
 *   /Cannot train: options must be an object, current value is null/,
 * );
 * ```
 */
export function assertObject(
  action: string,
  name: string,
  value: unknown,
): asserts value is object {
  if (typeof value !== "object" || value === null || Array.isArray(value)) {
    throw new TypeError(
      `Cannot ${action}: ${name} must be an object, current value is ${describe(value)}`,
    );
  }
}

/**
 * Throws unless `value` is true or false: any other value would count as one of them, `"false"` as
 * true.
 *
 * @param action What cannot be done otherwise; the message starts with "Cannot {action}".
 * @param name The name of the value, as the caller knows it.
 * @param value The value to check.
 * @throws {TypeError} If the value is no boolean.
 *
 * @example
 * ```ts
 * import { assertBoolean } from "./assert_boolean.ts";
 * import assert from "node:assert/strict";
 *
 * assert.throws(
 *   () => assertBoolean("train", "normalizeInput", "false"),
 *   /Cannot train: normalizeInput must be true or false, current value is "false"/,
 * );
 * ```
 */
export function assertBoolean(
  action: string,
  name: string,
  value: unknown,
): asserts value is boolean {
  if (typeof value === "boolean") return;
  throw new TypeError(
    `Cannot ${action}: ${name} must be true or false, current value is ${describe(value)}`,
  );
}

/**
 * Throws unless `value` is a string. A seed has to be one: of `undefined`, seedrandom makes a seed
 * of its own, and the result is another one on every run.
 *
 * @param action What cannot be done otherwise; the message starts with "Cannot {action}".
 * @param name The name of the value, as the caller knows it.
 * @param value The value to check.
 * @throws {TypeError} If the value is not a string.
 *
 * @example
 * ```ts
 * import { assertString } from "./assert_string.ts";
 * import assert from "node:assert/strict";
 *
 * assert.throws(
 *   () => assertString("split users", "seed", 7),
 *   /Cannot split users: seed must be a string, current value is 7/,
 * );
 * ```
 */
export function assertString(
  action: string,
  name: string,
  value: unknown,
): asserts value is string {
  if (typeof value !== "string") {
    throw new TypeError(
      `Cannot ${action}: ${name} must be a string, current value is ${describe(value)}`,
    );
  }
}

/**
 * Throws unless `value` is one of the words that are allowed.
 *
 * @param action What cannot be done otherwise; the message starts with "Cannot {action}".
 * @param name The name of the value, as the caller knows it.
 * @param value The value to check.
 * @param allowed The words.
 * @throws {RangeError} If it is none of them.
 *
 * @example
 * ```ts
 * import { assertOneOf } from "./assert_one_of.ts";
 * import assert from "node:assert/strict";
 *
 * assert.throws(
 *   () => assertOneOf("train", "output", "dots", ["dot", "cosine"]),
 *   /RangeError: Cannot train: output must be "dot" or "cosine", current value is "dots"/,
 * );
 * ```
 */
export function assertOneOf(
  action: string,
  name: string,
  value: unknown,
  allowed: readonly string[],
): void {
  if (allowed.includes(value as string)) return;
  const words = allowed.map((word) => `"${word}"`).join(" or ");
  throw new RangeError(
    `Cannot ${action}: ${name} must be ${words}, current value is ${describe(value)}`,
  );
}

/**
 * Throws unless `value` is a function.
 *
 * @param action What cannot be done otherwise; the message starts with "Cannot {action}".
 * @param name The name of the value, as the caller knows it.
 * @param value The value to check.
 * @throws {TypeError} If it is anything else.
 *
 * @example
 * ```ts
 * import { assertFunction } from "./assert_function.ts";
 * import assert from "node:assert/strict";
 *
 * assert.throws(
 *   () => assertFunction("train", "onProgress", true),
 *   /Cannot train: onProgress must be a function, current value is true/,
 * );
 * ```
 */
export function assertFunction(
  action: string,
  name: string,
  value: unknown,
  // deno-lint-ignore ban-types -- of any arguments
): asserts value is Function {
  if (typeof value === "function") return;
  throw new TypeError(
    `Cannot ${action}: ${name} must be a function, current value is ${describe(value)}`,
  );
}

/** A lower bound: the smallest value that is allowed, or the one that a value must be above. */
export type LowerBound = number | { above: number };

/**
 * Throws unless `value` is a finite number within bounds.
 *
 * @param action What cannot be done otherwise; the message starts with "Cannot {action}".
 * @param name The name of the value, as the caller knows it.
 * @param value The value to check.
 * @param min The smallest value that is allowed, or `{ above }` where the bound itself is not;
 * unbounded by default.
 * @param max The largest value that is allowed; unbounded by default.
 * @throws {TypeError} If the value is not a number.
 * @throws {RangeError} If the value is NaN, infinite or out of bounds.
 *
 * @example
 * ```ts
 * import { assertNumber } from "./assert_number.ts";
 * import assert from "node:assert/strict";
 *
 * assert.throws(
 *   () => assertNumber("shrink", "lambda", -1, 0),
 *   /Cannot shrink: lambda must be a finite number of at least 0, current value is -1/,
 * );
 * assert.throws(
 *   () => assertNumber("train", "learningRate", 0, { above: 0 }),
 *   /Cannot train: learningRate must be a finite number above 0, current value is 0/,
 * );
 * ```
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
  if (typeof value !== "number") throw new TypeError(`${message} ${describe(value)}`);
  const low = typeof min === "number" ? value < min : value <= min.above;
  if (!Number.isFinite(value) || low || value > max) throw new RangeError(`${message} ${value}`);
}

function bounds(min: LowerBound, max: number): string {
  if (typeof min !== "number") {
    return ` above ${min.above}${max === Infinity ? "" : ` and at most ${max}`}`;
  }
  if (max !== Infinity) return ` between ${min} and ${max}`;
  return min === -Infinity ? "" : ` of at least ${min}`;
}

/**
 * Throws unless `value` is an integer within bounds. Of integers beyond 2⁵³ − 1 some have no number of
 * their own, and counting never gets there: they are refused.
 *
 * @param action What cannot be done otherwise; the message starts with "Cannot {action}".
 * @param name The name of the value, as the caller knows it.
 * @param value The value to check.
 * @param min The smallest value that is allowed.
 * @param max The largest value that is allowed; by default that of all integers that are exact.
 * @throws {TypeError} If the value is not a number.
 * @throws {RangeError} If the value is not an integer, or out of bounds.
 *
 * @example
 * ```ts
 * import { assertInteger } from "./assert_integer.ts";
 * import assert from "node:assert/strict";
 *
 * assert.throws(
 *   () => assertInteger("factorize", "rank", 0, 1, 12),
 *   /Cannot factorize: rank must be an integer between 1 and 12, current value is 0/,
 * );
 * ```
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
  if (typeof value !== "number") throw new TypeError(`${message} ${describe(value)}`);
  if (!Number.isInteger(value) || value < min || value > max) {
    throw new RangeError(`${message} ${value}`);
  }
}

/**
 * Throws unless `values` is an array, typed or not, of finite numbers within bounds.
 *
 * @param action What cannot be done otherwise; the message starts with "Cannot {action}".
 * @param name The name of the array, as the caller knows it.
 * @param values The array to check.
 * @param min The smallest value that is allowed, as {@linkcode assertNumber} takes it.
 * @param max The largest value that is allowed; unbounded by default.
 * @throws {TypeError} If it is no array, or an entry is not a number.
 * @throws {RangeError} If an entry is NaN, infinite or out of bounds.
 *
 * @example
 * ```ts
 * import { assertNumbers } from "./assert_numbers.ts";
 * import assert from "node:assert/strict";
 *
 * assert.throws(
 *   () => assertNumbers("bootstrap", "values", [1, NaN]),
 *   /Cannot bootstrap: values\[1\] must be a finite number, current value is NaN/,
 * );
 * ```
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
    throw new TypeError(
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

/**
 * Throws unless `value` is a matrix with at least one row and one column, all of it finite.
 *
 * @param action What cannot be done otherwise; the message starts with "Cannot {action}".
 * @param name The name of the matrix, as the caller knows it.
 * @param value The matrix to check.
 * @param largest The largest magnitude of an entry that is allowed; unbounded by default.
 * @throws {TypeError} If the value is no ml-matrix `Matrix`.
 * @throws {RangeError} If it is empty, or an entry is NaN, infinite or too large (the first such is named).
 *
 * @example
 * ```ts
 * import { assertFinite } from "./assert_finite.ts";
 * import { Matrix } from "ml-matrix";
 * import assert from "node:assert/strict";
 *
 * assert.throws(
 *   () => assertFinite("compare rows", "e", new Matrix([[1, NaN]])),
 *   /Cannot compare rows: e must be finite, entry \(0, 1\) is NaN/,
 * );
 * ```
 */
export function assertFinite(
  action: string,
  name: string,
  value: unknown,
  largest: number = Number.MAX_VALUE,
): asserts value is Matrix {
  if (!Matrix.isMatrix(value)) {
    throw new TypeError(`Cannot ${action}: ${name} must be an ml-matrix Matrix`);
  }
  const { rows, columns } = value;
  if (rows === 0 || columns === 0) {
    throw new RangeError(
      `Cannot ${action}: ${name} must not be empty, its shape is ${rows} x ${columns}`,
    );
  }
  for (let i = 0; i < rows; i++) {
    for (let j = 0; j < columns; j++) {
      const entry = value.get(i, j);
      if (Math.abs(entry) <= largest) continue;
      if (Number.isFinite(entry)) {
        throw new RangeError(
          `Cannot ${action}: ${name} must be at most ${largest} in size, entry (${i}, ${j}) is ${entry}`,
        );
      }
      throw new RangeError(
        `Cannot ${action}: ${name} must be finite, entry (${i}, ${j}) is ${entry}`,
      );
    }
  }
}

/** The most numbers that a WebAssembly kernel can address, in double precision. */
export const LARGEST_KERNEL = 2 ** 29;

/** The most numbers that anything is made of at once; as Float64 they take 17 GB. */
const MOST = 2 ** 31;

/**
 * Throws if a result would be larger than what can sensibly be asked for, before any memory is taken.
 *
 * @param action What cannot be done otherwise; the message starts with "Cannot {action}".
 * @param what What is large, with the values that make it so.
 * @param numbers How many numbers it takes.
 * @param most How many there may be, 2³¹ by default.
 * @throws {RangeError} If there are more.
 *
 * @example
 * ```ts
 * import { assertSize } from "./assert_size.ts";
 * import assert from "node:assert/strict";
 *
 * assert.throws(
 *   () => assertSize("draw a rotation", "a matrix of k x k numbers, k = 1000000,", 1e12),
 *   /Cannot draw a rotation: a matrix of k x k .* would take 8000 GB, 17 GB are the most/,
 * );
 * ```
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
  throw new RangeError(
    `Cannot ${action}: ${what} would take ${gigabytes} GB, ${
      Math.round(8 * most / 1e9)
    } GB are the most`,
  );
}

/** Chance does not give one number so often in a row: of 32 bits, once in 2³²⁰⁰ draws. */
const MOST_EQUAL = 100;

/**
 * Uniform random numbers of a generator that somebody gave, checked as they are drawn: where one is
 * rejected until another comes, a generator that is stuck would be asked for ever.
 *
 * @param action What cannot be done otherwise; the message starts with "Cannot {action}".
 * @param random The generator.
 * @returns The same numbers.
 * @throws {TypeError} If random is not a function.
 * @throws {RangeError} While drawing, if it gives anything but numbers from 0 to below 1, or the same
 * number a hundred times in a row.
 *
 * @example
 * ```ts
 * import { uniformNumbers } from "./uniform_numbers.ts";
 * import assert from "node:assert/strict";
 *
 * const random = uniformNumbers("shuffle", () => 2);
 * assert.throws(random, /Cannot shuffle: random must give numbers from 0 to below 1, it gave 2/);
 * ```
 */
export function uniformNumbers(action: string, random: () => number): () => number {
  assertFunction(action, "random", random);
  let last = NaN, equal = 0;
  return () => {
    const number = random();
    if (!(number >= 0 && number < 1)) {
      throw new RangeError(
        `Cannot ${action}: random must give numbers from 0 to below 1, it gave ${number}`,
      );
    }
    equal = number === last ? equal + 1 : 0;
    last = number;
    if (equal < MOST_EQUAL) return number;
    throw new RangeError(
      `Cannot ${action}: random must give different numbers, it gave ${number} again and again`,
    );
  };
}
