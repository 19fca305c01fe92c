/**
 * Lends an array to work in. It is the same one as last time if that was of the same length and is
 * still in memory: the first touch of a fresh page costs more than most of what is done with it.
 *
 * @param purpose What for; there is one array for each purpose.
 * @param length How many numbers it shall hold.
 * @returns The array, with whatever the last user left in it. It must not be handed on.
 *
 * @example
 * ```ts
 * import { scratch } from "./scratch.ts";
 * import assert from "node:assert/strict";
 *
 * assert.equal(scratch("example", 10).length, 10);
 * ```
 */
export function scratch(purpose: string, length: number): Float64Array<ArrayBuffer> {
  let array = lent.get(purpose)?.deref();
  if (array?.length !== length) {
    array = new Float64Array(length);
    lent.set(purpose, new WeakRef(array));
  }
  return array;
}

const lent = new Map<string, WeakRef<Float64Array<ArrayBuffer>>>();
