import assert from "node:assert/strict";
import { findImports } from "../../tools/notebooks/run_notebook.ts";

const names = (code: string) =>
  findImports(code).map(({ specifier, bindings }) => [
    specifier,
    ...bindings.map(({ imported, local, isType }) =>
      `${isType ? "type " : ""}${imported} as ${local}`
    ),
  ]);

Deno.test("findImports knows every form of an import", () => {
  assert.deepEqual(names(`import "a"; import b from 'b'`), [["a"], ["b", "default as b"]]);
  assert.deepEqual(names(`import * as c from "c";`), [["c", "* as c"]]);
  assert.deepEqual(names(`import d, { e, f as g, type H, } from "d";`), [
    ["d", "e as e", "f as g", "type H as H", "default as d"],
  ]);
  assert.deepEqual(names(`import type { I } from "i"; import type from "j";`), [
    ["i", "type I as I"],
    ["j", "default as type"],
  ]);
  assert.deepEqual(names(`import {\n  k, // one\n  l,\n} from "k";`), [["k", "k as k", "l as l"]]);
  assert.deepEqual(names(`import m from "m.json" with { type: "json" };`), [
    ["m.json", "default as m"],
  ]);
});

Deno.test("findImports is not deceived by comments, strings, and dynamic imports", () => {
  assert.deepEqual(names(`// import "a"\n/* import "b" */ const c = 'import "d"';`), []);
  assert.deepEqual(names("const a = `\nimport b from 'b';\n`; await import('c'); x.import"), []);
  assert.deepEqual(names(`const a = /["']/;\nimport b from "b";`), [["b", "default as b"]]);
});

Deno.test("findImports says where an import is", () => {
  const code = `1;\nimport a from "a";\n2`;
  const [{ start, end }] = findImports(code);
  assert.equal(code.slice(start, end), `import a from "a";`);
});
