// deno-lint-ignore no-control-regex -- the escape character is what this is about
const ANSI = /\u001b\[[0-9;?]*[A-Za-z]/g;

/**
 * A text without the terminal's color codes.
 *
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 * import { stripAnsi } from "./strip_ansi.ts";
 *
 * assert.equal(stripAnsi("\u001b[33m2\u001b[39m"), "2");
 * ```
 */
export function stripAnsi(text: string): string {
  return text.replace(ANSI, "");
}
