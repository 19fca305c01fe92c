import assert from "node:assert/strict";
import { severalAtOnce } from "../../tools/notebooks/reproduce.ts";

const never = new AbortController().signal;
const aborted = (signal: AbortSignal) =>
  new Promise<never>((_, reject) => signal.addEventListener("abort", () => reject(signal.reason)));

Deno.test("severalAtOnce() has so many at work and no more, in their order", async () => {
  for (const most of [1, 2, 3, 10]) {
    const begun: number[] = [];
    let working = 0, highest = 0;
    await severalAtOnce([0, 1, 2, 3, 4, 5], most, never, async (item) => {
      begun.push(item);
      highest = Math.max(highest, ++working);
      await new Promise((done) => setTimeout(done, 5));
      working--;
    });
    assert.deepEqual(begun, [0, 1, 2, 3, 4, 5]);
    assert.equal(highest, Math.min(most, 6));
  }
});

Deno.test("severalAtOnce() throws what failed first, after the others have ended, and begins no more", async () => {
  const begun: number[] = [], ended: number[] = [];
  await assert.rejects(
    () =>
      severalAtOnce([0, 1, 2], 2, never, async (item, signal) => {
        begun.push(item);
        try {
          if (item === 1) throw new Error("the second failed");
          await aborted(signal);
        } finally {
          ended.push(item);
        }
      }),
    /the second failed/,
  );
  assert.deepEqual([begun, ended], [[0, 1], [1, 0]]);
});

Deno.test("severalAtOnce() passes on that it is aborted", async () => {
  const controller = new AbortController();
  const run = severalAtOnce(
    [0, 1, 2],
    2,
    controller.signal,
    async (_, signal) => await aborted(signal),
  );
  controller.abort(new Error("enough"));
  await assert.rejects(run, /enough/);
});
