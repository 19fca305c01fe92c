/** The functions that a WebAssembly module exports. */
export type Kernels = Record<string, (...args: number[]) => number>;

/**
 * Compiles a module that `deno task build` made.
 *
 * @param base64 Its bytes. The module is compiled once.
 */
export function kernelModule(base64: string): WebAssembly.Module {
  let module = compiled.get(base64);
  if (module === undefined) {
    module = new WebAssembly.Module(Uint8Array.from(atob(base64), (c) => c.charCodeAt(0)));
    compiled.set(base64, module);
  }
  return module;
}

const compiled = new Map<string, WebAssembly.Module>();

/** Instantiates a module on a memory, with the functions that JavaScript lends to kernels. */
export function instantiateKernels(
  module: WebAssembly.Module,
  memory: WebAssembly.Memory,
): Kernels {
  const instance = new WebAssembly.Instance(module, { env: { memory, log1p: Math.log1p } });
  return instance.exports as Kernels;
}
