import {
  chmodSync,
  closeSync,
  fsyncSync,
  lstatSync,
  mkdirSync,
  openSync,
  readdirSync,
  realpathSync,
  renameSync,
  rmSync,
  statSync,
  writeSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { InputError } from "../errors.ts";

/** What a file is to hold: text, bytes, or bytes piece by piece. */
type Content = string | Uint8Array | Iterable<Uint8Array>;

/** A file to write. */
export interface FileToWrite {
  /** Its path; its folder must be there. */
  path: string;
  content: Content;
}

/**
 * Writes one file or several, all or none: into temporary files beside them, which take their names
 * once all of them are complete. Readers and interrupted runs see either the old content or the new
 * one. What a killed process leaves behind is removed by the next one that writes in that folder.
 * Processes that write the same files take turns, so that all files in the end come from one of them.
 *
 * An existing file keeps its permissions.
 *
 * @param files The files and their contents.
 * @param assertFree Called before the first file takes its name, when no other process may give one
 * of these names: throws where one is taken.
 * @throws {Error} The system's, with the path of the file that cannot be written.
 */
export function writeFilesAtomically(files: readonly FileToWrite[], assertFree = () => {}): void {
  using temporaries = new DisposableStack();
  const complete = files.map(({ path, content }) =>
    namingFile(path, () => {
      const place = { folder: dirname(path), prefix: ".replacing-", suffix: ".tmp" };
      const temporary = temporaries.use(temporaryFile(place, 0o666));
      fill(temporary, content);
      const old = statSync(path, { throwIfNoEntry: false });
      if (old !== undefined) chmodSync(temporary.path, old.mode & 0o777);
      return { path, temporary: temporary.path };
    })
  );
  withFolderLocks(complete.map(({ path }) => dirname(path)), () => {
    assertFree();
    for (const { path, temporary } of complete) namingFile(path, () => renameSync(temporary, path));
  });
}

function fill({ path }: Temporary, content: Content): void {
  const file = openSync(path, "w");
  try {
    writeAll(file, content);
    fsyncSync(file);
  } finally {
    closeSync(file);
  }
}

/** Writes all of a content to a file that is open. */
export function writeAll(file: number, content: Content): void {
  const pieces = typeof content === "string"
    ? [new TextEncoder().encode(content)]
    : content instanceof Uint8Array
    ? [content]
    : content;
  for (const piece of pieces) {
    for (let at = 0; at < piece.length;) at += writeSync(file, piece, at, piece.length - at);
  }
}

/** Names the file that was asked for in the system's errors, which name its temporary one, or none. */
function namingFile<T>(path: string, work: () => T): T {
  try {
    return work();
  } catch (error) {
    const { code, path: named = ".replacing-" } = error as NodeJS.ErrnoException;
    if (typeof code === "string" && named.includes(".replacing-")) {
      Object.assign(error as Error, { path });
    }
    throw error;
  }
}

/**
 * Replaces the text of an existing file; see {@linkcode writeFilesAtomically}. A symbolic link stays, and
 * the file that it stands for is written.
 *
 * @throws {InputError} If the file may only be read, as {@linkcode assertReplaceable} says.
 */
export function replaceFile(path: string, text: string): void {
  assertReplaceable(path);
  writeFilesAtomically([{ path: Deno.realPathSync(path), content: text }]);
}

/**
 * Throws unless a file may be written: a new file could take the name of one that may only be read,
 * which is not what its owner wants.
 *
 * @throws {InputError} If the path is not a regular file, or its permissions let nobody write it.
 */
export function assertReplaceable(path: string): void {
  const { isFile, mode } = Deno.statSync(path);
  if (!isFile) throw new InputError(`Cannot write ${path}: it is not a regular file`);
  if (mode !== null && (mode & 0o222) === 0) {
    throw new InputError(`Cannot write ${path}: it is read-only`);
  }
  Deno.openSync(path, { write: true }).close();
}

/** A file or a folder of this process alone. Disposing of it removes it, unless it has been renamed. */
export interface Temporary extends Disposable {
  readonly path: string;
}

/** Where a temporary file or folder is, and how its name begins and ends. */
interface TemporaryPlace {
  folder: string;
  prefix: string;
  suffix?: string;
}

// In the name of a temporary file that its process could not lock.
const UNLOCKED = "unlocked-";
const ID = /^(unlocked-)?[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;
// A file that is not locked and older than this, in milliseconds, is no longer in use.
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

/**
 * Makes a temporary folder in the system's folder for temporary files; see {@linkcode temporaryFolder}.
 *
 * @example
 * ```ts
 * import { systemFolder } from "./files.ts";
 *
 * using folder = systemFolder();
 * Deno.writeTextFileSync(`${folder.path}/notes.txt`, "gone when this ends");
 * ```
 */
export function systemFolder(): Temporary {
  return temporaryFolder({ folder: tmpdir(), prefix: "cosine-lab-" });
}

// Our own programs hold a lock only briefly: one that is older than this, in milliseconds, is not theirs.
const PATIENCE = 2000;
const PAUSE = 5;

/**
 * Runs a function that renames files while no other process does so, by this function, in the same
 * folders. Where a folder cannot be locked, or somebody keeps it locked, it runs all the same.
 *
 * @param folders The folders.
 * @param rename The function; it must take a moment only.
 */
export function withFolderLocks(folders: readonly string[], rename: () => void): void {
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

/** Whether a process can lock a file or a folder here: Node has no locks, and those of Windows keep readers out. */
const canLock = typeof Deno !== "undefined" && Deno.build.os !== "windows";

/**
 * Locks a file or a folder against others that ask for its lock. The system ends the lock with the
 * process, however that ends, so that nothing is locked by those who are gone.
 *
 * @param path What to lock.
 * @returns What ends the lock; null where somebody else has it.
 * @throws {Error} If there is no such thing, or its file system has no locks.
 */
function lockPath(path: string): Disposable | null {
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
function lockOpen(file: Deno.FsFile, path: string): boolean {
  return file.tryLockSync(true) && isAt(file, path);
}

/** Whether an open file is the one that a path stands for. */
function isAt(file: Deno.FsFile, path: string): boolean {
  const [open, there] = [file.statSync(), statSync(path, { throwIfNoEntry: false })];
  return open.ino === there?.ino && open.dev === there.dev;
}
