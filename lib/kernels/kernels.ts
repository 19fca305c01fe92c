/**
 * Whether threads can share memory here. A page that is not cross-origin isolated, as on most static
 * hosts, has no `SharedArrayBuffer`.
 */
export const sharesMemory = (): boolean => typeof SharedArrayBuffer === "function";

/** The functions that a WebAssembly module exports. */
export type Kernels = Record<string, (...args: number[]) => number>;

/** The bytes of a module as base64, which exports functions of the signatures `Exports`. */
export type KernelSource<Exports> = string & { readonly exports?: Exports };

/** A compiled module, which exports functions of the signatures `Exports`. */
export type KernelModule<Exports> = WebAssembly.Module & { readonly exports?: Exports };

/**
 * Compiles a module that `deno task build` made.
 *
 * @param base64 Its bytes. The module is compiled once.
 * @param shared Whether for a memory that threads share, by default where they can: it takes longer
 * to copy from one.
 */
export function kernelModule<Exports>(
  base64: KernelSource<Exports>,
  shared = sharesMemory(),
): KernelModule<Exports> {
  const compiled = shared ? compiledShared : compiledAlone;
  let module = compiled.get(base64);
  if (module === undefined) {
    const bytes = Uint8Array.from(atob(base64), (c) => c.charCodeAt(0));
    module = new WebAssembly.Module(shared ? bytes : withoutSharing(bytes));
    compiled.set(base64, module);
  }
  return module;
}

const compiledShared = new Map<string, WebAssembly.Module>();
const compiledAlone = new Map<string, WebAssembly.Module>();

/** How the import of a memory starts in a module: the names "env" and "memory", and its kind. */
const MEMORY = [3, ..."env", 6, ..."memory", 2].map((part) =>
  typeof part === "string" ? part.charCodeAt(0) : part
);
/** What follows says whether the memory has a maximum (1), and is shared on top of it (3). */
const LIMITED = 1, SHARED = 3;

/** The same module for a memory that is not shared. No kernel has an instruction that needs more. */
function withoutSharing(bytes: Uint8Array<ArrayBuffer>): Uint8Array<ArrayBuffer> {
  const at = bytes.findIndex((_, i) => MEMORY.every((byte, j) => bytes[i + j] === byte));
  if (bytes[at + MEMORY.length] === SHARED) bytes[at + MEMORY.length] = LIMITED;
  return bytes;
}

/** Instantiates a module on a memory. */
export function instantiateKernels(
  module: WebAssembly.Module,
  memory: WebAssembly.Memory,
): Kernels {
  const instance = new WebAssembly.Instance(module, { env: { memory } });
  return instance.exports as Kernels;
}
