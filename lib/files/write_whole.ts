import { dirname } from "node:path";

/**
 * Writes a file as a whole or not at all: into a temporary file beside it, which then takes its
 * name. Whoever reads the file, or interrupts this, finds the old content or the new one.
 *
 * @param path The path of the file; its folder must be there.
 * @param content What to write.
 * @param mode Its permissions; those of a temporary file, its owner's alone, unless given.
 */
export function writeWhole(path: string, content: string | Uint8Array, mode?: number): void {
  // The name of the file is not in that of the temporary one: not every name may be, nor is there
  // always room for it.
  const temporary = Deno.makeTempFileSync({
    dir: dirname(path),
    prefix: ".replacing-",
    suffix: ".tmp",
  });
  try {
    if (typeof content === "string") Deno.writeTextFileSync(temporary, content);
    else Deno.writeFileSync(temporary, content);
    if (mode !== undefined) Deno.chmodSync(temporary, mode);
    Deno.renameSync(temporary, path);
  } catch (error) {
    Deno.removeSync(temporary);
    throw error;
  }
}
