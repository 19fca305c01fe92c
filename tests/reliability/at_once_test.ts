import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import { parseNotebook, serialize } from "../../tools/notebooks/notebook_file.ts";
import { decodeNumbers } from "../../lib/notebook/cached_training.ts";
import { clustered } from "../audit/table_files.ts";
import { writeNpy } from "../audit/write_npy.ts";
import { notebookOf } from "../tools/notebooks.ts";
import { withTemporaryFolder } from "../folder.ts";
import { assertHandled } from "./assert_handled.ts";
import { program, type programs } from "./program.ts";
import { NAMES } from "./writers.ts";

/** Runs a program twice at once, each with arguments of its own; gives the exit codes. */
async function atOnce(
  name: keyof typeof programs,
  folder: string,
  ...both: string[][]
): Promise<number[]> {
  const running = both.map((args) => program(name, folder, args).output());
  return (await Promise.all(running)).map(({ code }) => code);
}

const namesIn = (folder: string) => [...Deno.readDirSync(folder)].map(({ name }) => name).sort();

const bytes = Uint8Array.from({ length: 200_000 }, (_, i) => (i * i) % 251);

/** What two runs do at once in a folder, and what must have become of it. */
const cases: Record<string, (folder: string) => Promise<void>> = {
  async "of two corrections of one file one is written, and the other is refused"(folder) {
    writeNpy(`${folder}/x.npy`, clustered({ items: 60, dimensions: 6, seed: "once" }).to2DArray());
    const corrections = ["center", "z-scores"];
    const commands = corrections.map((name) => ["x.npy", "--correction", name]);
    const codes = await atOnce("fix", folder, ...commands);
    assert.deepEqual(codes.toSorted(), [0, 2]);
    const kept = corrections[codes.indexOf(0)];
    await program("fix", folder, ["x.npy", "--correction", kept, "--out", "alone.npy"]).output();
    const files = ["npy", "transform.json"];
    for (const extension of files) {
      const [together, alone] = ["x.fixed", "alone"].map((name) =>
        Deno.readFileSync(`${folder}/${name}.${extension}`)
      );
      assert.deepEqual(together, alone);
    }
    const outputs = ["alone", "x.fixed"].flatMap((name) => files.map((end) => `${name}.${end}`));
    assert.deepEqual(namesIn(folder), [...outputs, "temporary", "x.npy"].sort());
  },

  async "files that two write together, over and over, are all of one of them"(folder) {
    assert.deepEqual(await atOnce("overAndOver", folder, ["a", "15"], ["b", "15"]), [0, 0]);
    const contents = NAMES.map((name) => Deno.readTextFileSync(`${folder}/${name}`));
    assert.match(contents[0], /^[ab] 15\n/);
    assert(contents.every((content) => content === contents[0]));
    assert.deepEqual(namesIn(folder), [...NAMES, "temporary"]);
  },

  async "a notebook that two run is written by one of them"(folder) {
    const path = `${folder}/a.ipynb`;
    Deno.writeTextFileSync(path, JSON.stringify(notebookOf(["console.log(Deno.pid);"])));
    const codes = await atOnce("reproduce", folder, [path], [path]);
    assert(codes.includes(0), String(codes));
    const text = Deno.readTextFileSync(path);
    assert.equal(serialize(parseNotebook(text)), text);
    assert.match(text, /"\d+\\n"/);
    assert.deepEqual(namesIn(folder), ["a.ipynb", "temporary"]);
  },

  async "two trainings that are the same are kept as one"(folder) {
    const kept = `${folder}/kept`;
    assert.deepEqual(await atOnce("training", folder, [kept], [kept]), [0, 0]);
    const [name, ...others] = namesIn(kept);
    assert.deepEqual(others, []);
    assert(decodeNumbers(Deno.readFileSync(`${kept}/${name}`)) !== undefined);
  },

  async "a file that two download is whole"(folder) {
    const waiting: (() => void)[] = [];
    // Nobody is answered before both have asked.
    await using server = Deno.serve({ hostname: "127.0.0.1", port: 0, onListen() {} }, async () => {
      await new Promise<void>((resolve) => {
        if (waiting.push(resolve) === 2) waiting.forEach((answer) => answer());
      });
      return new Response(bytes);
    });
    const md5 = createHash("md5").update(bytes).digest("hex");
    const args = [`http://127.0.0.1:${server.addr.port}/`, `${folder}/a.zip`, md5];
    assert.deepEqual(await atOnce("download", folder, args, args), [0, 0]);
    assert.deepEqual(Deno.readFileSync(`${folder}/a.zip`), bytes);
    assert.deepEqual(namesIn(folder), ["a.zip", "temporary"]);
  },
};

Deno.test("at once: what two runs write is whole", async (t) => {
  let handled = 0;
  for (const [name, run] of Object.entries(cases)) {
    const isHandled = await t.step(name, () =>
      withTemporaryFolder(async (folder) => {
        Deno.mkdirSync(`${folder}/temporary`);
        await run(folder);
        assert.deepEqual(namesIn(`${folder}/temporary`), []);
      }));
    if (isHandled) handled++;
  }
  assertHandled("two runs at once that write the same files", Object.keys(cases).length, handled);
});
