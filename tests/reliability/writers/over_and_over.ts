/**
 * Writes files over and over, all of them together, each time with the next number; ends with code 1
 * where it finds some of its own and some of another's.
 *
 * @module
 */
import { withFolderLocks, writeFilesAtomically } from "../../../lib/io/files.ts";

/** What the files are called. */
export const NAMES = Array.from({ length: 12 }, (_, i) => `file${String(i).padStart(2, "0")}`);

/** How many lines each has, all of them the same: who wrote it, and for which time. */
export const LINES = 6_000;

if (import.meta.main) {
  const [name, times] = Deno.args;
  for (let i = 1; i <= Number(times); i++) {
    // In pieces, as long files are.
    const piece = new TextEncoder().encode(`${name} ${i}\n`.repeat(LINES / 200));
    const content = Array.from({ length: 200 }, () => piece);
    writeFilesAtomically(NAMES.map((path) => ({ path, content })));
    withFolderLocks(["."], () => {
      if (new Set(NAMES.map((path) => Deno.readTextFileSync(path))).size > 1) Deno.exit(1);
    });
  }
}
