import assert from "node:assert/strict";
import { writeNpy } from "../audit/write_npy.ts";
import { withTemporaryFolder } from "../folder.ts";
import { assertHandled } from "./program.ts";
import { archiveFiles, npyFiles } from "./hostile/array_files.ts";
import { DIMENSIONS, goodRows, type HostileFile, writeHostile } from "./hostile/hostile_file.ts";
import { commandLines, writeGoodFiles } from "./hostile/command_lines.ts";
import { embeddingFiles, specialFiles } from "./hostile/embedding_files.ts";
import { pairFiles, sideFiles, transformFiles } from "./hostile/side_files.ts";
import { csvFiles, jsonFiles } from "./hostile/text_files.ts";
import { snapshot, Trials } from "./hostile/trials.ts";

const SEED = "hostile files";

/** Writes files into a folder of their own, and fails unless they are as they were in the end. */
async function withFiles<T extends HostileFile>(
  folder: string,
  files: readonly T[],
  use: (path: (file: T) => string) => Promise<void>,
): Promise<void> {
  Deno.mkdirSync(folder);
  const path = ({ name }: HostileFile) => `${folder}/${name}`;
  for (const file of files) await writeHostile(file, path(file));
  const before = snapshot(folder);
  await use(path);
  assert.deepEqual(snapshot(folder), before);
}

Deno.test("hostile files: each command reads them or refuses them in one line, and leaves them be", async () => {
  await withTemporaryFolder(async (folder) => {
    const good = `${folder}/good.npy`, labels = `${folder}/labels.txt`;
    writeNpy(good, goodRows("good"));
    Deno.writeTextFileSync(labels, goodRows("good").map((_, i) => i % 4).join("\n"));
    const files = await embeddingFiles(SEED, folder);
    // All commands open files in one way: each of the others takes a share, in one place or another.
    const shareOf = (share: number) =>
      files.filter(({ name }, i) => i % (name.endsWith(".npy") ? 2 : 8) === share).map((file) => ({
        ...file,
        // What is right may still not fit the other file, and what is not may be noticed by that.
        outcome: file.outcome instanceof RegExp ? /./ : "either" as const,
      }));
    await withFiles(`${folder}/hostile`, files, async (path) => {
      const audit = new Trials(`${folder}/audit`);
      for (const file of files) {
        await audit.run([path(file), ...audit.report, "--strict"], file.outcome);
      }
      // Odd records are left out unless that is refused: whatever stays, its figures are numbers.
      for (const file of files.filter((_, i) => i % 3 === 0)) {
        await audit.run([path(file), ...audit.report], file.outcome === "read" ? "read" : "either");
      }
      audit.assertHandled("hostile files to audit");
      const compare = new Trials(`${folder}/compare`);
      for (const [share, side] of [1, 2].entries()) {
        for (const file of shareOf(share)) {
          const args = ["compare", good, good, ...compare.report, "--strict"].with(
            side,
            path(file),
          );
          await compare.run(args, file.outcome);
        }
      }
      compare.assertHandled("hostile files to audit compare");
      const fix = new Trials(`${folder}/fix`);
      for (const [share, how] of [["--correction", "whitening"], ["--labels", labels]].entries()) {
        for (const file of shareOf(share)) {
          await fix.run(["fix", path(file), ...how, ...fix.fixed, "--strict"], file.outcome);
        }
      }
      fix.assertHandled("hostile files to audit fix");
    });
  });
});

Deno.test("hostile side files: labels, ids, popularity, pairs and transforms are read or refused", async () => {
  await withTemporaryFolder(async (folder) => {
    const items = `${folder}/items.csv`;
    const rows = goodRows("good").map((row, i) => [`w${i}`, ...row].join());
    Deno.writeTextFileSync(items, ["id,a,b,c,d", ...rows].join("\n"));
    const trials = new Trials(`${folder}/out`);
    const { report, fixed } = trials;
    await withFiles(`${folder}/side`, sideFiles(), async (path) => {
      for (const file of sideFiles()) {
        const { outcome, asNumbers } = file;
        await trials.run([items, "--popularity", path(file), ...report], asNumbers);
        await trials.run(["compare", items, items, "--ids", path(file), ...report], outcome);
        await trials.run(["fix", items, "--labels", path(file), ...fixed], outcome);
      }
    });
    await withFiles(`${folder}/pairs`, pairFiles(), async (path) => {
      const users = ["--correction", "canonical-1", ...fixed];
      for (const file of pairFiles()) {
        const { outcome } = file;
        await trials.run([items, "--queries", items, "--pairs", path(file), ...report], outcome);
        await trials.run(["fix", items, "--pairs", path(file), ...fixed], outcome);
        await trials.run(["fix", items, "--interactions", path(file), ...users], outcome);
      }
    });
    await withFiles(`${folder}/transforms`, transformFiles(DIMENSIONS), async (path) => {
      for (const file of transformFiles(DIMENSIONS)) {
        await trials.run(["fix", "--apply", path(file), items, ...fixed], file.outcome);
      }
    });
    trials.assertHandled("hostile side files, pairs and transforms");
  });
});

Deno.test("hostile command lines: options and outputs that cannot be are refused, and no input changes", async () => {
  await withTemporaryFolder(async (folder) => {
    Deno.mkdirSync(`${folder}/in`);
    const path = writeGoodFiles(`${folder}/in`);
    const before = snapshot(`${folder}/in`);
    const trials = new Trials(`${folder}/out`);
    for (const { args, outcome } of commandLines(path, trials.out)) {
      await trials.run(outcome === "read" ? [...args, ...trials.report] : args, outcome);
    }
    trials.assertHandled("hostile options and outputs");
    assert.deepEqual(snapshot(`${folder}/in`), before);
  });
});

const command = new URL("../../lib/audit/audit.ts", import.meta.url).pathname;
/** Files that would take gigabytes or minutes, and others that end a program in its usual ways. */
const SAMPLE: [name: string, line: RegExp][] = [
  ["vast columns.npy", /cut off/],
  ["bomb of 2 GB.npz", /unpacking it takes 2,000 MB, the limit/],
  ["bomb that says 1 kB.npz", /can be read/],
  ["1000000 columns.csv", /1,000,000 coordinates/],
  ["3 GB in a quote.csv", /more than/],
  ["3 GB of nothing.json", /takes 6,000 MB, the limit/],
  ["deep.json", /lists of numbers of one length/],
  ["loop.npy", /in a circle/],
  ["pipe.csv", /is not a file/],
  ["line\nend that is none.npy", /line\\nend that is none\.npy does not exist/],
];

Deno.test("hostile files: the program ends in one line and code 2", async () => {
  await withTemporaryFolder(async (folder) => {
    const files = [npyFiles, archiveFiles, csvFiles, jsonFiles, specialFiles]
      .flatMap((files) => files("hostile processes"));
    const good = `${folder}/good.npy`;
    writeNpy(good, goodRows("good"));
    let tried = 0;
    const run = (code: number, ...args: string[]) => {
      const ended = new Deno.Command(Deno.execPath(), {
        args: ["run", "--cached-only", "-A", "--no-check", command, ...args],
        env: { NO_COLOR: "1" },
      }).outputSync();
      const [stdout, stderr] = [ended.stdout, ended.stderr].map((b) => new TextDecoder().decode(b));
      assert.equal(ended.code, code, `${args.join(" ")}: ${stderr}`);
      tried++;
      return { stdout, stderr };
    };
    for (const [i, [name, line]] of SAMPLE.entries()) {
      const file = files.find((file) => file.name === name)!;
      const path = `${folder}/${name}`;
      await writeHostile(file, path);
      const args =
        [[path], ["compare", good, path], ["fix", path, "--correction", "center"]][i % 3];
      const { stdout, stderr } = run(2, ...args);
      assert.equal(stdout, "");
      assert.match(stderr, /^audit( compare| fix)?: [^\n]+\n$/);
      assert.match(stderr, line);
    }
    assert.equal(run(0, good, "--json", "/dev/null").stderr, "");
    assert.match(
      run(1, good, "--fail-on", "undetermined").stderr,
      /^audit: --fail-on names [^\n]+\n$/,
    );
    assertHandled("hostile files to the program, as a process", tried, tried);
  });
});
