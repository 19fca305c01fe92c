import { statSync } from "node:fs";

/** Whether a process can lock a file or a folder here: Node has no locks, and those of Windows keep readers out. */
export const canLock = typeof Deno !== "undefined" && Deno.build.os !== "windows";

/**
 * Locks a file or a folder against others that ask for its lock. The system ends the lock with the
 * process, however that ends, so that nothing is locked by those who are gone.
 *
 * @param path What to lock.
 * @returns What ends the lock; null where somebody else has it.
 * @throws {Error} If there is no such thing, or its file system has no locks.
 */
export function lockPath(path: string): Disposable | null {
  const file = Deno.openSync(path, { read: true, write: statSync(path).isFile() });
  try {
    if (lockOpen(file, path)) return { [Symbol.dispose]: () => file.close() };
  } catch (error) {
    file.close();
    throw error;
  }
  file.close();
  return null;
}

/** Locks a file that is open; false where somebody else has the lock, or has moved the file away. */
export function lockOpen(file: Deno.FsFile, path: string): boolean {
  return file.tryLockSync(true) && isAt(file, path);
}

/** Whether an open file is the one that a path stands for. */
export function isAt(file: Deno.FsFile, path: string): boolean {
  const [open, there] = [file.statSync(), statSync(path, { throwIfNoEntry: false })];
  return open.ino === there?.ino && open.dev === there.dev;
}
