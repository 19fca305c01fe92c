import assert from "node:assert/strict";
import { buildKernels } from "../../lib/runner/build_kernels.ts";

Deno.test("every kernel that is committed is what its source compiles to", async () => {
  const kernels = await buildKernels();
  assert(kernels.length >= 4);
  for (const { source, target, text } of kernels) {
    assert.equal(Deno.readTextFileSync(target), text, `${source}: run \`deno task build\``);
  }
});
