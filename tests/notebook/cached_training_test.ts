import assert from "node:assert/strict";
import { pathToFileURL } from "node:url";
import { sourceHash } from "../../lib/notebook/cached_training.ts";
import { withTemporaryFolder } from "../folder.ts";
import { parts, small, validation } from "../networks/networks.ts";
import { type AutoencoderOptions, startAutoencoder, trainAutoencoder } from "cosine-lab/networks";
import { cachedTraining } from "cosine-lab/notebook";

Deno.test("sourceHash sees the code of all that is imported, and no comments", async () => {
  await withTemporaryFolder((folder) => {
    const write = (name: string, code: string) => Deno.writeTextFileSync(`${folder}/${name}`, code);
    const hash = () => sourceHash(pathToFileURL(`${folder}/a.ts`));
    write("a.ts", 'import { b } from "./b.ts";\nexport const a = b + 1;\n');
    write("b.ts", 'import "./c.ts";\nexport const b = 1;\n');
    write("c.ts", "// Nothing.\n");
    const before = hash();
    write("c.ts", "/** Still\n * nothing. */\n  // Really.\n");
    write("a.ts", 'import { b } from "./b.ts";\n\n// More.\nexport const a = b +\n  1;\n');
    assert.equal(hash(), before);
    write("c.ts", "Math.random = () => 0;\n");
    assert.notEqual(hash(), before);
  });
});

Deno.test("cachedTraining() reads what it has written, and trains where anything differs", async () => {
  await withTemporaryFolder((folder) => {
    let steps = 0;
    const options = { ...small, hidden: [9, 8], folder, onProgress: () => steps++ };
    const train = (change: Partial<AutoencoderOptions & { retrain: boolean }> = {}) => {
      steps = 0;
      const training = cachedTraining(parts.train, { ...options, ...change });
      return { training, trained: steps > 1 };
    };
    const files = () => [...Deno.readDirSync(folder)].map(({ name }) => `${folder}/${name}`);
    const first = train();
    assert(first.trained);
    assert.deepEqual(first.training, trainAutoencoder(parts.train, { ...small, hidden: [9, 8] }));
    assert.deepEqual(train(), { training: first.training, trained: false });
    assert.deepEqual(train({ threads: 1 }), { training: first.training, trained: false });
    assert.deepEqual(train({ retrain: true }), { training: first.training, trained: true });
    assert.equal(files().length, 1);

    const [path] = files();
    const bytes = Deno.readFileSync(path);
    for (const damaged of [bytes.subarray(0, 1000), bytes.with(5000, bytes[5000] ^ 1)]) {
      Deno.writeFileSync(path, damaged);
      assert.deepEqual(train(), { training: first.training, trained: true });
      assert.deepEqual(Deno.readFileSync(path), bytes);
    }

    assert(train({ seed: "other" }).trained);
    assert(train({ dropout: 0.31 }).trained);
    assert(train({ start: startAutoencoder(parts.train, { ...small, hidden: [9, 8] }) }).trained);
    assert(train({ validation: { ...validation, heldOut: validation.given } }).trained);
    assert.equal(files().length, 5);
    assert.throws(() => train({ dropout: 2 }), /RangeError.*dropout/);
  });
});

Deno.test("cachedTraining() does not believe a file of another training under this one's name", async () => {
  await withTemporaryFolder((folder) => {
    const train = (seed: string) => cachedTraining(parts.train, { ...small, seed, folder });
    const files = () => [...Deno.readDirSync(folder)].map(({ name }) => `${folder}/${name}`);
    const first = train("1");
    const [path] = files();
    train("2");
    const [other] = files().filter((name) => name !== path);
    Deno.copyFileSync(other, path);
    assert.deepEqual(train("1"), first);
  });
});

Deno.test("cachedTraining() returns a training that it cannot keep, and says so", async () => {
  await withTemporaryFolder((folder) => {
    const file = `${folder}/no_folder`;
    Deno.writeTextFileSync(file, "");
    const warnings: string[] = [];
    const { warn } = console;
    console.warn = (text: string) => warnings.push(text);
    try {
      const training = cachedTraining(parts.train, { ...small, folder: file });
      assert.deepEqual(training, trainAutoencoder(parts.train, small));
    } finally {
      console.warn = warn;
    }
    assert.match(warnings.join(), /^The training is not kept for next time: /);
    assert.deepEqual([...Deno.readDirSync(folder)].map(({ name }) => name), ["no_folder"]);
  });
});
