import assert from "node:assert/strict";
import { join } from "node:path";
import { runTask, taskCommand } from "../task.ts";
import { withNotebook } from "./temporary_notebook.ts";

const reproduce = (...args: string[]) => runTask("reproduce", args);

const withoutTime = (text: string) => text.replace(/ in (\d+ min )?\d+ s,/g, " in TIME,");

Deno.test("reproduce prints a line when a notebook is done, and --check agrees", async () => {
  await withNotebook([`console.log("a");`, `1 + 1;`], async (path) => {
    const { code, stdout } = await reproduce(path);
    assert.equal(withoutTime(stdout), `${path}: 2 cells in TIME, written\n`);
    assert.equal(code, 0);
    const check = await reproduce("--check", path);
    assert.equal(withoutTime(check.stdout), `${path}: 2 cells in TIME, unchanged\n`);
    assert.equal(check.code, 0);

    await Deno.writeTextFile(path, (await Deno.readTextFile(path)).replace(`"a\\n"`, `"b\\n"`));
    const differs = await reproduce("--check", path);
    assert.equal(
      differs.stderr,
      `${path}: cell [1], output 1, stdout: line 1 is "a", committed is "b"\n`,
    );
    assert.equal(withoutTime(differs.stdout), `${path}: 2 cells in TIME, 1 difference\n`);
    assert.equal(differs.code, 1);
  });
});

Deno.test("reproduce takes a folder for all notebooks in it", async () => {
  await withNotebook([`1;`], async (path, folder) => {
    await Deno.copyFile(path, join(folder, "other.ipynb"));
    await Deno.writeTextFile(join(folder, "text.txt"), "no notebook");
    const { code, stdout } = await reproduce("--jobs", "1", folder);
    assert.match(
      withoutTime(stdout),
      /other\.ipynb: 1 cell in TIME, written, about \d+ s left\n.*some\.ipynb: 1 cell in TIME, written\n$/,
    );
    assert.equal(code, 0);
  });
});

Deno.test("reproduce runs two notebooks at once", async () => {
  // Each waits for what the other writes.
  const meet = (own: string, other: string) => `
    Deno.writeTextFileSync("${own}", "");
    const there = () => { try { return Deno.statSync("${other}").isFile; } catch { return false; } };
    for (let i = 0; i < 3000 && !there(); i++) await new Promise((done) => setTimeout(done, 100));
    there()`;
  await withNotebook([meet("a", "b")], async (path, folder) => {
    const second = join(folder, "z.ipynb");
    const text = await Deno.readTextFile(path);
    await Deno.writeTextFile(
      second,
      text.replaceAll('\\"a\\"', '\\"c\\"').replaceAll('\\"b\\"', '\\"a\\"')
        .replaceAll('\\"c\\"', '\\"b\\"'),
    );
    const shown = async (file: string) =>
      /"text\/plain": \[\s*"(true|false)"/.exec(await Deno.readTextFile(file))?.[1];
    // A notebook that is named twice is run once.
    const { code, stdout } = await reproduce("--jobs", "2", folder, path);
    assert.equal(code, 0);
    assert.equal(stdout.split("\n").length, 3);
    assert.deepEqual([await shown(path), await shown(second)], ["true", "true"]);
  });
});

Deno.test("reproduce stops at the first error with the cell, its source and the error", async () => {
  await withNotebook(
    [`1;`, `const a = 1;\nthrow new Error("oops " + a);`, `2`],
    async (path, folder) => {
      const before = await Deno.readTextFile(path);
      const other = join(folder, "waits.ipynb"), never = join(folder, "z.ipynb");
      await Deno.writeTextFile(other, before.replace("1;", "for (;;);"));
      await Deno.writeTextFile(never, before);
      const { code, stdout, stderr } = await reproduce("--jobs", "2", path, other, never);
      assert.equal(code, 1);
      assert.equal(stdout, "");
      assert.ok(
        stderr.startsWith(
          `${other}: interrupted, the file is left as it was\n${path}: cell [2] failed\n\n    const a = 1;\n    throw new Error("oops " + a);\n\n` +
            "Error: oops 1",
        ),
        stderr,
      );
      assert.equal(await Deno.readTextFile(path), before);
      const names = [...Deno.readDirSync(folder)].map((entry) => entry.name).sort();
      assert.deepEqual(names, ["some.ipynb", "waits.ipynb", "z.ipynb"]);
    },
  );
});

Deno.test({
  name: "reproduce ends cleanly when it is interrupted",
  ignore: Deno.build.os === "windows",
  async fn() {
    const codes = { SIGINT: 130, SIGTERM: 143 } as const;
    for (const signal of ["SIGINT", "SIGTERM"] as const) {
      await withNotebook([
        `Deno.writeTextFileSync("pid " + Deno.pid, "");`,
        `for (;;);`,
      ], async (path, folder) => {
        const before = await Deno.readTextFile(path);
        const other = join(folder, "other.ipynb");
        await Deno.writeTextFile(other, before);
        const temporary = join(folder, "temporary");
        await Deno.mkdir(temporary);
        const env = { TMPDIR: temporary };
        const child = taskCommand("reproduce", ["--jobs", "2", path, other], { env }).spawn();
        const output = child.output();
        const pids = await twoPids(folder);
        child.kill(signal);
        const { code, stderr } = await output;
        assert.equal(code, codes[signal]);
        const lines = new TextDecoder().decode(stderr).trimEnd().split("\n").sort();
        assert.deepEqual(
          lines,
          [other, path].map((file) => `${file}: interrupted, the file is left as it was`),
        );
        for (const file of [path, other]) assert.equal(await Deno.readTextFile(file), before);
        for (const pid of pids) {
          assert.throws(() => Deno.kill(pid, "SIGCONT"), Deno.errors.NotFound);
          await Deno.remove(join(folder, `pid ${pid}`));
        }
        assert.deepEqual([...Deno.readDirSync(temporary)], []);
        const left = [...Deno.readDirSync(folder)].map((entry) => entry.name).sort();
        assert.deepEqual(left, ["other.ipynb", "some.ipynb", "temporary"]);
      });
    }
  },
});

Deno.test("a wrong command line is answered in one line", async () => {
  await withNotebook([], async (path, folder) => {
    const text = join(folder, "text.txt");
    await Deno.writeTextFile(text, "text");
    await Deno.mkdir(join(folder, "empty"));
    const python = join(folder, "python.ipynb");
    const metadata = { kernelspec: { name: "python3", language: "python", display_name: "P" } };
    await Deno.writeTextFile(
      python,
      JSON.stringify({ cells: [], metadata, nbformat: 4, nbformat_minor: 5 }),
    );
    const bare = join(folder, "bare.ipynb");
    const named = { kernelspec: { name: "python3", display_name: "Python 3" } };
    await Deno.writeTextFile(
      bare,
      JSON.stringify({ cells: [], metadata: named, nbformat: 4, nbformat_minor: 5 }),
    );
    const wrong: [string[], RegExp][] = [
      [[bare], /its cells are in python/],
      [[python], /its cells are in python, and the Deno kernel runs TypeScript; run it with/],
      [["--no-such-flag"], /Unknown option '--no-such-flag'/],
      [[join(folder, "missing.ipynb")], /missing\.ipynb does not exist/],
      [[join(folder, "empty")], /There are no notebooks in the folder .*empty/],
      [[text], /Cannot read .*text\.txt: it is no JSON/],
      [["--timeout", "0", path], /--timeout must be/],
      [["--jobs", "0", path], /--jobs must be/],
    ];
    for (const [args, expected] of wrong) {
      const { code, stdout, stderr } = await reproduce(...args);
      assert.equal(code, 2);
      assert.match(stderr, /^reproduce: [^\n]+\n$/);
      assert.match(stderr, expected);
      assert.equal(stdout, "");
    }
    const help = await reproduce("--help");
    assert.equal(help.code, 0);
    assert.match(help.stdout, /^Usage: deno task reproduce/);
  });
});

/** Waits until two kernels have said which process they are. */
async function twoPids(folder: string): Promise<number[]> {
  for (const deadline = Date.now() + 300_000; Date.now() < deadline;) {
    const pids = [...Deno.readDirSync(folder)].flatMap(({ name }) =>
      /^pid \d+$/.test(name) ? [Number(name.slice(4))] : []
    );
    if (pids.length === 2) return pids;
    await new Promise((done) => setTimeout(done, 50));
  }
  throw new Error(`Two kernels have not started in ${folder}`);
}
