import { join } from "node:path";
import { parseNotebook } from "../files/notebook.ts";

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
 * The paths of notebooks that somebody typed, checked: each is a file with a notebook in it. A folder
 * stands for all notebooks in it.
 *
 * A task runs in the folder of `deno.json`; a path that is not found from there is taken from the
 * folder in which the command was typed.
 *
 * @throws {RangeError} If there is no such file or folder, or no notebook in the folder.
 * @throws {TypeError} If it is not a notebook.
 */
export function checkedPaths(paths: readonly string[]): string[] {
  return paths.flatMap((path) => {
    const typedIn = Deno.env.get("INIT_CWD");
    const candidates = [path, ...typedIn ? [join(typedIn, path)] : []];
    const found = candidates.find((candidate) => kindOf(candidate) !== undefined);
    if (found === undefined) throw new RangeError(`There is no file or folder ${path}`);
    const files = kindOf(found) === "folder" ? projectNotebooks(found) : [found];
    if (files.length === 0) throw new RangeError(`There are no notebooks in the folder ${path}`);
    for (const file of files) assertNotebook(file);
    return files;
  });
}

function assertNotebook(path: string): void {
  try {
    parseNotebook(Deno.readTextFileSync(path));
  } catch (error) {
    throw new TypeError(`${path}: ${(error as Error).message}`);
  }
}

function kindOf(path: string): "file" | "folder" | undefined {
  try {
    const { isFile, isDirectory } = Deno.statSync(path);
    return isFile ? "file" : isDirectory ? "folder" : undefined;
  } catch {
    return undefined;
  }
}
