/**
 * What a cell can import in a page, by the names it has in a notebook.
 *
 * @module
 */
import * as plot from "@observablehq/plot";
import * as mlMatrix from "ml-matrix";
import seedrandom from "seedrandom";
import * as arbitrariness from "../../../lib/arbitrariness/mod.ts";
import * as evaluation from "../../../lib/evaluation/mod.ts";
import * as core from "../../../lib/mod.ts";
import * as networks from "../../../lib/networks/mod.ts";
import * as notebook from "../../../lib/notebook/browser.ts";
import * as remedies from "../../../lib/remedies/mod.ts";
import * as training from "../../../lib/training/mod.ts";
import { notHere, type PageModule } from "./page_module_names.ts";

const MODULES: Record<PageModule, Record<string, unknown>> = {
  "@observablehq/plot": plot,
  "cosine-lab": core,
  "cosine-lab/arbitrariness": arbitrariness,
  "cosine-lab/evaluation": evaluation,
  "cosine-lab/networks": networks,
  "cosine-lab/notebook": notebook,
  "cosine-lab/remedies": remedies,
  "cosine-lab/training": training,
  "ml-matrix": mlMatrix,
  "seedrandom": { default: seedrandom },
};

/**
 * The exports of a module that a cell names.
 *
 * @param specifier What it imports from.
 * @param names What it imports; "*" is the whole. All of the module unless given, as `import(…)` wants.
 * @throws {Error} If there is no such module here.
 * @throws {SyntaxError} If the module has no such export.
 */
export function importHere(specifier: string, names?: readonly string[]): unknown {
  if (!Object.hasOwn(MODULES, specifier)) throw notHere(`"${specifier}"`);
  const exports = MODULES[specifier as PageModule];
  return names === undefined ? exports : names.map((name) => {
    if (name === "*") return exports;
    if (name in exports) return exports[name];
    throw new SyntaxError(`"${specifier}" has no export "${name}"`);
  });
}
