import { simulateInteractions } from "cosine-lab";
import assert from "node:assert/strict";
import { HANG_GUARD_MS } from "../eventually.ts";
import { allThreads, MOST_THREADS, ThreadPool, threadsFor } from "../../lib/kernels/thread_pool.ts";
import { gramFromBits } from "../../lib/linalg/gram.ts";
import { gramFromRows } from "../linalg/gram_from_rows.ts";

/** A module with one kernel, `trap`: it does nothing on the thread that owns the pool, and traps on others. */
// deno-fmt-ignore
const module = new WebAssembly.Module(Uint8Array.of(
  0x00, 0x61, 0x73, 0x6d, 0x01, 0x00, 0x00, 0x00,
  // Type: (i32, i32) -> ().
  0x01, 0x06, 0x01, 0x60, 0x02, 0x7f, 0x7f, 0x00,
  0x03, 0x02, 0x01, 0x00,
  // Export "trap".
  0x07, 0x08, 0x01, 0x04, 0x74, 0x72, 0x61, 0x70, 0x00, 0x00,
  // if (threadId) unreachable.
  0x0a, 0x0a, 0x01, 0x08, 0x00, 0x20, 0x01, 0x04, 0x40, 0x00, 0x0b, 0x0b,
));

Deno.test("a kernel that traps on a worker is an error, and the pool does not wait for it", () => {
  using pool = new ThreadPool(module, 2);
  const end = performance.now() + HANG_GUARD_MS;
  assert.throws(() => {
    // A worker takes a while to start; until then it takes no chunk.
    while (performance.now() < end) pool.run("trap", 100_000);
  }, /RuntimeError.*the kernel trap failed/);
});

Deno.test("workers of one pool serve the next, and so does one whose kernel failed", () => {
  const { interactions } = simulateInteractions({ users: 2_000, items: 200, seed: "pool" });
  const expected = gramFromRows(interactions);
  for (let round = 0; round < 10; round++) {
    assert.deepEqual(gramFromBits(interactions, 2), expected);
    using pool = new ThreadPool(module, 2);
    try {
      pool.run("trap", 1_000);
    } catch (error) {
      assert(error instanceof WebAssembly.RuntimeError);
    }
  }
});

Deno.test("memory that a pool releases is zero for the next, which does not see the old contents", () => {
  for (const size of [1, 2]) {
    const first = new ThreadPool(module, size);
    const at = first.allocate(100_000);
    first.uint32(at, 25_000).fill(7);
    first.release();
    const [second, third] = [new ThreadPool(module, size), new ThreadPool(module, size)];
    // Beyond what was there, too.
    const taken = second.uint32(second.allocate(300_000), 75_000);
    assert(taken.every((entry) => entry === 0));
    taken.fill(8);
    assert(third.uint32(third.allocate(300_000), 75_000).every((entry) => entry === 0));
    second.close();
    third.close();
  }
});

Deno.test("threadsFor(): short work is done by one thread, long work by all", () => {
  assert.equal(threadsFor(1e6), 1);
  assert.equal(threadsFor(1e9), allThreads());
  assert.equal(allThreads(), Math.min(MOST_THREADS, navigator.hardwareConcurrency));
});
