/**
 * Compiles the AssemblyScript sources of kernels, `lib/<folder>/assembly/<name>.ts`, to WebAssembly,
 * each into a module `lib/<folder>/<name>_wasm.ts` that holds the bytes as base64: it loads
 * without permission to read, and from anywhere. What they import is in `assembly/parts/`.
 * A source `<name>_real.ts` is written for numbers of the type `Real`, and compiled for both:
 * `<name>_float32_wasm.ts` and `<name>_float64_wasm.ts`.
 *
 * @module
 */
import { InputError } from "../lib/errors.ts";
import { commandLine, runProgram } from "../lib/io/program.ts";
import asc from "assemblyscript/asc";
import { existsSync } from "node:fs";
import { basename, dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { writeFilesAtomically } from "../lib/io/files.ts";

const LIBRARY = join(dirname(fileURLToPath(import.meta.url)), "../lib");

/** A kernel's source, and what is built of it. */
interface BuiltKernel {
  /** The path of the AssemblyScript source. */
  source: string;
  /** The path of the module that it is built into. */
  target: string;
  /** What that module must contain. */
  text: string;
}

/**
 * Compiles every kernel of the library.
 *
 * @throws {InputError} If one does not compile; the message has the compiler's.
 */
async function buildKernels(): Promise<BuiltKernel[]> {
  const built: BuiltKernel[] = [];
  for (const folder of Deno.readDirSync(LIBRARY)) {
    if (!folder.isDirectory) continue;
    const assembly = join(LIBRARY, folder.name, "assembly");
    for (const { name, isFile } of entries(assembly)) {
      if (!isFile) continue;
      const source = join(assembly, name);
      for (const [module, ...flags] of modules(name)) {
        built.push({
          source,
          target: join(LIBRARY, folder.name, `${module}_wasm.ts`),
          text: moduleText(name, await compile(source, flags), signatures(source)),
        });
      }
    }
  }
  return built.sort((a, b) => a.target < b.target ? -1 : 1);
}

/** The modules that are made of a source, each with the flags of the compiler that it takes. */
function modules(name: string): [string, ...string[]][] {
  const stem = name.replace(/\.ts$/, "");
  if (!stem.endsWith("_real")) return [[stem]];
  return [32, 64].map((bits) => [
    stem.replace(/_real$/, `_float${bits}`),
    ...["--use", `Real=f${bits}`],
  ]);
}

function entries(folder: string): Deno.DirEntry[] {
  return existsSync(folder) ? [...Deno.readDirSync(folder)] : [];
}

/** The compiler looks for an import in several places, and is told where it is not. */
function readIfThere(path: string): string | null {
  return existsSync(path) ? Deno.readTextFileSync(path) : null;
}

async function compile(source: string, flags: string[]): Promise<Uint8Array> {
  let wasm = new Uint8Array();
  const { error, stderr } = await asc.main([
    basename(source),
    ...flags,
    ...["--optimizeLevel", "3", "--noAssert", "--runtime", "stub"],
    ...["--importMemory", "--noExportMemory", "--sharedMemory"],
    ...["--initialMemory", "1", "--maximumMemory", "65536"],
    ...["--enable", "simd", "--enable", "threads"],
    ...["--outFile", "kernel.wasm"],
  ], {
    readFile: (name) => readIfThere(join(dirname(source), name)),
    writeFile: (_name, contents) => {
      if (typeof contents !== "string") wasm = new Uint8Array(contents);
    },
    listFiles: () => [],
  });
  if (error) {
    throw new InputError(`Cannot build ${source}: ${`${stderr}`.trim()}`, { cause: error });
  }
  return wasm;
}

/**
 * The signature of each function that a source exports, its own and those of its parts: all that
 * crosses the border to WebAssembly is a number.
 */
function signatures(source: string, wanted = /./): string[] {
  const text = Deno.readTextFileSync(source);
  const own = [...text.matchAll(/^export function (\w+)\(([^)]*)\): (\w+)/gm)]
    .filter(([, name]) => wanted.test(name)).map(([, name, parameters, result]) => {
      const names = [...parameters.matchAll(/(\w+): \w+/g)].map(([, parameter]) => parameter);
      const list = names.map((parameter) => `${parameter.replace(/^_/, "")}: number`).join(", ");
      return `${name}(${list}): ${result === "void" ? "void" : "number"};`;
    });
  const parts = [...text.matchAll(/^export (?:\*|\{(.*)\}) from "(.*)";/gm)];
  return [
    ...own,
    ...parts.flatMap(([, names, part]) =>
      signatures(
        join(dirname(source), `${part}.ts`),
        names === undefined ? /./ : new RegExp(`^(${names.trim().split(/, */).join("|")})$`),
      )
    ),
  ];
}

function moduleText(name: string, wasm: Uint8Array, signatures: string[]): string {
  return `// Built from assembly/${name} by \`deno task build\`.
import type { KernelSource } from "../kernels/kernels.ts";

/** The functions that the module exports. */
export interface Exports {
  ${signatures.join("\n  ")}
}

/** The WebAssembly module, as base64. */
export default "${btoa(String.fromCharCode(...wasm))}" as KernelSource<Exports>;
`;
}

async function build(args: string[]): Promise<number> {
  if (commandLine(args).values.help) {
    console.log("Usage: deno task build: compiles the kernels in lib/");
    return 0;
  }
  const kernels = await buildKernels();
  const changed = kernels.filter(({ target, text }) => readIfThere(target) !== text);
  if (changed.length > 0) {
    writeFilesAtomically(changed.map(({ target, text }) => ({ path: target, content: text })));
  }
  console.log(`${kernels.length} kernels, ${changed.length} of them changed`);
  return 0;
}

if (import.meta.main) Deno.exitCode = await runProgram("build", () => build(Deno.args));
