import { join } from "node:path";
import { InputError } from "../../lib/io/input_error.ts";
import { doesNotExist } from "../../lib/io/program.ts";
import { readNotebook } from "../../lib/io/notebook_file.ts";

/** The notebooks of the project, sorted; none where there is no such folder. */
export function projectNotebooks(folder = "notebooks"): string[] {
  let entries;
  try {
    entries = [...Deno.readDirSync(folder)];
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return [];
    throw error;
  }
  return entries.filter((entry) => entry.isFile && /^[^.].*\.ipynb$/s.test(entry.name))
    .map((entry) => join(folder, entry.name)).sort();
}

/**
 * The paths of notebooks that somebody typed, checked and each once: each is a file with a notebook in
 * it. A folder stands for all notebooks in it.
 *
 * A task runs in the folder of `deno.json`; a path that is not found from there is taken from the
 * folder in which the command was typed.
 *
 * @throws {InputError} If there is no such file or folder, no notebook in the folder, or the file is
 * not a notebook.
 */
export function checkedPaths(paths: readonly string[]): string[] {
  const files = paths.flatMap((path) => {
    if (path === "") throw new InputError("The name of a notebook is empty");
    const typedIn = Deno.env.get("INIT_CWD");
    const candidates = [path, ...typedIn ? [join(typedIn, path)] : []];
    const found = candidates.find((candidate) => statOf(candidate) !== undefined);
    if (found === undefined) throw new InputError(doesNotExist(path));
    const files = statOf(found)?.isDirectory ? projectNotebooks(found) : [found];
    if (files.length === 0) throw new InputError(`There are no notebooks in the folder ${path}`);
    for (const file of files) assertTypeScript(file);
    return files;
  });
  return [...new Map(files.map((file) => [Deno.realPathSync(file), file])).values()];
}

/** Kernels that one meets, where a notebook names its kernel and no language. */
const LANGUAGES: Record<string, string> = { python3: "python", python: "python", ir: "R" };

/** Throws unless a file holds a notebook whose cells Deno's kernel understands. */
function assertTypeScript(path: string): void {
  const { metadata } = readNotebook(path).notebook;
  const { kernelspec, language_info: info } = metadata as Record<string, Record<string, unknown>>;
  const language = info?.name ?? kernelspec?.language ?? LANGUAGES[`${kernelspec?.name}`];
  if (typeof language !== "string" || /^(type|java)script$/i.test(language)) return;
  throw new InputError(
    `Cannot run ${path}: its cells are in ${language}, and the Deno kernel runs TypeScript; run it ` +
      "with a kernel of its own language, for instance by `jupyter nbconvert --to notebook --execute`",
  );
}

function statOf(path: string): Deno.FileInfo | undefined {
  try {
    return Deno.statSync(path);
  } catch (error) {
    const { NotADirectory, NotFound } = Deno.errors;
    if (error instanceof NotFound || error instanceof NotADirectory) return undefined;
    throw error;
  }
}
