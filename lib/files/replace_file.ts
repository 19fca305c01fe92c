import { InputError } from "../boundary/input_error.ts";
import { writeWhole } from "./write_whole.ts";

/**
 * Replaces the text of a file that is there; see {@linkcode writeWhole}. A symbolic link stays, and
 * the file that it stands for is written.
 *
 * @throws {InputError} If the file may only be read, as {@linkcode assertReplaceable} says.
 */
export function replaceFile(path: string, text: string): void {
  assertReplaceable(path);
  writeWhole([{ path: Deno.realPathSync(path), content: text }]);
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
