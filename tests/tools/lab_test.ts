import assert from "node:assert/strict";
import { join } from "node:path";
import { runTask } from "../task.ts";
import { KERNEL_ENVIRONMENT } from "../../tools/notebooks/kernel.ts";

const lab = (path: string, ...args: string[]) =>
  runTask("lab", args, { env: { PATH: path, JUPYTER_PATH: "others" } });

async function withFolder(test: (folder: string) => Promise<void>): Promise<void> {
  const folder = await Deno.makeTempDir({ prefix: "lab-" });
  try {
    await test(folder);
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
}

Deno.test("where there is no Jupyter, lab says in one line how to get one", async () => {
  await withFolder(async (folder) => {
    const { code, stderr } = await lab(folder);
    assert.equal(code, 2);
    assert.match(
      stderr,
      /^lab: no Jupyter is installed; get one with `pipx install jupyterlab`.*\n$/,
    );
  });
});

Deno.test({
  name: "lab hands its arguments on and registers this Deno for that Jupyter alone",
  ignore: Deno.build.os === "windows",
  async fn() {
    await withFolder(async (folder) => {
      const script = `#!/bin/sh
if [ "$1" = --version ]; then exit 0; fi
echo "$@"
echo "$JUPYTER_PATH"
while read -r line; do echo "$line"; done < "\${JUPYTER_PATH%%:*}/kernels/deno/kernel.json"
exit 7
`;
      await Deno.writeTextFile(join(folder, "jupyter-notebook"), script, { mode: 0o755 });
      const { code, stdout } = await lab(folder, "--no-browser", "a b");
      const [args, path, ...spec] = stdout.trimEnd().split("\n");
      assert.equal(code, 7);
      assert.equal(args, "--no-browser a b");
      const [own, others] = path.split(":");
      assert.equal(others, "others");
      const { argv, env, interrupt_mode } = JSON.parse(spec.join("\n"));
      assert.equal(interrupt_mode, "message", "Jupyter's Stop ends the kernel");
      assert.deepEqual(argv.slice(0, 3), [Deno.execPath(), "jupyter", "--kernel"]);
      assert.deepEqual(env, KERNEL_ENVIRONMENT);
      await assert.rejects(Deno.stat(own), Deno.errors.NotFound);
    });
  },
});
