import assert from "node:assert/strict";
import { join } from "node:path";
import seedrandom from "seedrandom";
import { runProgram } from "../../lib/io/program.ts";
import {
  checkCells,
  checkNotebooks,
  parseDiagnostics,
  unformattedCells,
} from "../../tools/notebooks/check_cells.ts";
import { reproduce } from "../../tools/notebooks/reproduce.ts";
import { withTemporaryFolder } from "../folder.ts";
import { assertHandled } from "../reliability/program.ts";
import { runTask } from "../task.ts";
import { notebookOf, withNotebook } from "./notebooks.ts";

Deno.test("cells may repeat imports, declare anew, await, and end in an expression", async () => {
  await withNotebook([
    `import { one } from "./one.ts";\nimport { join } from "node:path";\nconst a: number = one;\na`,
    `import { one } from "./one.ts"; import type { One } from "./one.ts"\nconst a: One = one\nawait a`,
    `const unused = join("a", String(a))`,
    ` `,
    `function f() {\n  return 1;\n}\n(f())`,
  ], async (path, folder) => {
    await Deno.writeTextFile(join(folder, "one.ts"), "export const one = 1; export type One = 1;");
    await Deno.writeTextFile(
      join(folder, "deno.json"),
      `{ "compilerOptions": { "noUnusedLocals": true } }`,
    );
    assert.deepEqual(await checkNotebooks([path]), []);
  });
});

Deno.test("a type error is reported with notebook, cell and line, and no file is left", async () => {
  await withNotebook(
    [`const a = 1;`, ``, `import { nope } from "./one.ts";\n\nconst b: string = a;\nb`],
    async (path, folder) => {
      await Deno.writeTextFile(join(folder, "one.ts"), "export const one = 1;");
      const errors = await checkNotebooks([path]);
      assert.equal(errors.length, 2);
      assert.ok(errors[0].startsWith(`${path}: cell [2], line 1: TS2305`), errors[0]);
      assert.ok(errors[1].startsWith(`${path}: cell [2], line 3: TS2322`), errors[1]);
      assert.match(errors[1], /Type 'number' is not assignable to type 'string'/);
      const left = [...Deno.readDirSync(folder)].map((entry) => entry.name).sort();
      assert.deepEqual(left, ["one.ts", "some.ipynb"]);
    },
  );
});

Deno.test("what is not TypeScript is reported with its place, too", async () => {
  await withNotebook([`1;`, `2;\nlet a = ;`], async (path) => {
    const [error, ...others] = await checkNotebooks([path]);
    assert.equal(error, `${path}: cell [2], line 2: error: SyntaxError: Expression expected`);
    assert.deepEqual(others, []);
  });
});

Deno.test("parseDiagnostics leaves the quoted line out", () => {
  const said = "TS1 [ERROR]: First\n  more\nconst a = 1;\n      ^\n    at file:///a.ts:2:7\n\n" +
    "TS2 [ERROR]: Second\n    at file:///b.ts:3:1\n\nFound 2 errors.\n\nerror: Failed.";
  assert.deepEqual(parseDiagnostics(said), [
    { file: "file:///a.ts", line: 2, message: "TS1 [ERROR]: First\n  more" },
    { file: "file:///b.ts", line: 3, message: "TS2 [ERROR]: Second" },
  ]);
});

Deno.test("unformattedCells finds the cells that deno fmt would change", async () => {
  const notebook = notebookOf(["const a = 1;\na;", "", "let   b=2", "const c = 3;"]);
  notebook.cells.unshift({ cell_type: "markdown", metadata: {}, source: "*  left  alone" });
  const found = await unformattedCells(notebook, Deno.cwd());
  assert.deepEqual(found.map(({ number, formatted }) => [number, formatted]), [[2, "let b = 2;"]]);
});

Deno.test("unformattedCells leaves what cannot be parsed to the type checker", async () => {
  assert.deepEqual(await unformattedCells(notebookOf(["let a = ;"]), Deno.cwd()), []);
});

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

/** A file that claims to be a notebook. */
interface Malformed {
  what: string;
  text: string;
}

const code = { cell_type: "code", metadata: {}, source: "1;", outputs: [] };
const display = { output_type: "display_data", metadata: {} };

const nested = (depth: number) => `${'{"a":'.repeat(depth)}1${"}".repeat(depth)}`;

function notebook(members: Record<string, unknown>): string {
  return JSON.stringify({ ...notebookOf(["1;"]), ...members });
}

/** A notebook with one cell, a right one but for these members. */
const cell = (members: Record<string, unknown>) => notebook({ cells: [{ ...code, ...members }] });

const output = (...outputs: unknown[]) => cell({ outputs });

/** Files that are no notebooks, the same ones on every run. */
function malformedNotebooks(): Malformed[] {
  const cases: Record<string, string> = {
    "nothing": "",
    "a text": "text",
    "bytes of no text": "\u0000\ufffd\u001b[31m",
    "null": "null",
    "a number": "4",
    "a list": "[]",
    "no cells": notebook({ cells: undefined }),
    "cells null": notebook({ cells: null }),
    "cells an object": notebook({ cells: { 0: code, length: 1 } }),
    "cells a text": notebook({ cells: "cells" }),
    "format missing": notebook({ nbformat: undefined }),
    "format 3": notebook({ nbformat: 3 }),
    "format a text": notebook({ nbformat: "4" }),
    "format that is no text": notebook({ nbformat: { toString: 1 } }),
    "metadata null": notebook({ metadata: null }),
    "metadata a list": notebook({ metadata: [] }),
    "a cell null": notebook({ cells: [null] }),
    "a cell a number": notebook({ cells: [7] }),
    "a cell a list": notebook({ cells: [[]] }),
    "a cell of no type": cell({ cell_type: undefined }),
    "a cell of an unknown type": cell({ cell_type: "heading\n\u001b[2J" }),
    "a cell of a type that is no text": cell({ cell_type: { toString: 1 } }),
    "source a number": cell({ source: 1 }),
    "source null": cell({ source: null }),
    "source a list of numbers": cell({ source: ["1;", 2] }),
    "source an object": cell({ source: { toString: 1 } }),
    "cell metadata null": cell({ metadata: null }),
    "id a number": cell({ id: 5 }),
    "outputs null": cell({ outputs: null }),
    "outputs an object": cell({ outputs: {} }),
    "an output null": output(null),
    "an output of format 3": output({ output_type: "pyout" }),
    "a stream whose text is a number": output({ output_type: "stream", name: "stdout", text: 5 }),
    "a stream whose name is an object": output({ output_type: "stream", name: {}, text: "" }),
    "a display without texts": output({ ...display, data: { "text/plain": { toString: 1 } } }),
    "a picture that is a number": output({ ...display, data: { "image/png": 5 } }),
    "a display whose data are a list": output({ ...display, data: [] }),
    "display metadata null": output({ ...display, metadata: null }),
    "attachments a number": cell({ cell_type: "markdown", attachments: 5 }),
    "nested too deep": notebook({ metadata: {} }).replace(
      '"metadata":{},"nbformat"',
      `"metadata":${nested(600)},"nbformat"`,
    ),
    "nested without end": `{"cells":${"[".repeat(1e6)}`,
  };
  const whole = notebook({ cells: Array.from({ length: 20 }, () => code) });
  const random = seedrandom.alea("malformed notebooks");
  for (let k = 1; k <= 12; k++) {
    // The last brace is missing at least.
    cases[`cut off, ${k}`] = whole.slice(0, Math.floor(random() * (whole.length - 1)));
  }
  return Object.entries(cases).map(([what, text]) => ({ what, text }));
}

/** Notebooks that are odd, and right. */
const oddNotebooks: Record<string, string> = {
  "without metadata": notebook({ cells: [], metadata: undefined }),
  "cells without metadata or source": notebook({ cells: [{ cell_type: "markdown" }] }),
  "a large text": cell({ cell_type: "markdown", source: "x".repeat(5e6) }),
  "nested deep": notebook({ cells: [] }).replace(
    '"metadata":{},"nbformat"',
    `"metadata":${nested(300)},"nbformat"`,
  ),
  'quotes "and" <angles>': notebook({ cells: [] }),
  "a line\nbreak": notebook({ cells: [] }),
};
