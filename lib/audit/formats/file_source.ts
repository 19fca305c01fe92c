import { closeSync, fstatSync, openSync, readSync, statSync } from "node:fs";
import { InputError, printable } from "../../io/input_error.ts";
import { doesNotExist } from "../../io/program.ts";
import type { ByteSource } from "./byte_source.ts";

/** What the operating system says, as a person would. */
const REASONS: Record<string, string> = {
  EACCES: "may not be read",
  EPERM: "may not be read",
  ENOTDIR: "does not exist: a part of its path is a file",
  ELOOP: "cannot be reached: symbolic links lead in a circle",
  ENAMETOOLONG: "has a name that is too long",
  EISDIR: "is not a file",
  EIO: "cannot be read: the disk reports an error",
  EMFILE: "cannot be read: too many files are open",
};

/**
 * The bytes of a file.
 *
 * It is opened for each read and closed after it: nothing stays open, however long what reads it is
 * kept. A file that is changed meanwhile is noticed.
 *
 * @throws {InputError} If there is no such file, it may not be read, or it is not a regular file: a
 * folder, a pipe or a device, which would have no end.
 */
export function fileSource(path: string): ByteSource {
  const name = printable(path);
  const known = attempt(name, () => statSync(path));
  if (!known.isFile()) throw new InputError(`${name} is not a file`);
  return {
    name,
    size: known.size,
    read: (offset, bytes) =>
      attempt(name, () => {
        const file = openSync(path, "r");
        try {
          const { size, mtimeMs } = fstatSync(file);
          if (size !== known.size || mtimeMs !== known.mtimeMs) {
            throw new InputError(`${name} was changed while it was read`);
          }
          readFully(file, offset, bytes, name);
        } finally {
          closeSync(file);
        }
      }),
  };
}

function readFully(file: number, offset: number, bytes: Uint8Array, name: string): void {
  let count = 0;
  while (count < bytes.length) {
    const read = readSync(file, bytes, count, bytes.length - count, offset + count);
    if (read === 0) throw new InputError(`${name} ends before byte ${offset + bytes.length}`);
    count += read;
  }
}

/** Turns an error of the operating system into a sentence about the file. */
function attempt<T>(name: string, run: () => T): T {
  try {
    return run();
  } catch (error) {
    if (error instanceof InputError) throw error;
    const { code, message } = error as { code?: string; message: string };
    if (code === "ENOENT") throw new InputError(doesNotExist(name), { cause: error });
    const reason = REASONS[code ?? ""] ?? `cannot be read: ${message.split("\n")[0]}`;
    throw new InputError(`${name} ${reason}`, { cause: error });
  }
}
