/**
 * Counts what a reader of the code meets: files, exported names, and the modules that have to be opened
 * to follow one cell or one command.
 *
 * @module
 */
import { dirname, join, normalize, relative } from "node:path";
import { fileURLToPath } from "node:url";
import { commandLine, runProgram } from "../lib/io/program.ts";

const USAGE = "Usage: deno task structure";

/** Where the functions of the paper's own cell are: from a simulation to an AUC. */
const CELL = [
  "lib/simulator/simulate_interactions.ts",
  "lib/linalg/svd.ts",
  "lib/solvers/closed_forms.ts",
  "lib/similarity/cosine_similarity.ts",
  "lib/similarity/same_cluster_auc.ts",
];

/** A kernel's source, which has a language of its own, or what it was compiled into. */
const KERNEL = /\/assembly\/|_wasm\.ts$/;

/** The modules whose names users import; what shows in cells is of one entry point, lib/notebook/. */
const ENTRY_POINT = /^lib\/(\w+\/)?mod\.ts$|^lib\/notebook\/browser\.ts$/;

function sources(folder: string): string[] {
  return [...Deno.readDirSync(folder)].flatMap(({ name, isDirectory }) => {
    const path = folder === "." ? name : `${folder}/${name}`;
    // The site that is built stands at the top; its program is tools/site/.
    if (isDirectory) return /^\.|^node_modules$|^site$/.test(path) ? [] : sources(path);
    return name.endsWith(".ts") ? [path] : [];
  }).sort();
}

/** The modules that some modules load, themselves included, without the kernels. */
function reached(roots: readonly string[]): string[] {
  const found = new Set<string>();
  for (const root of roots) {
    const { stdout } = new Deno.Command(Deno.execPath(), { args: ["info", "--json", root] })
      .outputSync();
    const { modules } = JSON.parse(new TextDecoder().decode(stdout));
    for (const { specifier } of modules as { specifier: string }[]) {
      if (specifier.startsWith("file:")) {
        found.add(relative(Deno.cwd(), fileURLToPath(specifier)));
      }
    }
  }
  return [...found].filter((path) => !KERNEL.test(path)).sort();
}

/** How an exported name is used, from what most readers meet to what none does. */
type Use = "public" | "shared" | "of one importer" | "of tests alone" | "of nobody";

const DECLARATION =
  /^export (?:default )?(?:abstract |async )?(?:class|const|enum|function\*?|interface|let|type) (\w+)/gm;

const namesIn = (list: string) =>
  list.split(",").map((name) => name.trim().replace(/^type /, "").split(" as ")[0]).filter(Boolean);

/** Of each module, the names that it declares and exports. */
function declarations(paths: readonly string[]): Map<string, string[]> {
  return new Map(paths.map((path) => {
    const names = [...Deno.readTextFileSync(path).matchAll(DECLARATION)].map(([, name]) => name);
    return [path, names];
  }));
}

/** The names that a module takes from another: those of a dynamic import are the ones that it mentions. */
function takenBy(
  path: string,
  declared: ReadonlyMap<string, readonly string[]>,
): { from: string; name: string }[] {
  const text = Deno.readTextFileSync(path).replace(/^ *(\/\*\*|\*|\/\/).*$/gm, "");
  const target = (specifier: string) => normalize(join(dirname(path), specifier));
  const named = [
    ...text.matchAll(/\b(?:import|export) (?:type |\w+, )?\{([^}]*)\} from "(\.[^"]+)"/g),
  ]
    .flatMap(([, list, from]) => namesIn(list).map((name) => ({ from: target(from), name })));
  const whole = [
    ...text.matchAll(/\b(?:export|import) \*(?: as \w+)? from "(\.[^"]+)"/g),
    ...text.matchAll(/\bimport\(\s*"(\.[^"]+)"/g),
  ].flatMap(([statement, from]) =>
    (declared.get(target(from)) ?? [])
      .filter((name) => statement.startsWith("export") || new RegExp(`\\b${name}\\b`).test(text))
      .map((name) => ({ from: target(from), name }))
  );
  return [...named, ...whole];
}

/** How often each use occurs among the exported names of lib/ and tools/. */
function uses(all: readonly string[]): Map<Use, number> {
  const declared = declarations(all.filter((path) => /^(lib|tools)\//.test(path)));
  const importers = new Map<string, Set<string>>();
  for (const path of all) {
    for (const { from, name } of takenBy(path, declared)) {
      const key = `${from}#${name}`;
      importers.set(key, (importers.get(key) ?? new Set()).add(path));
    }
  }
  const counts = new Map<Use, number>();
  for (const [path, names] of declared) {
    for (const name of names) {
      const use = useOf([...importers.get(`${path}#${name}`) ?? []]);
      counts.set(use, (counts.get(use) ?? 0) + 1);
    }
  }
  return counts;
}

function useOf(importers: readonly string[]): Use {
  if (importers.some((path) => ENTRY_POINT.test(path))) return "public";
  const programs = importers.filter((path) => !path.startsWith("tests/"));
  if (programs.length > 1) return "shared";
  if (programs.length === 1) return "of one importer";
  return importers.length > 0 ? "of tests alone" : "of nobody";
}

function structure(args: string[]): number {
  const { values: { help } } = commandLine(args);
  if (help) {
    console.log(USAGE);
    return 0;
  }
  const all = sources(".");
  const program = all.filter((path) => /^(lib|tools)\//.test(path));
  const found = uses(all.filter((path) => !KERNEL.test(path)));
  const use = (kind: Use): [string, number] => [`  ${kind}`, found.get(kind) ?? 0];
  const lines = program.map((path) => Deno.readTextFileSync(path).split("\n").length - 1);
  const rows: [string, number][] = [
    ["TypeScript files", all.length],
    ["in lib/ and tools/", program.length],
    ["in lib/audit/", all.filter((path) => path.startsWith("lib/audit/")).length],
    ["in tests/", all.filter((path) => path.startsWith("tests/")).length],
    ["lines in lib/ and tools/", lines.reduce((sum, count) => sum + count, 0)],
    [
      "exported names in lib/ and tools/",
      [...found.values()].reduce((sum, count) => sum + count, 0),
    ],
    ...[use("public"), use("shared"), use("of one importer"), use("of tests alone")],
    use("of nobody"),
    [
      "more in the kernels' AssemblyScript sources and compiled modules",
      [...declarations(program.filter((path) => KERNEL.test(path))).values()].flat().length,
    ],
    ["modules behind a cell, from simulateInteractions to sameClusterAuc", reached(CELL).length],
    ["modules behind reproduce", reached(["tools/notebooks/reproduce.ts"]).length],
  ];
  for (const [what, count] of rows) console.log(`${String(count).padStart(6)}  ${what}`);
  return 0;
}

if (import.meta.main) Deno.exitCode = await runProgram("structure", () => structure(Deno.args));
