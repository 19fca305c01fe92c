import { basename, dirname } from "node:path";

/**
 * Writes a text file as a whole or not at all: into a temporary file beside it, which then takes
 * its name. Whoever reads the file, or interrupts this, finds the old text or the new one.
 */
export function replaceFile(path: string, text: string): void {
  const temporary = Deno.makeTempFileSync({
    dir: dirname(path),
    prefix: `.${basename(path)}-`,
    suffix: ".tmp",
  });
  try {
    Deno.writeTextFileSync(temporary, text);
    // A temporary file is made readable by its owner alone.
    const mode = Deno.statSync(path).mode;
    if (mode !== null) Deno.chmodSync(temporary, mode & 0o777);
    Deno.renameSync(temporary, path);
  } catch (error) {
    Deno.removeSync(temporary);
    throw error;
  }
}
