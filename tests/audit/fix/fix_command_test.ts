import assert from "node:assert/strict";
import { openEmbeddings } from "cosine-lab/audit";
import { randomNormal } from "cosine-lab/training";
import seedrandom from "seedrandom";
import { COMPARISON_MARKER } from "../../../lib/audit/compare/compare_report.ts";
import { runTaskSync } from "../../task.ts";
import { runCommand } from "../../reliability/hostile/trials.ts";
import { withTemporaryFolder } from "../../folder.ts";

/** Runs `deno task audit …` in a folder. */
const audit = (cwd: string, ...args: string[]) => runTaskSync("audit", args, { cwd });

/** Word vectors whose first coordinate is large and says nothing, and co-clicks of words of a kind. */
function writeShop(folder: string): string[] {
  const random = seedrandom.alea("shop");
  const normal = randomNormal(random);
  const centers = Array.from({ length: 40 }, () => Array.from({ length: 8 }, normal));
  const words = Array.from({ length: 400 }, (_, i) => `word${i}`);
  const lines = words.map((word, i) =>
    [word, ...centers[i % 40].map((x, c) => c === 0 ? 7 * normal() : x + 0.4 * normal())].join(" ")
  );
  Deno.writeTextFileSync(`${folder}/shop.vec`, `400 8\n${lines.join("\n")}\n`);
  const clicks = Array.from({ length: 800 }, () => {
    const i = Math.floor(400 * random());
    return `word${i}\tword${(i + 40 * (1 + Math.floor(9 * random()))) % 400}\t${
      1 + Math.floor(3 * random())
    }`;
  });
  Deno.writeTextFileSync(`${folder}/clicks.tsv`, `item\tother\tclicks\n${clicks.join("\n")}\n`);
  return words;
}

Deno.test("audit fix: a .vec file and a .tsv of co-clicks become corrected vectors, and so do new ones", async () => {
  await withTemporaryFolder(async (folder) => {
    const words = writeShop(folder);
    const { code, stdout, stderr } = audit(folder, "fix", "shop.vec", "--pairs", "clicks.tsv");
    assert.deepEqual([code, stderr], [0, ""]);
    assert.match(stdout, /Recommended: (remove-top-1|remove-top-2|z-scores|whitening)\./);
    assert.match(stdout, /95 % interval \+0/);
    const fixed = await openEmbeddings(`${folder}/shop.fixed.npy`);
    assert.deepEqual([fixed.rows.rows, fixed.rows.columns, fixed.dtype], [400, 8, "float32"]);
    const ids = Deno.readTextFileSync(`${folder}/shop.fixed.ids.txt`);
    assert.equal(ids, `${words.join("\n")}\n`);
    const applied = audit(
      folder,
      ...["fix", "--apply", "shop.fixed.transform.json", "shop.vec", "--out", "new.npy"],
    );
    assert.deepEqual([applied.code, applied.stderr], [0, ""]);
    assert.deepEqual(
      Deno.readFileSync(`${folder}/new.npy`),
      Deno.readFileSync(`${folder}/shop.fixed.npy`),
    );
    // An earlier comparison, which is replaced.
    Deno.writeTextFileSync(`${folder}/c.html`, COMPARISON_MARKER);
    const compared = audit(
      folder,
      ...["compare", "shop.vec", "shop.fixed.npy", "--ids-b", "shop.fixed.ids.txt"],
      ...["--min-overlap", "0.8", "--html", "c.html", "--json", "-"],
    );
    assert.equal(compared.code, 1);
    const report = JSON.parse(compared.stdout);
    assert.deepEqual([report.schema, report.matched.by], ["cosine-lab/comparison/1", "ids"]);
    assert(report.overlap.low <= report.overlap.mean && report.overlap.mean < 0.8);
    assert.match(Deno.readTextFileSync(`${folder}/c.html`), /^<!doctype html>[\s\S]*<\/html>\n$/);
  });
});

Deno.test("audit fix and compare: what cannot be used ends in one line, code 2, and no file", async () => {
  await withTemporaryFolder(async (folder) => {
    writeShop(folder);
    Deno.writeTextFileSync(`${folder}/transform.json`, '{"version": 2}');
    Deno.writeTextFileSync(`${folder}/other.tsv`, "a\tb\nc\td\n");
    Deno.writeTextFileSync(`${folder}/taken.npy`, "mine");
    const before = [...Deno.readDirSync(folder)].map(({ name }) => name).sort();
    const shop = ["fix", "shop.vec"];
    const cases: [string[], RegExp][] = [
      [shop, /nothing says which correction is better: give --labels WHERE or --pairs FILE/],
      [[...shop, "--correction", "better"], /none called "better"/],
      [[...shop, "--pairs", "clicks.tsv", "--correction", "center"], /cannot both be given/],
      [[...shop, "--pairs", "other.tsv"], /names no item of the embeddings/],
      [[...shop, "--pairs", "none.tsv"], /none\.tsv/],
      [[...shop, "--correction", "center", "--out", "taken.npy"], /not replaced without --force/],
      [
        [...shop, "--correction", "center", "--out", "shop.vec"],
        /--out must be the name of a \.npy file/,
      ],
      [["fix", "--apply", "transform.json", "shop.vec"], /version must be 1, it is 2/],
      [["fix", "--correction", "center"], /must be a file to correct/],
      [["compare", "shop.vec"], /two files to compare, there are 1/],
      [["compare", "shop.vec", "shop.vec", "--min-overlap", "2"], /between 0 and 1/],
      [["compare", "shop.vec", "none.vec"], /none\.vec/],
      [
        ["compare", "shop.vec", "shop.vec", "--json", "shop.vec"],
        /it is read, or written, already/,
      ],
    ];
    for (const [args, message] of cases) {
      const whole = args.map((arg) => /\.\w+$/.test(arg) ? `${folder}/${arg}` : arg);
      const { code, stdout, stderr } = await runCommand(whole);
      assert.deepEqual([code, stdout], [2, ""], `${args.join(" ")}: ${stderr}`);
      assert.match(stderr, /^audit (fix|compare): [^\n]+\n$/);
      assert.match(stderr, message);
    }
    assert.deepEqual([...Deno.readDirSync(folder)].map(({ name }) => name).sort(), before);
  });
});
