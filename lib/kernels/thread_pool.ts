import {
  ACTIVE,
  ARGUMENTS,
  CHUNKS,
  CLOSED,
  CONTROL_BYTES,
  EPOCH,
  FAILED,
  KERNEL,
  NEXT,
  PATIENCE,
} from "./thread_pool_protocol.ts";
import type { WorkerInit } from "./thread_pool_worker.ts";
import {
  instantiateKernels,
  type KernelModule,
  kernelModule,
  type Kernels,
  type KernelSource,
  sharesMemory,
} from "./kernels.ts";

/** Bytes that are left free at the start of the memory, for what the compiler puts there. */
const RESERVED = 1024;
const PAGE = 65_536;

/** The worker's source, or what packing made of it; null in a script that has no place, as a Blob's. */
const SOURCE = /^(blob|data):/.test(import.meta.url) ? null : new URL(
  import.meta.url.endsWith(".ts") ? "./thread_pool_worker.ts" : "./thread_pool_worker.js",
  import.meta.url,
);

/** What Deno asks before it reads a file, where there is Deno. */
const permissions = (globalThis as {
  Deno?: { permissions?: { querySync(query: object): { state: string } } };
}).Deno?.permissions;

/** Whether a worker can be started from there without asking for permission. */
const readable = (source: URL): boolean =>
  source.protocol !== "file:" || permissions === undefined ||
  permissions.querySync({ name: "read", path: source }).state === "granted";

/** Workers that wait for another pool: starting one takes longer than many a piece of work. */
const idleWorkers: Worker[] = [];

function startWorker(): Worker | null {
  if (SOURCE === null || !canUseWorkers() || !readable(SOURCE)) return null;
  const worker = new Worker(SOURCE, { type: "module" });
  worker.addEventListener("error", (event) => {
    event.preventDefault();
  });
  return worker;
}

/** Memories that nobody uses any more, to be used by another pool: their pages are there already. */
const spareMemories = { shared: [] as WebAssembly.Memory[], alone: [] as WebAssembly.Memory[] };

function dropSpares(): void {
  for (const worker of idleWorkers.splice(0)) worker.terminate();
  spareMemories.shared.length = spareMemories.alone.length = 0;
}

/** Throws a RangeError for a memory that is larger than WebAssembly can address. */
function assertAddressable(bytes: number): void {
  if (bytes <= 2 ** 32) return;
  throw new RangeError(
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
/** What a run tells a kernel: the pool says which chunk it is, and whose. */
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

/** One thread for each core, up to eight; one where no worker can be started. */
export const allThreads = (): number =>
  canUseWorkers() ? Math.min(8, navigator.hardwareConcurrency) : 1;

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
 * The thread that owns the pool works too, and never waits for a worker that has not started: a
 * worker takes chunks of the work once it is there, and where none can be started (it takes shared
 * memory, and a permission to read its source) all is done without. Which thread takes which chunk is left to
 * chance, so kernels must not let their result depend on it.
 *
 * Call `close` when the work is done. Its workers are lent to the next pool; where there is none
 * before this thread comes to rest, they are terminated, so that no process waits for them:
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
  /** Up to where the memory holds what another pool has left. */
  readonly #used: number;
  #top = RESERVED;

  /**
   * @param source The module, built or compiled; its kernels take the number of the chunk, the number
   * of the thread (0 to size − 1), and the arguments of the run.
   * @param size How many threads work, this one included. One alone takes a memory of its own.
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
   * Takes the next bytes of the memory: zeroed, and aligned to a cache line.
   *
   * @returns Where they start, as kernels know them.
   * @throws {RangeError} If the memory would exceed 4 GiB, which is what WebAssembly can address.
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

  /** The numbers at `at`, as long as nothing else is allocated. */
  float64(at: number, length: number): Float64Array<ArrayBufferLike> {
    return new Float64Array(this.#memory.buffer, at, length);
  }

  /** The numbers of single precision at `at`, as long as nothing else is allocated. */
  float32(at: number, length: number): Float32Array<ArrayBufferLike> {
    return new Float32Array(this.#memory.buffer, at, length);
  }

  /** The 32-bit integers at `at`, as long as nothing else is allocated. */
  uint32(at: number, length: number): Uint32Array<ArrayBufferLike> {
    return new Uint32Array(this.#memory.buffer, at, length);
  }

  /** Allocates a copy of the numbers. */
  place(values: Float64Array | Uint32Array): number {
    const at = this.allocate(values.byteLength + 16);
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
    // A single chunk is done before another thread would have noticed.
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
      // From here on a worker that comes late turns back.
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
   * Closes the pool and lends its memory to the next one. Nothing of it may be in use any more: what
   * was returned has been copied out.
   */
  release(): void {
    this.close();
    this.#spares.push(this.#memory);
    queueMicrotask(dropSpares);
  }

  /** Lets the workers go. */
  close(): void {
    if (this.#workers.length === 0) return;
    // One that sleeps has to be woken: terminating it there leaves it asleep, and the process alive.
    Atomics.store(this.#shared, EPOCH, CLOSED);
    Atomics.notify(this.#shared, EPOCH);
    idleWorkers.push(...this.#workers.splice(0));
    queueMicrotask(dropSpares);
  }

  [Symbol.dispose](): void {
    this.close();
  }
}
