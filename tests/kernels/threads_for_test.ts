import assert from "node:assert/strict";
import { allThreads, threadsFor } from "../../lib/kernels/thread_pool.ts";

Deno.test("threadsFor(): short work is done by one thread, long work by all", () => {
  assert.equal(threadsFor(1e6), 1);
  assert.equal(threadsFor(1e9), allThreads());
  assert.equal(allThreads(), Math.min(8, navigator.hardwareConcurrency));
});
