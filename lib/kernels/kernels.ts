/**
 * What a pool of threads and its workers share: how a module is compiled and instantiated, and where in
 * the shared array they find what to do.
 *
 * @module
 */

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
 * Compiles a module built by `deno task build`, once for each kind of memory.
 *
 * @param base64 Its bytes.
 * @param shared Whether the memory is shared between threads; by default wherever it can be. Copying out
 * of shared memory is slower.
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
/** The flags that follow it: the memory has a maximum (1), or has a maximum and is shared (3). */
const LIMITED = 1, SHARED = 3;

/** The same module for memory that is not shared. No kernel uses an instruction that needs shared memory. */
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

/** Index of the run's number: odd during a run, even between runs. */
export const EPOCH = 0;
/** The run's number once the pool is closed. */
export const CLOSED = -1;
/** Index of the number of workers that take part in the run. */
export const ACTIVE = 1;
/** Index of the next chunk to take. */
export const NEXT = 2;
/** Index of the number of chunks of the run. */
export const CHUNKS = 3;
/** Index of the position of the run's kernel among the exports of its module. */
export const KERNEL = 4;
/** Index of the number of chunks that failed. */
export const FAILED = 5;
/** Byte at which the kernel's arguments start: first their number, then each of them, all as f64. */
export const ARGUMENTS = 32;
/** Bytes of the shared array, room for 23 arguments. */
export const CONTROL_BYTES = ARGUMENTS + 24 * 8;
/** How many times to poll before going to sleep, about a tenth of a millisecond. */
export const PATIENCE = 5_000;
