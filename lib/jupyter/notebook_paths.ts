import { join } from "node:path";
import { parseNotebook } from "./notebook.ts";

/** The notebooks of the project, sorted; none where there is no such folder. */
export function projectNotebooks(folder = "notebooks"): string[] {
  let entries;
  try {
    entries = [...Deno.readDirSync(folder)];
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return [];
    throw error;
  }
  return entries.filter((entry) => entry.isFile && /^[^.].*\.ipynb$/.test(entry.name))
    .map((entry) => join(folder, entry.name)).sort();
}

/**
 * The paths of notebooks that somebody typed, checked: each is a file with a notebook in it.
 *
 * A task runs in the folder of `deno.json`; a path that is not found from there is taken from the
 * folder in which the command was typed.
 *
 * @throws {RangeError} If there is no such file.
 * @throws {TypeError} If it is not a notebook.
 */
export function checkedPaths(paths: readonly string[]): string[] {
  return paths.map((path) => {
    const typedIn = Deno.env.get("INIT_CWD");
    const candidates = [path, ...typedIn ? [join(typedIn, path)] : []];
    const found = candidates.find(isFile);
    if (found === undefined) throw new RangeError(`There is no file ${path}`);
    try {
      parseNotebook(Deno.readTextFileSync(found));
    } catch (error) {
      throw new TypeError(`${path}: ${(error as Error).message}`);
    }
    return found;
  });
}

function isFile(path: string): boolean {
  try {
    return Deno.statSync(path).isFile;
  } catch {
    return false;
  }
}
