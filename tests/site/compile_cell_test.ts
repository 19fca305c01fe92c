import assert from "node:assert/strict";
import { CellSyntaxError, compileCell } from "../../tools/site/run/compile_cell.ts";
import { missingInPage, PAGE_MODULES } from "../../tools/site/run/page_module_names.ts";
import { importHere } from "../../tools/site/run/page_modules.ts";

const AsyncFunction = (async () => {}).constructor as new (
  ...args: string[]
) => (...args: unknown[]) => Promise<[unknown] | undefined>;

/** Runs cells one after the other on one scope, as the worker does; gives the value of the last. */
async function run(...cells: string[]): Promise<unknown> {
  const scope = globalThis as Record<string, unknown>;
  const declared: string[] = [];
  try {
    let result: [unknown] | undefined;
    for (const cell of cells) {
      const { body, names } = compileCell(cell);
      for (const name of names) {
        if (!(name in scope)) scope[name] = undefined;
        declared.push(name);
      }
      result = await new AsyncFunction("__import", `"use strict";${body}`)(importHere);
    }
    return result?.[0];
  } finally {
    for (const name of declared) delete scope[name];
  }
}

Deno.test("a cell has the names of those before it, and may declare them again", async () => {
  assert.equal(await run("const one_ = 1, two_ = one_ + 1;", "two_ + one_"), 3);
  assert.equal(await run("const one_ = 1;", "const one_ = 5;", "one_"), 5);
  assert.equal(await run("let n_ = 0; const up_ = () => ++n_;", "up_(); n_ += 10;", "up_()"), 12);
  assert.equal(await run("class A_ { x = 3 }", "new A_().x"), 3);
  assert.equal(
    await run("f_();\nfunction f_(k = 1): number { return k ? 2 * f_(k - 1) : 7; }", "f_()"),
    14,
  );
  assert.equal(await run("function f_() {}", "f_.name"), "f_");
  assert.equal(await run("const f_ = () => {};", "f_.name"), "f_");
  assert.deepEqual(
    await run(
      "const { a: a_, b: [b_, ...c_], ...d_ } = { a: 1, b: [2, 3, 4], e: 5 };",
      "[a_, b_, c_, d_]",
    ),
    [1, 2, [3, 4], { e: 5 }],
  );
});

Deno.test("a cell awaits, imports and shows its last expression", async () => {
  assert.equal(await run("const x_ = await Promise.resolve(4);\nx_ // a comment"), 4);
  assert.equal(await run(`import { Matrix as M_ } from "ml-matrix";`, "M_.eye(3).sum()"), 3);
  assert.equal(
    await run(`import * as P_ from "@observablehq/plot";`, "typeof P_.plot"),
    "function",
  );
  assert.equal(await run(`(await import("ml-matrix")).Matrix.eye(2).sum()`), 2);
  assert.deepEqual(await run("({ a: 1 });"), { a: 1 });
  assert.equal(await run("1, 2"), 2);
  assert.equal(await run("const q_ = 1;"), undefined);
  assert.equal(await run("enum E_ { A, B }\nE_.B"), 1);
  await assert.rejects(
    run(`import pl from "nodejs-polars";`),
    /A page has no "nodejs-polars".*task lab/,
  );
  await assert.rejects(run(`import { nope } from "ml-matrix";`), /SyntaxError.*no export "nope"/);
  await assert.rejects(run("oops_ = 3;"), ReferenceError);
});

Deno.test("each line of a cell is where it was", () => {
  const code = `import {
  Matrix,
  type MatrixTransposeView,
} from "ml-matrix";
interface A {
  x: number;
}
const
  a = 1,
  b = 2;
function f(_: number) {
  throw new Error();
}
f(1);`;
  const { body } = compileCell(code);
  const line = (text: string, what: string) => text.split("\n").findIndex((l) => l.includes(what));
  for (const what of ["throw new", "f(1)", "b = 2"]) {
    assert.equal(line(body, what), line(code, what), what);
  }
});

Deno.test("what is no TypeScript is refused with its line", () => {
  const at = (code: string) => {
    try {
      compileCell(code);
    } catch (error) {
      assert(error instanceof CellSyntaxError);
      return `${error.line} ${error.message}`;
    }
    return "compiled";
  };
  assert.match(at("const a = 1;\nconst = 2;"), /^2 Unexpected token/);
  assert.match(at("let a;\nlet a;"), /^2 .*already been declared/);
  assert.match(at("1;\nexport const a = 1;"), /^2 A cell exports nothing/);
  assert.match(at("\n\n`${"), /^3 /);
});

Deno.test("what a page does not have is found in the code", () => {
  assert.deepEqual(missingInPage(PAGE_MODULES.map((name) => `import "${name}";`).join("\n")), []);
  assert.deepEqual(
    missingInPage(
      `import {\n  a,\n} from "cosine-lab/datasets";\nimport pl from "nodejs-polars";\nDeno.cwd();`,
    ),
    ["cosine-lab/datasets", "nodejs-polars", "Deno"],
  );
  for (const name of PAGE_MODULES) assert.equal(typeof importHere(name), "object");
});
