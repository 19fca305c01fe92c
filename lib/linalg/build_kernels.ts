/**
 * Compiles the AssemblyScript sources of kernels, `lib/<folder>/assembly/<name>.ts`, to WebAssembly,
 * each into a module `lib/<folder>/<name>_wasm.ts` that holds the bytes as base64: it loads
 * without permission to read, and from anywhere. What they import is in `assembly/parts/`.
 *
 * @module
 */
import asc from "assemblyscript/asc";
import { existsSync } from "node:fs";
import { basename, dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

const LIBRARY = join(dirname(fileURLToPath(import.meta.url)), "..");

/** A kernel's source, and what is built of it. */
export interface BuiltKernel {
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
 * @throws {Error} If one does not compile; the message has the compiler's.
 */
export async function buildKernels(): Promise<BuiltKernel[]> {
  const built: BuiltKernel[] = [];
  for (const folder of Deno.readDirSync(LIBRARY)) {
    if (!folder.isDirectory) continue;
    const assembly = join(LIBRARY, folder.name, "assembly");
    for (const { name, isFile } of entries(assembly)) {
      if (!isFile) continue;
      const source = join(assembly, name);
      built.push({
        source,
        target: join(LIBRARY, folder.name, name.replace(/\.ts$/, "_wasm.ts")),
        text: moduleText(name, await compile(source)),
      });
    }
  }
  return built.sort((a, b) => a.target < b.target ? -1 : 1);
}

function entries(folder: string): Deno.DirEntry[] {
  return existsSync(folder) ? [...Deno.readDirSync(folder)] : [];
}

/** The compiler looks for an import in several places, and is told where it is not. */
function readIfThere(path: string): string | null {
  return existsSync(path) ? Deno.readTextFileSync(path) : null;
}

async function compile(source: string): Promise<Uint8Array> {
  let wasm = new Uint8Array();
  const { error, stderr } = await asc.main([
    basename(source),
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
  if (error) throw new Error(`Cannot build ${source}: ${stderr}`, { cause: error });
  return wasm;
}

function moduleText(name: string, wasm: Uint8Array): string {
  return `// Built from assembly/${name} by \`deno task build\`.

/** The WebAssembly module, as base64. */
export default "${btoa(String.fromCharCode(...wasm))}";
`;
}

if (import.meta.main) {
  for (const { target, text } of await buildKernels()) Deno.writeTextFileSync(target, text);
}
