import assert from "node:assert/strict";
import { join } from "node:path";
import { runProgram } from "../../lib/io/program.ts";
import { checkCells } from "../../tools/notebooks/check_cells.ts";
import { reproduce } from "../../tools/notebooks/reproduce.ts";
import { assertHandled } from "../reliability/assert_handled.ts";
import { runTask } from "../task.ts";
import { withTemporaryFolder } from "../temporary_folder.ts";
import { malformedNotebooks, oddNotebooks } from "./malformed_notebooks.ts";

const PROGRAMS = { reproduce, check: checkCells };

/** What a program ends with, and the lines that it writes. */
async function end(name: keyof typeof PROGRAMS, path: string): Promise<[number, string[]]> {
  const lines: string[] = [];
  const { log, error } = console;
  console.log = console.error = (...said: unknown[]) => void lines.push(said.join(" "));
  try {
    return [await runProgram(name, () => PROGRAMS[name]([path])), lines];
  } finally {
    Object.assign(console, { log, error });
  }
}

Deno.test("malformed notebooks end in one line and code 2, and stay as they are", async () => {
  let tried = 0, handled = 0;
  await withTemporaryFolder(async (folder) => {
    const path = join(folder, "malformed.ipynb");
    for (const { what, text } of malformedNotebooks()) {
      Deno.writeTextFileSync(path, text);
      for (const name of ["reproduce", "check"] as const) {
        tried++;
        const [code, lines] = await end(name, path);
        const said = `${what}: ${code}, ${lines.join(" | ").slice(0, 500)}`;
        assert.deepEqual([code, lines.length], [2, 1], said);
        assert(lines[0].startsWith(`${name}: Cannot read ${path}: `), said);
        // deno-lint-ignore no-control-regex -- these are what must not reach a terminal
        assert.doesNotMatch(lines[0], /[\u0000-\u001f\u007f-\u009f]/, said);
        assert(lines[0].length < 1000, said);
        assert.equal(Deno.readTextFileSync(path), text);
        handled++;
      }
    }
    Deno.truncateSync(path, 3e9);
    for (const name of ["reproduce", "check"] as const) {
      tried++;
      assert.match((await end(name, path))[1].join(), /it has 3000 MB, the limit is 200 MB/);
      handled++;
    }
    assert.deepEqual([...Deno.readDirSync(folder)].map(({ name }) => name), ["malformed.ipynb"]);
  });
  assertHandled("malformed notebooks, by `reproduce` and `check`", tried, handled);
});

Deno.test("odd notebooks are reproduced and checked, and their names are shown on one line", async () => {
  await withTemporaryFolder(async (folder) => {
    const names = Object.keys(oddNotebooks);
    for (const name of names) {
      Deno.writeTextFileSync(join(folder, `${name}.ipynb`), oddNotebooks[name]);
    }
    for (const outcome of ["written", "unchanged"]) {
      const { code, stdout, stderr } = await runTask("reproduce", [folder]);
      assert.deepEqual([code, stderr], [0, ""]);
      const shown = names.map((name) => `${join(folder, name)}.ipynb: 0 cells, ${outcome}`)
        .map((line) => line.replace("\n", "\\n")).sort();
      assert.deepEqual(stdout.trimEnd().replace(/ in \d+ s,/g, ",").split("\n").sort(), shown);
    }
    const { code, stdout } = await runTask("check", [folder]);
    assert.deepEqual([code, stdout], [
      0,
      `Checked the cells of ${names.length} notebooks: no errors\n`,
    ]);
    assert.equal([...Deno.readDirSync(folder)].length, names.length);
  });
});
