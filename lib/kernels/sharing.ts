/**
 * Whether threads can share memory here. A page that is not cross-origin isolated, as those of a
 * static host, has no `SharedArrayBuffer`.
 */
export const sharesMemory = (): boolean => typeof SharedArrayBuffer === "function";

/**
 * Whether other threads can work for this one: memory can be shared, there are workers to start, and
 * this thread may sleep until they are done, which a browser's main thread may not.
 */
export function canUseWorkers(): boolean {
  if (!sharesMemory() || typeof Worker !== "function") return false;
  try {
    Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 1, 0);
    return true;
  } catch {
    return false;
  }
}
