import assert from "node:assert/strict";
import { runTask } from "../task.ts";

Deno.test("every kernel that is committed is what its source compiles to", async () => {
  // A kernel that is not would have to be written.
  const { code, stdout, stderr } = await runTask("build", [], { without: "write" });
  assert.deepEqual([code, stderr], [0, ""], "run `deno task build`");
  const [, kernels] = /^(\d+) kernels, 0 of them changed\n$/.exec(stdout)!;
  assert(Number(kernels) >= 4);
});
