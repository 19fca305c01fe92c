/// <reference lib="deno.worker" />
/**
 * Sends the hash of {@linkcode computeDigits}, computed as on a page that cannot share memory.
 *
 * @module
 */

Reflect.deleteProperty(globalThis, "SharedArrayBuffer");
const { computeDigits } = await import("./compute_digits.ts");
self.postMessage(computeDigits());
