import { codeCells, parseNotebook } from "../../lib/io/notebook_file.ts";

/** How many cells of a notebook are run; none of what is no notebook, which its run will say. */
export function cellCount(path: string): number {
  try {
    return codeCells(parseNotebook(Deno.readTextFileSync(path))).length;
  } catch {
    return 0;
  }
}
