import { InputRangeError } from "../errors.ts";
import {
  ACTIVE,
  ARGUMENTS,
  CHUNKS,
  CLOSED,
  CONTROL_BYTES,
  EPOCH,
  FAILED,
  instantiateKernels,
  KERNEL,
  type KernelModule,
  kernelModule,
  type Kernels,
  type KernelSource,
  NEXT,
  PATIENCE,
  sharesMemory,
} from "./kernels.ts";
import type { WorkerInit } from "./thread_pool_worker.ts";

/** Bytes reserved at the start of the memory for the compiler's own data. */
const RESERVED = 1024;
const PAGE = 65_536;

/** The worker's script, as source or packed; null in a script without a location, such as a Blob. */
const SOURCE = /^(blob|data):/.test(import.meta.url) ? null : new URL(
  import.meta.url.endsWith(".ts") ? "./thread_pool_worker.ts" : "./thread_pool_worker.js",
  import.meta.url,
);

/** Deno's permissions; undefined in other runtimes. */
const permissions = (globalThis as {
  Deno?: { permissions?: { querySync(query: object): { state: string } } };
}).Deno?.permissions;

/** Whether a worker can be started from this location without a prompt for permission. */
const readable = (source: URL): boolean =>
  source.protocol !== "file:" || permissions === undefined ||
  permissions.querySync({ name: "read", path: source }).state === "granted";

/** Idle workers, reused by the next pool because starting one is slow. */
const idleWorkers: Worker[] = [];

function startWorker(): Worker | null {
  if (SOURCE === null || !canUseWorkers() || !readable(SOURCE)) return null;
  const worker = new Worker(SOURCE, { type: "module" });
  worker.addEventListener("error", (event) => {
    event.preventDefault();
  });
  return worker;
}

/** Released memories, reused by the next pool: the system has already mapped their pages. */
const spareMemories = { shared: [] as WebAssembly.Memory[], alone: [] as WebAssembly.Memory[] };

function dropSpares(): void {
  for (const worker of idleWorkers.splice(0)) worker.terminate();
  spareMemories.shared.length = spareMemories.alone.length = 0;
}

/** Throws a RangeError for a memory that is larger than WebAssembly can address. */
function assertAddressable(bytes: number): void {
  if (bytes <= 2 ** 32) return;
  throw new InputRangeError(
    `Cannot compute: it would take ${
      (bytes / 1e9).toFixed(1)
    } GB at once, 4.3 GB are the most that ` +
      "WebAssembly can address",
  );
}

type NameOf<Exports> = keyof Exports & string;
type Arguments<Kernel> = Kernel extends (...args: infer All extends number[]) => unknown ? All
  : never;
type Result<Kernel> = Kernel extends (...args: never[]) => infer Value ? Value : never;
/** The arguments of a kernel in a run; the pool itself adds the chunk and the thread. */
export type RunArguments<Exports, Name extends keyof Exports> = Arguments<Exports[Name]> extends
  [chunk: number, threadId: number, ...rest: infer Rest extends number[]] ? Rest : number[];

/**
 * Whether workers can help this thread: memory can be shared, workers exist, and this thread may block
 * until they are done, which a browser's main thread may not.
 */
function canUseWorkers(): boolean {
  if (!sharesMemory() || typeof Worker !== "function") return false;
  try {
    Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 1, 0);
    return true;
  } catch {
    return false;
  }
}

/** The most threads that work takes where nobody asks for a number. */
export const MOST_THREADS = 8;

/** One thread for each core, up to {@linkcode MOST_THREADS}; one where no worker can be started. */
export const allThreads = (): number =>
  canUseWorkers() ? Math.min(MOST_THREADS, navigator.hardwareConcurrency) : 1;

/**
 * The shortest work that more than one thread takes up. A worker starts in 25 to 35 ms, half of which
 * the caller waits for, and two threads save half of the work at most.
 */
const WORTH_WORKERS_MS = 80;

/**
 * Decides how many threads some work is worth: the one rule for every kernel. The time is a rough
 * estimate, the number of the kernel's innermost steps times what a step takes; no digit depends on it.
 *
 * @param nanoseconds How long one thread would take for what several can share.
 * @returns 1, or the number of threads for long work.
 */
export function threadsFor(nanoseconds: number): number {
  return nanoseconds < WORTH_WORKERS_MS * 1e6 ? 1 : allThreads();
}

/**
 * Threads that run the kernels of one WebAssembly module on one shared memory.
 *
 * The thread that owns the pool works too, and never waits for a worker to start: a worker takes chunks
 * of the work from then on. Where no worker can be started (this needs shared memory, and permission to
 * read its script), the owner does all the work. Which thread takes which chunk varies from run to run,
 * so the result of a kernel must not depend on it.
 *
 * Call `close` when the work is done. The next pool reuses its workers. If there is none by the time
 * this thread has nothing left to run, they are terminated, so that they do not keep the process alive:
 *
 * ```ts ignore
 * using pool = new ThreadPool(source);
 * ```
 */
export class ThreadPool<Exports = Kernels> {
  readonly #memory: WebAssembly.Memory;
  readonly #kernels: Kernels;
  readonly #names: string[];
  readonly #control = sharesMemory()
    ? new SharedArrayBuffer(CONTROL_BYTES)
    : new ArrayBuffer(CONTROL_BYTES);
  readonly #shared = new Int32Array(this.#control);
  readonly #given = new Float64Array(this.#control, ARGUMENTS);
  readonly #workers: Worker[] = [];
  readonly #spares: WebAssembly.Memory[];
  /** Bytes of the memory that another pool may have written to. */
  readonly #used: number;
  #top = RESERVED;

  /**
   * @param source The module, as base64 or compiled; its kernels take the number of the chunk, the number
   * of the thread (0 to size − 1), and the arguments of the run.
   * @param size The number of threads, this one included. A single thread gets memory that is not shared.
   */
  constructor(
    source: KernelSource<Exports> | KernelModule<Exports>,
    readonly size: number = allThreads(),
  ) {
    const compiled = typeof source !== "string";
    const shared = sharesMemory() && (compiled || size > 1);
    const module = compiled ? source : kernelModule(source, shared);
    this.#spares = shared ? spareMemories.shared : spareMemories.alone;
    const used = this.#spares.pop();
    this.#used = used?.buffer.byteLength ?? 0;
    this.#memory = used ?? new WebAssembly.Memory({ initial: 1, maximum: 65_536, shared });
    this.#kernels = instantiateKernels(module, this.#memory);
    this.#names = Object.keys(this.#kernels);
    for (let threadId = 1; threadId < size; threadId++) this.#start(module, threadId);
  }

  #start(module: WebAssembly.Module, threadId: number): void {
    const worker = idleWorkers.pop() ?? startWorker();
    if (worker === null) return;
    const init: WorkerInit = {
      module,
      memory: this.#memory,
      control: this.#control as SharedArrayBuffer,
      threadId,
    };
    worker.postMessage(init);
    this.#workers.push(worker);
  }

  /**
   * Allocates zeroed bytes, aligned to a cache line.
   *
   * @returns Their address in the kernels' memory.
   * @throws {RangeError} If the memory would exceed 4 GiB, the most that WebAssembly can address.
   */
  allocate(bytes: number): number {
    const at = Math.ceil(this.#top / 64) * 64;
    assertAddressable(at + bytes);
    this.#top = at + bytes;
    const missing = this.#top - this.#memory.buffer.byteLength;
    if (missing > 0) this.#memory.grow(Math.ceil(missing / PAGE));
    if (at < this.#used) {
      new Uint8Array(this.#memory.buffer, at, Math.min(bytes, this.#used - at)).fill(0);
    }
    return at;
  }

  /** A view of the numbers at an address, valid until the next allocation. */
  float64(at: number, length: number): Float64Array<ArrayBufferLike> {
    return new Float64Array(this.#memory.buffer, at, length);
  }

  /** A view of the numbers of single precision at an address, valid until the next allocation. */
  float32(at: number, length: number): Float32Array<ArrayBufferLike> {
    return new Float32Array(this.#memory.buffer, at, length);
  }

  /** A view of the 32-bit integers at an address, valid until the next allocation. */
  uint32(at: number, length: number): Uint32Array<ArrayBufferLike> {
    return new Uint32Array(this.#memory.buffer, at, length);
  }

  /** A view of the 16-bit integers at an address, valid until the next allocation. */
  uint16(at: number, length: number): Uint16Array<ArrayBufferLike> {
    return new Uint16Array(this.#memory.buffer, at, length);
  }

  /** Copies numbers into the memory, integers of 16 bits as ones of 32; returns their address. */
  place(values: Float64Array | Uint32Array | Uint16Array): number {
    const bytes = values instanceof Float64Array ? 8 : 4;
    const at = this.allocate(values.length * bytes + 16);
    if (values instanceof Float64Array) this.float64(at, values.length).set(values);
    else this.uint32(at, values.length).set(values);
    return at;
  }

  /** Calls a kernel on this thread alone. */
  call<Name extends NameOf<Exports>>(
    kernel: Name,
    ...args: Arguments<Exports[Name]>
  ): Result<Exports[Name]> {
    return this.#kernels[kernel](...args) as Result<Exports[Name]>;
  }

  /**
   * Calls a kernel for each of the chunks, on all threads; returns when all are done.
   *
   * @throws {WebAssembly.RuntimeError} If the kernel traps, on whichever thread.
   */
  run<Name extends NameOf<Exports>>(
    kernel: Name,
    chunks: number,
    ...args: RunArguments<Exports, Name>
  ): void {
    const shared = this.#shared;
    // A single chunk is done before another thread would notice it.
    if (this.#workers.length > 0 && chunks > 1) {
      shared[KERNEL] = this.#names.indexOf(kernel);
      shared[CHUNKS] = chunks;
      shared[NEXT] = 0;
      this.#given[0] = args.length;
      this.#given.set(args, 1);
      Atomics.add(shared, EPOCH, 1);
      Atomics.notify(shared, EPOCH);
      for (let c = Atomics.add(shared, NEXT, 1); c < chunks; c = Atomics.add(shared, NEXT, 1)) {
        this.#kernels[kernel](c, 0, ...args);
      }
      let patience = PATIENCE;
      // A worker that starts after this skips the run.
      Atomics.add(shared, EPOCH, 1);
      for (let active = Atomics.load(shared, ACTIVE); active > 0;) {
        if (patience-- < 0) Atomics.wait(shared, ACTIVE, active, 1);
        active = Atomics.load(shared, ACTIVE);
      }
      if (Atomics.exchange(shared, FAILED, 0) > 0) {
        throw new WebAssembly.RuntimeError(`Cannot compute: the kernel ${kernel} failed`);
      }
    } else {
      for (let c = 0; c < chunks; c++) this.#kernels[kernel](c, 0, ...args);
    }
  }

  /**
   * Closes the pool and releases its memory for reuse by the next one. Results must have been copied
   * out; views of the memory are no longer valid.
   */
  release(): void {
    this.close();
    this.#spares.push(this.#memory);
    queueMicrotask(dropSpares);
  }

  /** Releases the workers for reuse by the next pool. */
  close(): void {
    if (this.#workers.length === 0) return;
    // Wake sleeping workers: terminating one in Atomics.wait would leave it asleep and the process alive.
    Atomics.store(this.#shared, EPOCH, CLOSED);
    Atomics.notify(this.#shared, EPOCH);
    idleWorkers.push(...this.#workers.splice(0));
    queueMicrotask(dropSpares);
  }

  [Symbol.dispose](): void {
    this.close();
  }
}
