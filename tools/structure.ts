/**
 * Counts what a reader of the code meets: files, exported names, and the modules that have to be opened
 * to follow one cell or one command.
 *
 * @module
 */
import { relative } from "node:path";
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

function sources(folder: string): string[] {
  return [...Deno.readDirSync(folder)].flatMap(({ name, isDirectory }) => {
    const path = folder === "." ? name : `${folder}/${name}`;
    if (isDirectory) return /^\.|^node_modules$|^site$/.test(name) ? [] : sources(path);
    return name.endsWith(".ts") ? [path] : [];
  }).sort();
}

/** What some modules load, themselves included; compiled kernels are no reading. */
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
  return [...found].filter((path) => !path.endsWith("_wasm.ts")).sort();
}

const exportsOf = (path: string) =>
  Deno.readTextFileSync(path)
    .match(
      /^export (default|abstract|async|class|const|enum|function|interface|let|type)\b(?! \{)/gm,
    )
    ?.length ?? 0;

function structure(args: string[]): number {
  const { values: { help } } = commandLine(args);
  if (help) {
    console.log(USAGE);
    return 0;
  }
  const all = sources(".");
  const program = all.filter((path) => /^(lib|tools)\//.test(path));
  const lines = program.map((path) => Deno.readTextFileSync(path).split("\n").length - 1);
  const rows: [string, number][] = [
    ["TypeScript files", all.length],
    ["in lib/ and tools/", program.length],
    ["in lib/audit/", all.filter((path) => path.startsWith("lib/audit/")).length],
    ["in tests/", all.filter((path) => path.startsWith("tests/")).length],
    ["lines in lib/ and tools/", lines.reduce((sum, count) => sum + count, 0)],
    ["exported names in lib/ and tools/", program.reduce((sum, path) => sum + exportsOf(path), 0)],
    ["modules behind a cell, from simulateInteractions to sameClusterAuc", reached(CELL).length],
    ["modules behind reproduce", reached(["tools/notebooks/reproduce.ts"]).length],
  ];
  for (const [what, count] of rows) console.log(`${String(count).padStart(6)}  ${what}`);
  return 0;
}

if (import.meta.main) Deno.exitCode = await runProgram("structure", () => structure(Deno.args));
