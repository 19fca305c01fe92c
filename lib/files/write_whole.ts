import {
  chmodSync,
  closeSync,
  fsyncSync,
  openSync,
  renameSync,
  statSync,
  writeSync,
} from "node:fs";
import { dirname } from "node:path";
import { inTurn } from "./in_turn.ts";
import { type Temporary, temporaryFile } from "./temporary.ts";

/** What a file is to hold: text, bytes, or bytes piece by piece. */
export type Content = string | Uint8Array | Iterable<Uint8Array>;

/** A file to write. */
export interface WholeFile {
  /** Its path; its folder must be there. */
  path: string;
  content: Content;
}

/**
 * Writes files as wholes: into temporary files beside them, which take their names once all of them
 * are complete; where one cannot be completed, none does. Whoever reads a file, or interrupts this,
 * finds the old content or the new one, and what a killed process leaves beside it, the next one
 * that writes in that folder removes. Processes that write the same files do so one after the other,
 * so that what is there in the end is all of one of them.
 *
 * A file that is there keeps its permissions.
 *
 * @param files What to write where.
 * @param assertFree Called before the first file takes its name, when no other process may give one
 * of these names: throws where one is taken.
 * @throws {Error} The system's, with the path of the file that cannot be written.
 */
export function writeWhole(files: readonly WholeFile[], assertFree = () => {}): void {
  using temporaries = new DisposableStack();
  const complete = files.map(({ path, content }) =>
    blaming(path, () => {
      const place = { folder: dirname(path), prefix: ".replacing-", suffix: ".tmp" };
      const temporary = temporaries.use(temporaryFile(place, 0o666));
      fill(temporary, content);
      const old = statSync(path, { throwIfNoEntry: false });
      if (old !== undefined) chmodSync(temporary.path, old.mode & 0o777);
      return { path, temporary: temporary.path };
    })
  );
  inTurn(complete.map(({ path }) => dirname(path)), () => {
    assertFree();
    for (const { path, temporary } of complete) blaming(path, () => renameSync(temporary, path));
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
function blaming<T>(path: string, work: () => T): T {
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
