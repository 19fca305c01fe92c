import { dirname } from "node:path";

/**
 * Writes a text file as a whole or not at all: into a temporary file beside it, which then takes
 * its name. Whoever reads the file, or interrupts this, finds the old text or the new one. A
 * symbolic link stays, and the file that it stands for is written.
 *
 * @throws {RangeError} If the file may only be read, as {@linkcode assertReplaceable} says.
 */
export function replaceFile(path: string, text: string): void {
  assertReplaceable(path);
  const target = Deno.realPathSync(path);
  // The name of the file is not in that of the temporary one: not every name may be, nor is there
  // always room for it.
  const temporary = Deno.makeTempFileSync({
    dir: dirname(target),
    prefix: ".replacing-",
    suffix: ".tmp",
  });
  try {
    Deno.writeTextFileSync(temporary, text);
    // A temporary file is made readable by its owner alone.
    const mode = Deno.statSync(target).mode;
    if (mode !== null) Deno.chmodSync(temporary, mode & 0o777);
    Deno.renameSync(temporary, target);
  } catch (error) {
    Deno.removeSync(temporary);
    throw error;
  }
}

/**
 * Throws unless a file may be written: a new file could take the name of one that may only be read,
 * which is not what its owner wants.
 *
 * @throws {RangeError} If the path is not a regular file, or its permissions let nobody write it.
 */
export function assertReplaceable(path: string): void {
  const { isFile, mode } = Deno.statSync(path);
  if (!isFile) throw new RangeError(`Cannot write ${path}: it is not a regular file`);
  if (mode !== null && (mode & 0o222) === 0) {
    throw new RangeError(`Cannot write ${path}: it is read-only`);
  }
  try {
    Deno.openSync(path, { write: true }).close();
  } catch (error) {
    throw new RangeError(`Cannot write ${path}: ${(error as Error).message}`);
  }
}
