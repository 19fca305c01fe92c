import { basename, dirname } from "node:path";
import { InputError } from "./input_error.ts";

/**
 * Throws unless a file can be made at each path, before any work is done for it.
 *
 * @param paths Where to write.
 * @param inputs What must not be written over.
 */
export function assertWritable(paths: readonly string[], inputs: readonly string[]): void {
  const taken = new Set(inputs.map(resolved));
  for (const path of paths) {
    if (!isDirectory(dirname(path))) {
      throw new InputError(`${path} cannot be written: there is no directory ${dirname(path)}`);
    }
    if (isDirectory(path)) throw new InputError(`${path} cannot be written: it is a directory`);
    if (taken.has(resolved(path))) {
      throw new InputError(`${path} cannot be written: it is read, or written, already`);
    }
    taken.add(resolved(path));
  }
}

/**
 * Writes text files, all of them or none: into temporary files beside them, which then take their
 * names. Who reads one of them finds the old text or the new one.
 */
export function writeFiles(files: readonly { path: string; text: string }[]): void {
  const written: { path: string; temporary: string }[] = [];
  try {
    for (const { path, text } of files) {
      const temporary = Deno.makeTempFileSync({
        dir: dirname(path),
        prefix: `.${basename(path)}-`,
        suffix: ".tmp",
      });
      written.push({ path, temporary });
      Deno.writeTextFileSync(temporary, text);
      // A temporary file is made readable by its owner alone.
      if (Deno.build.os !== "windows") Deno.chmodSync(temporary, 0o666 & ~Deno.umask());
    }
    for (const { path, temporary } of written) Deno.renameSync(temporary, path);
  } catch (error) {
    for (const { temporary } of written) {
      try {
        Deno.removeSync(temporary);
      } catch {
        // It has taken its name already.
      }
    }
    if (error instanceof Deno.errors.PermissionDenied) {
      throw new InputError(`${files.map(({ path }) => path).join(", ")} may not be written`);
    }
    throw error;
  }
}

function isDirectory(path: string): boolean {
  try {
    return Deno.statSync(path).isDirectory;
  } catch {
    return false;
  }
}

function resolved(path: string): string {
  try {
    return Deno.realPathSync(path);
  } catch {
    return `${Deno.realPathSync(dirname(path))}/${basename(path)}`;
  }
}
