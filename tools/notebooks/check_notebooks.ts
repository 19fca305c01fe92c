import { basename, dirname, resolve } from "node:path";
import { pathToFileURL } from "node:url";
import { type CellsModule, cellsModule } from "./cells_module.ts";
import { readNotebook } from "../../lib/io/notebook_file.ts";
import { temporaryFile } from "../../lib/io/files.ts";
import { type Diagnostic, typeCheck } from "./type_check.ts";

/**
 * Type-checks the code cells of notebooks, which the kernel runs without doing so, and returns the
 * errors, each as "notebook: cell [3], line 2: message". Locals that nothing uses are allowed.
 *
 * The modules that are checked stand beside the notebooks for as long as it takes, because relative
 * imports and `deno.json` are found from there.
 *
 * @throws {InputError} If a file is not a notebook, or the check itself fails.
 */
export async function checkNotebooks(paths: readonly string[]): Promise<string[]> {
  const modules = new Map<string, { notebook: string; module: CellsModule }>();
  const files: string[] = [];
  using temporaries = new DisposableStack();
  const onSignal = () => {
    temporaries.dispose();
    Deno.exit(1);
  };
  Deno.addSignalListener("SIGINT", onSignal);
  if (Deno.build.os !== "windows") Deno.addSignalListener("SIGTERM", onSignal);
  try {
    for (const path of paths) {
      const module = cellsModule(readNotebook(path).notebook);
      const place = { folder: dirname(resolve(path)), prefix: ".cells-", suffix: ".ts" };
      const file = temporaries.use(temporaryFile(place)).path;
      files.push(file);
      Deno.writeTextFileSync(file, module.code);
      modules.set(pathToFileURL(file).href, { notebook: path, module });
    }
    const diagnostics: Diagnostic[] = [];
    for (const [folder, inFolder] of Map.groupBy(files, (file) => dirname(file))) {
      diagnostics.push(...await typeCheck(folder, inFolder.map((file) => basename(file))));
    }
    return diagnostics.map(({ file, line, message }) => {
      const checked = modules.get(file);
      if (checked === undefined) return { order: Infinity, error: `${file}:${line}: ${message}` };
      const { cell = 0, line: cellLine = 0 } = checked.module.origins[line - 1] ?? {};
      return {
        order: paths.indexOf(checked.notebook) * 1e9 + cell * 1e5 + cellLine,
        error: `${checked.notebook}: cell [${cell}], line ${cellLine}: ${message}`,
      };
    }).sort((a, b) => a.order - b.order).map(({ error }) => error);
  } finally {
    Deno.removeSignalListener("SIGINT", onSignal);
    if (Deno.build.os !== "windows") Deno.removeSignalListener("SIGTERM", onSignal);
  }
}
