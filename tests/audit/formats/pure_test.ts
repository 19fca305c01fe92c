import assert from "node:assert/strict";

/** The code of a file, without the examples in its documentation. */
const codeOf = (file: string) => Deno.readTextFileSync(new URL(file)).replace(/^\s*\*.*$/gm, "");

/** All files that a module loads at once, and the packages. */
async function importsOf(entry: string): Promise<string[]> {
  const { stdout } = await new Deno.Command(Deno.execPath(), {
    args: ["info", "--json", new URL(`../../../lib/audit/formats/${entry}`, import.meta.url).href],
  }).output();
  const { modules, roots } = JSON.parse(new TextDecoder().decode(stdout)) as {
    roots: string[];
    modules: {
      specifier: string;
      dependencies?: { isDynamic?: boolean; code?: { specifier: string } }[];
    }[];
  };
  const all = new Map(modules.map((module) => [module.specifier, module]));
  const found = new Set<string>();
  const visit = (specifier: string) => {
    if (found.has(specifier)) return;
    found.add(specifier);
    for (const { isDynamic, code } of all.get(specifier)?.dependencies ?? []) {
      if (code !== undefined && !isDynamic) visit(code.specifier);
    }
  };
  roots.forEach(visit);
  return [...found];
}

Deno.test("what opens a Blob loads nothing of a system's", async () => {
  const loaded = await importsOf("open_blob.ts");
  assert(loaded.some((module) => module.endsWith("/named_arrays.ts")));
  const packages = loaded.filter((module) => !module.startsWith("file:"));
  assert.deepEqual(
    packages.map((name) => name.replace(/^npm:\/?(.+)@[^@]+$/, "$1")).sort(),
    ["@zip.js/zip.js", "ml-matrix", "pako", "papaparse"],
  );
  for (const file of loaded.filter((module) => module.startsWith("file:"))) {
    assert.doesNotMatch(codeOf(file), /\bDeno\.|from "node:/, file);
  }
});

Deno.test("the audit page's worker loads nothing of a system's either", async () => {
  const loaded = await importsOf("../../../tools/site/audit/audit_worker.ts");
  assert(loaded.some((module) => module.endsWith("/open_audited.ts")));
  for (const module of loaded) {
    assert.doesNotMatch(module, /^node:/);
    if (module.startsWith("file:")) assert.doesNotMatch(codeOf(module), /\bDeno\./, module);
  }
});

Deno.test("what opens a file loads no native code, and no Deno", async () => {
  const loaded = await importsOf("open_embeddings.ts");
  assert(!loaded.some((module) => /polars|duckdb/.test(module)));
  for (const file of loaded.filter((module) => module.startsWith("file:"))) {
    assert.doesNotMatch(codeOf(file), /\bDeno\./, file);
  }
});
