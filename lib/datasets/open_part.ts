import { dirname } from "node:path";
import { isAt, lockOpen, temporaryFile } from "../io/files.ts";

/** A file that a download writes to and nobody else does. */
export interface PartFile extends Disposable {
  readonly path: string;
  readonly file: Deno.FsFile;
}

/**
 * Opens the file that what comes of a download goes to until all of it is there: `NAME.part`, in
 * which an earlier call may have left a part of it, and which stays; or, where another download is
 * writing to that one at this moment, a temporary one beside it. It is locked until it is disposed of.
 */
export function openPart(path: string): PartFile {
  const shared = `${path}.part`;
  for (let attempt = 0; attempt < 10; attempt++) {
    const file = Deno.openSync(shared, { create: true, read: true, write: true });
    if (lockOpen(file, shared)) {
      return { path: shared, file, [Symbol.dispose]: () => file.close() };
    }
    // Another download may have given the file its name between opening and locking it.
    const isBusy = isAt(file, shared);
    file.close();
    if (isBusy) break;
  }
  const own = temporaryFile(
    { folder: dirname(path), prefix: ".downloading-", suffix: ".part" },
    0o666,
  );
  const file = Deno.openSync(own.path, { read: true, write: true });
  return {
    path: own.path,
    file,
    [Symbol.dispose]() {
      file.close();
      own[Symbol.dispose]();
    },
  };
}
