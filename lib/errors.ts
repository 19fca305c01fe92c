/**
 * The errors that are not bugs, each with a class of its own. Of these a program shows the message alone;
 * any other error it shows with its trace.
 *
 * @module
 */

/** A value that was given is out of bounds. It is a RangeError, and is shown as one. */
export class InputRangeError extends RangeError {}

/** A value that was given is of the wrong kind. It is known, and shown, as the TypeError that it is. */
export class InputTypeError extends TypeError {}

/**
 * A user's mistake: something is wrong with a file or with what was typed. The message is for that
 * person, on one line, whatever names and texts it quotes.
 */
export class InputError extends InputRangeError {
  override readonly name = "InputError";

  constructor(message: string, options?: ErrorOptions) {
    super(printable(message), options);
  }
}

/** The work cannot be done, though nothing is wrong with what was given: there is no network, no font. */
export class OperationalError extends Error {}

/**
 * Whether an error is one of these, and not a bug.
 *
 * @example
 * ```ts
 * import { InputTypeError, isExpected } from "./errors.ts";
 * import assert from "node:assert/strict";
 *
 * assert(isExpected(new InputTypeError("Cannot audit: rows must be a matrix")));
 * assert(!isExpected(new TypeError("Cannot read properties of undefined")));
 * ```
 */
export function isExpected(error: unknown): boolean {
  return [InputRangeError, InputTypeError, OperationalError].some((known) =>
    error instanceof known
  );
}

/** What V8, SpiderMonkey and JavaScriptCore say where memory ends, or a text would be longer than any may be. */
const NO_MEMORY =
  /allocation failed|^Invalid string length|maximum size exceeded|allocation size|out of memory/i;

/**
 * The sentence for an error by which an engine refuses memory, which is no bug either.
 *
 * @param reading Whether arrays as long as a file says are made: that one is too long is no bug then.
 * @returns The sentence; undefined for every other error.
 *
 * @example
 * ```ts
 * import { memorySentence } from "./errors.ts";
 * import assert from "node:assert/strict";
 *
 * assert.match(memorySentence(new RangeError("Array buffer allocation failed"))!, /not enough memory/);
 * assert.equal(memorySentence(new RangeError("Invalid array length")), undefined);
 * ```
 */
export function memorySentence(error: unknown, reading = false): string | undefined {
  if (!(error instanceof Error) || isExpected(error)) return undefined;
  const isTooLong = reading && error.message === "Invalid array length";
  if (!isTooLong && !NO_MEMORY.test(error.message)) return undefined;
  return `there is not enough memory, or an array would be longer than any may be (${error.message})`;
}

/**
 * Text on one line of a terminal: control characters, which could move its cursor or change its
 * colors, are written as escapes.
 *
 * @example
 * ```ts
 * import { printable } from "./errors.ts";
 * import assert from "node:assert/strict";
 *
 * assert.equal(printable("a\nb\u001b[31m"), "a\\nb\\u001b[31m");
 * ```
 */
export function printable(text: string): string {
  return text.replace(
    // deno-lint-ignore no-control-regex
    /[\u0000-\u001f\u007f-\u009f\u2028\u2029\u202a-\u202e\u2066-\u2069]/g,
    (character) =>
      SHORT[character] ?? `\\u${character.charCodeAt(0).toString(16).padStart(4, "0")}`,
  );
}

const SHORT: Record<string, string> = { "\n": "\\n", "\r": "\\r", "\t": "\\t" };
