import assert from "node:assert/strict";
import { relative } from "node:path";
import { fileURLToPath } from "node:url";
import { sources } from "../folder.ts";

/** The layers of the library, lowest first: a folder or a file of lib/ imports only from layers below its own. */
const LAYERS = [
  ["errors.ts"],
  ["check.ts", "html.ts", "kernels"],
  ["math"],
  ["linalg"],
  ["interactions"],
  ["simulator", "solvers"],
  ["similarity"],
  ["evaluation", "training"],
  ["arbitrariness", "networks"],
  ["remedies"],
  ["io"],
  ["tables"],
  ["datasets"],
  ["notebook"],
  ["audit"],
  ["figure1_command.ts"],
];

/** Folders that run anywhere: in Deno, in Node and in a browser's worker. */
const PURE = LAYERS.slice(0, LAYERS.findIndex((layer) => layer.includes("io"))).flat();

/** The packages that they may load. */
const PURE_PACKAGES = ["ml-matrix", "seedrandom"];

const layer = (folder: string) => LAYERS.findIndex((folders) => folders.includes(folder));

const files = sources("lib").filter((path) => !path.includes("/assembly/"));
const folderOf = (path: string) => path.split("/")[1];
/** Examples in the documentation import as a user does; comments are no code. */
const codeOf = (path: string) =>
  Deno.readTextFileSync(path).replace(/\/\*[\s\S]*?\*\//g, "").replace(/^\s*\/\/.*$/gm, "");

/** What each module of a graph imports, types included; packages by their name. */
function graph(...roots: string[]): Map<string, string[]> {
  const found = new Map<string, string[]>();
  for (const root of roots) {
    const { stdout } = new Deno.Command(Deno.execPath(), { args: ["info", "--json", root] })
      .outputSync();
    for (
      const { specifier, dependencies = [] } of JSON.parse(new TextDecoder().decode(stdout)).modules
    ) {
      if (!specifier.startsWith("file:")) continue;
      const targets = dependencies.flatMap(
        (dependency: Record<"code" | "type", { specifier: string } | undefined>) =>
          [dependency.code, dependency.type].flatMap((target) => target ? [target.specifier] : []),
      );
      found.set(shortened(specifier), [...new Set<string>(targets.map(shortened))]);
    }
  }
  return found;
}

/** A path below the repository, or the name of a package without its version. */
function shortened(specifier: string): string {
  if (specifier.startsWith("file:")) return relative(Deno.cwd(), fileURLToPath(specifier));
  return specifier.replace(/^npm:\/?/, "").replace(/(?<=.)@[\d^~].*$/, "").replace(/^@types\//, "");
}

for (const folder of new Set(files.filter((path) => path !== "lib/mod.ts").map(folderOf))) {
  Deno.test(`architecture: lib/${folder} imports only from the layers below it`, () => {
    assert(layer(folder) >= 0, `lib/${folder} is in no layer`);
    for (const source of files.filter((path) => folderOf(path) === folder)) {
      const code = codeOf(source);
      for (
        const [, other] of code.matchAll(/(?:from|import\() ?"(?:\.\.\/)+([a-z]+(?:\.ts|(?=\/)))/g)
      ) {
        // One of its own folders, or another layer.
        if (layer(other) < 0 || other === folder) continue;
        assert(layer(other) < layer(folder), `${source} imports from lib/${other}/`);
      }
      assert.doesNotMatch(code, /from "(cosine-lab[^"]*|(\.\.\/)+mod\.ts)"/, source);
      assert.doesNotMatch(code, /from "[^"]*(tests|tools|notebooks)\//, source);
    }
  });
}

Deno.test("architecture: the pure folders load two packages, nothing of a system's, and no document", () => {
  const entryPoints = files.filter((path) =>
    PURE.includes(folderOf(path)) && path.endsWith("/mod.ts")
  );
  const modules = graph("lib/mod.ts", ...entryPoints);
  const packages = [...modules.values()].flat().filter((name) => !name.startsWith("lib/"));
  assert.deepEqual([...new Set(packages)].sort(), PURE_PACKAGES);
  for (const path of modules.keys()) {
    assert(path === "lib/mod.ts" || PURE.includes(folderOf(path)), `${path} is not pure`);
    assert.doesNotMatch(codeOf(path), /\bDeno\.|\bprocess\.|\bdocument\.|\bwindow\./, path);
  }
});

Deno.test("architecture: what a browser loads of the notebooks' helpers needs no native code and no files", () => {
  const packages = [...graph("lib/notebook/browser.ts").values()].flat()
    .filter((name) => !name.startsWith("lib/"));
  assert.deepEqual([...new Set(packages)].sort(), [
    "@observablehq/plot",
    "fast-png",
    "linkedom",
    "ml-matrix",
  ]);
});

Deno.test("architecture: what an engine or a C library rounds in its own way decides no number", () => {
  // Exact everywhere are + − × ÷, Math.sqrt, squares and powers of literals.
  const exact = /(["'`]).*?\1| \*\* 2\b|\b[\d.]+ \*\* \d+/g;
  const inexact = /\*\*|\bMath\.(a?(sin|cos|tan)h?|atan2|exp|expm1|log\w*|pow|hypot|cbrt)\b/;
  for (const path of [...files, ...sources("tools/site")]) {
    // What is drawn on a page by itself is a picture.
    if (path.endsWith("_client.ts")) continue;
    assert.doesNotMatch(codeOf(path).replaceAll(exact, ""), inexact, path);
  }
});

Deno.test("architecture: no import goes in a circle, types included", () => {
  const modules = graph(
    ...[...files, ...sources("tools")].filter((path) => /\/(mod|audit|reproduce)\.ts$/.test(path)),
  );
  const done = new Set<string>();
  const visit = (path: string, above: string[]) => {
    assert(!above.includes(path), `a circle: ${[...above, path].join(" -> ")}`);
    if (done.has(path)) return;
    for (const target of modules.get(path) ?? []) visit(target, [...above, path]);
    done.add(path);
  };
  for (const path of modules.keys()) visit(path, []);
});

Deno.test("architecture: every entry point says what it is", () => {
  for (const path of files.filter((path) => path.endsWith("/mod.ts"))) {
    assert.match(Deno.readTextFileSync(path), /^\/\*\*\n \* .*[\s\S]*? \* @module\n \*\/\n/, path);
  }
});

Deno.test("architecture: what refuses is of a class that programs tell from bugs, see lib/errors.ts", () => {
  for (const path of [...files, ...sources("tools")].filter((path) => path !== "lib/errors.ts")) {
    assert.doesNotMatch(codeOf(path), /\bnew (RangeError|TypeError)\(|\bError\(\s*.Cannot /, path);
  }
});

Deno.test("architecture: what is temporary is made in one place, where what killed runs left is removed", () => {
  for (const path of [...files, ...sources("tools")].filter((path) => folderOf(path) !== "io")) {
    assert.doesNotMatch(
      codeOf(path),
      /\b(makeTemp|mkdtemp)/,
      `${path}: see lib/io/files.ts`,
    );
  }
});

Deno.test("architecture: `deno test` finds the tests of every folder once", () => {
  const { test } = JSON.parse(Deno.readTextFileSync("deno.json"));
  const included = test.include.map(folderOf).filter((name: string) => name !== "*_test.ts");
  const loaded = sources("tests").flatMap((path) =>
    path.split("/").length > 2
      ? []
      : Deno.readTextFileSync(path).match(/(?<=^await runFolder\(")\w+/m) ?? []
  );
  const folders = sources("tests").filter((path) => path.endsWith("_test.ts")).map(folderOf);
  assert.deepEqual(
    [...included, ...loaded].sort(),
    [...new Set(folders.filter((name) => !name.endsWith(".ts")))].sort(),
  );
});

Deno.test("processes that tests start take packages from the cache: else Deno may print what it downloads", () => {
  for (const path of sources("tests")) {
    const starts = Deno.readTextFileSync(path).matchAll(/"run",\s*"-A"/g);
    assert.deepEqual([...starts].map(([start]) => start), [], path);
  }
});
