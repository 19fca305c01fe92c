/**
 * A user's mistake: something is wrong with a file or an argument that was given. The message is for
 * that person, on one line, whatever names and texts it quotes.
 */
export class InputError extends RangeError {
  override readonly name = "InputError";

  constructor(message: string, options?: ErrorOptions) {
    super(printable(message), options);
  }
}

/**
 * Text on one line of a terminal: control characters, which could move its cursor or change its
 * colors, are written as escapes.
 *
 * @example
 * ```ts
 * import { printable } from "./input_error.ts";
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
