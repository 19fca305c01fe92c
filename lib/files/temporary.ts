import { closeSync, lstatSync, mkdirSync, openSync, readdirSync, rmSync } from "node:fs";
import { join } from "node:path";
import { canLock, lockPath } from "./lock_path.ts";

/** A file or a folder of this process alone. Disposing of it removes it, unless it has been renamed. */
export interface Temporary extends Disposable {
  readonly path: string;
}

/** Where a temporary file or folder is, and how its name begins and ends. */
export interface TemporaryPlace {
  folder: string;
  prefix: string;
  suffix?: string;
}

// In the name of one that its process could not lock.
const UNLOCKED = "unlocked-";
const ID = /^(unlocked-)?[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;
// After so many milliseconds nobody is at work on what is not locked.
const DAY = 24 * 60 * 60 * 1000;

/**
 * Makes a temporary file. It is locked, so that the next of its kind in the folder removes it where
 * this process is killed, and leaves it alone where this process is at work; where nothing can be
 * locked, it counts as left behind after a day.
 *
 * @param place Where, and how it is called.
 * @param mode Its permissions, less those that the process gives to no file.
 * @throws {Error} If it cannot be made.
 */
export function temporaryFile(place: TemporaryPlace, mode = 0o600): Temporary {
  return temporary(place, (path) => closeSync(openSync(path, "wx", mode)));
}

/** Makes a temporary folder, as {@linkcode temporaryFile} makes a file; only its owner may enter it. */
export function temporaryFolder(place: TemporaryPlace): Temporary {
  return temporary(place, (path) => mkdirSync(path, 0o700));
}

function temporary(place: TemporaryPlace, make: (path: string) => void): Temporary {
  removeAbandoned(place);
  while (canLock) {
    const path = pathIn(place, crypto.randomUUID());
    make(path);
    const lock = lockIfPossible(path);
    if (lock) return held(path, lock);
    rmSync(path, { recursive: true, force: true });
    // Null: another took it for abandoned before it was locked, and the next will do.
    if (lock === undefined) break;
  }
  const path = pathIn(place, `${UNLOCKED}${crypto.randomUUID()}`);
  make(path);
  return held(path);
}

function pathIn({ folder, prefix, suffix = "" }: TemporaryPlace, id: string): string {
  return join(folder, `${prefix}${id}${suffix}`);
}

function held(path: string, lock?: Disposable): Temporary {
  let isThere = true;
  return {
    path,
    [Symbol.dispose]() {
      if (!isThere) return;
      isThere = false;
      rmSync(path, { recursive: true, force: true });
      lock?.[Symbol.dispose]();
    },
  };
}

/** Removes what processes that are gone have left in a folder. */
function removeAbandoned({ folder, prefix, suffix = "" }: TemporaryPlace): void {
  for (const name of namesIn(folder)) {
    if (!name.startsWith(prefix) || !name.endsWith(suffix)) continue;
    const id = name.slice(prefix.length, name.length - suffix.length);
    if (!ID.test(id)) continue;
    const path = join(folder, name);
    try {
      const there = lstatSync(path);
      if (!there.isFile() && !there.isDirectory()) continue;
      const isOld = Date.now() - there.mtimeMs > DAY;
      using lock = id.startsWith(UNLOCKED) ? undefined : lockIfPossible(path);
      const isAbandoned = id.startsWith(UNLOCKED) ? isOld : lock;
      if (isAbandoned) rmSync(path, { recursive: true, force: true });
    } catch {
      // It is another's, or another has removed it.
    }
  }
}

/** Its lock; null where another has it, `undefined` where nothing can be locked. */
function lockIfPossible(path: string): Disposable | null | undefined {
  if (!canLock) return undefined;
  try {
    return lockPath(path);
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === "ENOENT" ? null : undefined;
  }
}

/** A folder may be one that is written to and not listed. */
function namesIn(folder: string): string[] {
  try {
    return readdirSync(folder);
  } catch {
    return [];
  }
}
