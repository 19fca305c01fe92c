import assert from "node:assert/strict";
import { Kernel } from "../../tools/notebooks/kernel.ts";

Deno.test("Stop interrupts a busy cell, and the kernel keeps its state", async () => {
  const kernel = await Kernel.start(Deno.cwd());
  try {
    const shown: string[] = [];
    const run = (code: string, onStream = () => {}) =>
      kernel.execute(code, ({ header, content }) => {
        if (header.msg_type === "execute_result") shown.push(content.data["text/plain"]);
        if (header.msg_type === "stream") onStream();
      });
    await run("let kept = 41;");
    const { status } = await run(`console.log("begun"); for (;;);`, () => void kernel.interrupt());
    assert.equal(status, "error");
    assert.equal((await run("kept + 1")).status, "ok");
    assert.match(shown.join(), /42/);
  } finally {
    await kernel.kill();
  }
});
