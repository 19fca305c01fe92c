/**
 * Packs the library for npm: the tarball of `deno pack`, with the command `cosine-lab` added, which
 * `deno pack` has no way to name. `npx @cosine-lab/cosine-lab audit vectors.npy` runs it in Node 24.
 *
 * @module
 */
import { join, resolve } from "node:path";
import { systemFolder, writeFilesAtomically } from "../lib/io/files.ts";
import { InputError, OperationalError } from "../lib/errors.ts";
import { commandLine, runProgram } from "../lib/io/program.ts";

const USAGE = "Usage: deno task pack [FILE.tgz]";

/** The command: its first word names a program, of which only the one that is named is loaded. */
const COMMAND = `#!/usr/bin/env node
import process from "node:process";

const [program, ...args] = process.argv.slice(2);
if (program === "audit") {
  process.exitCode = await (await import("../lib/audit/audit.js")).audit(args);
} else if (program === "figure1") {
  process.exitCode = await (await import("../lib/figure1_command.js")).drawFigure1(args);
} else {
  console.error("Usage: cosine-lab audit FILE, cosine-lab audit compare A B, cosine-lab audit fix FILE, cosine-lab figure1 [FILE.png]");
  process.exitCode = 2;
}
`;

function run(command: string, args: string[], cwd?: string): void {
  const { success, stderr } = new Deno.Command(command, { args, cwd }).outputSync();
  if (!success) throw new OperationalError(`Cannot pack: ${new TextDecoder().decode(stderr)}`);
}

/** Large native packages that only tables and data sets load: who wants those installs them. */
const NATIVE = ["@duckdb/node-api", "nodejs-polars"];

/** The packages that users share with the library: their matrices are ours. */
const SHARED = ["ml-matrix"];

/** Files of packages that code finds by their names, and no import does. */
const FOUND = ["dejavu-fonts-ttf"];

/**
 * What the package requires, in the versions of `deno.json` where `deno pack` allows later ones: a later
 * one may need what was never published, as flechette 2.7 does.
 */
function requirements(dependencies: Record<string, string>) {
  const { imports } = JSON.parse(Deno.readTextFileSync("deno.json"));
  const pinned = (name: string) => imports[name].replace(/^npm:.*@/, "");
  const names = [...Object.keys(dependencies), ...FOUND].sort();
  const versions = names.map((
    name,
  ) => [name, SHARED.includes(name) ? dependencies[name] : pinned(name)]);
  const isNative = ([name]: string[]) => NATIVE.includes(name);
  return {
    dependencies: Object.fromEntries(versions.filter((version) => !isNative(version))),
    peerDependencies: Object.fromEntries(versions.filter(isNative)),
    peerDependenciesMeta: Object.fromEntries(NATIVE.map((name) => [name, { optional: true }])),
  };
}

/**
 * Packs the library.
 *
 * @param tarball Where to write the package.
 * @throws {Error} If it cannot be packed.
 */
export function packPackage(tarball: string): void {
  using temporary = systemFolder();
  const folder = temporary.path;
  const plain = join(folder, "plain.tgz"), packed = join(folder, "packed.tgz");
  run(Deno.execPath(), ["pack", "--quiet", "--allow-dirty", "--output", plain]);
  run("tar", ["xzf", plain], folder);
  const home = join(folder, "package");
  const description = JSON.parse(Deno.readTextFileSync(join(home, "package.json")));
  const bin = { "cosine-lab": "bin/cosine-lab.js" };
  Deno.writeTextFileSync(
    join(home, "package.json"),
    `${
      JSON.stringify({ ...description, ...requirements(description.dependencies), bin }, null, 2)
    }\n`,
  );
  Deno.mkdirSync(join(home, "bin"));
  Deno.writeTextFileSync(join(home, "bin", "cosine-lab.js"), COMMAND, { mode: 0o755 });
  run("tar", ["czf", packed, "package"], folder);
  writeFilesAtomically([{ path: resolve(tarball), content: Deno.readFileSync(packed) }]);
}

function pack(args: string[]): number {
  const { values: { help }, positionals: [tarball = "cosine-lab.tgz"] } = commandLine(args, {}, 1);
  if (help) {
    console.log(USAGE);
    return 0;
  }
  if (!tarball.endsWith(".tgz")) throw new InputError(`${tarball} must end in .tgz`);
  packPackage(tarball);
  return 0;
}

if (import.meta.main) Deno.exitCode = await runProgram("pack", () => pack(Deno.args));
