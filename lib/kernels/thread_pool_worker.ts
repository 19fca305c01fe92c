import {
  ACTIVE,
  ARGUMENTS,
  CHUNKS,
  CLOSED,
  EPOCH,
  FAILED,
  instantiateKernels,
  KERNEL,
  NEXT,
  PATIENCE,
} from "./kernels.ts";

/** The message with which {@linkcode ThreadPool} starts a worker. */
export interface WorkerInit {
  module: WebAssembly.Module;
  memory: WebAssembly.Memory;
  control: SharedArrayBuffer;
  /** The number of this worker, 1 or more: 0 is the thread that owns the pool. */
  threadId: number;
}

addEventListener("message", (event) => serve((event as MessageEvent<WorkerInit>).data));

/** Takes part in every run of a pool, until the pool is closed. */
function serve({ module, memory, control, threadId }: WorkerInit): void {
  const kernels = Object.values(instantiateKernels(module, memory));
  const shared = new Int32Array(control);
  const given = new Float64Array(control, ARGUMENTS);
  for (let seen = 0;;) {
    let epoch = Atomics.load(shared, EPOCH);
    for (let i = 0; i < PATIENCE && epoch === seen; i++) epoch = Atomics.load(shared, EPOCH);
    if (epoch === seen) {
      Atomics.wait(shared, EPOCH, seen);
      continue;
    }
    if (epoch === CLOSED) return;
    seen = epoch;
    if (epoch % 2 === 0) continue;
    Atomics.add(shared, ACTIVE, 1);
    // If this run has ended meanwhile, the control array may already describe the next one: check again.
    if (Atomics.load(shared, EPOCH) === epoch) {
      const kernel = kernels[shared[KERNEL]];
      const args = Array.from(given.subarray(1, 1 + given[0]));
      const chunks = shared[CHUNKS];
      try {
        for (let c = Atomics.add(shared, NEXT, 1); c < chunks; c = Atomics.add(shared, NEXT, 1)) {
          kernel(c, threadId, ...args);
        }
      } catch {
        // Counted rather than thrown, so that the owner does not wait forever; it throws the error.
        Atomics.add(shared, FAILED, 1);
      }
    }
    Atomics.sub(shared, ACTIVE, 1);
    Atomics.notify(shared, ACTIVE);
  }
}
