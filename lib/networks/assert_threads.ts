import { assertInteger } from "../check/assert_integer.ts";

/** The most threads: those of the largest machines, since more than there are cores do not help. */
const MOST = 256;

/**
 * Throws unless `threads` is a number of threads that can be started, or undefined.
 *
 * @param action What cannot be done otherwise; the message starts with "Cannot {action}".
 * @param threads The value to check.
 * @throws {TypeError} If it is not a number.
 * @throws {RangeError} If it is not an integer between 1 and 256.
 *
 * @example
 * ```ts
 * import { assertThreads } from "./assert_threads.ts";
 * import assert from "node:assert/strict";
 *
 * assert.throws(
 *   () => assertThreads("train", 1e6),
 *   /Cannot train: threads must be an integer between 1 and 256, current value is 1000000/,
 * );
 * ```
 */
export function assertThreads(action: string, threads: unknown): void {
  if (threads !== undefined) assertInteger(action, "threads", threads, 1, MOST);
}
