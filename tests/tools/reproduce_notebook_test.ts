import assert from "node:assert/strict";
import { join } from "node:path";
import { parseNotebook } from "../../lib/io/notebook_file.ts";
import { SVG_DIGEST } from "../../lib/notebook/picture.ts";
import { reproduceNotebook } from "../../tools/notebooks/reproduce.ts";
import { serialize } from "../../tools/notebooks/outputs.ts";
import { encodedAnew, smallPng } from "./small_png.ts";
import { withNotebook } from "./temporary_notebook.ts";

/** Code that shows a picture and an SVG and prints a line. */
const CELLS = [
  `await Deno.jupyter.display({ "image/png": "${smallPng()}" }, { raw: true });`,
  `await Deno.jupyter.display({ "image/svg+xml": '<svg><circle r="1.00"/></svg>' }, { raw: true });`,
  `console.log("printed");`,
];

/** Stores other outputs in a file, as another machine might have. */
async function change(path: string, from: string, to: string): Promise<string> {
  const text = await Deno.readTextFile(path);
  assert.ok(text.includes(from));
  await Deno.writeTextFile(path, text.replace(from, to));
  return await Deno.readTextFile(path);
}

Deno.test("reproduceNotebook writes a file once and then leaves it as it is", async () => {
  await withNotebook(CELLS, async (path, folder) => {
    const missing = await reproduceNotebook(path, { check: true });
    assert.equal(missing.written, false);
    assert.equal(missing.differences.length, 3);

    const first = await reproduceNotebook(path);
    assert.equal(first.written, true);
    const text = await Deno.readTextFile(path);
    assert.equal(serialize(parseNotebook(text)), text);
    assert.deepEqual(await reproduceNotebook(path), { differences: [], written: false });
    assert.equal(await Deno.readTextFile(path), text);

    assert.deepEqual([...Deno.readDirSync(folder)].map((entry) => entry.name), ["some.ipynb"]);
  });
});

Deno.test("deno fmt has nothing to change in what reproduceNotebook writes", async () => {
  await withNotebook(['console.log("a");', "1 + 1;"], async (path, folder) => {
    await reproduceNotebook(path);
    const text = await Deno.readTextFile(path);
    const args = ["fmt", "--no-config", "some.ipynb"];
    const { success } = await new Deno.Command(Deno.execPath(), { args, cwd: folder }).output();
    assert.ok(success);
    assert.equal(await Deno.readTextFile(path), text);
  });
});

Deno.test("another encoding of a picture passes --check and leaves the file; a difference does not", async () => {
  await withNotebook(CELLS, async (path) => {
    await reproduceNotebook(path);
    const original = await Deno.readTextFile(path);

    const encoded = await change(path, `"${smallPng()}"`, `"${encodedAnew(smallPng())}"`);
    assert.deepEqual(await reproduceNotebook(path, { check: true }), {
      differences: [],
      written: false,
    });
    assert.deepEqual(await reproduceNotebook(path), { differences: [], written: false });
    assert.equal(await Deno.readTextFile(path), encoded);

    await Deno.writeTextFile(path, original);
    await change(path, `"${smallPng()}"`, `"${smallPng(9)}"`);
    await change(path, `r=\\"1.00\\"`, `r=\\"1.03\\"`);
    const changed = await change(path, `"printed\\n"`, `"painted\\n"`);
    const { differences, written } = await reproduceNotebook(path, { check: true });
    assert.equal(written, false);
    assert.equal(differences.length, 3);
    assert.match(differences[0], /^cell \[1\], output 1, image\/png: 1 of 64 pixels differ/);
    assert.match(differences[1], /^cell \[2\], output 1, image\/svg\+xml: line 1 is/);
    assert.match(differences[2], /^cell \[3\], output 1, stdout: line 1 is "printed"/);
    assert.equal(await Deno.readTextFile(path), changed);

    assert.equal((await reproduceNotebook(path)).written, true);
    assert.equal(await Deno.readTextFile(path), original);
  });
});

Deno.test("a cell that is the same keeps its outputs when another is written", async () => {
  await withNotebook(CELLS, async (path) => {
    await reproduceNotebook(path);
    const encoded = await change(path, `"${smallPng()}"`, `"${encodedAnew(smallPng())}"`);
    await change(path, `"printed\\n"`, `"painted\\n"`);
    assert.equal((await reproduceNotebook(path)).written, true);
    assert.equal(await Deno.readTextFile(path), encoded);
  });
});

Deno.test("a picture that does not name its drawing passes --check, and does so once it is written", async () => {
  const named = encodedAnew(smallPng(), { [SVG_DIGEST]: "0".repeat(64) });
  const cell = `await Deno.jupyter.display({ "image/png": "${named}" }, { raw: true });`;
  await withNotebook([cell], async (path) => {
    await reproduceNotebook(path);
    const original = await Deno.readTextFile(path);
    await change(path, `"${named}"`, `"${encodedAnew(smallPng())}"`);
    assert.deepEqual((await reproduceNotebook(path, { check: true })).differences, []);
    assert.equal((await reproduceNotebook(path)).written, true);
    assert.equal(await Deno.readTextFile(path), original);
    const other = encodedAnew(smallPng(), { [SVG_DIGEST]: "1".repeat(64) });
    await change(path, `"image/png": "${named}"`, `"image/png": "${other}"`);
    const { differences } = await reproduceNotebook(path, { check: true });
    assert.match(differences[0], /another SVG/);
  });
});

Deno.test("a file in another form is written, and fails --check", async () => {
  await withNotebook(CELLS, async (path) => {
    await reproduceNotebook(path);
    const text = await Deno.readTextFile(path);
    await change(path, `"execution_count": 2`, `"execution_count": 9`);
    const { differences } = await reproduceNotebook(path, { check: true });
    assert.match(differences.join(), /not in the form/);
    assert.equal((await reproduceNotebook(path)).written, true);
    assert.equal(await Deno.readTextFile(path), text);
  });
});

Deno.test("a file that changes during the run is not overwritten", async () => {
  const edit = `Deno.writeTextFileSync("some.ipynb", Deno.readTextFileSync("some.ipynb") + " ");`;
  await withNotebook([edit], async (path) => {
    const before = await Deno.readTextFile(path);
    await assert.rejects(reproduceNotebook(path), /was changed while it was running/);
    assert.equal(await Deno.readTextFile(path), before + " ");
  });
});

Deno.test({
  name: "reproduceNotebook writes under any name, through a link, and nothing that is read-only",
  ignore: Deno.build.os === "windows",
  async fn() {
    await withNotebook(["1 + 1;"], async (path, folder) => {
      const original = Deno.readTextFileSync(path);
      const odd = join(folder, `${"n".repeat(200)}<"\n>.ipynb`);
      Deno.renameSync(path, odd);
      const link = join(folder, "link.ipynb");
      Deno.symlinkSync(odd, link);
      assert.equal((await reproduceNotebook(link)).written, true);
      assert.ok(Deno.lstatSync(link).isSymlink);
      assert.deepEqual(await reproduceNotebook(odd), { differences: [], written: false });
      assert.equal([...Deno.readDirSync(folder)].length, 2);

      Deno.writeTextFileSync(odd, original);
      Deno.chmodSync(odd, 0o444);
      await assert.rejects(reproduceNotebook(odd), /InputError: Cannot write .*: it is read-only/s);
      assert.equal(Deno.readTextFileSync(odd), original);
      assert.equal((await reproduceNotebook(odd, { check: true })).written, false);
    });
  },
});
