import assert from "node:assert/strict";
import { eventually } from "../eventually.ts";
import { join } from "node:path";
import { parseNotebook, serialize } from "../../tools/notebooks/notebook_file.ts";
import {
  parseArguments,
  reproduceNotebook,
  severalAtOnce,
} from "../../tools/notebooks/reproduce.ts";
import { CELL_TIMEOUT } from "../../tools/notebooks/run_notebook.ts";
import { runTask, taskCommand } from "../task.ts";
import { encodedAnew, smallPng, withNotebook } from "./notebooks.ts";
import { SVG_DIGEST } from "../../lib/notebook/svg_digest.ts";

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
  let pids: number[] = [];
  await eventually(`two kernels have started in ${folder}`, () => {
    pids = [...Deno.readDirSync(folder)].flatMap(({ name }) =>
      /^pid \d+$/.test(name) ? [Number(name.slice(4))] : []
    );
    return pids.length === 2;
  });
  return pids;
}

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

Deno.test("parseArguments reads options and paths in any order", () => {
  assert.deepEqual(
    parseArguments(["a.ipynb", "--check", "--timeout", "1.5", "--jobs", "3", "b.ipynb"]),
    {
      help: false,
      check: true,
      timeout: 1.5,
      jobs: 3,
      paths: ["a.ipynb", "b.ipynb"],
    },
  );
  const { timeout, jobs } = parseArguments([]);
  assert.deepEqual([timeout, jobs], [CELL_TIMEOUT, Math.min(2, navigator.hardwareConcurrency)]);
});

Deno.test("parseArguments refuses what it does not know", () => {
  assert.throws(() => parseArguments(["--chekc"]), /Unknown option '--chekc'/);
  for (const timeout of ["0", "-1", "soon", "", "1e9"]) {
    assert.throws(() => parseArguments([`--timeout=${timeout}`]), RangeError);
  }
  for (const jobs of ["0", "-1", "two", "", "1.5", "1000", "0x2"]) {
    assert.throws(
      () => parseArguments([`--jobs=${jobs}`]),
      /--jobs must be an integer from 1 to 999/,
    );
  }
});

const never = new AbortController().signal;
const aborted = (signal: AbortSignal) =>
  new Promise<never>((_, reject) => signal.addEventListener("abort", () => reject(signal.reason)));

Deno.test("severalAtOnce() has so many at work and no more, in their order", async () => {
  for (const most of [1, 2, 3, 10]) {
    const begun: number[] = [];
    let working = 0, highest = 0;
    await severalAtOnce([0, 1, 2, 3, 4, 5], most, never, async (item) => {
      begun.push(item);
      highest = Math.max(highest, ++working);
      await new Promise((done) => setTimeout(done, 5));
      working--;
    });
    assert.deepEqual(begun, [0, 1, 2, 3, 4, 5]);
    assert.equal(highest, Math.min(most, 6));
  }
});

Deno.test("severalAtOnce() throws what failed first, after the others have ended, and begins no more", async () => {
  const begun: number[] = [], ended: number[] = [];
  await assert.rejects(
    () =>
      severalAtOnce([0, 1, 2], 2, never, async (item, signal) => {
        begun.push(item);
        try {
          if (item === 1) throw new Error("the second failed");
          await aborted(signal);
        } finally {
          ended.push(item);
        }
      }),
    /the second failed/,
  );
  assert.deepEqual([begun, ended], [[0, 1], [1, 0]]);
});

Deno.test("severalAtOnce() passes on that it is aborted", async () => {
  const controller = new AbortController();
  const run = severalAtOnce(
    [0, 1, 2],
    2,
    controller.signal,
    async (_, signal) => await aborted(signal),
  );
  controller.abort(new Error("enough"));
  await assert.rejects(run, /enough/);
});
