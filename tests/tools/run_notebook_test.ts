import assert from "node:assert/strict";
import { join } from "node:path";
import { KERNEL_ENVIRONMENT, KernelDied } from "../../tools/notebooks/kernel.ts";
import {
  CellError,
  findImports,
  runNotebook,
  type RunOptions,
} from "../../tools/notebooks/run_notebook.ts";
import { withNotebook } from "./notebooks.ts";

/** The error with which the second cell fails; the file has to be as it was. */
async function failure(code: string, options?: RunOptions): Promise<CellError> {
  let failed: unknown;
  await withNotebook(["1;", code], async (path, folder) => {
    await Deno.writeTextFile(join(folder, "throws.ts"), `throw new Error("while loading");`);
    await Deno.writeTextFile(join(folder, "one.ts"), "export const one = 1;");
    const before = await Deno.readTextFile(path);
    await runNotebook(path, options).catch((error) => failed = error);
    assert.equal(await Deno.readTextFile(path), before);
  });
  assert.ok(failed instanceof CellError, String(failed));
  assert.equal(failed.cell, 2);
  assert.equal(failed.source, code);
  return failed;
}

Deno.test("runNotebook returns what the cells print, show, and result in", async () => {
  const progress: number[][] = [];
  const flags = Deno.env.get("DENO_V8_FLAGS") ?? KERNEL_ENVIRONMENT.DENO_V8_FLAGS;
  await withNotebook([
    `console.log("a"); console.error("b"); console.log("c"); console.log("d"); 1 + 1`,
    ``,
    `const show = (html: string, update = false) =>
       Deno.jupyter.display({ "text/html": html }, { raw: true, display_id: "it", update });
     await show("first");`,
    // Neither display is awaited: the kernel is idle before they are sent.
    `show("last", true); Deno.jupyter.display({ "text/html": "late" }, { raw: true }); 3`,
    `Deno.env.get("DENO_V8_FLAGS")`,
  ], async (path) => {
    const onProgress = (...step: number[]) => progress.push(step);
    const { cells } = await runNotebook(path, { onProgress });
    const outputs = cells.map((cell) => cell.outputs!.map(({ text, data }) => text ?? data));
    assert.deepEqual(outputs, [
      [["a\n"], ["b\n"], ["c\n", "d\n"], { "text/plain": ["2"] }],
      [],
      [{ "text/html": ["last"] }],
      [{ "text/html": ["late"] }, { "text/plain": ["3"] }],
      [{ "text/plain": [`"${flags}"`] }],
    ]);
    assert.deepEqual(cells.map((cell) => cell.execution_count), [1, null, 2, 3, 4]);
    assert.ok(!JSON.stringify(cells).includes("transient"));
  });
  assert.deepEqual(progress, [[0, 4], [1, 4], [2, 4], [3, 4], [4, 4]]);
});

Deno.test("a cell that throws", async () => {
  assert.match((await failure(`throw new Error("oops")`)).reason, /^Error: oops/);
});

Deno.test("a cell that is not TypeScript", async () => {
  assert.match((await failure(`let a = ;`)).reason, /SyntaxError: Expression expected/);
  const { reason } = await failure(`import numpy as np`);
  assert.match(reason, /SyntaxError: .*\n[^]*a notebook in Python runs with another kernel/);
});

Deno.test("an import outside the clone and a chart without a document say what to do", async () => {
  const say: [string, RegExp][] = [
    [`import { gram } from "cosine-lab"; gram`, /put a deno\.json beside .* "npm:name@version"/],
    [`const { gram } = await import("cosine-lab");`, /put a deno\.json beside the notebook/],
    [
      `const context = {} as { document: Document }; context.document.documentElement;`,
      /reading 'documentElement'[^]*import \{ document \} from "cosine-lab\/notebook"/,
    ],
  ];
  await Promise.all(say.map(async ([code, expected]) => {
    assert.match((await failure(code)).reason, expected);
  }));
});

Deno.test("an error that nothing catches", async () => {
  const { reason } = await failure(`Promise.reject(new Error("unseen")); 1`);
  assert.match(reason, /nothing caught: Error: unseen/);
});

Deno.test("an import that cannot be resolved is named", async () => {
  const reasons: [string, RegExp][] = [
    [`import a from "unknown-package"; a`, /"unknown-package" failed: .*not a dependency/],
    [`import { a } from "./missing.ts";`, /"\.\/missing\.ts" failed: Module not found/],
    [`import { one, two } from "./one.ts"; one`, /"\.\/one\.ts" has no export named "two"/],
    [`import "./throws.ts";`, /"\.\/throws\.ts" failed: while loading/],
    [`import a from "npm:no version"; a`, /"npm:no version" failed: /],
    [`import("./missing.ts"); 1`, /Module not found .*missing\.ts/],
  ];
  await Promise.all(reasons.map(async ([code, expected]) => {
    assert.match((await failure(code)).reason, expected);
  }));
});

Deno.test("a kernel that dies", async () => {
  const { cause, reason } = await failure(`Deno.exit(3)`);
  assert(cause instanceof KernelDied);
  assert.match(reason, /The kernel died \(exit code 3\)/);
});

Deno.test("a cell that does not end, whether or not the kernel still answers", async () => {
  await Promise.all([`await new Promise(() => {})`, `for (;;);`].map(async (code) => {
    const { reason } = await failure(`console.log("begun"); ${code}`, { timeout: 3 });
    assert.equal(reason, "it did not finish within 3 seconds");
  }));
});

Deno.test("an aborted run rejects with the reason, and the kernel is gone", async () => {
  await withNotebook([
    `Deno.writeTextFileSync("pid", String(Deno.pid)); 1`,
    `for (;;);`,
  ], async (path, folder) => {
    const controller = new AbortController();
    const onProgress = (done: number) => {
      if (done === 1) controller.abort(new Error("enough"));
    };
    await assert.rejects(runNotebook(path, { signal: controller.signal, onProgress }), /enough/);
    const pid = Number(await Deno.readTextFile(join(folder, "pid")));
    assert.throws(() => Deno.kill(pid, "SIGCONT"), Deno.errors.NotFound);
    await assert.rejects(runNotebook(path, { signal: AbortSignal.abort(new Error("no")) }), /no/);
  });
});

Deno.test("a timeout has to be a possible time", async () => {
  await withNotebook(["1"], async (path) => {
    for (const timeout of [0, -1, NaN, Infinity]) {
      await assert.rejects(runNotebook(path, { timeout }), RangeError);
    }
  });
});

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
