/** A file that a download writes to and nobody else does. */
export interface PartFile extends Disposable {
  readonly path: string;
  readonly file: Deno.FsFile;
  /** Whether the next download may go on from it. */
  readonly keep: boolean;
}

/**
 * Opens the file that what comes of a download goes to until all of it is there: `NAME.part`, in
 * which an earlier call may have left a part of it; or, where another download is writing to that
 * one at this moment, a new one beside it. It is locked until it is disposed of.
 */
export function openPart(path: string): PartFile {
  const shared = `${path}.part`;
  for (let attempt = 0; attempt < 10; attempt++) {
    const file = Deno.openSync(shared, { create: true, read: true, write: true });
    // Another download may have given the file its name between opening and locking it.
    if (file.tryLockSync(true) && isAt(file, shared)) return part(shared, file, true);
    const isBusy = isAt(file, shared);
    file.close();
    if (isBusy) break;
  }
  const own = `${path}.${crypto.randomUUID()}.part`;
  const file = Deno.openSync(own, { createNew: true, read: true, write: true });
  file.lockSync(true);
  return part(own, file, false);
}

function part(path: string, file: Deno.FsFile, keep: boolean): PartFile {
  return { path, file, keep, [Symbol.dispose]: () => file.close() };
}

/** Whether an open file is the one that a path stands for. */
function isAt(file: Deno.FsFile, path: string): boolean {
  try {
    const [open, there] = [file.statSync(), Deno.statSync(path)];
    return open.ino === there.ino && open.dev === there.dev;
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return false;
    throw error;
  }
}
