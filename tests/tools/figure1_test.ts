import assert from "node:assert/strict";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { comparePng } from "../../tools/notebooks/compare_outputs.ts";
import { readmePicture } from "../../tools/readme_picture.ts";
import { encodeBase64 } from "../../lib/notebook/picture.ts";
import { withNotebook } from "./notebooks.ts";

const ROOT = fileURLToPath(new URL("../../", import.meta.url));

/** Runs a command of Deno in a folder. */
async function deno(cwd: string, ...args: string[]) {
  const { code, stdout, stderr } = await new Deno.Command(Deno.execPath(), {
    args,
    cwd,
    env: { NO_COLOR: "1" },
    stdin: "null",
  }).output();
  const [out, err] = [stdout, stderr].map((bytes) => new TextDecoder().decode(bytes));
  return { code, stdout: out, stderr: err };
}

Deno.test("reproduce shows Figure 1, with the task's permissions, and then runs the notebooks", async () => {
  await withNotebook(["1;"], async (_, folder) => {
    const notebooks = join(folder, "notebooks");
    await Deno.mkdir(notebooks);
    await Deno.rename(join(folder, "some.ipynb"), join(notebooks, "some.ipynb"));
    const program = join(ROOT, "tools/notebooks/reproduce.ts");
    const { code, stdout, stderr } = await deno(folder, "run", "--cached-only", "-A", program);
    assert.equal(stderr, "");
    assert.equal(code, 0);
    // As notebook 03 has them.
    assert.deepEqual(
      [...stdout.matchAll(/^ {2}(Eq. [12]).* (0\.\d{3})$/gm)].map(([, ...row]) => row),
      [
        ["Eq. 1", "0.668"],
        ["Eq. 1", "0.850"],
        ["Eq. 1", "0.917"],
        ["Eq. 1", "0.939"],
        ["Eq. 2", "0.951"],
      ],
    );
    const path = join(await Deno.realPath(folder), "figure1.png");
    assert.match(
      stdout.slice(stdout.indexOf(`Picture: ${path}`)),
      /some\.ipynb: 1 cell in .*written/,
    );
    const [notebook, drawn] = [readmePicture(), await Deno.readFile(path)].map(encodeBase64);
    assert.equal(comparePng(notebook, drawn), undefined);
  });
});

Deno.test("figure1 answers a wrong command line in one line", async () => {
  const wrong: [string[], RegExp][] = [
    [["--nope"], /^figure1: Unknown option '--nope'\n$/],
    [["a.jpg"], /^figure1: the name of the picture must end with \.png, it is a\.jpg\n$/],
    [["a.png", "b.png"], /^figure1: one file is written, and 2 are named\n$/],
  ];
  for (const [args, message] of wrong) {
    const { code, stdout, stderr } = await deno(ROOT, "task", "--quiet", "figure1", ...args);
    assert.match(stderr, message);
    assert.equal(stdout, "");
    assert.equal(code, 2);
  }
  const { code, stdout } = await deno(ROOT, "task", "--quiet", "figure1", "--help");
  assert.match(stdout, /^Usage: deno task figure1/);
  assert.equal(code, 0);
});
