/**
 * Does some work for each of the items, in their order, several at once. After a failure nothing more is
 * begun, and what is at work is aborted.
 *
 * @param items What it is done for.
 * @param most How many at once, at least 1.
 * @param signal Aborts all of it.
 * @param work Does it for one, and gives up when its signal is aborted.
 * @throws What failed first, when all the others have ended.
 *
 * @example
 * ```ts
 * import { severalAtOnce } from "./several_at_once.ts";
 * import assert from "node:assert/strict";
 *
 * const sizes: number[] = [];
 * await severalAtOnce(["a", "bb"], 2, new AbortController().signal, async (text) => {
 *   sizes.push(await Promise.resolve(text.length));
 * });
 * assert.deepEqual(sizes, [1, 2]);
 * ```
 */
export async function severalAtOnce<T>(
  items: readonly T[],
  most: number,
  signal: AbortSignal,
  work: (item: T, signal: AbortSignal) => Promise<void>,
): Promise<void> {
  const failures: unknown[] = [];
  const failure = new AbortController();
  const either = AbortSignal.any([signal, failure.signal]);
  const waiting = items.values();
  await Promise.all(Array.from({ length: most }, async () => {
    for (const item of waiting) {
      try {
        await work(item, either);
      } catch (error) {
        failures.push(error);
        failure.abort(error);
      }
      if (either.aborted) return;
    }
  }));
  if (failures.length > 0) throw failures[0];
}
