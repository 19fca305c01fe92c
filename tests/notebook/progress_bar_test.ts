import assert from "node:assert/strict";
import { runNotebook } from "../../tools/notebooks/run_notebook.ts";
import { withNotebook } from "../tools/notebooks.ts";

const MODULE = new URL("../../lib/notebook/progress_bar.ts", import.meta.url).href;

Deno.test("a progress bar ends as one line that is the same on every run", async () => {
  await withNotebook([
    `import { progressBar } from "${MODULE}";
     const bar = progressBar("A < B");
     for (let step = 0; step <= 10; step++) bar(step, 10);
     bar.finish();`,
  ], async (path, folder) => {
    // The module's packages are named in the project's configuration.
    const { imports } = JSON.parse(Deno.readTextFileSync("deno.json"));
    Deno.writeTextFileSync(`${folder}/deno.json`, JSON.stringify({ imports }));
    const { cells } = await runNotebook(path);
    assert.deepEqual(cells[0].outputs, [{
      output_type: "display_data",
      data: { "text/html": ["A &lt; B: done"], "text/plain": ["A < B: done"] },
      metadata: {},
    }]);
  });
});

Deno.test("outside a kernel and a terminal a progress bar is silent", () => {
  const code = `
    import { progressBar } from "${MODULE}";
    const bar = progressBar("silent");
    bar(0, 0);
    bar(1, 2);
    bar.finish();
    console.log("end");`;
  const { stdout, stderr } = new Deno.Command(Deno.execPath(), { args: ["eval", code] })
    .outputSync();
  assert.equal(new TextDecoder().decode(stdout), "end\n");
  assert.equal(new TextDecoder().decode(stderr), "");
});
