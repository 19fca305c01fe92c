import assert from "node:assert/strict";
import { join } from "node:path";
import {
  checkNotebooks,
  parseDiagnostics,
  unformattedCells,
} from "../../tools/notebooks/check_cells.ts";
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
