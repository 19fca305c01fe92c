import { realpathSync } from "node:fs";
import { canLock, lockPath } from "./lock_path.ts";

// Others take a moment; who holds a folder longer, in milliseconds, is not one of us.
const PATIENCE = 2000;
const PAUSE = 5;

/**
 * Runs a function that renames files while no other process does so, by this function, in the same
 * folders. Where a folder cannot be locked, or somebody keeps it locked, it runs all the same.
 *
 * @param folders The folders.
 * @param rename The function; it must take a moment only.
 */
export function inTurn(folders: readonly string[], rename: () => void): void {
  using locks = new DisposableStack();
  // In one order, so that no two wait for each other.
  const places = canLock ? [...new Set(folders.map(realPath))].sort() : [];
  for (const place of places) locks.use(patientLock(place));
  rename();
}

function realPath(folder: string): string {
  try {
    return realpathSync(folder);
  } catch {
    return folder;
  }
}

function patientLock(folder: string): Disposable | null {
  const pause = new Int32Array(new SharedArrayBuffer(4));
  try {
    for (const end = Date.now() + PATIENCE; Date.now() < end;) {
      const lock = lockPath(folder);
      if (lock !== null) return lock;
      Atomics.wait(pause, 0, 0, PAUSE);
    }
  } catch {
    // Its file system has no locks.
  }
  return null;
}
