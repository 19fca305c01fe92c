import { tmpdir } from "node:os";
import { type Temporary, temporaryFolder } from "./temporary.ts";

/**
 * Makes a temporary folder where the system keeps such, for what is not beside a file of its user's;
 * see {@linkcode temporaryFolder}.
 *
 * @example
 * ```ts
 * import { systemFolder } from "./system_folder.ts";
 *
 * using folder = systemFolder();
 * Deno.writeTextFileSync(`${folder.path}/notes.txt`, "gone when this ends");
 * ```
 */
export function systemFolder(): Temporary {
  return temporaryFolder({ folder: tmpdir(), prefix: "cosine-lab-" });
}
